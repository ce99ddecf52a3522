//! What Okta is told (API.md §9.3).

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use muster_core::hook_call::HookResult;
use serde_json::{Value, json};

use super::request::RequestFault;

const VERIFIED: &str =
    r#"{"commands":[{"type":"com.okta.action.update","value":{"credential":"VERIFIED"}}]}"#;
const UNVERIFIED: &str =
    r#"{"commands":[{"type":"com.okta.action.update","value":{"credential":"UNVERIFIED"}}]}"#;

/// An answer on its way out.
pub type Answer = Response<Full<Bytes>>;

/// Why a request is refused without a judgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing is at this path.
    Path,
    /// The hook is called with POST.
    Method,
    /// The caller's address is not on the list.
    Address,
    /// The caller has not shown what it has to show.
    Credentials,
    /// The body is too large.
    TooLarge,
    /// The body did not come in time, or not whole.
    Incomplete,
    /// The body is not a password-import event.
    Request(RequestFault),
}

impl Refusal {
    /// Its word in the metrics.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Method => "method",
            Self::Address => "address",
            Self::Credentials => "credentials",
            Self::TooLarge => "too_large",
            Self::Incomplete => "incomplete",
            Self::Request(_) => "request",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Path => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Address => StatusCode::FORBIDDEN,
            Self::Credentials => StatusCode::UNAUTHORIZED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Incomplete => StatusCode::REQUEST_TIMEOUT,
            Self::Request(_) => StatusCode::BAD_REQUEST,
        }
    }

    fn summary(&self) -> String {
        match self {
            Self::Path => "Nothing is here.".to_owned(),
            Self::Method => "This hook is called with POST.".to_owned(),
            Self::Address => "This address may not call.".to_owned(),
            Self::Credentials => "The call does not show that it is from Okta.".to_owned(),
            Self::TooLarge => "The body is too large.".to_owned(),
            Self::Incomplete => "The body did not arrive.".to_owned(),
            Self::Request(fault) => format!("The call was not understood: {fault}."),
        }
    }

    fn causes(&self) -> Vec<Value> {
        let Self::Request(fault) = self else { return Vec::new() };
        vec![json!({
            "errorSummary": fault.to_string(),
            "reason": "INVALID_REQUEST",
            "locationType": "body",
            "location": fault.location(),
            "domain": "password-import",
        })]
    }

    /// The refusal as an answer.
    pub fn answer(&self) -> Answer {
        let mut answer = error(self.status(), &self.summary(), &self.causes());
        if *self == Self::Method {
            answer.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
        }
        if !matches!(self, Self::Request(_)) {
            // What is left of the body is not waited for, and whoever is not Okta holds no connection.
            answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        answer
    }
}

/// What a judgement is answered with.
pub fn of(result: HookResult, shadow: bool) -> Answer {
    match result {
        HookResult::Verified if !shadow => whole(StatusCode::OK, Bytes::from_static(VERIFIED.as_bytes())),
        HookResult::Unavailable => {
            error(StatusCode::SERVICE_UNAVAILABLE, "The old passwords can't be had at the moment.", &[])
        }
        HookResult::Overloaded => {
            error(StatusCode::SERVICE_UNAVAILABLE, "More calls than can be answered in time.", &[])
        }
        _ => whole(StatusCode::OK, Bytes::from_static(UNVERIFIED.as_bytes())),
    }
}

fn error(status: StatusCode, summary: &str, causes: &[Value]) -> Answer {
    let body = json!({ "error": { "errorSummary": summary, "errorCauses": causes } });
    whole(status, Bytes::from(body.to_string()))
}

fn whole(status: StatusCode, body: Bytes) -> Answer {
    let mut answer = Response::new(Full::new(body));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
