//! Settings of the databases.

use std::path::PathBuf;

use serde::Deserialize;

use super::{SettlementSettings, connections, timeout_ms};
use crate::truth::SecretReference;

/// `kind = "postgres"` and `kind = "mysql"`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SqlServerSettings {
    /// The name in the audit file and the metrics.
    pub name: String,
    /// How long it may take to answer, in milliseconds.
    #[serde(default = "timeout_ms")]
    pub timeout_ms: u64,
    /// `postgres://USER@HOST/DATABASE` or `mysql://USER@HOST/DATABASE`; the password is not part of it.
    pub url: String,
    /// Where the password is.
    pub password: Option<SecretReference>,
    /// Whether the way is encrypted; left out, it is, but for this machine.
    pub tls: Option<Tls>,
    /// A PEM file of the authorities to trust in place of those that the system trusts.
    pub ca_file: Option<PathBuf>,
    /// The query, with `:login` where the login goes.
    pub query: String,
    /// Connections at most.
    #[serde(default = "connections")]
    pub connections: usize,
    /// What no row says about its hash.
    #[serde(default)]
    pub passwords: SettlementSettings,
}

/// Whether the way to a database is encrypted. There is no half of it: who does not check the certificate may be told
/// any hash by anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tls {
    /// It is, and the certificate has to be the server's.
    VerifyFull,
    /// It is not.
    Off,
}

/// `kind = "sqlite"`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SqliteSettings {
    /// The name in the audit file and the metrics.
    pub name: String,
    /// How long it may take to answer, in milliseconds.
    #[serde(default = "timeout_ms")]
    pub timeout_ms: u64,
    /// The file; it is only read.
    pub path: PathBuf,
    /// The query, with `:login` where the login goes.
    pub query: String,
    /// What no row says about its hash.
    #[serde(default)]
    pub passwords: SettlementSettings,
}
