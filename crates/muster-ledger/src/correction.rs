//! Rows that are opened again, as they are or with a corrected record.

use muster_core::record::Line;
use rusqlite::Row;

/// Where the record of a row is when it is no longer the source's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The correction, by its number in the run.
    pub correction: i64,
    /// The line in the correction's file.
    pub line: Line,
}

impl Origin {
    /// From two columns, the first of which is empty for a row of the source.
    pub(crate) fn read(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Self>> {
        let Some(correction) = row.get(at)? else { return Ok(None) };
        let line = u64::try_from(row.get::<_, i64>(at + 1)?).unwrap_or_default();
        Ok(Some(Self { correction, line: Line(line) }))
    }
}
