//! Many calls share a commit, and each is told when it is durable.

use futures_util::future::join_all;
use muster_core::outcome::Outcome;
use muster_core::record::Line;
use muster_ledger::{Ledger, LedgerError};
use rusqlite::Connection;

use crate::desk::{Desk, at, finished};

/// Whatever is acknowledged can be read by someone else at once.
#[tokio::test]
async fn calls_made_together_are_all_acknowledged_and_all_durable() {
    let desk = Desk::with_rows(1500).await;
    let intents = (2..1502).map(|line| desk.ledger.intend(desk.run, vec![Line(line)], at(1)));
    assert!(join_all(intents).await.into_iter().all(|acknowledged| acknowledged.is_ok()));
    let other = Ledger::open(&desk.path()).unwrap();
    let ends = (2..1502).map(|line| desk.ledger.finish(desk.run, finished(line, Outcome::Created)));
    for end in join_all(ends).await {
        end.unwrap();
    }
    assert!(other.tally(desk.run).await.unwrap().balanced());
}

/// Another process holds the books meanwhile: all that gathers in that time goes into very few commits.
#[tokio::test]
async fn calls_that_wait_share_commits() {
    let desk = Desk::with_rows(400).await;
    let other = Connection::open(desk.path()).unwrap();
    let commits = || other.query_row("PRAGMA data_version", [], |row| row.get::<_, i64>(0)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let ends: Vec<_> =
        (2..402).map(|line| desk.ledger.finish(desk.run, finished(line, Outcome::Created))).collect();
    other.execute_batch("COMMIT").unwrap();
    let mut seen = std::collections::BTreeSet::from([commits()]);
    for end in ends {
        end.await.unwrap();
        seen.insert(commits());
    }
    assert!(seen.len() <= 4, "{} commits for 400 calls", seen.len());
    assert!(desk.ledger.tally(desk.run).await.unwrap().balanced());
}

#[tokio::test]
async fn a_job_that_fails_is_told_so_and_the_books_go_on() {
    let desk = Desk::with_rows(1).await;
    let again = desk.ledger.plan_rows(desk.run, vec![crate::desk::row(2, "other@example.com")], at(2)).await;
    assert!(matches!(again, Err(LedgerError::Storage(_))), "{again:?}");
    desk.finish(2, Outcome::Created).await;
    assert!(desk.ledger.tally(desk.run).await.unwrap().balanced());
}

/// A question that has no answer is no reason to undo what others wrote at the same time.
#[tokio::test]
async fn asking_for_a_run_that_is_not_there_harms_nobody() {
    let desk = Desk::with_rows(40).await;
    let other = Connection::open(desk.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let ends: Vec<_> =
        (2..42).map(|line| desk.ledger.finish(desk.run, finished(line, Outcome::Created))).collect();
    let asked = desk.ledger.run(Some("no such run".to_owned()));
    let (asked, ends) = tokio::join!(asked, async {
        other.execute_batch("COMMIT").unwrap();
        join_all(ends).await
    });
    assert!(matches!(asked, Err(LedgerError::NoSuchRun { .. })), "{asked:?}");
    assert!(ends.into_iter().all(|end| end.is_ok()));
    assert!(desk.ledger.tally(desk.run).await.unwrap().balanced());
}
