//! The requests that were made, with the secrets in their bodies masked.

use std::{collections::VecDeque, fmt};

use bytes::Bytes;
use http::{Method, uri::PathAndQuery};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::faults::FaultKind;

/// How many requests are kept.
const KEPT: usize = 1000;
/// Bodies above this size are told by their size alone.
const LARGEST: usize = 64 * 1024;

/// One request and how it was answered.
#[derive(Clone, Debug, Serialize)]
pub struct LoggedRequest {
    /// When it came, in RFC 3339.
    pub at: String,
    /// Its method.
    pub method: String,
    /// Its path and query.
    pub path_and_query: String,
    /// The status of the answer.
    pub status: u16,
    /// The faults that struck it. What they kept from arriving has the status that it would have had, or 0 if there
    /// was none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
    /// Its body, with secrets as `<31 characters>`; none if there was none.
    pub body: Option<Value>,
}

/// A request as it is kept: masked only when somebody looks at it, for nearly nobody ever does.
pub(crate) struct KeptRequest {
    pub at: Timestamp,
    pub method: Method,
    pub path_and_query: Option<PathAndQuery>,
    /// 0 if there was no answer.
    pub status: u16,
    faults: Vec<FaultKind>,
    body: KeptBody,
}

enum KeptBody {
    Whole(Bytes),
    /// A large one, of which the size alone is kept.
    Size(usize),
}

/// The last requests.
#[derive(Debug, Default)]
pub(crate) struct Records(VecDeque<KeptRequest>);

impl KeptRequest {
    /// A request that has been answered.
    pub fn new(
        at: Timestamp,
        (method, path_and_query, body): (Method, Option<PathAndQuery>, &Bytes),
        status: u16,
        faults: &[FaultKind],
    ) -> Self {
        let size = body.len();
        let body = if size > LARGEST { KeptBody::Size(size) } else { KeptBody::Whole(body.clone()) };
        Self { at, method, path_and_query, status, faults: faults.to_vec(), body }
    }

    /// The request as it may be shown.
    pub fn shown(&self) -> LoggedRequest {
        LoggedRequest {
            at: format!("{:.3}", self.at),
            method: self.method.to_string(),
            path_and_query: self.path_and_query.as_ref().map(masked_target).unwrap_or_default(),
            status: self.status,
            faults: self.faults.iter().map(ToString::to_string).collect(),
            body: match &self.body {
                KeptBody::Whole(body) => masked(body),
                KeptBody::Size(size) => Some(size_alone(*size)),
            },
        }
    }
}

impl fmt::Debug for KeptRequest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("KeptRequest").field("status", &self.status).finish_non_exhaustive()
    }
}

impl Records {
    /// Keeps one more.
    pub fn push(&mut self, request: KeptRequest) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(request);
    }

    /// The last so many, oldest first.
    pub fn last(&self, limit: usize) -> Vec<LoggedRequest> {
        self.0.iter().skip(self.0.len().saturating_sub(limit)).map(KeptRequest::shown).collect()
    }
}

/// A body as it may be shown.
fn masked(body: &Bytes) -> Option<Value> {
    if body.is_empty() {
        return None;
    }
    let Ok(mut value) = serde_json::from_slice(body) else { return Some(size_alone(body.len())) };
    mask(&mut value, false);
    Some(value)
}

fn size_alone(size: usize) -> Value {
    Value::String(format!("<{size} bytes>"))
}

/// Masks what is secret. Below a password, a hash or the headers of a hook its value and salt are, and everywhere what
/// is named so.
fn mask(value: &mut Value, in_password: bool) {
    match value {
        Value::Array(elements) => elements.iter_mut().for_each(|element| mask(element, in_password)),
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.to_lowercase();
                let holder = is_holder(&name);
                let secret =
                    holder || name == "answer" || (in_password && matches!(name.as_str(), "value" | "salt"));
                if secret {
                    hide(member);
                } else {
                    mask(member, in_password);
                }
                if holder {
                    mask(member, true);
                }
            }
        }
        _ => {}
    }
}

