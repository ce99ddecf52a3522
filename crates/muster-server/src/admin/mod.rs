//! The door for the people who run the hook: whether it lives, whether it is ready, what it counts. Plain HTTP on an
//! address of its own; nothing secret is told here, and nothing can be changed.

mod metrics;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

pub use metrics::Metrics;

use crate::drain::Draining;
use crate::hook::Hook;

/// How long a scraper may take for its question.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// So many scrapers at once.
const MOST: usize = 64;

/// What is told here.
#[derive(Clone)]
pub struct Admin {
    /// The hook.
    pub hook: Arc<Hook>,
    /// What it counts.
    pub metrics: Arc<Metrics>,
    /// Whether it is about to end.
    pub draining: Draining,
}

impl Admin {
    /// Serves until it is dropped.
    pub async fn serve(self, listener: TcpListener) {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                Some(_) = connections.join_next(), if !connections.is_empty() => {}
                accepted = listener.accept(), if connections.len() < MOST => match accepted {
                    Ok((stream, _)) => { connections.spawn(self.clone().attend(stream)); }
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                },
            }
        }
    }

    async fn attend(self, stream: TcpStream) {
        let service = service_fn(move |request: Request<Incoming>| {
            let answer = self.answer(request.method(), request.uri().path());
            async move { Ok::<_, Infallible>(answer) }
        });
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME);
        // Whatever a scraper does to its connection is the end of that connection alone.
        drop(builder.serve_connection(TokioIo::new(stream), service).await);
    }

    fn answer(&self, method: &Method, path: &str) -> Response<Full<Bytes>> {
        let (status, kind, text) = match path {
            _ if !matches!(*method, Method::GET | Method::HEAD) => {
                (StatusCode::METHOD_NOT_ALLOWED, "text/plain", "GET or HEAD\n".to_owned())
            }
            "/healthz" => (StatusCode::OK, "text/plain", "ok\n".to_owned()),
            "/readyz" => self.readiness(),
            "/metrics" => {
                let text = self.metrics.text(self.hook.waiting());
                (StatusCode::OK, "application/openmetrics-text; version=1.0.0; charset=utf-8", text)
            }
            _ => (StatusCode::NOT_FOUND, "text/plain", "/healthz /readyz /metrics\n".to_owned()),
        };
        let mut answer = Response::new(Full::new(Bytes::from(text)));
        *answer.status_mut() = status;
        answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        answer
    }

    /// Ready while any place can be asked: one that is away makes answers of 503, and no server at all would be no
    /// better.
    fn readiness(&self) -> (StatusCode, &'static str, String) {
        let places = self.hook.truths().states();
        let is_draining = self.draining.is_draining();
        let is_ready = !is_draining && (places.is_empty() || places.iter().any(|state| state.is_reachable));
        let backends: Vec<_> = places
            .iter()
            .map(|state| json!({ "name": state.name, "reachable": state.is_reachable }))
            .collect();
        let text = json!({ "ready": is_ready, "draining": is_draining, "backends": backends }).to_string();
        let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        (status, "application/json", text + "\n")
    }
}
