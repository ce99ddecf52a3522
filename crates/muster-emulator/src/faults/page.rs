//! Bodies that are not what a client expects.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};

/// A page of the edge in place of an answer: it knows nothing of Okta, and has none of its headers.
pub(crate) fn error_page(answer: &Response<Bytes>) -> Response<Bytes> {
    let status = answer.status();
    let title = format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or_default());
    let mut page = page(status, &title);
    if let Some(date) = answer.headers().get(header::DATE) {
        page.headers_mut().insert(header::DATE, date.clone());
    }
    page
}

/// A page with 200, where a proxy or a sign-in page has come between. The headers are those of the answer.
pub(crate) fn page_with_200(mut answer: Response<Bytes>) -> Response<Bytes> {
    let page = page(StatusCode::OK, "Sign In");
    *answer.status_mut() = StatusCode::OK;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
    answer.map(|_| page.into_body())
}

/// An answer that stops in its midst; `place` is where, from 0 to 1. It is never good JSON.
pub(crate) fn truncated(mut answer: Response<Bytes>, place: f64) -> Response<Bytes> {
    if answer.body().is_empty() {
        *answer.status_mut() = StatusCode::OK;
        answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        return answer.map(|_| Bytes::from_static(b"{"));
    }
    let end = within(answer.body().len(), place);
    answer.map(|body| body.slice(..end))
}

/// A place within a body, before its end.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "bodies are small, the place is from 0 to 1, and the result is clamped"
)]
pub(crate) fn within(length: usize, place: f64) -> usize {
    ((length as f64 * place) as usize).min(length.saturating_sub(1))
}

fn page(status: StatusCode, title: &str) -> Response<Bytes> {
    let body = format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n\
         <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    );
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::SERVER, HeaderValue::from_static("nginx"));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
    response
}
