//! Where a secret is, in place of the secret: settings hold nothing that must not be read.

use std::fmt;
use std::path::PathBuf;

use muster_core::secret::Secret;
use serde::Deserialize;

use super::TruthError;

/// `env:NAME` or `file:PATH`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum SecretReference {
    /// An environment variable.
    Environment(String),
    /// A file; what follows the last line of it is not part of the secret.
    File(PathBuf),
}

/// A text that is no reference. It is not repeated, for it may be the secret itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a secret is named, never written down: env:NAME or file:PATH")]
pub struct NotAReference;

/// Finds secrets; only the binary reads the environment.
pub type Resolve<'a> = &'a dyn Fn(&SecretReference) -> Result<Secret, String>;

impl SecretReference {
    /// The secret; `place` is who wants it.
    pub(super) fn resolve(&self, place: &str, resolve: Resolve<'_>) -> Result<Secret, TruthError> {
        resolve(self).map_err(|reason| TruthError::Secret {
            place: place.to_owned(),
            reference: self.to_string(),
            reason,
        })
    }
}

impl TryFrom<String> for SecretReference {
    type Error = NotAReference;

    fn try_from(text: String) -> Result<Self, NotAReference> {
        match text.split_once(':') {
            Some(("env", name)) if !name.is_empty() => Ok(Self::Environment(name.to_owned())),
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(PathBuf::from(path))),
            _ => Err(NotAReference),
        }
    }
}

impl fmt::Display for SecretReference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(name) => write!(out, "env:{name}"),
            Self::File(path) => write!(out, "file:{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_itself_is_no_reference_and_is_not_repeated() {
        let parse = |text: &str| SecretReference::try_from(text.to_owned());
        assert_eq!(parse("env:KEY"), Ok(SecretReference::Environment("KEY".into())));
        assert_eq!(parse("file:/a:b").unwrap().to_string(), "file:/a:b");
        assert!(!parse("hunter2").unwrap_err().to_string().contains("hunter2"));
        assert!(parse("env:").is_err());
    }
}
