//! Answers of the emulator's own paths, `/_emulator/…`, which no real org has.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
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

/// The request is wrong.
pub(crate) fn wrong(why: &str) -> Response<Bytes> {
    let mut response = json(&serde_json::json!({"error": why}));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}

/// There is no such path.
pub(crate) fn nothing() -> Response<Bytes> {
    let body = b"{\"paths\":[\"/_emulator/stats\",\"/_emulator/users\",\"/_emulator/requests?limit=100\"]}\n";
    respond(StatusCode::NOT_FOUND, "application/json", body.to_vec())
}

fn respond(status: StatusCode, kind: &'static str, body: Vec<u8>) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}
