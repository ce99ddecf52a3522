//! What can go wrong with the books.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

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
    /// No room is left where the ledger is.
    #[error("the disk of the ledger {} is full{}. All that was acknowledged before is safe; make room there, then `muster resume` goes on", path.display(), left(*free))]
    Full {
        /// The file.
        path: PathBuf,
        /// Bytes that are free there, where that is known.
        free: Option<u64>,
    },
    /// The file, its folder or its disk takes no writes.
    #[error("the ledger {} can't be written: the file, its folder or its disk is read-only for this user", path.display())]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// Someone else has held the file for too long.
    #[error("the ledger {} is held by another process; it was waited for, for ten seconds. Wait for that process, or stop it", path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// The content of the file makes no sense.
    #[error("the ledger {} is damaged: {reason}. Go back to a copy of it, or import again with --new-run", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// The disk or the network under the file fails.
    #[error("the disk of the ledger {} fails: {reason}. All that was acknowledged before is safe; once it works again, `muster resume` goes on", path.display())]
    Device {
        /// The file.
        path: PathBuf,
        /// What was tried.
        reason: String,
    },
    /// Reading or writing failed in some other way.
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

impl LedgerError {
    /// Why this file could not be opened.
    pub(crate) fn opening(path: &Path, error: &rusqlite::Error) -> Self {
        let reason = match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => "it is no ledger: no SQLite database".to_owned(),
            Some(ErrorCode::CannotOpen) => format!("{error}; its folder must be there and writable"),
            Some(_) => match Self::of_code(error, path) {
                Self::Storage(reason) => reason,
                known => return known,
            },
            None => error.to_string(),
        };
        Self::Open { path: path.to_owned(), reason }
    }

    fn of_code(error: &rusqlite::Error, path: &Path) -> Self {
        let (path, reason) = (path.to_owned(), error.to_string());
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full { path, free: None },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly { path },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged { path, reason },
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen) => Self::Device { path, reason },
            _ => Self::Storage(reason),
        }
    }

    /// Whether nothing of the same commit can be kept.
    pub(crate) fn spoils(&self) -> bool {
        !matches!(self, Self::NoSuchRun { .. } | Self::NoRun | Self::Locked { .. } | Self::Closed)
    }

    /// The same, with the file that it is about.
    #[must_use]
    pub(crate) fn of(self, file: &Path) -> Self {
        let path = file.to_owned();
        match self {
            Self::Full { free, .. } => Self::Full { free: free.or_else(|| room_at(file)), path },
            Self::ReadOnly { .. } => Self::ReadOnly { path },
            Self::Busy { .. } => Self::Busy { path },
            Self::Damaged { reason, .. } => Self::Damaged { path, reason },
            // A disk without room fails in more than one way.
            Self::Device { reason, .. } => match room_at(file) {
                Some(free) if free < NEARLY_NOTHING => Self::Full { path, free: Some(free) },
                _ => Self::Device { path, reason },
            },
            other => other,
        }
    }
}

const NEARLY_NOTHING: u64 = 1 << 20;

/// The bytes that are free where this file is.
#[cfg(unix)]
fn room_at(file: &Path) -> Option<u64> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let room = rustix::fs::statvfs(folder.unwrap_or(Path::new("."))).ok()?;
    room.f_bavail.checked_mul(room.f_frsize)
}

#[cfg(not(unix))]
fn room_at(_: &Path) -> Option<u64> {
    None
}

fn left(free: Option<u64>) -> String {
    free.map(|free| format!(" ({} kB are free)", free / 1024)).unwrap_or_default()
}

impl From<rusqlite::Error> for LedgerError {
    fn from(error: rusqlite::Error) -> Self {
        Self::of_code(&error, Path::new(""))
    }
}
