//! The environment, read in one place.

use std::collections::BTreeMap;
use std::path::PathBuf;

use muster_core::secret::Secret;

use super::{Origin, Setting};

/// The variables that are looked at.
pub const VARIABLES: [&str; 20] = [
    "OKTA_ORG_URL",
    "OKTA_CLIENT_ORGURL",
    "OKTA_API_TOKEN",
    "OKTA_CLIENT_TOKEN",
    "OKTA_ACCESS_TOKEN",
    "OKTA_CLIENT_ID",
    "OKTA_CLIENT_CLIENTID",
    "OKTA_PRIVATE_KEY",
    "OKTA_PRIVATE_KEY_FILE",
    "OKTA_CLIENT_PRIVATEKEY",
    "OKTA_KEY_ID",
    "OKTA_CLIENT_KID",
    "OKTA_SCOPES",
    "OKTA_CLIENT_SCOPES",
    "OKTA_DPOP",
    "OKTA_CLIENT_AUTHORIZATIONMODE",
    "MUSTER_LEDGER",
    "MUSTER_DIR",
    "MUSTER_CA_FILE",
    "HOME",
];

/// A copy of the variables that are looked at; empty ones count as not set.
#[derive(Default)]
pub struct Environment {
    values: BTreeMap<&'static str, String>,
}

impl Environment {
    /// The environment of this process.
    pub fn of_process() -> Self {
        let value = |name: &'static str| std::env::var(name).ok().map(|value| (name, value));
        Self {
            values: VARIABLES
                .into_iter()
                .filter_map(value)
                .filter(|(_, value)| !value.trim().is_empty())
                .collect(),
        }
    }

    /// An environment that has one org, and nothing of the process.
    pub fn of_demo(org: &str, token: &str) -> Self {
        let pairs = [("OKTA_ORG_URL", org), ("OKTA_API_TOKEN", token)];
        Self { values: pairs.into_iter().map(|(name, value)| (name, value.to_owned())).collect() }
    }

    /// A variable as text.
    pub fn text(&self, name: &'static str) -> Option<Setting<String>> {
        let value = self.values.get(name)?.trim().to_owned();
        Some(Setting { value, origin: Origin::Environment(name) })
    }

    /// A variable as a path.
    pub fn path(&self, name: &'static str) -> Option<Setting<PathBuf>> {
        self.text(name).map(|found| Setting { value: PathBuf::from(found.value), origin: found.origin })
    }

    /// A variable as a secret.
    pub fn secret(&self, name: &'static str) -> Option<Setting<Secret>> {
        self.text(name).map(|found| Setting { value: Secret::new(found.value), origin: found.origin })
    }
}
