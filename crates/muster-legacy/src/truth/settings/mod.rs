//! What the operator says about a place, as a `[[hook.backend]]` table of `muster.toml`.

mod http;
mod ldap;
mod settlement;
mod sql;

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::{SecretReference, TruthError};

pub use http::{HttpSettings, HttpSign};
pub use ldap::{ExpiredPassword, LdapSettings};
pub use settlement::{FirebaseSettings, SettlementSettings};
pub use sql::{SqlServerSettings, SqliteSettings, Tls};

/// A place that knows whether a password is right.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum TruthSettings {
    /// A credential file of `muster hook export`.
    File(FileSettings),
    /// PostgreSQL.
    Postgres(SqlServerSettings),
    /// MySQL or `MariaDB`.
    Mysql(SqlServerSettings),
    /// An SQLite file.
    Sqlite(SqliteSettings),
    /// A directory that people bind to: LDAP, Active Directory.
    Ldap(LdapSettings),
    /// The sign-in of the old application.
    Http(Box<HttpSettings>),
}

impl TruthSettings {
    /// The name of the place in the audit file and the metrics.
    pub fn name(&self) -> &str {
        match self {
            Self::File(file) => &file.name,
            Self::Postgres(server) | Self::Mysql(server) => &server.name,
            Self::Sqlite(sqlite) => &sqlite.name,
            Self::Ldap(ldap) => &ldap.name,
            Self::Http(http) => &http.name,
        }
    }

    /// How long it may take to answer.
    pub fn timeout(&self) -> Duration {
        Duration::from_millis(match self {
            Self::File(file) => file.timeout_ms,
            Self::Postgres(server) | Self::Mysql(server) => server.timeout_ms,
            Self::Sqlite(sqlite) => sqlite.timeout_ms,
            Self::Ldap(ldap) => ldap.timeout_ms,
            Self::Http(http) => http.timeout_ms,
        })
    }

    /// What holds for every place.
    pub(super) fn check(&self) -> Result<(), TruthError> {
        if self.name().trim().is_empty() {
            return Err(TruthError::setting("hook.backend", "name is empty"));
        }
        if !(1..=60_000).contains(&self.timeout().as_millis()) {
            return Err(TruthError::setting(self.name(), "timeout_ms is not between 1 and 60000"));
        }
        Ok(())
    }
}

/// `kind = "file"`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileSettings {
    /// The name in the audit file and the metrics.
    pub name: String,
    /// How long it may take to answer, in milliseconds.
    #[serde(default = "timeout_ms")]
    pub timeout_ms: u64,
    /// The file.
    pub path: PathBuf,
    /// Where its key is.
    #[serde(default = "hook_key")]
    pub key: SecretReference,
}

impl FileSettings {
    /// A credential file whose key is where it is looked for unless it is said otherwise.
    pub fn new(name: impl Into<String>, path: PathBuf) -> Self {
        Self { name: name.into(), timeout_ms: timeout_ms(), path, key: hook_key() }
    }
}

fn hook_key() -> SecretReference {
    SecretReference::Environment("MUSTER_HOOK_KEY".to_owned())
}

/// Okta waits three seconds for a hook; half of it leaves time for the other places and for Okta itself.
fn timeout_ms() -> u64 {
    1500
}

/// How many connections a place keeps.
fn connections() -> usize {
    4
}
