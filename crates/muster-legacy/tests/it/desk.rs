//! A file on disk for each test, and its rows in a form that is easy to compare.

use std::fs;
use std::path::PathBuf;

use muster_core::fault::FaultCode;
use muster_core::record::{Cell, Record};
use muster_legacy::files::{Records, Source, SourceError, SourceOptions};
use tempfile::TempDir;

/// A file in a directory of its own, which goes with it.
pub struct Desk {
    pub dir: TempDir,
    pub path: PathBuf,
}

impl Desk {
    pub fn with(bytes: impl AsRef<[u8]>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("people");
        fs::write(&path, bytes).unwrap();
        Self { dir, path }
    }

    pub fn open(&self) -> Result<Source, SourceError> {
        Source::open(&self.path, &SourceOptions::default())
    }
}

/// The records of a file that has no fatal error.
pub fn records(bytes: impl AsRef<[u8]>) -> Vec<Record> {
    read(Desk::with(bytes).open().unwrap().records().unwrap())
}

/// All of them.
pub fn read(records: Records) -> Vec<Record> {
    records.map(Result::unwrap).collect()
}

/// Line and cells of each record.
pub fn rows(bytes: impl AsRef<[u8]>) -> Vec<(u64, Vec<String>)> {
    records(bytes).iter().map(row).collect()
}

/// Line and cells.
pub fn row(record: &Record) -> (u64, Vec<String>) {
    (record.line.0, record.cells.iter().map(shown).collect())
}

fn shown(cell: &Cell) -> String {
    String::from_utf8_lossy(&cell.to_bytes()).into_owned()
}

/// The code and the words of the fault of a record.
pub fn fault(record: &Record) -> (FaultCode, String) {
    let fault = record.fault.as_ref().unwrap();
    (fault.code, fault.to_string())
}

/// The message of a fatal error when the file is opened.
pub fn refusal(bytes: impl AsRef<[u8]>) -> String {
    Desk::with(bytes).open().unwrap_err().to_string()
}

/// A row for comparison.
pub fn line(number: u64, cells: &[&str]) -> (u64, Vec<String>) {
    (number, cells.iter().map(ToString::to_string).collect())
}
