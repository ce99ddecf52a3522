//! Books with an identity source in them, and rows for it.

use muster_core::outcome::Outcome;
use muster_core::record::Line;
use muster_ledger::{Doubles, PlannedRow, RunKey, SettledRow, SourceKey, SourceTally, SourcedRow, Standing};

use crate::desk::{Desk, at, finished, new_run, row};

/// The identity source that most tests are about.
pub async fn source(desk: &Desk) -> SourceKey {
    let org = "https://example.okta.com/".to_owned();
    desk.ledger.identity_source(org, "0oa1".to_owned()).await.unwrap()
}

/// A good row for the source, by its line, the person's key, and what is told of them.
pub fn sourced(line: u64, key: &str, digest: u8, groups: &[&str]) -> PlannedRow {
    let names: Vec<String> = groups.iter().map(|name| (*name).to_owned()).collect();
    PlannedRow {
        external_id: Some(key.to_owned()),
        credential: "none",
        groups_requested: u32::try_from(names.len()).unwrap(),
        sourced: Some(SourcedRow { digest: [digest; 16], groups: names }),
        ..row(line, &format!("{}@example.com", key.to_lowercase()))
    }
}

/// A run with these rows, ready to go.
pub async fn run_of(desk: &Desk, id: &str, rows: Vec<PlannedRow>) -> RunKey {
    let run = desk.ledger.begin_run(new_run(id)).await.unwrap();
    let count = rows.len() as u64;
    desk.ledger.plan_rows(run, rows, at(0)).await.unwrap();
    desk.ledger.planned(run, count, "{}".to_owned()).await.unwrap();
    run
}

/// A row that ended so, and what that says of the person.
pub fn settled(line: u64, outcome: Outcome, standing: Standing) -> SettledRow {
    SettledRow { row: finished(line, outcome), standing }
}

/// Settles rows of a run as created and present.
pub async fn load(desk: &Desk, run: RunKey, source: SourceKey, lines: impl Iterator<Item = u64>) {
    let rows = lines.map(|line| settled(line, Outcome::Created, Standing::Present)).collect();
    desk.ledger.settle_rows(run, source, rows).await.unwrap();
}

/// Books whose source has the people A to D from lines 2 to 5, A and B in groups.
pub async fn peopled() -> (Desk, SourceKey) {
    let desk = Desk::new().await;
    let source = source(&desk).await;
    let rows = vec![
        sourced(2, "A", 1, &["Sales", "Staff"]),
        sourced(3, "B", 1, &["Staff"]),
        sourced(4, "C", 1, &[]),
        sourced(5, "D", 1, &[]),
    ];
    let run = run_of(&desk, "first", rows).await;
    load(&desk, run, source, 2..6).await;
    desk.ledger.complete(run, at(6)).await.unwrap();
    (desk, source)
}

pub async fn tally(desk: &Desk, source: SourceKey) -> (u64, u64) {
    let SourceTally { present, gone } = desk.ledger.source_tally(source).await.unwrap();
    (present, gone)
}

/// The keys of the groups that the source has this person in.
pub async fn groups(desk: &Desk, source: SourceKey, key: &str) -> Vec<String> {
    let mut found = desk.ledger.groups_of_people(source, vec![key.to_owned()]).await.unwrap();
    found.remove(key).unwrap_or_default()
}

pub fn counted(doubles: &[Doubles]) -> Vec<(&str, u32, u64)> {
    doubles.iter().map(|kind| (kind.credential.as_str(), kind.footprint, kind.rows)).collect()
}

/// The lines that have no outcome.
pub async fn open_lines(desk: &Desk, run: RunKey) -> Vec<u64> {
    let open = desk.ledger.open_rows(run, Line(0), 100).await.unwrap();
    open.iter().map(|row| row.line.0).collect()
}
