//! Ledgers of a test, and what is left of one after a power cut.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use muster_ledger::Ledger;
use tempfile::TempDir;

/// The books of one run, over all its processes.
pub struct Books {
    folder: TempDir,
    number: Cell<u32>,
}

impl Books {
    /// Empty ones.
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), number: Cell::new(0) }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Opens them, as a new process does.
    pub fn open(&self) -> Ledger {
        Ledger::open(&self.path()).unwrap()
    }

    /// From here on, only what is durable now was ever written: what waits for its commit is lost.
    pub fn cut_power(&self) {
        let from = self.path();
        self.number.set(self.number.get() + 1);
        let connection = rusqlite::Connection::open(from).unwrap();
        connection.execute("VACUUM INTO ?1", [self.path().to_str().unwrap()]).unwrap();
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join(format!("ledger-{}.db", self.number.get()))
    }
}
