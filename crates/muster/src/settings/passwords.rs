//! What the operator settled for stored passwords, and secrets that settings only name.

use muster_core::credential::Settlement;
use muster_core::secret::Secret;
use muster_legacy::truth::SecretReference;

use super::Settings;
use crate::error::Problem;

impl Settings {
    /// The table `passwords` of `muster.toml`, with its secrets.
    pub fn settlement(&self) -> Result<Settlement, Problem> {
        let resolved = self.file.passwords.resolve("passwords in muster.toml", &resolve_secret);
        resolved.map_err(|error| Problem::wrong_usage(error.to_string()))
    }
}

/// Finds a secret that a setting names.
pub fn resolve_secret(reference: &SecretReference) -> Result<Secret, String> {
    let text = match reference {
        SecretReference::Environment(name) => std::env::var(name).map_err(|error| error.to_string())?,
        SecretReference::File(path) => std::fs::read_to_string(path).map_err(|error| error.to_string())?,
    };
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() { Err("it is empty".to_owned()) } else { Ok(Secret::new(text)) }
}
