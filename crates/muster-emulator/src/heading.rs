//! The headers of every answer.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use jiff::{SignedDuration, Timestamp};

use crate::{
    api::call::{Answer, Reply},
    faults::FaultKind,
    rate::RateView,
};

/// What is known of an answer before it is made.
pub(crate) struct Heading {
    pub request_id: String,
    pub rate: Option<RateView>,
    /// The faults that strike it.
    pub faults: Vec<FaultKind>,
    /// By how many seconds its date is wrong.
    pub skew: i64,
}

const ALWAYS: [(HeaderName, &str); 11] = [
    (header::SERVER, "nginx"),
    (header::CONTENT_TYPE, "application/json"),
    (header::CACHE_CONTROL, "no-cache, no-store"),
    (header::PRAGMA, "no-cache"),
    (header::EXPIRES, "0"),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=315360000; includeSubDomains"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_XSS_PROTECTION, "0"),
    (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    (HeaderName::from_static("accept-ch"), "Sec-CH-UA-Platform-Version"),
    (header::VARY, "Accept-Encoding"),
];

impl Heading {
    /// The answer with its headers; a refusal gets its body here.
    pub fn respond(
        self,
        answer: Answer,
        now: Timestamp,
        error_id: impl FnOnce() -> String,
    ) -> Response<Bytes> {
        let reply = answer.unwrap_or_else(|refusal| Reply {
            status: refusal.status,
            body: refusal.body(&error_id()).into(),
            links: Vec::new(),
            etag: None,
        });
        let mut response = Response::new(reply.body);
        *response.status_mut() = reply.status;
        let headers = response.headers_mut();
        for (name, value) in ALWAYS {
            headers.insert(name, HeaderValue::from_static(value));
        }
        let shown = now.saturating_add(SignedDuration::from_secs(self.skew)).unwrap_or(now);
        self.put_own(headers, shown);
        for link in &reply.links {
            put(headers, header::LINK, link);
        }
        if let Some(etag) = &reply.etag {
            put(headers, header::ETAG, etag);
        }
        if reply.status == StatusCode::NO_CONTENT {
            headers.remove(header::CONTENT_TYPE);
            headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
        }
        response
    }

    fn put_own(&self, headers: &mut HeaderMap, now: Timestamp) {
        put(headers, header::DATE, &httpdate::fmt_http_date(now.into()));
        put(headers, HeaderName::from_static("x-okta-request-id"), &self.request_id);
        if let Some(rate) = self.rate {
            headers.insert("x-rate-limit-limit", rate.limit.into());
            headers.insert("x-rate-limit-remaining", rate.remaining.into());
            headers.insert("x-rate-limit-reset", rate.reset.into());
        }
    }
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.append(name, value);
    }
}
