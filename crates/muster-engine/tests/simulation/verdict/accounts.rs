//! The books are balanced, and every file of the run says the same.

use std::collections::BTreeMap;

use muster_core::outcome::Outcome;
use muster_ledger::RunStage;

use crate::evidence::Evidence;
use crate::world::World;

/// Every breach.
pub fn check(world: &World, evidence: &Evidence) -> Vec<String> {
    let Evidence { record, summary, rows, files, .. } = evidence;
    let mut broken = Vec::new();
    let mut claim = |holds: bool, what: String| {
        if !holds {
            broken.push(what);
        }
    };
    claim(
        rows.len() == world.rows.len(),
        format!("{} rows in the source, {} in the books", world.rows.len(), rows.len()),
    );
    claim(record.stage == RunStage::Complete, format!("the run ended, and is {:?}", record.stage));
    claim(
        summary.balanced && summary.complete,
        format!("the summary is not balanced or complete: {summary:?}"),
    );
    claim(
        summary.rows == rows.len() as u64,
        format!("summary.json has {} rows, the books have {}", summary.rows, rows.len()),
    );
    let mut counted: BTreeMap<Outcome, u64> = Outcome::ALL.into_iter().map(|outcome| (outcome, 0)).collect();
    for row in rows {
        match row.outcome {
            Some(outcome) => *counted.entry(outcome).or_default() += 1,
            None => claim(false, format!("a row has no outcome: {row:?}")),
        }
    }
    claim(
        counted == summary.outcomes,
        format!("summary.json counts {:?}, the books {counted:?}", summary.outcomes),
    );
    let told: Vec<String> = cells(&files[0], "outcome");
    let booked: Vec<String> =
        rows.iter().filter_map(|row| row.outcome).map(|outcome| outcome.to_string()).collect();
    claim(told == booked, format!("results.csv tells {told:?}, the books {booked:?}"));
    let wrong = rows.iter().filter(|row| row.outcome.is_some_and(Outcome::needs_attention));
    let wrong: Vec<String> = wrong.map(|row| row.line.to_string()).collect();
    let told = cells(&files[1], "_line");
    claim(told == wrong, format!("rejects.csv has the lines {told:?}, the books {wrong:?}"));
    broken
}

/// The cells of one column.
fn cells(file: &str, column: &str) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let at = header.iter().position(|name| name == column);
    let cell = |record: csv::StringRecord| record.get(at?).map(str::to_owned);
    reader.records().filter_map(|record| cell(record.ok()?)).collect()
}
