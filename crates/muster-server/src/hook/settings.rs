//! How the hook works: plain values, wherever they were set.

use std::time::Duration;

use muster_core::secret::Secret;

use super::audit::AuditPlace;
use super::breaker::BreakerSettings;
use super::guard::{Addresses, TokenRules};
use super::pool::PoolSettings;
use super::wrong_passwords::WrongPasswordLimit;
use crate::error::ServerError;

/// Okta waits for three seconds. Nothing is answered later than this: the answer has a way to go.
const LONGEST_DEADLINE: Duration = Duration::from_millis(2_800);
/// What Okta itself takes for too large.
const LARGEST_BODY: usize = 256 * 1024;

/// A secret shorter than this is weak.
const SHORT_SECRET: usize = 16;

/// The settings of the hook.
#[derive(Clone, Debug)]
pub struct HookSettings {
    /// The path of the hook.
    pub path: String,
    /// A call is answered within this time from its arrival.
    pub deadline: Duration,
    /// One place has so long to answer.
    pub lookup: Duration,
    /// When a place is left alone.
    pub breaker: BreakerSettings,
    /// How much is verified at once.
    pub pool: PoolSettings,
    /// How many wrong passwords are too many.
    pub wrong_passwords: WrongPasswordLimit,
    /// How long a decided call is remembered for its repetition.
    pub repeats: Duration,
    /// The cost of the bcrypt that unknown users take before any user was seen.
    pub stand_in_bcrypt_cost: u32,
    /// Verify and count, and answer UNVERIFIED to all.
    pub shadow: bool,
    /// The largest body in bytes.
    pub body_limit: usize,
    /// Who may call, by address.
    pub addresses: Addresses,
    /// The header that shows that Okta calls.
    pub header: String,
    /// Its values; one, or two while they change. None for no such header.
    pub secrets: Vec<Secret>,
    /// What an access token must say, for hooks of the OAuth kind.
    pub token: Option<TokenRules>,
    /// Where the calls are written down.
    pub audit: Option<AuditPlace>,
}

impl Default for HookSettings {
    fn default() -> Self {
        Self {
            path: "/okta/password-import".to_owned(),
            deadline: Duration::from_millis(2_500),
            lookup: Duration::from_millis(1_500),
            breaker: BreakerSettings::default(),
            pool: PoolSettings::default(),
            wrong_passwords: WrongPasswordLimit::default(),
            repeats: Duration::from_mins(1),
            stand_in_bcrypt_cost: 10,
            shadow: false,
            body_limit: 64 * 1024,
            addresses: Addresses::default(),
            header: "Authorization".to_owned(),
            secrets: Vec::new(),
            token: None,
            audit: None,
        }
    }
}

impl HookSettings {
    /// Whether they can hold.
    pub fn check(&self) -> Result<(), ServerError> {
        let faulty = |text: &str| Err(ServerError::Setting(text.to_owned()));
        if !self.path.starts_with('/') {
            return faulty("the path of the hook begins with a slash");
        }
        if !(Duration::from_millis(100)..=LONGEST_DEADLINE).contains(&self.deadline) {
            return faulty("the deadline is between 100 and 2800 ms: Okta waits for 3 s");
        }
        if self.lookup.is_zero() || self.lookup > self.deadline {
            return faulty("the time for a look-up is above 0 and not longer than the deadline");
        }
        if !(1..=LARGEST_BODY).contains(&self.body_limit) {
            return faulty("the limit of the body is between 1 and 262144 bytes");
        }
        if self.secrets.iter().any(|secret| secret.reveal().trim() != secret.reveal()) {
            return faulty(
                "the secret has blanks around it, which no header carries: no call would ever hold",
            );
        }
        if self.secrets.iter().any(|secret| secret.reveal().is_empty()) {
            return faulty("the secret is empty: anybody could call");
        }
        if self.secrets.iter().any(|secret| secret.reveal().len() < SHORT_SECRET) {
            tracing::warn!(
                "the secret is so short that it can be guessed; openssl rand -hex 32 makes a good one"
            );
        }
        if !(4..=15).contains(&self.stand_in_bcrypt_cost) {
            return faulty("the cost of the stand-in for unknown users is between 4 and 15");
        }
        Ok(())
    }
}
