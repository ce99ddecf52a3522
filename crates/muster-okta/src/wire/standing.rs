//! A user, as far as it tells whether a password has come over.

use jiff::Timestamp;
use serde::Deserialize;

use super::user::Credentials;

/// A user, as far as it tells whether a password has come over.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserStanding {
    /// Its id.
    pub id: String,
    /// Its status.
    #[serde(default)]
    pub status: String,
    /// When its password was last set.
    #[serde(default)]
    pub password_changed: Option<Timestamp>,
    /// Its credentials, as far as they show who checks the password.
    #[serde(default)]
    pub credentials: Option<Credentials>,
}

impl UserStanding {
    /// Who checks the password, such as `OKTA` or `IMPORT`.
    pub fn provider(&self) -> Option<&str> {
        self.credentials.as_ref()?.provider.as_ref()?.kind.as_deref()
    }

    /// Whether it has a password.
    pub fn has_password(&self) -> bool {
        self.credentials.as_ref().is_some_and(|credentials| credentials.password.is_some())
    }
}
