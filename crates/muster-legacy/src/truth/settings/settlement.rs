//! What the operator knows about stored passwords and no row says, as settings.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use muster_core::credential::{Notation, Settlement};
use muster_core::secret::Secret;
use muster_core::stored::FirebaseProject;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::truth::{Resolve, SecretReference, TruthError};

/// The table `passwords` of a backend that holds hashes, or of `muster.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SettlementSettings {
    /// The notations that are meant wherever a text reads as several, by their names.
    pub meant: Vec<String>,
    /// Where the pepper is.
    pub pepper: Option<SecretReference>,
    /// The Firebase project.
    pub firebase: Option<FirebaseSettings>,
}

/// The hash parameters of a Firebase project, as its console shows them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirebaseSettings {
    /// Where `base64_signer_key` is.
    pub signer_key: SecretReference,
    /// `base64_salt_separator`.
    pub salt_separator: String,
    /// `rounds`.
    #[serde(default = "rounds")]
    pub rounds: u32,
    /// `mem_cost`.
    #[serde(default = "memory_cost")]
    pub memory_cost: u8,
}

fn rounds() -> u32 {
    8
}

fn memory_cost() -> u8 {
    14
}

impl SettlementSettings {
    /// What is settled, with its secrets; `place` is who wants to know.
    pub fn resolve(&self, place: &str, resolve: Resolve<'_>) -> Result<Settlement, TruthError> {
        let meant: Result<_, _> = self.meant.iter().map(|name| notation(place, name)).collect();
        Ok(Settlement {
            meant: meant?,
            pepper: self.pepper.as_ref().map(|pepper| pepper.resolve(place, resolve)).transpose()?,
            firebase: self.firebase.as_ref().map(|project| project.resolve(place, resolve)).transpose()?,
        })
    }
}

impl FirebaseSettings {
    fn resolve(&self, place: &str, resolve: Resolve<'_>) -> Result<FirebaseProject, TruthError> {
        let bytes = |what: &str, text: &str| {
            let failed = |_| TruthError::setting(place, format!("the {what} of Firebase is not base64"));
            STANDARD.decode(text.trim()).map(Zeroizing::new).map_err(failed)
        };
        let key: Secret = self.signer_key.resolve(place, resolve)?;
        Ok(FirebaseProject {
            signer_key: bytes("signer_key", key.reveal())?,
            salt_separator: bytes("salt_separator", &self.salt_separator)?,
            rounds: self.rounds,
            memory_cost: self.memory_cost,
        })
    }
}

fn notation(place: &str, name: &str) -> Result<Notation, TruthError> {
    Notation::from_name(name)
        .ok_or_else(|| TruthError::setting(place, format!("meant: {name:?} is the name of no notation")))
}
