//! The transport over HTTP: connections reused, HTTP/2 where offered, TLS by rustls, proxy from the environment.
//!
//! It is hyper's own pooled client, with one way for orgs behind a proxy and all others: an org is reached by TLS, so
//! that a proxy is nothing but another way to dial, and hyper-util brings both the rules for when there is one and
//! the tunnel through it. A larger client in front of it costs three times as much per request and adds only what
//! must not happen here: redirects, repetitions, cookies.
//!
//! It knows requests and answers, and nothing of Okta.

mod body;
mod certificate;
mod dialling;
mod failure;
#[cfg(test)]
mod tests;
mod trust;

use std::sync::Arc;
use std::time::Duration;

use ::http::header::{ACCEPT_ENCODING, USER_AGENT};
use ::http::uri::Scheme;
use ::http::{HeaderValue, Request, Response, Uri};
use bytes::Bytes;
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::{TokioExecutor, TokioTimer};

pub use self::certificate::{Certificate, TrustedBy, look_at_certificate};
use self::dialling::Dialler;
use crate::error::TransportError;
use crate::transport::{Answering, Transport};

/// An idle connection is given up before those in front of an org do so, which is after a minute at the soonest.
const LONGEST_IDLE: Duration = Duration::from_secs(50);

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
    /// Whether the org is reached without TLS: then no authority is looked for. No proxy stands between either.
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

/// The transport over HTTP.
#[derive(Debug)]
pub struct HttpTransport {
    client: Client<Dialler, Full<Bytes>>,
    timeout: Duration,
    user_agent: HeaderValue,
}

impl HttpTransport {
    /// A transport with these settings.
    pub fn new(settings: &HttpSettings) -> Result<Self, TransportError> {
        let proxies = (!settings.loopback).then(Matcher::from_system);
        Self::with_proxies(settings, proxies)
    }

    /// A transport that goes by these proxies, where one of them is meant for the org.
    fn with_proxies(settings: &HttpSettings, proxies: Option<Matcher>) -> Result<Self, TransportError> {
        let user_agent = HeaderValue::from_str(&settings.user_agent)
            .map_err(|error| failure::unsendable(format!("User-Agent: {error}")))?;
        let dialler = Dialler::new(settings, trust::tls(settings)?, proxies.map(Arc::new), &user_agent);
        let client = Client::builder(TokioExecutor::new())
            // Who called decides about repetitions, even of what never went out.
            .retry_canceled_requests(false)
            .timer(TokioTimer::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(LONGEST_IDLE)
            .pool_max_idle_per_host(settings.connections)
            .build(dialler);
        Ok(Self { client, timeout: settings.timeout, user_agent })
    }

    async fn carry(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        if !sendable(request.uri()) {
            return Err(failure::unsendable("the address is none that requests can be sent to"));
        }
        tokio::time::timeout(self.timeout, self.exchange(request))
            .await
            .unwrap_or_else(|_| Err(failure::late()))
    }

    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let mut request = request.map(Full::new);
        let headers = request.headers_mut();
        headers.insert(USER_AGENT, self.user_agent.clone());
        headers.insert(ACCEPT_ENCODING, body::READABLE);
        let answer = self.client.request(request).await.map_err(|error| failure::unanswered(&error))?;
        body::whole(answer).await
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: Request<Bytes>) -> Answering<'_> {
        Box::pin(self.carry(request))
    }
}

fn sendable(uri: &Uri) -> bool {
    let scheme = uri.scheme().is_some_and(|scheme| *scheme == Scheme::HTTPS || *scheme == Scheme::HTTP);
    scheme && uri.authority().is_some()
}
