//! Answers of the emulator's own paths, `/_emulator/…`, which no real org has.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use serde::Serialize;

/// A JSON document.
pub(crate) fn json(value: &impl Serialize) -> Response<Bytes> {
    let mut body = serde_json::to_vec(value).unwrap_or_default();
    body.push(b'\n');
    respond(StatusCode::OK, "application/json", body)
}

/// A JSON object per line.
pub(crate) fn lines(lines: Vec<u8>) -> Response<Bytes> {
    respond(StatusCode::OK, "application/x-ndjson", lines)
}

/// What there is to see.
const PATHS: &[&str] = &[
    "stats",
    "users",
    "requests?limit=100",
    "writes?from=0&limit=1000",
    "windows",
    "mails",
    "applications",
    "identity-sources",
    "import-sessions",
    "source-people?source=ID",
    "broken-imports",
    "user?login=NAME",
    "hook-calls?limit=100",
    "tokens",
    "faults",
    "read-only",
    "latency",
    "lag",
    "background",
    "violations",
];

/// Whether a request is made by a web page from elsewhere. A browser lets any page post a text to this machine, and
/// nothing on these paths asks who calls. `base` is the address that was called.
pub(crate) fn is_of_another_page(headers: &HeaderMap, base: &str) -> bool {
    let is_other = |origin: &HeaderValue| !origin.as_bytes().eq_ignore_ascii_case(base.as_bytes());
    headers.get_all(header::ORIGIN).iter().any(is_other)
}

/// What a web page from elsewhere is told.
pub(crate) fn forbidden() -> Response<Bytes> {
    let mut response = faulty("these paths are not for web pages from elsewhere");
    *response.status_mut() = StatusCode::FORBIDDEN;
    response
}

/// The paths.
pub(crate) fn index() -> Response<Bytes> {
    let paths: Vec<_> = PATHS.iter().map(|path| format!("/_emulator/{path}")).collect();
    json(&serde_json::json!({"paths": paths}))
}

/// There is no such path.
pub(crate) fn nothing() -> Response<Bytes> {
    let mut response = index();
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// What was sent cannot be done.
pub(crate) fn faulty(why: &str) -> Response<Bytes> {
    let mut body = serde_json::to_vec(&serde_json::json!({ "error": why })).unwrap_or_default();
    body.push(b'\n');
    respond(StatusCode::BAD_REQUEST, "application/json", body)
}

fn respond(status: StatusCode, kind: &'static str, body: Vec<u8>) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
