//! The transport over HTTP: connections reused, HTTP/2 where offered, TLS by rustls, proxy from the environment.

use std::error::Error;
use std::time::Duration;

use ::http::{Request, Response};
use bytes::Bytes;

use crate::error::{TransportError, TransportFailure};
use crate::transport::{Answering, Transport};

/// The largest answer that is read: a page of 200 users is about half a megabyte.
const LARGEST_ANSWER: usize = 64 * 1024 * 1024;

/// How to reach an org.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// Certificates in PEM that are trusted beside the system's own.
    pub extra_roots: Vec<Vec<u8>>,
    /// Time for name, connection and handshake.
    pub connect_timeout: Duration,
    /// Time for the whole of one request.
    pub timeout: Duration,
    /// `User-Agent`.
    pub user_agent: String,
    /// Whether the org is on this machine: then no proxy stands between, whatever the environment says.
    pub loopback: bool,
    /// Whether the org is reached without TLS: then no authority is looked for.
    pub plain: bool,
    /// Idle connections kept.
    pub connections: usize,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            extra_roots: Vec::new(),
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_mins(1),
            user_agent: concat!("muster/", env!("CARGO_PKG_VERSION")).to_owned(),
            loopback: false,
            plain: false,
            connections: 64,
        }
    }
}

/// Which authorities are trusted.
#[derive(Clone, Copy)]
enum Roots {
    WithTheSystems,
    OwnAlone,
}

/// The transport over HTTP.
#[derive(Debug)]
pub struct HttpTransport {
    client: reqwest::Client,
}

impl HttpTransport {
    /// A transport with these settings. The process must have a rustls provider installed.
    pub fn new(settings: &HttpSettings) -> Result<Self, TransportError> {
        if settings.plain {
            return Self::client(settings, Roots::OwnAlone).map(|client| Self { client });
        }
        let client = Self::client(settings, Roots::WithTheSystems);
        // A small container may have no roots at all; then those that were named have to do, or nobody needs any.
        let alone = settings.loopback || !settings.extra_roots.is_empty();
        let client = if alone { client.or_else(|_| Self::client(settings, Roots::OwnAlone)) } else { client };
        client.map(|client| Self { client })
    }

    fn client(settings: &HttpSettings, roots: Roots) -> Result<reqwest::Client, TransportError> {
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(settings.connect_timeout)
            .timeout(settings.timeout)
            .pool_max_idle_per_host(settings.connections)
            .pool_idle_timeout(Duration::from_secs(50))
            .tcp_nodelay(true)
            .tcp_keepalive(Duration::from_secs(30))
            .user_agent(&settings.user_agent);
        if settings.loopback {
            builder = builder.no_proxy();
        }
        let mut own = Vec::new();
        for pem in &settings.extra_roots {
            let certificates = reqwest::Certificate::from_pem_bundle(pem).map_err(|error| failed(&error))?;
            own.extend(certificates);
        }
        builder = match roots {
            Roots::WithTheSystems => builder.tls_certs_merge(own),
            Roots::OwnAlone => builder.tls_certs_only(own),
        };
        builder.build().map_err(|error| failed(&error))
    }

    async fn carry(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let request = reqwest::Request::try_from(request).map_err(|error| failed(&error))?;
        let mut answer = self.client.execute(request).await.map_err(|error| failed(&error))?;
        let mut response = Response::builder().status(answer.status());
        if let Some(headers) = response.headers_mut() {
            *headers = std::mem::take(answer.headers_mut());
        }
        let body = whole_body(answer).await?;
        response
            .body(body)
            .map_err(|error| TransportError { failure: TransportFailure::Broken, text: error.to_string() })
    }
}

async fn whole_body(mut answer: reqwest::Response) -> Result<Bytes, TransportError> {
    let Some(first) = answer.chunk().await.map_err(|error| broken(&error))? else { return Ok(Bytes::new()) };
    let mut body = Vec::new();
    let mut next = answer.chunk().await.map_err(|error| broken(&error))?;
    if next.is_none() {
        return Ok(first);
    }
    body.extend_from_slice(&first);
    while let Some(chunk) = next {
        if body.len() + chunk.len() > LARGEST_ANSWER {
            let text = format!("the answer is larger than {LARGEST_ANSWER} bytes");
            return Err(TransportError { failure: TransportFailure::Broken, text });
        }
        body.extend_from_slice(&chunk);
        next = answer.chunk().await.map_err(|error| broken(&error))?;
    }
    Ok(body.into())
}

impl Transport for HttpTransport {
    fn send(&self, request: Request<Bytes>) -> Answering<'_> {
        Box::pin(self.carry(request))
    }
}

/// The failure of a request of which no answer was seen.
fn failed(error: &reqwest::Error) -> TransportError {
    let text = chain(error);
    let failure = if error.is_builder() {
        TransportFailure::Unsendable
    } else if error.is_connect()
        && (text.contains("certificate") || text.contains("tls") || text.contains("TLS"))
    {
        TransportFailure::Tls
    } else if error.is_connect() {
        TransportFailure::Connect
    } else if error.is_timeout() {
        TransportFailure::TimedOut
    } else {
        TransportFailure::Broken
    };
    TransportError { failure, text }
}

/// The failure of a request whose answer had begun.
fn broken(error: &reqwest::Error) -> TransportError {
    let failure = if error.is_timeout() { TransportFailure::TimedOut } else { TransportFailure::Broken };
    TransportError { failure, text: chain(error) }
}

/// The error with its causes, each said once; the URL is left out, for it may hold a login.
fn chain(error: &reqwest::Error) -> String {
    let mut texts: Vec<String> = Vec::new();
    let mut next: Option<&dyn Error> = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        if texts.last().is_none_or(|last| !last.contains(&text)) {
            texts.push(text);
        }
        next = cause.source();
    }
    match (error.is_timeout(), texts.is_empty()) {
        (true, _) => "no answer in time".to_owned(),
        (false, true) => "the request failed".to_owned(),
        (false, false) => texts.join(": "),
    }
}
