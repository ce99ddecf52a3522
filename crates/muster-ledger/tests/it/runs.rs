//! Finding runs again.

use muster_core::outcome::Outcome;
use muster_core::record::Line;
use muster_ledger::{LedgerError, Leg, RowState, RunStage};

use crate::desk::{Desk, at, new_run, row};

#[tokio::test]
async fn an_unfinished_run_is_one_that_was_planned_and_is_not_complete() {
    let desk = Desk::new().await;
    let NewRunKeys { sha256, org } = keys();
    let unfinished = async || {
        let found = desk.ledger.unfinished(sha256.clone(), org.clone()).await.unwrap();
        found.map(|run| run.id)
    };
    assert_eq!(unfinished().await, None, "not planned yet");
    desk.ledger.planned(desk.run, 0, "{}".to_owned()).await.unwrap();
    assert_eq!(unfinished().await.as_deref(), Some("r1"));
    let second = desk.ledger.begin_run(new_run("r2")).await.unwrap();
    desk.ledger.planned(second, 0, "{}".to_owned()).await.unwrap();
    assert_eq!(unfinished().await.as_deref(), Some("r2"), "the latest");
    desk.ledger.complete(second, at(9)).await.unwrap();
    assert_eq!(unfinished().await.as_deref(), Some("r1"));
    desk.ledger.complete(desk.run, at(10)).await.unwrap();
    assert_eq!(unfinished().await, None);
}

#[tokio::test]
async fn an_unfinished_run_of_another_source_or_org_is_another() {
    let desk = Desk::new().await;
    desk.ledger.planned(desk.run, 0, "{}".to_owned()).await.unwrap();
    let NewRunKeys { sha256, org } = keys();
    assert!(desk.ledger.unfinished("cd".repeat(32), org).await.unwrap().is_none());
    let other = "https://other.okta.com/".to_owned();
    assert!(desk.ledger.unfinished(sha256, other).await.unwrap().is_none());
}

#[tokio::test]
async fn a_run_is_found_by_its_id_or_as_the_latest() {
    let desk = Desk::new().await;
    assert!(matches!(desk.ledger.run(None).await, Err(LedgerError::NoRun)));
    desk.ledger.planned(desk.run, 7, r#"{"a":1}"#.to_owned()).await.unwrap();
    let planning = desk.ledger.begin_run(new_run("r2")).await.unwrap();
    assert_eq!(desk.ledger.run(None).await.unwrap().id, "r1", "r2 has no plan yet");
    let named = desk.ledger.run(Some("r2".to_owned())).await.unwrap();
    assert_eq!((named.key, named.stage), (planning, RunStage::Planning));
    let first = desk.ledger.run(Some("r1".to_owned())).await.unwrap();
    assert_eq!((first.stage, first.rows, first.plan.as_str()), (RunStage::Open, 7, r#"{"a":1}"#));
    assert_eq!((first.created_at, first.finished_at), (at(0), None));
    let none = desk.ledger.run(Some("r3".to_owned())).await;
    assert!(matches!(none, Err(LedgerError::NoSuchRun { id }) if id == "r3"));
    let all = desk.ledger.runs().await.unwrap();
    assert_eq!(all.iter().map(|run| run.id.as_str()).collect::<Vec<_>>(), ["r1", "r2"]);
}

#[tokio::test]
async fn a_run_that_is_forgotten_leaves_nothing() {
    let desk = Desk::with_rows(3).await;
    desk.ledger.intend(desk.run, vec![Line(2)], at(1)).await.unwrap();
    desk.finish(3, Outcome::Failed).await;
    let leg = Leg { started_at: at(0), seen_at: at(1), counts: String::new() };
    desk.ledger.note_leg(desk.run, 0, leg).await.unwrap();
    desk.ledger.forget(desk.run).await.unwrap();
    assert!(matches!(desk.ledger.run(None).await, Err(LedgerError::NoRun)));
    let again = desk.ledger.begin_run(new_run("r1")).await.unwrap();
    desk.ledger.plan_rows(again, vec![row(2, "p2@example.com")], at(0)).await.unwrap();
    let open = desk.ledger.open_rows(again, Line(0), 9).await.unwrap();
    assert_eq!(open.iter().map(|row| &row.state).collect::<Vec<_>>(), [&RowState::Planned]);
    assert!(desk.ledger.legs(again).await.unwrap().is_empty());
}

struct NewRunKeys {
    sha256: String,
    org: String,
}

fn keys() -> NewRunKeys {
    let run = new_run("any");
    NewRunKeys { sha256: run.sha256, org: run.org }
}
