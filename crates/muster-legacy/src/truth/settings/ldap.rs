//! Settings of a directory.

use std::path::PathBuf;

use serde::Deserialize;

use super::{connections, timeout_ms};
use crate::truth::SecretReference;

/// `kind = "ldap"`
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LdapSettings {
    /// The name in the audit file and the metrics.
    pub name: String,
    /// How long it may take to answer, in milliseconds.
    #[serde(default = "timeout_ms")]
    pub timeout_ms: u64,
    /// `ldaps://HOST`, or `ldap://HOST` with `start_tls`.
    pub url: String,
    /// Whether TLS begins on the plain port.
    #[serde(default)]
    pub start_tls: bool,
    /// A PEM file of the authorities to trust in place of those that the system trusts.
    pub ca_file: Option<PathBuf>,
    /// Who searches; left out, nobody in particular.
    pub bind_dn: Option<String>,
    /// Where the password of whoever searches is.
    pub bind_password: Option<SecretReference>,
    /// Where the people are.
    pub base: String,
    /// How one is found, with `{login}` where the login goes.
    #[serde(default = "filter")]
    pub filter: String,
    /// What a password that is right but expired is.
    #[serde(default)]
    pub expired: ExpiredPassword,
    /// Connections for searching, at most.
    #[serde(default = "connections")]
    pub connections: usize,
}

/// What a password is that Active Directory knows as right and refuses, because it has expired or must be changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExpiredPassword {
    /// Right: the person knows it, and Okta's own policy comes next.
    #[default]
    Right,
    /// Wrong.
    Wrong,
}

fn filter() -> String {
    "(|(uid={login})(mail={login})(userPrincipalName={login}))".to_owned()
}
