//! Disks that are full, files that are torn, and other people's locks.

use std::path::{Path, PathBuf};

use muster_core::outcome::Outcome;
use muster_core::record::Line;
use muster_ledger::{Entry, Ledger, LedgerError, RunKey, Store};
use rusqlite::Connection;

use crate::attended::kept;
use crate::desk::{Desk, at, finished, new_run, row};

/// The file without its log, as someone else would copy it.
fn log_of(path: &Path) -> PathBuf {
    PathBuf::from(format!("{}-wal", path.display()))
}

async fn lines_over(path: &Path, run: RunKey) -> u64 {
    let ledger = Ledger::open(path).unwrap();
    ledger.tally(run).await.unwrap().settled()
}

/// The power goes while the log is written: what was acknowledged up to some byte of it is there, in order.
#[tokio::test]
async fn a_log_that_is_cut_anywhere_loses_only_its_end() {
    let desk = Desk::with_rows(40).await;
    desk.ledger.rest().await.unwrap();
    let log = log_of(&desk.path());
    let mut known = vec![0_u64];
    for line in 2..42 {
        desk.finish(line, Outcome::Created).await;
        known.push(std::fs::metadata(&log).unwrap().len());
    }
    let (main, whole) = (std::fs::read(desk.path()).unwrap(), std::fs::read(&log).unwrap());
    let folder = tempfile::tempdir().unwrap();
    for cut in (0..whole.len()).step_by(6007).chain([1, 31, 32, 33, whole.len() - 1, whole.len()]) {
        let copy = folder.path().join(format!("{cut}.db"));
        std::fs::write(&copy, &main).unwrap();
        std::fs::write(log_of(&copy), &whole[..cut]).unwrap();
        let acknowledged = known.iter().skip(1).filter(|length| **length <= cut as u64).count() as u64;
        assert_eq!(lines_over(&copy, desk.run).await, acknowledged, "cut at {cut}");
    }
}

/// Torn, not cut: the bytes are there, and are not what was written.
#[tokio::test]
async fn a_log_with_a_bad_end_loses_only_its_end() {
    let desk = Desk::with_rows(4).await;
    desk.ledger.rest().await.unwrap();
    for line in 2..6 {
        desk.finish(line, Outcome::Created).await;
    }
    let log = std::fs::read(log_of(&desk.path())).unwrap();
    let copy = desk.folder.path().join("copy.db");
    std::fs::copy(desk.path(), &copy).unwrap();
    let mut torn = log.clone();
    let at = torn.len() - 100;
    torn[at] ^= 1;
    std::fs::write(log_of(&copy), torn).unwrap();
    assert_eq!(lines_over(&copy, desk.run).await, 3);
}

#[tokio::test]
async fn books_at_rest_are_one_file() {
    let desk = Desk::with_rows(3).await;
    desk.finish(2, Outcome::Created).await;
    assert!(desk.ledger.rest().await.unwrap());
    let copy = desk.folder.path().join("copy.db");
    std::fs::copy(desk.path(), &copy).unwrap();
    assert_eq!(lines_over(&copy, desk.run).await, 1);
    desk.finish(3, Outcome::Created).await;
    let (path, run, folder) = (desk.path(), desk.run, desk.folder);
    drop(desk.ledger);
    assert!(!log_of(&path).exists(), "closed books have no log");
    let copy = folder.path().join("again.db");
    std::fs::copy(&path, &copy).unwrap();
    assert_eq!(lines_over(&copy, run).await, 2);
}

#[tokio::test]
async fn a_copy_with_its_log_goes_on() {
    let desk = Desk::with_rows(3).await;
    desk.finish(2, Outcome::Created).await;
    let copy = desk.folder.path().join("copy.db");
    std::fs::copy(desk.path(), &copy).unwrap();
    std::fs::copy(log_of(&desk.path()), log_of(&copy)).unwrap();
    let ledger = Ledger::open(&copy).unwrap();
    ledger.finish(desk.run, finished(3, Outcome::Created)).await.unwrap();
    assert_eq!(ledger.tally(desk.run).await.unwrap().settled(), 2);
}

