//! A corrected reject file: rows of a run that come back from someone's desk.
//!
//! It has the columns of the run's source and those that we added, in any order, dialect and encoding, for a
//! spreadsheet may have had it in hand. A row is known by its `_line`. The books keep where a corrected record is,
//! never what it says, so the file is read again when its rows are sent.

use std::collections::HashMap;
use std::path::Path;

use muster_core::column::Mapping;
use muster_core::record::{Cell, Line, Record};
use muster_ledger::{CorrectionRecord, Ledger, Origin, RunKey};
use muster_legacy::files::{Records, Source, SourceOptions, Survey};

use crate::error::EngineError;

/// Columns of a reject file that say what became of the row.
const OUTCOME: &str = "_outcome";
const CODE: &str = "_code";
const LINE: &str = "_line";
/// All columns that a reject file has beside the source's own.
const OURS: [&str; 5] = [LINE, OUTCOME, CODE, "_reason", "_hint"];

/// A corrected reject file, opened.
#[derive(Clone, Debug)]
pub struct Correction {
    source: Source,
    /// Where each column of the run's source is in the file.
    columns: Vec<Option<usize>>,
    ours: Ours,
    /// Whether the apostrophes of the reject file are taken off here, and not by the interpreter.
    bare: bool,
    /// Columns of the run's source that the file does not have.
    pub missing: Vec<String>,
    /// Columns of the file that the run's source does not have.
    pub new: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
struct Ours {
    line: usize,
    outcome: Option<usize>,
    code: Option<usize>,
}

/// A row of the file.
#[derive(Clone, Debug)]
pub struct CorrectedRecord {
    /// Where it is in the file.
    pub own_line: Line,
    /// The outcome that the reject file told.
    pub outcome: String,
    /// The code that it told.
    pub code: String,
    /// The row as a record of the run's source, with its line there.
    pub record: Record,
}

impl Correction {
    /// A file for a run whose source has these columns.
    pub fn open(path: &Path, mapping: &Mapping) -> Result<Self, EngineError> {
        let source = Source::open(path, &SourceOptions::default())?;
        let find = |name: &str| source.header().iter().position(|found| bare_text(found) == name);
        let Some(line) = find(LINE) else {
            return Err(refused(
                path,
                "has no column _line; a corrected reject file keeps the columns of rejects.csv. New people are imported: muster import",
            ));
        };
        let ours = Ours { line, outcome: find(OUTCOME), code: find(CODE) };
        let own = |name: &String| !OURS.contains(&name.as_str());
        let columns: Vec<Option<usize>> =
            mapping.header.iter().map(|name| find(name).filter(|_| own(name))).collect();
        let absent = mapping.header.iter().zip(&columns).filter(|(name, at)| own(name) && at.is_none());
        let missing = absent.map(|(name, _)| name.clone()).collect();
        let known = |name: &str| OURS.contains(&name) || mapping.header.iter().any(|known| known == name);
        let names = source.header().iter().map(|name| bare_text(name));
        let new = names.filter(|name| !known(name)).map(str::to_owned).collect();
        Ok(Self { columns, ours, bare: !mapping.is_reject_file(), missing, new, source })
    }

    /// The file of the books, if it is still the same to the byte.
    pub fn reopen(record: &CorrectionRecord, mapping: &Mapping) -> Result<Self, EngineError> {
        let gone = |why: String| {
            refused(
                &record.path,
                &format!(
                    "{why}\nIt holds the corrected rows that are not sent yet: put it back as it was, or into the folder of the run (sha256 {})",
                    record.sha256
                ),
            )
        };
        if !record.path.exists() {
            return Err(gone("is gone".to_owned()));
        }
        let found =
            Self::open(&record.path, mapping).map_err(|error| gone(format!("can't be read: {error}")))?;
        if found.survey().sha256 == record.sha256 {
            return Ok(found);
        }
        let (bytes, now) = (record.size, found.survey().bytes);
        Err(gone(format!("has changed since `muster retry` took it: {bytes} bytes then, {now} now")))
    }

    /// What is known of the file.
    pub fn survey(&self) -> &Survey {
        self.source.survey()
    }

    /// Its rows.
    pub fn rows(&self) -> Result<Rows<'_>, EngineError> {
        Ok(Rows { correction: self, records: self.source.records()? })
    }

