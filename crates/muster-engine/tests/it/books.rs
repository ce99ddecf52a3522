//! Ledgers of a test, and what is left of one after a power cut.

use std::path::{Path, PathBuf};

use muster_ledger::Ledger;
use tempfile::TempDir;

/// The books of one run, over all its processes.
pub struct Books {
    folder: TempDir,
}

impl Books {
    /// Empty ones.
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Opens them, as a new process does.
    pub fn open(&self) -> Ledger {
        Ledger::open(&self.path()).unwrap()
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("ledger.db")
    }
}
