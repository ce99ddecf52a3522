//! The stream of records of a source.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use muster_core::record::Record;

use crate::files::csv_records::CsvRecords;
use crate::files::error::SourceError;
use crate::files::json_records::JsonRecords;

/// The records of a source, in its order. It blocks while it reads, and is at its end after an error.
pub struct Records {
    rows: Rows,
    position: Arc<AtomicU64>,
    ended: bool,
}

pub(super) enum Rows {
    Csv(Box<CsvRecords>),
    Json(Box<JsonRecords>),
}

/// How far the reader of some records has come; can be asked from another thread.
#[derive(Clone, Debug)]
pub struct Progress(Arc<AtomicU64>);

impl Progress {
    /// Bytes of the file as it lies on disk.
    pub fn bytes_read(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Records {
    pub(super) fn new(rows: Rows, position: Arc<AtomicU64>) -> Self {
        Self { rows, position, ended: false }
    }

    /// How many bytes of the file, as it lies on disk, were read so far.
    pub fn bytes_read(&self) -> u64 {
        self.position.load(Ordering::Relaxed)
    }

    /// The same number for another thread.
    pub fn progress(&self) -> Progress {
        Progress(Arc::clone(&self.position))
    }
}

impl Iterator for Records {
    type Item = Result<Record, SourceError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = match &mut self.rows {
            Rows::Csv(rows) => rows.next_record(),
            Rows::Json(rows) => rows.next_record(),
        };
        self.ended = !matches!(next, Ok(Some(_)));
        next.transpose()
    }
}
