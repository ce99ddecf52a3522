//! Pages for people: signing in by hand, to see what became of a password. It must not know the org: the page asks
//! the API, as any client does. Nothing here counts against a limit.

use std::sync::OnceLock;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Response, StatusCode, header, request::Parts};
use sha2::{Digest, Sha256};

const SIGN_IN: &str = include_str!("pages/sign_in.html");
const NOTHING: &str = include_str!("pages/nothing.html");

/// Where the API is; everything else is for people.
const API: [&str; 3] = ["/api", "/oauth2", "/.well-known"];

/// The page of a path. None if the path is the API's, or no page at all: a browser is told so in a page, and a client
/// as the API tells it.
pub(crate) fn answer(parts: &Parts) -> Option<Response<Bytes>> {
    let path = parts.uri.path();
    let is_below =
        |start: &str| path.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if !matches!(parts.method, Method::GET | Method::HEAD) || API.into_iter().any(is_below) {
        return None;
    }
    match path {
        "" | "/" | "/login" | "/login/" => Some(page(StatusCode::OK, SIGN_IN, policy())),
        _ => is_browser(parts).then(|| page(StatusCode::NOT_FOUND, NOTHING, "default-src 'none'")),
    }
}

fn is_browser(parts: &Parts) -> bool {
    let accepted = parts.headers.get(header::ACCEPT).and_then(|accepted| accepted.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/html"))
}

fn page(status: StatusCode, text: &'static str, policy: &str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(text.as_bytes()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Only the page's own style and script may run, by their digests, and it may talk to this org alone.
fn policy() -> &'static str {
    static POLICY: OnceLock<String> = OnceLock::new();
    POLICY.get_or_init(|| {
        format!(
            "default-src 'none'; style-src '{}'; script-src '{}'; connect-src 'self'; img-src data:; \
             form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
            digest_of("<style>", "</style>"),
            digest_of("<script>", "</script>"),
        )
    })
}

fn digest_of(start: &str, end: &str) -> String {
    let inside = SIGN_IN.split_once(start).and_then(|(_, rest)| rest.split_once(end));
    let text = inside.map_or("", |(inside, _)| inside);
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text)))
}