/// Whether a name, in small letters, is that of something secret: also of what a client has misspelt.
fn is_holder(name: &str) -> bool {
    const PARTS: [&str; 7] = ["password", "passwd", "pwd", "secret", "token", "assertion", "privatekey"];
    matches!(name, "hash" | "authscheme" | "headers") || PARTS.iter().any(|part| name.contains(part))
}

/// A path and query as they may be shown: the values of secret parameters, and the tokens of links in mails, are not.
fn masked_target(target: &PathAndQuery) -> String {
    let path = match target.path().split_once("/tokens/") {
        Some((before, _)) => format!("{before}/tokens/<token>"),
        None => target.path().to_owned(),
    };
    let Some(query) = target.query() else { return path };
    let masked = |pair: &str| match pair.split_once('=') {
        Some((name, value)) if is_holder(&name.to_lowercase()) => {
            format!("{name}=<{} characters>", value.chars().count())
        }
        _ => pair.to_owned(),
    };
    format!("{path}?{}", query.split('&').map(masked).collect::<Vec<_>>().join("&"))
}

/// Only the length of a text is shown; an object is left to be looked into.
fn hide(value: &mut Value) {
    let length = match value {
        Value::String(text) => text.chars().count(),
        Value::Number(number) => number.to_string().len(),
        Value::Array(elements) => {
            elements.iter_mut().for_each(hide);
            return;
        }
        Value::Object(_) | Value::Null | Value::Bool(_) => return,
    };
    *value = Value::String(format!("<{length} characters>"));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_in_addresses_are_masked() {
        let shown = |text: &str| masked_target(&text.parse().expect("a path"));
        assert_eq!(
            shown("/api/v1/users?limit=1&Password=abc"),
            "/api/v1/users?limit=1&Password=<3 characters>"
        );
        assert_eq!(shown("/tokens/abc/verify"), "/tokens/<token>");
        assert_eq!(shown("/api/v1/users?after=x"), "/api/v1/users?after=x");
    }

    #[test]
    fn secrets_are_masked_and_the_rest_is_shown() {
        let body = json!({
            "profile": {"login": "a@example.com", "salt": "of the earth"},
            "credentials": {
                "password": {"value": "Abcd1234", "hash": {"algorithm": "MD5", "salt": "c2FsdA==", "value": "jqAC"}},
                "recovery_question": {"question": "Which?", "answer": "This one"},
            },
        });
        let shown = masked(&Bytes::from(body.to_string())).expect("a body");
        let expected = json!({
            "profile": {"login": "a@example.com", "salt": "of the earth"},
            "credentials": {
                "password": {
                    "value": "<8 characters>",
                    "hash": {"algorithm": "MD5", "salt": "<8 characters>", "value": "<4 characters>"},
                },
                "recovery_question": {"question": "Which?", "answer": "<8 characters>"},
            },
        });
        assert_eq!(shown, expected);
        let sign_in = masked(&Bytes::from_static(br#"{"username":"a","password":"Abcd1234"}"#));
        assert_eq!(sign_in, Some(json!({"username": "a", "password": "<8 characters>"})));
        let misspelt =
            masked(&Bytes::from_static(br#"{"Password":{"Value":"x1"},"profile":{"passwordHash":"x2"}}"#));
        let misspelt = misspelt.expect("a body").to_string();
        assert!(!misspelt.contains("x1") && !misspelt.contains("x2"), "{misspelt}");
        let odd = masked(&Bytes::from_static(br#"{"password":[["x1"],{"value":"x2"},7]}"#)).expect("a body");
        assert!(!odd.to_string().contains("x1") && !odd.to_string().contains("x2"));
        assert_eq!(masked(&Bytes::from_static(b"password=hunter2")), Some(json!("<16 bytes>")));
        let kept =
            |body: &Bytes| KeptRequest::new(Timestamp::UNIX_EPOCH, (Method::POST, None, body), 200, &[]);
        let large = kept(&Bytes::from(vec![b' '; LARGEST + 1]));
        assert_eq!(large.shown().body, Some(json!("<65537 bytes>")));
        let small = kept(&Bytes::from_static(br#"{"password":"Abcd1234"}"#));
        assert!(!format!("{small:?} {:?}", small.shown()).contains("Abcd"));
    }
}
