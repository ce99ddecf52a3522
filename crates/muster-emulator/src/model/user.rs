//! A user, as the org keeps it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    credentials::{Credentials, ProviderKind},
    profile::Profile,
};
use crate::refusal::Refusal;

/// Where a user stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Status {
    Staged,
    Provisioned,
    Active,
    Recovery,
    PasswordExpired,
    LockedOut,
    Suspended,
    Deprovisioned,
}

/// One user. Its ordinal is its place in lists.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct User {
    pub ordinal: u64,
    pub id: String,
    pub version: u64,
    pub status: Status,
    pub created: Timestamp,
    pub activated: Option<Timestamp>,
    pub status_changed: Option<Timestamp>,
    pub last_login: Option<Timestamp>,
    pub last_updated: Timestamp,
    pub password_changed: Option<Timestamp>,
    pub type_id: String,
    /// The realm, in an org that has realms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub realm_id: Option<String>,
    pub profile: Profile,
    pub credentials: Credentials,
}

impl Status {
    /// The name as in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Staged => "STAGED",
            Self::Provisioned => "PROVISIONED",
            Self::Active => "ACTIVE",
            Self::Recovery => "RECOVERY",
            Self::PasswordExpired => "PASSWORD_EXPIRED",
            Self::LockedOut => "LOCKED_OUT",
            Self::Suspended => "SUSPENDED",
            Self::Deprovisioned => "DEPROVISIONED",
        }
    }
}

impl User {
    /// A new user: staged, with nothing but an id.
    pub fn new(id: String, type_id: String, now: Timestamp) -> Self {
        Self {
            ordinal: 0,
            id,
            version: 0,
            status: Status::Staged,
            created: now,
            activated: None,
            status_changed: Some(now),
            last_login: None,
            last_updated: now,
            password_changed: None,
            type_id,
            realm_id: None,
            profile: Profile::default(),
            credentials: Credentials::default(),
        }
    }

    /// Moves the user to another status.
    pub fn become_status(&mut self, status: Status, now: Timestamp) {
        if self.status != status {
            self.status = status;
            self.status_changed = Some(now);
        }
        self.touch(now);
    }

    /// Notes that something was changed.
    pub fn touch(&mut self, now: Timestamp) {
        self.last_updated = now;
    }

    /// Moves the user on to what activation makes of it.
    pub fn activate(&mut self, now: Timestamp) {
        let can_sign_in = self.credentials.password.is_set() || self.is_federated();
        self.become_status(if can_sign_in { Status::Active } else { Status::Provisioned }, now);
        self.activated = Some(now);
    }

    /// Whether somebody else checks the password.
    pub fn is_federated(&self) -> bool {
        matches!(self.credentials.provider.kind, ProviderKind::Federation | ProviderKind::Social)
    }

    /// The mark by which a client can tell whether the user has changed.
    pub fn etag(&self) -> String {
        format!("W/\"{:x}-{}\"", self.last_updated.as_second(), self.version)
    }

    /// Refuses a change that was meant for an older version.
    pub fn check_match(&self, wanted: Option<&str>) -> Result<(), Refusal> {
        let Some(wanted) = wanted.filter(|wanted| *wanted != "*") else { return Ok(()) };
        let bare = wanted.strip_prefix("W/").unwrap_or(wanted);
        if bare.len() < 2 || !bare.starts_with('"') || !bare.ends_with('"') {
            return Err(Refusal::etag_syntax());
        }
        let fits = self.etag().trim_start_matches("W/") == bare;
        if fits { Ok(()) } else { Err(Refusal::etag_mismatch()) }
    }

    /// Refuses an operation unless the user is in one of the statuses.
    pub fn require(&self, statuses: &[Status]) -> Result<(), Refusal> {
        if statuses.contains(&self.status) { Ok(()) } else { Err(Refusal::status()) }
    }
}
