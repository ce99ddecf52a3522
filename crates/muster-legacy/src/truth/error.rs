//! Why a place can't be opened.

use std::path::{Path, PathBuf};

/// A place that knows passwords can't be used as it was set.
#[derive(Debug, thiserror::Error)]
pub enum TruthError {
    /// A setting makes no sense.
    #[error("{place}: {reason}")]
    Setting {
        /// The name of the place.
        place: String,
        /// What is wrong and what to do. Never holds a secret.
        reason: String,
    },
    /// A secret that was named is not there.
    #[error("{place}: the secret {reference} can't be had: {reason}")]
    Secret {
        /// The name of the place.
        place: String,
        /// Where it was looked for.
        reference: String,
        /// Why it is not there.
        reason: String,
    },
    /// A file can't be read or written.
    #[error("{}: {cause}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// A credential file that is not as it was written.
    #[error("{}: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Rows that Okta would take for one person have different passwords.
    #[error("{}", doubles(.0))]
    Doubles(Vec<String>),
}

impl TruthError {
    /// A setting of a place makes no sense.
    pub(super) fn setting(place: &str, reason: impl Into<String>) -> Self {
        Self::Setting { place: place.to_owned(), reason: reason.into() }
    }

    /// A file can't be read or written.
    pub(super) fn io(path: &Path) -> impl Fn(std::io::Error) -> Self {
        let path = path.to_owned();
        move |cause| Self::Io { path: path.clone(), cause }
    }
}

fn doubles(pairs: &[String]) -> String {
    format!(
        "different passwords for one login (case and accents make no difference to Okta): {}; remove one of each, nothing was written",
        pairs.join("; ")
    )
}
