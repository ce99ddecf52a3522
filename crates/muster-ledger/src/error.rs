//! What can go wrong with the books.

use std::path::PathBuf;

/// Why the ledger could not do what it was asked for.
#[derive(Clone, Debug, thiserror::Error)]
pub enum LedgerError {
    /// The file can't be opened or made.
    #[error("the ledger {} can't be opened: {reason}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// The cause.
        reason: String,
    },
    /// The file was written by a later release.
    #[error("the ledger {} has format {found}, this release knows up to {known}; use the release that wrote it, or a later one", path.display())]
    TooNew {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The latest known here.
        known: i64,
    },
    /// Reading or writing failed, as on a full disk.
    #[error("the ledger can't be written or read: {0}")]
    Storage(String),
    /// The thread that keeps the books has ended.
    #[error("the ledger is closed")]
    Closed,
    /// There is no such run.
    #[error("there is no run {id:?} in this ledger; `muster runs` lists them")]
    NoSuchRun {
        /// What was asked for.
        id: String,
    },
    /// There is no run at all.
    #[error("this ledger has no run yet; `muster import SOURCE` makes one")]
    NoRun,
    /// Another process works on the run.
    #[error("run {id} is being worked on by another process; wait for it, or stop it first")]
    Locked {
        /// The run.
        id: String,
    },
}

impl From<rusqlite::Error> for LedgerError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Storage(error.to_string())
    }
}
