//! One call of the password-import hook, as it is written down: a line of JSON in the hook's audit file.
//! The hook writes it, the programme counts it. It never holds a password.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What the event id of a call begins with that `muster hook test` made: nobody has tried to sign in.
pub const TRIAL: &str = "muster-test-";

/// How a call of the hook ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HookResult {
    /// The password was right. Answered VERIFIED, or UNVERIFIED in shadow mode.
    Verified,
    /// The user is known and the password was wrong. Answered UNVERIFIED.
    WrongPassword,
    /// No backend knows the user. Answered UNVERIFIED, after as long as a wrong password takes.
    UnknownUser,
    /// The user had too many wrong passwords of late; nothing was looked up. Answered UNVERIFIED.
    TooManyTries,
    /// A stored hash that nobody can read. Answered UNVERIFIED.
    Unreadable,
    /// The truth could not be had. Answered 503, so that Okta asks once more.
    Unavailable,
    /// More calls than this machine can verify in time. Answered 503 at once.
    Overloaded,
}

/// One call of the hook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookCall {
    /// When it came.
    pub at: Timestamp,
    /// Okta's id of the event; the same for a retry.
    pub event_id: String,
    /// The login.
    pub user: String,
    /// How it ended.
    pub result: HookResult,
    /// Which backend decided, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backend: Option<String>,
    /// The notation of the stored hash, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notation: Option<String>,
    /// From the first byte to the answer, in microseconds.
    pub micros: u64,
    /// Whether the answer was that of an earlier call with the same event id.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repeated: bool,
    /// Whether the hook answers UNVERIFIED whatever it finds.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shadow: bool,
}

impl HookCall {
    /// Whether nobody has tried to sign in: the call was made to see whether the hook works.
    pub fn is_trial(&self) -> bool {
        self.event_id.starts_with(TRIAL)
    }
}