/// A disk of so many pages more, as far as the books can tell.
fn filled(store: Store) -> (Ledger, muster_ledger::Keeper) {
    Ledger::attended(store.with_room_for(12)).unwrap()
}

#[tokio::test]
async fn a_full_disk_is_told_and_once_there_is_room_the_books_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let (ledger, mut keeper) = filled(Store::file(&path).unwrap());
    let run = kept(&mut keeper, ledger.begin_run(new_run("r1"))).await.unwrap();
    let mut durable = 0;
    let refused = loop {
        let rows = (0..50).map(|more| durable * 50 + more + 2);
        let rows = rows.map(|line| row(line, &format!("somebody{line}@example.com"))).collect();
        let (planning, asking) = (ledger.plan_rows(run, rows, at(0)), ledger.tally(run));
        let (planned, asked, ()) = tokio::join!(planning, asking, async { assert!(keeper.commit()) });
        let Err(error) = planned else {
            durable += 1;
            assert!(durable < 100, "the disk is never full");
            continue;
        };
        assert!(matches!(asked, Err(LedgerError::Full { .. })), "what shared the commit: {asked:?}");
        break error;
    };
    let words = refused.to_string();
    assert!(
        words.contains("is full") && words.contains("muster resume") && words.contains("ledger.db"),
        "{words}"
    );
    assert!(words.contains("kB are free") || cfg!(not(unix)), "{words}");
    let (ledger, mut keeper) = Ledger::attended(keeper.crash().with_room_for(100_000)).unwrap();
    assert_eq!(kept(&mut keeper, ledger.tally(run)).await.unwrap().rows, durable * 50);
    let entries = vec![Entry::Finish(finished(2, Outcome::Created))];
    kept(&mut keeper, ledger.enter(run, entries)).await.unwrap();
}

/// Whoever only reads waits for nobody.
#[tokio::test]
async fn the_books_can_be_opened_and_read_while_another_process_writes() {
    let desk = Desk::with_rows(3).await;
    let writer = Connection::open(desk.path()).unwrap();
    writer.execute_batch("BEGIN IMMEDIATE; UPDATE ended SET stage = 2").unwrap();
    let reader = Ledger::open(&desk.path()).unwrap();
    assert_eq!(reader.tally(desk.run).await.unwrap().rows, 3);
    assert_eq!(reader.results(desk.run, Line(0), 9).await.unwrap().len(), 3);
    writer.execute_batch("COMMIT").unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn what_cant_be_written_is_told() {
    let desk = Desk::with_rows(1).await;
    let path = desk.path();
    drop(desk.ledger);
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch("PRAGMA query_only = 1").unwrap();
    let error = LedgerError::from(connection.execute_batch("DELETE FROM run").unwrap_err());
    assert!(matches!(error, LedgerError::ReadOnly { .. }), "{error:?}");
    std::fs::write(&path, b"SQLite format 3\0 and then nothing that it could be").unwrap();
    let refused = Ledger::open(&path).unwrap_err();
    assert!(refused.to_string().contains("ledger.db"), "{refused}");
}

#[tokio::test]
async fn a_damaged_file_is_told() {
    let desk = Desk::with_rows(400).await;
    let (path, run, folder) = (desk.path(), desk.run, desk.folder);
    drop(desk.ledger);
    let mut bytes = std::fs::read(&path).unwrap();
    for page in 2..bytes.len() / 4096 {
        bytes[page * 4096..page * 4096 + 64].fill(0xA5);
    }
    std::fs::write(&path, bytes).unwrap();
    // What the tables are may stand on a damaged page, too.
    let refused = match Ledger::open(&path) {
        Ok(ledger) => ledger.results(run, Line(0), 999).await.unwrap_err(),
        Err(refused) => refused,
    };
    assert!(matches!(refused, LedgerError::Damaged { .. }), "{refused:?}");
    assert!(refused.to_string().contains("ledger.db"), "{refused}");
    drop(folder);
}
