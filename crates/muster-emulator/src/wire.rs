//! What a fault does to a connection and to the bytes on it. It must not know the API, nor why it happens.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{HeaderValue, Response, header};
use http_body_util::{BodyExt, Full, StreamBody, combinators::UnsyncBoxBody};
use hyper::body::Frame;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    sync::{Notify, watch},
    time::sleep,
};

use crate::delivery::Delivery;

/// So long the beginning of a body that is cut off has to get onto the wire.
const FLUSH_TIME: Duration = Duration::from_millis(50);

/// A body as it goes onto the wire.
pub(crate) type WireBody = UnsyncBoxBody<Bytes, io::Error>;

/// A connection that can be made to end with a reset.
pub(crate) struct Socket {
    stream: TcpStream,
    fate: Fate,
}

/// Decides on the end of a connection, from within one of its requests.
#[derive(Clone, Default)]
pub(crate) struct Fate(Arc<State>);

#[derive(Default)]
struct State {
    reset: AtomicBool,
    doomed: Notify,
}

impl Fate {
    /// Ends the connection with a reset, and everything that runs on it.
    fn reset(&self) {
        self.0.reset.store(true, Ordering::Release);
        self.0.doomed.notify_one();
    }

    /// Waits for the end.
    pub async fn doomed(&self) {
        self.0.doomed.notified().await;
    }
}

impl Socket {
    /// A connection with its fate.
    pub fn new(stream: TcpStream, fate: Fate) -> Self {
        Self { stream, fate }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.fate.0.reset.load(Ordering::Acquire) {
            // Whoever closes without lingering resets.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// Puts a delivery onto the wire. An error closes an HTTP/1 connection without an answer, and resets the one stream of
/// an HTTP/2 connection; a reset ends the connection whatever runs on it.
pub(crate) async fn put(
    delivery: Delivery,
    fate: &Fate,
    mut stopped: watch::Receiver<bool>,
) -> io::Result<Response<WireBody>> {
    match delivery {
        Delivery::Whole(response) => Ok(whole(response)),
        Delivery::Lost => Err(gone()),
        Delivery::Reset => {
            fate.reset();
            std::future::pending().await
        }
        Delivery::Cut { response, after } => {
            Ok(promised(response, |body| cut(body.slice(..after.min(body.len())))))
        }
        Delivery::Dripped { response, bytes_per_second } => {
            Ok(promised(response, |body| dripped(body, bytes_per_second)))
        }
        Delivery::Hung { time } => {
            tokio::select! {
                () = sleep(time) => {}
                _ = stopped.wait_for(|stopped| *stopped) => {}
            }
            Err(gone())
        }
    }
}

/// An answer that nothing happens to.
pub(crate) fn whole(response: Response<Bytes>) -> Response<WireBody> {
    response.map(|body| Full::new(body).map_err(|never| match never {}).boxed_unsync())
}

/// An answer whose headers promise the whole body, whatever arrives of it.
fn promised(mut response: Response<Bytes>, body: impl FnOnce(Bytes) -> WireBody) -> Response<WireBody> {
    if !response.body().is_empty() {
        let length = HeaderValue::from(response.body().len());
        response.headers_mut().insert(header::CONTENT_LENGTH, length);
    }
    response.map(body)
}

fn cut(beginning: Bytes) -> WireBody {
    let beginning = (!beginning.is_empty()).then(|| Ok(Frame::data(beginning)));
    let end = stream::once(async {
        sleep(FLUSH_TIME).await;
        Err(gone())
    });
    StreamBody::new(Box::pin(stream::iter(beginning).chain(end))).boxed_unsync()
}

fn dripped(body: Bytes, bytes_per_second: u32) -> WireBody {
    let size = (bytes_per_second / 10).max(1);
    let pause = Duration::from_secs(size.into()) / bytes_per_second.max(1);
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let pieces = stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        sleep(pause).await;
        let piece = rest.split_to(size.min(rest.len()));
        Some((Ok(Frame::data(piece)), rest))
    });
    StreamBody::new(Box::pin(pieces)).boxed_unsync()
}

fn gone() -> io::Error {
    io::ErrorKind::ConnectionAborted.into()
}
