//! Takes connections and hands their requests to the hook. It knows nothing of passwords.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::TlsAcceptor;

use crate::admin::Metrics;
use crate::drain::Draining;
use crate::hook::Hook;

/// How long a caller may take for a handshake: Okta has given up by then.
const HANDSHAKE_TIME: Duration = Duration::from_secs(3);
/// How long a connection may rest, and a caller may take for the head of a request.
const HEAD_TIME: Duration = Duration::from_secs(20);
/// How long a new connection may say nothing: it has not shown anything yet, and takes the place of another.
const FIRST_TIME: Duration = Duration::from_secs(3);

/// What every connection needs.
#[derive(Clone)]
pub struct Door {
    /// Who answers.
    pub hook: Arc<Hook>,
    /// What makes connections safe; none for plain HTTP.
    pub tls: Option<TlsAcceptor>,
    /// Counts them.
    pub metrics: Arc<Metrics>,
}

/// A connection that is counted until this is dropped.
struct Counted {
    metrics: Arc<Metrics>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.metrics.connection(false);
    }
}

impl Door {
    /// Takes connections, at most so many at once, until the server is to end; then waits for those that are there,
    /// but not for longer than `patience`.
    pub async fn serve(self, listener: TcpListener, most: usize, mut draining: Draining, patience: Duration) {
        let graceful = GracefulShutdown::new();
        let free = Arc::new(Semaphore::new(most.max(1)));
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                () = draining.closed() => break,
                Some(_) = connections.join_next(), if !connections.is_empty() => {}
                taken = take(&listener, &free) => if let Some((stream, permit)) = taken {
                    self.metrics.connection(true);
                    let counted = Counted { metrics: Arc::clone(&self.metrics), _permit: permit };
                    connections.spawn(self.clone().attend(stream, graceful.watcher(), counted));
                },
            }
        }
        drop(listener);
        if timeout(patience, graceful.shutdown()).await.is_err() {
            tracing::warn!("some calls were not finished within {} s", patience.as_secs());
        }
        connections.shutdown().await;
    }

    async fn attend(self, stream: TcpStream, watcher: Watcher, _counted: Counted) {
        let peer = stream.peer_addr().map_or(Ipv4Addr::UNSPECIFIED.into(), |peer| peer.ip().to_canonical());
        if !self.hook.addresses().may_connect(peer) {
            self.metrics.refused("address");
            return;
        }
        // A connection that can't do that still works.
        drop(stream.set_nodelay(true));
        let begun = Instant::now();
        let Some(acceptor) = &self.tls else {
            return self.converse(stream, peer, Duration::ZERO, watcher).await;
        };
        match timeout(HANDSHAKE_TIME, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => self.converse(stream, peer, begun.elapsed(), watcher).await,
            Ok(Err(error)) => {
                tracing::debug!("a handshake with {peer} failed: {error}");
                self.metrics.refused("handshake");
            }
            Err(_) => self.metrics.refused("handshake"),
        }
    }

    /// The first call has spent the time of the handshake already.
    async fn converse<S>(&self, stream: S, peer: IpAddr, handshake: Duration, watcher: Watcher)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let is_first = AtomicBool::new(true);
        let service = service_fn(|request: Request<Incoming>| {
            let spent = if is_first.swap(false, Ordering::Relaxed) { handshake } else { Duration::ZERO };
            let now = Instant::now();
            let arrived = now.checked_sub(spent).unwrap_or(now);
            async move { Ok::<_, Infallible>(self.hook.answer(request, peer, arrived).await) }
        });
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(64 * 1024);
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        let is_silent = async {
            sleep(FIRST_TIME).await;
            if !is_first.load(Ordering::Relaxed) {
                std::future::pending::<()>().await;
            }
        };
        // Whatever a caller does to its connection is the end of that connection alone.
        tokio::select! {
            ended = watcher.watch(connection) => drop(ended),
            () = is_silent => {}
        }
    }
}

/// A connection, when there is room for one.
async fn take(listener: &TcpListener, free: &Arc<Semaphore>) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let permit = Arc::clone(free).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => Some((stream, permit)),
        Err(error) => {
            // Out of file descriptors, most likely: some will be free again soon.
            tracing::warn!("no connection can be taken: {error}");
            sleep(Duration::from_millis(50)).await;
            None
        }
    }
}
