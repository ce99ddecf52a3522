//! `results.csv`: one line per row, whatever became of it.

use std::borrow::Cow;
use std::fmt::Display;
use std::path::Path;

use muster_core::outcome::{GroupOutcome, Outcome};
use muster_core::record::Line;
use muster_ledger::{Ledger, ResultRow, RunKey};

use super::cell::guarded;
use super::file::{NewFile, failed};
use crate::error::EngineError;

const HEADER: [&str; 14] = [
    "line",
    "login",
    "external_id",
    "okta_id",
    "outcome",
    "okta_status",
    "credential",
    "groups_requested",
    "groups_joined",
    "group_outcome",
    "error_code",
    "error",
    "attempts",
    "finished_at",
];

/// Rows taken from the books at a time.
pub(super) const PAGE: u32 = 2000;

/// Writes the file.
pub async fn write(ledger: &Ledger, run: RunKey, place: &Path) -> Result<(), EngineError> {
    let mut writer = csv::Writer::from_writer(NewFile::begin(place)?);
    writer.write_record(HEADER).map_err(|error| failed(place, &error))?;
    let (mut after, mut numbers) = (Line(0), Text::default());
    loop {
        let rows = ledger.results(run, after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.line;
        for row in &rows {
            write_row(&mut writer, &mut numbers, row).map_err(|error| failed(place, &error))?;
        }
    }
    writer.into_inner().map_err(|error| failed(place, error.error()))?.finish()
}

/// One field after the other, so that no text is made that is in the row already.
fn write_row(writer: &mut csv::Writer<NewFile>, number: &mut Text, row: &ResultRow) -> csv::Result<()> {
    writer.write_field(number.of(&row.line))?;
    writer.write_field(&*text(row.login.as_ref()))?;
    writer.write_field(&*text(row.external_id.as_ref()))?;
    writer.write_field(&*text(row.okta_id.as_ref()))?;
    writer.write_field(row.outcome.map_or("", Outcome::as_str))?;
    writer.write_field(&*text(row.okta_status.as_ref()))?;
    writer.write_field(&row.credential)?;
    writer.write_field(number.of(&row.groups_requested))?;
    writer.write_field(number.of(&row.groups_joined))?;
    writer.write_field(row.group_outcome.map_or("", GroupOutcome::as_str))?;
    writer.write_field(&*text(row.error_code.as_ref()))?;
    writer.write_field(&*text(row.error.as_ref()))?;
    writer.write_field(number.of(&row.attempts))?;
    match row.finished_at {
        // The books keep milliseconds.
        Some(at) => writer.write_field(number.of(&format_args!("{at:.3}")))?,
        None => writer.write_field("")?,
    }
    writer.write_record(None::<&[u8]>)
}

fn text(cell: Option<&String>) -> Cow<'_, [u8]> {
    guarded(cell.map(String::as_bytes).unwrap_or_default())
}

/// Room for one number at a time, as text.
#[derive(Default)]
struct Text(String);

impl Text {
    fn of(&mut self, value: &dyn Display) -> &str {
        use std::fmt::Write;
        self.0.clear();
        // Writing into a string can't fail.
        let _ = write!(self.0, "{value}");
        &self.0
    }
}