    fn row(&self, read: &Record) -> Result<CorrectedRecord, EngineError> {
        let text = |at: Option<usize>| at.map(|at| text_of(read, at)).unwrap_or_default();
        let told = text_of(read, self.ours.line);
        let line = told.parse().map(Line).map_err(|_| self.unknown_line(read.line, &told))?;
        let cells = self.columns.iter().map(|at| at.map(|at| self.cell(read, at)).unwrap_or_default());
        Ok(CorrectedRecord {
            own_line: read.line,
            outcome: text(self.ours.outcome),
            code: text(self.ours.code),
            record: Record { line, cells: cells.collect(), fault: read.fault.clone() },
        })
    }

    fn unknown_line(&self, at: Line, told: &str) -> EngineError {
        let what =
            if told.is_empty() { "has no _line".to_owned() } else { "has no number in _line".to_owned() };
        refused_at(
            &self.survey().path,
            at,
            &format!(
                "{what}; _line names the row of the run and must stay as it is. New people are imported: muster import"
            ),
        )
    }

    fn cell(&self, read: &Record, at: usize) -> Cell {
        match read.cells.get(at) {
            Some(Cell::Text(text)) if self.bare => Cell::text(bare_text(text)),
            cell => cell.cloned().unwrap_or_default(),
        }
    }
}

fn text_of(read: &Record, at: usize) -> String {
    match read.cells.get(at) {
        Some(Cell::Text(text)) => bare_text(text).trim().to_owned(),
        _ => String::new(),
    }
}

/// The rows of a correction, in its order.
pub struct Rows<'a> {
    correction: &'a Correction,
    records: Records,
}

impl Iterator for Rows<'_> {
    type Item = Result<CorrectedRecord, EngineError>;

    fn next(&mut self) -> Option<Self::Item> {
        let read = self.records.next()?;
        Some(read.map_err(EngineError::from).and_then(|read| self.correction.row(&read)))
    }
}

/// The corrections of a run, opened when a row needs them.
#[derive(Clone, Debug, Default)]
pub struct Corrections {
    listed: Vec<(i64, CorrectionRecord)>,
}

impl Corrections {
    /// Those that the books know of.
    pub async fn of(ledger: &Ledger, run: RunKey) -> Result<Self, EngineError> {
        Ok(Self { listed: ledger.corrections(run).await? })
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// The correction of this number, opened.
    pub fn open(&self, number: i64, mapping: &Mapping) -> Result<Correction, EngineError> {
        let found = self.listed.iter().find(|(known, _)| *known == number);
        let Some((_, record)) = found else {
            return Err(refused(Path::new("(unknown)"), "the books name a correction that they do not have"));
        };
        Correction::reopen(record, mapping)
    }

    /// The records of rows, by their lines in the source. Each file is read once, whatever the order of its rows.
    pub fn records(
        &self,
        rows: &[(Line, Origin)],
        mapping: &Mapping,
    ) -> Result<HashMap<Line, Record>, EngineError> {
        let mut numbers: Vec<i64> = rows.iter().map(|(_, origin)| origin.correction).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut found = HashMap::new();
        for number in numbers {
            let of_file = rows.iter().filter(|(_, origin)| origin.correction == number);
            let mut wanted: HashMap<Line, Line> =
                of_file.map(|(line, origin)| (origin.line, *line)).collect();
            let correction = self.open(number, mapping)?;
            for row in correction.rows()? {
                let row = row?;
                if let Some(line) = wanted.remove(&row.own_line).filter(|line| *line == row.record.line) {
                    found.insert(line, row.record);
                }
                if wanted.is_empty() {
                    break;
                }
            }
        }
        Ok(found)
    }
}

/// What a reject file put in front of it is taken off.
fn bare_text(text: &str) -> &str {
    text.strip_prefix('\'').unwrap_or(text)
}

/// For a line of the file.
pub(crate) fn refused_at(path: &Path, line: Line, why: &str) -> EngineError {
    EngineError::Correction { path: format!("line {line} of {}", path.display()), why: why.to_owned() }
}

pub(crate) fn refused(path: &Path, why: &str) -> EngineError {
    EngineError::Correction { path: path.display().to_string(), why: why.to_owned() }
}
