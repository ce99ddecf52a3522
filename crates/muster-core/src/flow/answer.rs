//! Answers as a row sees them: what happened, without HTTP.

use crate::compare::FoundUser;
use crate::flow::Trouble;

/// What came of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The call worked, and the answer holds the user.
    User(Box<FoundUser>),
    /// The call worked.
    Done,
    /// There is no such thing.
    NotFound(Refusal),
    /// Refused for good.
    Refused(Refusal),
    /// Not done, and may work later.
    Later(Refusal),
    /// Whether it was done is open: time-out, reset, 5xx, an answer cut short.
    Doubtful(String),
    /// It surely never reached the org.
    NotSent(String),
}

/// Okta's words when it refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The error code, such as `E0000001`; empty when the body was not Okta's.
    pub code: String,
    /// The summary.
    pub summary: String,
    /// All causes.
    pub causes: Vec<String>,
}

impl Refusal {
    /// Whether the reason is that the login is taken (API.md §4.2). The texts of Okta are not contractual, the
    /// field's name in front is what many clients rely on.
    pub fn says_login_exists(&self) -> bool {
        self.code == "E0000001"
            && self.causes.iter().any(|cause| cause.starts_with("login:") && cause.contains("already exists"))
    }

    /// Whether Okta claims not to know an attribute; known to come and go for attributes that exist (API.md §4.3).
    pub fn says_attribute_unknown(&self) -> bool {
        self.code == "E0000001" && self.causes.iter().any(|cause| cause.contains("is not defined in profile"))
    }

    /// The refusal in one line: every cause, none hidden.
    pub fn trouble(&self) -> Trouble {
        let code = if self.code.is_empty() { format!("http_{}", self.status) } else { self.code.clone() };
        let text = match (self.summary.as_str(), self.causes.join("; ")) {
            (summary, causes) if causes.is_empty() => summary.to_owned(),
            (summary, causes) => format!("{summary} ({causes})"),
        };
        Trouble { code, text }
    }
}
