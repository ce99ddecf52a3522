//! What one process wrote, the next one finds.

use muster_core::outcome::Outcome;
use muster_core::record::Line;
use muster_ledger::{Ledger, LedgerError, Leg, RowState, RunLock};
use rusqlite::Connection;

use crate::desk::{Desk, at, user};

#[tokio::test]
async fn everything_is_there_after_reopening() {
    let desk = Desk::with_rows(5).await;
    desk.ledger.intend(desk.run, vec![Line(3), Line(4)], at(1)).await.unwrap();
    desk.ledger.settle_user(desk.run, Line(4), user("00u4"), 1).await.unwrap();
    desk.finish(5, Outcome::Rejected).await;
    let leg = Leg { started_at: at(0), seen_at: at(2), counts: r#"{"creates":1}"#.to_owned() };
    desk.ledger.note_leg(desk.run, 0, leg.clone()).await.unwrap();
    desk.ledger.note_leg(desk.run, 0, Leg { seen_at: at(3), ..leg }).await.unwrap();
    let desk = desk.reopened();
    let open = desk.ledger.open_rows(desk.run, Line(0), 10).await.unwrap();
    let states: Vec<_> = open.into_iter().map(|row| (row.line.0, row.state)).collect();
    assert_eq!(
        states,
        [
            (2, RowState::Planned),
            (3, RowState::InFlight(at(1))),
            (4, RowState::Settled(user("00u4"))),
            (6, RowState::Planned),
        ]
    );
    let tally = desk.ledger.tally(desk.run).await.unwrap();
    assert_eq!((tally.rows, tally.of(Outcome::Rejected), tally.open()), (5, 1, 4));
    let legs = desk.ledger.legs(desk.run).await.unwrap();
    assert_eq!(legs.len(), 1);
    assert_eq!(
        (legs[0].started_at, legs[0].seen_at, legs[0].counts.as_str()),
        (at(0), at(3), r#"{"creates":1}"#)
    );
}

/// What was handed over is written even when nobody waits for it any more.
#[tokio::test]
async fn what_was_handed_over_is_written_without_anyone_waiting() {
    let desk = Desk::with_rows(200).await;
    for line in 2..202 {
        drop(desk.ledger.intend(desk.run, vec![Line(line)], at(1)));
    }
    // Jobs are done in the order in which they came.
    let open = desk.ledger.open_rows(desk.run, Line(0), 1000).await.unwrap();
    assert!(open.into_iter().all(|row| row.state == RowState::InFlight(at(1))));
}

#[tokio::test]
async fn a_newer_format_is_refused_and_left_alone() {
    let desk = Desk::with_rows(1).await;
    let path = desk.path();
    drop(desk.ledger);
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch("PRAGMA user_version = 99").unwrap();
    drop(connection);
    let refused = Ledger::open(&path).unwrap_err();
    assert!(matches!(refused, LedgerError::TooNew { found: 99, known: 4, .. }), "{refused:?}");
    let words = refused.to_string();
    assert!(words.contains("99") && words.contains("ledger.db"), "{words}");
    let connection = Connection::open(&path).unwrap();
    let (version, rows): (i64, i64) = (
        connection.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap(),
        connection.query_row("SELECT COUNT(*) FROM planned", [], |row| row.get(0)).unwrap(),
    );
    assert_eq!((version, rows), (99, 1));
}

#[test]
fn what_is_no_ledger_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    std::fs::write(&path, "login,email\nkim@example.com,kim@example.com\n".repeat(200)).unwrap();
    let refused = Ledger::open(&path).unwrap_err();
    assert!(matches!(refused, LedgerError::Open { .. }), "{refused:?}");
    assert!(refused.to_string().contains("ledger.db"), "{refused}");
    assert!(matches!(Ledger::open(folder.path()), Err(LedgerError::Open { .. })));
    assert!(matches!(Ledger::open(&folder.path().join("no/such/folder")), Err(LedgerError::Open { .. })));
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_can_read_the_books() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::with_rows(1).await;
    let mut files = 0;
    for entry in std::fs::read_dir(desk.folder.path()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", entry.file_name());
        files += 1;
    }
    assert!(files >= 2, "the books, and what is not yet merged into them");
}

#[tokio::test]
async fn a_run_that_is_worked_on_is_locked() {
    let folder = tempfile::tempdir().unwrap();
    let held = RunLock::take(folder.path(), "r1").unwrap();
    let refused = RunLock::take(folder.path(), "r1").unwrap_err();
    assert!(matches!(&refused, LedgerError::Locked { id } if id == "r1"), "{refused:?}");
    assert!(refused.to_string().contains("r1"));
    drop(held);
    RunLock::take(folder.path(), "r1").unwrap();
    let missing = RunLock::take(&folder.path().join("no/such/folder"), "r1");
    assert!(matches!(missing, Err(LedgerError::Open { .. })), "{missing:?}");
}
