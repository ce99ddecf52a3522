//! The HTTP front. It must not know the API: it takes requests off the wire and hands them to the emulator.

use std::{
    future::{Future as _, poll_fn},
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    task::Poll,
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use http::{Method, Request, Response, StatusCode, Version, header};
use http_body_util::BodyExt;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;

use crate::{
    delivery::Delivery,
    door::{LARGEST_BODY, Scheme},
    emulator::Emulator,
    error::EmulatorError,
    signing::Peer,
    tls::Tls,
    wire::{self, Fate, Socket, WireBody},
};

/// How long a client may take for a handshake.
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);
/// How long a client may take for the head of a request. A connection may rest for so long, too: longer than a
/// window of the rate limits, for a client that waits for its end.
const HEAD_TIME: Duration = Duration::from_secs(75);
/// How long a client may take for the body of a request.
const BODY_TIME: Duration = Duration::from_secs(30);
/// How long running requests are waited for at the end.
const DRAIN_TIME: Duration = Duration::from_secs(30);
/// How much of a body that is too large is read, so that the client comes to read the answer.
const LARGEST_WASTE: usize = 16 * 1024 * 1024;

/// Where to listen.
#[derive(Clone, Copy, Debug)]
pub struct Listen {
    /// The port; 0 for any free one.
    pub port: u16,
    /// The address; loopback, unless the operator says otherwise.
    pub host: IpAddr,
    /// Whether to serve TLS, with a certificate that is made for it.
    pub tls: bool,
}

/// A server that runs. It stops taking requests when this is dropped.
#[derive(Debug)]
pub struct Running {
    /// The address of the org, without a slash at the end.
    pub url: String,
    /// The certificate authority that clients are to trust, in PEM, with TLS.
    pub ca_pem: Option<String>,
    emulator: Emulator,
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
}

/// What every connection needs.
#[derive(Clone)]
struct Door {
    emulator: Emulator,
    tls: Option<TlsAcceptor>,
    stopped: watch::Receiver<bool>,
}

impl Default for Listen {
    fn default() -> Self {
        Self { port: 0, host: Ipv4Addr::LOCALHOST.into(), tls: false }
    }
}

impl Running {
    /// Takes no more connections, lets running requests finish, and writes the state out.
    pub async fn shutdown(self) -> Result<(), EmulatorError> {
        self.stop.send_replace(true);
        let _ = self.accepting.await;
        self.emulator.flush()
    }
}

/// Serves an org over HTTP, or HTTPS, until it is shut down.
pub async fn serve(emulator: Emulator, listen: Listen) -> Result<Running, EmulatorError> {
    let wanted = SocketAddr::new(listen.host, listen.port);
    let failed = |source| EmulatorError::Listen { address: wanted, source };
    let listener = TcpListener::bind(wanted).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let tls = listen.tls.then(|| Tls::for_host(listen.host)).transpose()?;
    let (acceptor, ca_pem) = tls.map(|tls| (tls.acceptor, tls.ca_pem)).unzip();
    let scheme = if listen.tls { "https" } else { "http" };
    let (stop, stopped) = watch::channel(false);
    let door = Door { emulator: emulator.clone(), tls: acceptor, stopped: stopped.clone() };
    let accepting = tokio::spawn(accept(listener, door, stopped));
    Ok(Running { url: format!("{scheme}://{address}"), ca_pem, emulator, stop, accepting })
}

async fn accept(listener: TcpListener, door: Door, mut stopped: watch::Receiver<bool>) {
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = stopped.changed() => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(door.clone().attend(stream, graceful.watcher()));
                }
                // Out of file descriptors, most likely: some will be free again soon.
                Err(_) => sleep(Duration::from_millis(50)).await,
            },
        }
    }
    drop(listener);
    let _ = timeout(DRAIN_TIME, graceful.shutdown()).await;
}

impl Door {
    /// Sees a connection through. Whatever a client does to it is the end of this connection alone.
    async fn attend(self, stream: TcpStream, watcher: hyper_util::server::graceful::Watcher) {
        let _ = stream.set_nodelay(true);
        let peer =
            stream.peer_addr().map_or(Ipv4Addr::LOCALHOST.into(), |address| address.ip().to_canonical());
        let fate = Fate::default();
        let stream = Socket::new(stream, fate.clone());
        let Some(acceptor) = self.tls.clone() else {
            return self.serve(stream, (Scheme("http"), Peer(peer)), fate, watcher).await;
        };
        if let Ok(Ok(stream)) = timeout(HANDSHAKE_TIME, acceptor.accept(stream)).await {
            self.serve(stream, (Scheme("https"), Peer(peer)), fate, watcher).await;
        }
    }

    async fn serve<S>(
        self,
        stream: S,
        origin: (Scheme, Peer),
        fate: Fate,
        watcher: hyper_util::server::graceful::Watcher,
    ) where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let own_fate = fate.clone();
        let service = service_fn(move |request| respond(self.clone(), request, origin, own_fate.clone()));
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIME);
        builder.http2().timer(TokioTimer::new()).max_concurrent_streams(1000);
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        tokio::select! {
            _ = watcher.watch(connection) => {}
            () = fate.doomed() => {}
        }
    }
}

/// A request that has come is worked on to its end, even if its client goes away.
async fn respond(
    door: Door,
    request: Request<Incoming>,
    (scheme, peer): (Scheme, Peer),
    fate: Fate,
) -> io::Result<Response<WireBody>> {
    let (mut parts, body) = request.into_parts();
    if lacks_length(&parts) {
        return Ok(wire::whole(plain(StatusCode::LENGTH_REQUIRED, "length required")));
    }
    let Ok(Some(body)) = timeout(BODY_TIME, whole(body)).await else {
        return Ok(wire::whole(plain(StatusCode::REQUEST_TIMEOUT, "the body did not arrive")));
    };
    parts.extensions.insert(scheme);
    parts.extensions.insert(peer);
    let request = Request::from_parts(parts, body);
    let delivery = worked_on(door.emulator, request).await?;
    wire::put(delivery, &fate, door.stopped).await
}

/// Nearly all work is done in one go, and then there is no need of a task. What has to wait goes on in one of its own.
async fn worked_on(emulator: Emulator, request: Request<Bytes>) -> io::Result<Delivery> {
    let mut work = Box::pin(async move { emulator.deliver(request).await });
    match poll_fn(|context| Poll::Ready(work.as_mut().poll(context))).await {
        Poll::Ready(delivery) => Ok(delivery),
        Poll::Pending => Ok(tokio::spawn(work).await?),
    }
}

/// A body, or so much of it that it is seen to be too large. None if the client has gone.
async fn whole(mut body: Incoming) -> Option<Bytes> {
    let mut gathered = BytesMut::new();
    let mut length = 0_usize;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.ok()?.into_data() else { continue };
        length = length.saturating_add(data.len());
        if gathered.len() <= LARGEST_BODY {
            gathered.extend_from_slice(&data);
        }
        if length > LARGEST_WASTE {
            break;
        }
    }
    Some(gathered.freeze())
}

/// A write over HTTP/1 must say how long it is, even if it is empty.
fn lacks_length(parts: &http::request::Parts) -> bool {
    let writes = matches!(parts.method, Method::POST | Method::PUT);
    let says = |name| parts.headers.contains_key(name);
    writes
        && parts.version < Version::HTTP_2
        && !says(header::CONTENT_LENGTH)
        && !says(header::TRANSFER_ENCODING)
}

/// An answer from before the API: not in Okta's format, as from the edge of a real org.
fn plain(status: StatusCode, text: &'static str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(text.as_bytes()));
    *response.status_mut() = status;
    response
}
