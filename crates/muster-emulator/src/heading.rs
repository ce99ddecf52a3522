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
    /// More headers, by the answer's kind.
    pub more: Vec<(&'static str, String)>,
    /// The faults that strike it.
    pub faults: Vec<FaultKind>,
    /// By how many seconds its date is wrong.
    pub skew: i64,
}

/// How many headers most answers have; room for them is made at once.
const USUAL_HEADERS: usize = 24;

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
        mut self,
        answer: Answer,
        now: Timestamp,
        error_id: impl FnOnce() -> String,
    ) -> Response<Bytes> {
        let reply = answer.unwrap_or_else(|refusal| {
            let body = refusal.body(&error_id()).into();
            self.more.extend(refusal.aside.headers);
            Reply { status: refusal.status, body, links: Vec::new(), etag: None }
        });
        let has_body = !reply.body.is_empty();
        let mut response = Response::new(reply.body);
        *response.status_mut() = reply.status;
        let headers = response.headers_mut();
        headers.reserve(USUAL_HEADERS);
        for (name, value) in ALWAYS {
            headers.insert(name, HeaderValue::from_static(value));
        }
        let shown = now.saturating_add(SignedDuration::from_secs(self.skew)).unwrap_or(now);
        // No date can be written that is before 1970.
        let shown = shown.max(Timestamp::UNIX_EPOCH);
        self.put_own(headers, shown);
        for link in &reply.links {
            put(headers, header::LINK, link);
        }
        if let Some(etag) = &reply.etag {
            put(headers, header::ETAG, etag);
        }
        // A client that believes the type reads nothing as JSON, and fails.
        if !has_body {
            headers.remove(header::CONTENT_TYPE);
        }
        if reply.status == StatusCode::NO_CONTENT {
            headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
        }
        response
    }

    fn put_own(&self, headers: &mut HeaderMap, now: Timestamp) {
        put(headers, header::DATE, &httpdate::fmt_http_date(now.into()));
        put(headers, HeaderName::from_static("x-okta-request-id"), &self.request_id);
        for (name, value) in &self.more {
            put(headers, HeaderName::from_static(name), value);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn headers_of(reply: Reply) -> HeaderMap {
        let heading =
            Heading { request_id: String::new(), rate: None, more: Vec::new(), faults: Vec::new(), skew: 0 };
        heading.respond(Ok(reply), Timestamp::UNIX_EPOCH, String::new).headers().clone()
    }

    #[test]
    fn nothing_is_not_called_json() {
        let accepted = Reply { status: StatusCode::ACCEPTED, ..Reply::empty() };
        assert!(!headers_of(accepted).contains_key(header::CONTENT_TYPE));
        assert!(!headers_of(Reply::empty()).contains_key(header::CONTENT_TYPE));
        assert_eq!(headers_of(Reply::done())[header::CONTENT_TYPE], "application/json");
    }
}
