//! The page of the programme: how many have come over, drawn in a browser and kept up to date.
//!
//! Everything comes from this listener, and nothing can be changed by it. What the numbers are is not known here:
//! they come from whoever opens the page, as one document. They are numbers and names of groups, and no logins.

mod answer;
mod feed;
#[cfg(test)]
mod tests;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use self::answer::{Asked, answer};
pub use self::feed::{Feed, Numbers};

/// How long a browser may take for its question.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// So many connections at once.
const MOST: usize = 64;
/// After a failure to accept, such as for want of file descriptors.
const PAUSE: Duration = Duration::from_millis(50);

/// The page, listening.
pub struct ProgrammePage {
    /// Its address for a browser.
    pub url: String,
    listener: TcpListener,
    feed: Arc<Feed>,
    loopback: bool,
}

impl ProgrammePage {
    /// Listens; port 0 is any free one.
    pub async fn open(address: SocketAddr, feed: Feed) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let bound = listener.local_addr()?;
        let loopback = bound.ip().is_loopback();
        Ok(Self { url: format!("http://{bound}/"), listener, feed: Arc::new(feed), loopback })
    }

    /// Serves until it is dropped.
    pub async fn serve(self) {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                Some(_) = connections.join_next(), if !connections.is_empty() => {}
                accepted = self.listener.accept(), if connections.len() < MOST => match accepted {
                    Ok((stream, _)) => {
                        connections.spawn(attend(stream, Arc::clone(&self.feed), self.loopback));
                    }
                    Err(_) => tokio::time::sleep(PAUSE).await,
                },
            }
        }
    }
}

async fn attend(stream: TcpStream, feed: Arc<Feed>, loopback: bool) {
    let service = service_fn(move |request: Request<Incoming>| {
        let feed = Arc::clone(&feed);
        async move {
            let asked = Asked::of(&request, loopback);
            Ok::<_, Infallible>(answer(asked, &feed).await)
        }
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME);
    // Whatever a browser does to its connection is the end of that connection alone.
    drop(builder.serve_connection(TokioIo::new(stream), service).await);
}
