//! New connections: straight to the org or through the tunnel of a proxy, then TLS, all of it within one time.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use ::http::header::USER_AGENT;
use ::http::uri::Scheme;
use ::http::{HeaderMap, HeaderValue, Uri};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tower_service::Service;

use super::HttpSettings;

const KEEPALIVE: Duration = Duration::from_secs(30);

/// A connection to a proxy may have TLS of its own.
type Line = MaybeHttpsStream<TokioIo<TcpStream>>;
type BoxError = Box<dyn Error + Send + Sync>;
type Dialling<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;

/// Dials orgs.
#[derive(Clone)]
pub(super) struct Dialler(Arc<Means>);

struct Means {
    secured: HttpsConnector<Route>,
    patience: Duration,
}

/// The way to an org, below TLS.
#[derive(Clone)]
struct Route {
    tcp: HttpConnector,
    /// None where no proxy may stand between.
    proxies: Option<Arc<Matcher>>,
    to_proxy: HttpsConnector<HttpConnector>,
    user_agent: HeaderValue,
}

/// Name, connection and handshakes took too long.
#[derive(Debug, thiserror::Error)]
#[error("no connection in time")]
struct Late;

impl Dialler {
    pub(super) fn new(
        settings: &HttpSettings,
        tls: ClientConfig,
        proxies: Option<Arc<Matcher>>,
        user_agent: &HeaderValue,
    ) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_keepalive(Some(KEEPALIVE));
        let mut tls_of_proxy = tls.clone();
        // The tunnel is asked for in HTTP/1.1, and it is the only thing that is asked for.
        tls_of_proxy.alpn_protocols.clear();
        let to_proxy = HttpsConnector::from((tcp.clone(), tls_of_proxy));
        let route = Route { tcp, proxies, to_proxy, user_agent: user_agent.clone() };
        let secured = HttpsConnector::from((route, tls));
        Self(Arc::new(Means { secured, patience: settings.connect_timeout }))
    }
}

impl Service<Uri> for Dialler {
    type Response = MaybeHttpsStream<Line>;
    type Error = BoxError;
    type Future = Dialling<Self::Response>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, org: Uri) -> Self::Future {
        let dialling = self.0.secured.clone().call(org);
        let patience = self.0.patience;
        Box::pin(async move { tokio::time::timeout(patience, dialling).await.map_err(|_| Late)? })
    }
}

impl Route {
    /// The proxy that stands before this org. Only an org on this machine is reached without TLS.
    fn proxy(&self, org: &Uri) -> Option<Intercept> {
        let proxies = self.proxies.as_ref().filter(|_| org.scheme() == Some(&Scheme::HTTPS))?;
        proxies.intercept(org)
    }

    fn tunnel(&self, proxy: &Intercept) -> Tunnel<HttpsConnector<HttpConnector>> {
        let headers = HeaderMap::from_iter([(USER_AGENT, self.user_agent.clone())]);
        let tunnel = Tunnel::new(proxy.uri().clone(), self.to_proxy.clone()).with_headers(headers);
        match proxy.basic_auth() {
            Some(login) => tunnel.with_auth(login.clone()),
            None => tunnel,
        }
    }
}

impl Service<Uri> for Route {
    type Response = Line;
    type Error = BoxError;
    type Future = Dialling<Line>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, org: Uri) -> Self::Future {
        if let Some(proxy) = self.proxy(&org) {
            let dialling = self.tunnel(&proxy).call(org);
            return Box::pin(async move { Ok(dialling.await?) });
        }
        let dialling = self.tcp.call(org);
        Box::pin(async move { Ok(MaybeHttpsStream::Http(dialling.await?)) })
    }
}
