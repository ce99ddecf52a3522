//! `rejects.csv`: the rows that need someone's hand, with the source's own columns and what is wrong.

use std::collections::{HashMap, VecDeque};
use std::path::Path;

use muster_core::answer_code;
use muster_core::column::Mapping;
use muster_core::fault::FaultCode;
use muster_core::outcome::Outcome;
use muster_core::record::{Cell, Line, Record};
use muster_ledger::{Ledger, ResultRow, RunKey};
use muster_legacy::files::Source;

use super::cell::guarded;
use super::file::{NewFile, failed};
use super::results::PAGE;
use crate::correction::Corrections;
use crate::error::EngineError;

const OURS: [&str; 5] = ["_line", "_outcome", "_code", "_reason", "_hint"];

/// Writes the file. The source and the books are both read forward, once; and not at all when `none` is to repair.
pub async fn write(
    ledger: &Ledger,
    run: RunKey,
    source: &Source,
    none: bool,
    place: &Path,
) -> Result<(), EngineError> {
    let mut writer = csv::Writer::from_writer(NewFile::begin(place)?);
    let form = Form::of(source.header());
    let header = form.columns.iter().map(|at| source.header()[*at].as_bytes()).chain(OURS.map(str::as_bytes));
    writer.write_record(header.map(guarded)).map_err(|error| failed(place, &error))?;
    if !none {
        write_rows(ledger, run, source, &form, &mut writer, place).await?;
    }
    writer.into_inner().map_err(|error| failed(place, error.error()))?.finish()
}

async fn write_rows(
    ledger: &Ledger,
    run: RunKey,
    source: &Source,
    form: &Form,
    writer: &mut csv::Writer<NewFile>,
    place: &Path,
) -> Result<(), EngineError> {
    let mut records = source.records()?;
    let mut bad = BadRows {
        ledger,
        run,
        after: Line(0),
        page: VecDeque::new(),
        listed_all: false,
        corrections: Corrections::of(ledger, run).await?,
        mapping: Mapping { header: source.header().to_vec(), targets: Vec::new() },
        corrected: HashMap::new(),
    };
    while let Some(row) = bad.next().await? {
        let record = match bad.corrected.remove(&row.line) {
            Some(record) => record,
            None => match record_at(&mut records, row.line)? {
                Some(record) => record,
                None => break,
            },
        };
        let own = form.columns.iter().filter_map(|at| record.cells.get(*at)).map(|cell| form.bare(cell));
        let ours = about(&row).map(String::into_bytes);
        let cells: Vec<Vec<u8>> = own.chain(ours).collect();
        let cells = cells.iter().map(|cell| guarded(cell));
        writer.write_record(cells).map_err(|error| failed(place, &error))?;
    }
    Ok(())
}

/// Which columns are the source's own, and whether its cells have the apostrophes of an earlier reject file.
struct Form {
    columns: Vec<usize>,
    is_reject_file: bool,
}

impl Form {
    fn of(header: &[String]) -> Self {
        let is_reject_file = OURS.iter().all(|ours| header.iter().any(|name| name == ours));
        let own = |name: &String| !(is_reject_file && OURS.contains(&name.as_str()));
        let columns = header.iter().enumerate().filter(|(_, name)| own(name)).map(|(at, _)| at).collect();
        Self { columns, is_reject_file }
    }

    /// The cell as it was before it came into a reject file.
    fn bare(&self, cell: &Cell) -> Vec<u8> {
        let bytes = cell.to_bytes();
        match bytes.strip_prefix(b"'") {
            Some(bare) if self.is_reject_file => bare.to_vec(),
            _ => bytes,
        }
    }
}

fn about(row: &ResultRow) -> [String; 5] {
    let code = row.error_code.clone().unwrap_or_default();
    let hint = hint(row.outcome, &code).unwrap_or("see what Okta said");
    [
        row.line.to_string(),
        row.outcome.map(|outcome| outcome.to_string()).unwrap_or_default(),
        code,
        row.error.clone().unwrap_or_default(),
        hint.to_owned(),
    ]
}

/// What to do about a row that ended so; nothing where Okta's own words have to do.
pub(super) fn hint(outcome: Option<Outcome>, code: &str) -> Option<&'static str> {
    FaultCode::from_name(code).map(FaultCode::hint).or_else(|| answer_code::hint(outcome, code))
}

fn record_at(
    records: &mut impl Iterator<Item = Result<Record, muster_legacy::files::SourceError>>,
    line: Line,
) -> Result<Option<Record>, EngineError> {
    for record in records {
        let record = record?;
        if record.line == line {
            return Ok(Some(record));
        }
    }
    Ok(None)
}

/// The rows to repair, in the order of the source.
struct BadRows<'a> {
    ledger: &'a Ledger,
    run: RunKey,
    after: Line,
    page: VecDeque<ResultRow>,
    listed_all: bool,
    corrections: Corrections,
    mapping: Mapping,
    /// Records of the page that are no longer the source's.
    corrected: HashMap<Line, Record>,
}

impl BadRows<'_> {
    async fn next(&mut self) -> Result<Option<ResultRow>, EngineError> {
        while self.page.is_empty() && !self.listed_all {
            let rows = self.ledger.results(self.run, self.after, PAGE).await?;
            self.listed_all = rows.is_empty();
            self.after = rows.last().map_or(self.after, |last| last.line);
            let bad = |row: &ResultRow| row.outcome.is_some_and(Outcome::needs_attention);
            self.page.extend(rows.into_iter().filter(bad));
            self.read_corrected();
        }
        Ok(self.page.pop_front())
    }

    /// A row was corrected and is faulty still: its corrected record is shown. Where that file is gone, the source's
    /// record has to do.
    fn read_corrected(&mut self) {
        let rows: Vec<_> = self.page.iter().filter_map(|row| Some((row.line, row.from?))).collect();
        self.corrected = if rows.is_empty() || self.corrections.is_empty() {
            HashMap::new()
        } else {
            self.corrections.records(&rows, &self.mapping).unwrap_or_default()
        };
    }
}
