//! What the operator settled for stored passwords, and secrets that settings only name.

use std::path::Path;

use muster_core::credential::{Notation, Settlement};
use muster_core::secret::Secret;
use muster_core::stored::FirebaseProject;
use muster_legacy::truth::SecretReference;
use zeroize::Zeroizing;

use super::Settings;
use crate::args::SettlementArgs;
use crate::error::Problem;

impl Settings {
    /// The table `passwords` of `muster.toml` with its secrets, and what flags say otherwise.
    pub fn settlement(&self, args: &SettlementArgs) -> Result<Settlement, Problem> {
        let resolved = self.file.passwords.resolve("passwords in muster.toml", &resolve_secret);
        let mut settlement = resolved.map_err(|error| Problem::wrong_usage(error.to_string()))?;
        if !args.notation.is_empty() {
            settlement.meant = notations(&args.notation)?;
        }
        if let Some(path) = &args.pepper_file {
            settlement.pepper = Some(pepper(path)?);
        }
        if let Some(path) = &args.firebase {
            settlement.firebase = Some(project(path)?);
        }
        Ok(settlement)
    }

    /// The notations that an import takes where a text reads as several, by name: those of the flag, or of `muster.toml`.
    pub fn meant(&self, flag: &[String]) -> Result<Vec<String>, Problem> {
        let names = if flag.is_empty() { &self.file.passwords.meant } else { flag };
        Ok(notations(names)?.into_iter().map(|notation| notation.as_str().to_owned()).collect())
    }

    /// Whether `muster.toml` names a pepper. What it is does not matter to an import.
    pub fn names_a_pepper(&self) -> bool {
        self.file.passwords.pepper.is_some()
    }

    /// Whether `muster.toml` names a Firebase project. Its keys do not matter to an import.
    pub fn names_a_firebase_project(&self) -> bool {
        self.file.passwords.firebase.is_some()
    }
}

/// Finds a secret that a setting names.
pub fn resolve_secret(reference: &SecretReference) -> Result<Secret, String> {
    let text = match reference {
        // The error of a value that is no text would quote the value.
        SecretReference::Environment(name) => {
            std::env::var(name).map_err(|_| "it is not set, or is no text".to_owned())?
        }
        SecretReference::File(path) => std::fs::read_to_string(path).map_err(|error| error.to_string())?,
    };
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() { Err("it is empty".to_owned()) } else { Ok(Secret::new(text)) }
}

fn notations(names: &[String]) -> Result<Vec<Notation>, Problem> {
    names.iter().map(|name| notation(name)).collect()
}

/// A notation by its stable name.
fn notation(name: &str) -> Result<Notation, Problem> {
    Notation::from_name(name).ok_or_else(|| {
        let known: Vec<&str> = Notation::ALL.iter().map(|notation| notation.as_str()).collect();
        Problem::wrong_usage(format!("--notation: found \"{name}\", expected one of {}", known.join(", ")))
    })
}

fn pepper(path: &Path) -> Result<Secret, Problem> {
    resolve_secret(&SecretReference::File(path.to_owned()))
        .map_err(|reason| Problem::wrong_usage(format!("--pepper-file {}: {reason}", path.display())))
}

fn project(path: &Path) -> Result<FirebaseProject, Problem> {
    let wrong = |reason: String| Problem::wrong_usage(format!("--firebase {}: {reason}", path.display()));
    let text = std::fs::read_to_string(path).map(Zeroizing::new).map_err(|error| wrong(error.to_string()))?;
    FirebaseProject::parse(&text).map_err(wrong)
}
