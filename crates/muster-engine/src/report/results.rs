//! `results.csv`: one line per row, whatever became of it.

use std::path::Path;

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
    let mut after = Line(0);
    loop {
        let rows = ledger.results(run, after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.line;
        for row in &rows {
            let cells = cells(row);
            let cells = cells.iter().map(|cell| guarded(cell.as_bytes()));
            writer.write_record(cells).map_err(|error| failed(place, &error))?;
        }
    }
    writer.into_inner().map_err(|error| failed(place, error.error()))?.finish()
}

fn cells(row: &ResultRow) -> [String; 14] {
    let text = |cell: &Option<String>| cell.clone().unwrap_or_default();
    [
        row.line.to_string(),
        text(&row.login),
        text(&row.external_id),
        text(&row.okta_id),
        row.outcome.map(|outcome| outcome.to_string()).unwrap_or_default(),
        text(&row.okta_status),
        row.credential.clone(),
        row.groups_requested.to_string(),
        row.groups_joined.to_string(),
        row.group_outcome.map(|outcome| outcome.to_string()).unwrap_or_default(),
        text(&row.error_code),
        text(&row.error),
        row.attempts.to_string(),
        row.finished_at.map(|at| at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()).unwrap_or_default(),
    ]
}
