//! Settings of an old application's sign-in.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;

use super::timeout_ms;
use crate::truth::SecretReference;

/// `kind = "http"`
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpSettings {
    /// The name in the audit file and the metrics.
    pub name: String,
    /// How long it may take to answer, in milliseconds.
    #[serde(default = "timeout_ms")]
    pub timeout_ms: u64,
    /// `https://…`; it may hold `{login}`, never `{password}`, for addresses are logged everywhere.
    pub url: String,
    /// The method.
    #[serde(default = "method")]
    pub method: String,
    /// Headers; a value may hold `{basic}`, the user and the password of basic authentication.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Headers with a secret value: where it is.
    #[serde(default)]
    pub secret_headers: BTreeMap<String, SecretReference>,
    /// The body, with `{login}` and `{password}`; they are escaped as the content type asks.
    pub body: Option<String>,
    /// A PEM file of the authorities to trust in place of those that the system trusts.
    pub ca_file: Option<PathBuf>,
    /// What says that the password is right.
    pub right: HttpSign,
    /// What says that it is wrong.
    pub wrong: HttpSign,
    /// What says that there is no such user.
    pub nobody: Option<HttpSign>,
}

/// What an answer has to be like to mean something. All that is said here has to hold.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpSign {
    /// The statuses, at least one.
    pub status: Vec<u16>,
    /// A JSON pointer into the body, such as `/user/ok`.
    pub pointer: Option<String>,
    /// What stands there.
    pub equals: Option<Value>,
    /// A text that is part of the body.
    pub contains: Option<String>,
}

fn method() -> String {
    "POST".to_owned()
}
