//! Ledgers of earlier releases.

use muster_core::flow::SettledUser;
use muster_core::outcome::{GroupOutcome, Outcome};
use muster_core::programme::PersonState;
use muster_core::record::Line;
use muster_ledger::{Crowd, Ledger, OpenRow, PersonKind, RowState, RunRecord, RunStage};
use rusqlite::Connection;

use crate::desk::{at, finished};

async fn first_format(folder: &tempfile::TempDir) -> (Ledger, RunRecord) {
    let path = folder.path().join("ledger.db");
    Connection::open(&path).unwrap().execute_batch(include_str!("first_format.sql")).unwrap();
    let ledger = Ledger::open(&path).unwrap();
    let run = ledger.run(Some("r1".to_owned())).await.unwrap();
    (ledger, run)
}

fn state(row: &OpenRow) -> (u64, RowState) {
    (row.line.0, row.state.clone())
}

#[tokio::test]
async fn open_rows_of_the_first_format_stand_where_they_stood() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, run) = first_format(&folder).await;
    assert_eq!((run.stage, run.plan.as_str()), (RunStage::Open, r#"{"a":1}"#));
    let open = ledger.open_rows(run.key, Line(0), 100).await.unwrap();
    let adopted =
        SettledUser { outcome: Outcome::Adopted, id: "00u5".to_owned(), status: "STAGED".to_owned() };
    assert_eq!(
        open.iter().map(state).collect::<Vec<_>>(),
        [
            (2, RowState::Planned),
            (3, RowState::Planned),
            (4, RowState::InFlight(at(1))),
            (5, RowState::Settled(adopted)),
            (1023, RowState::InFlight(at(1))),
            (3333, RowState::InFlight(at(7))),
        ]
    );
    assert_eq!((open[0].login.as_str(), open[3].attempts), ("p2@example.com", 2));
    assert_eq!(ledger.legs(run.key).await.unwrap()[0].counts, r#"{"creates":4}"#);
}

#[tokio::test]
async fn outcomes_of_the_first_format_are_what_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, run) = first_format(&folder).await;
    let tally = ledger.tally(run.key).await.unwrap();
    assert_eq!((tally.rows, tally.settled(), tally.of(Outcome::Rejected)), (9, 3, 1));
    let rows = ledger.results(run.key, Line(5), 3).await.unwrap();
    let [partial, rejected, invalid] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!(
        (partial.outcome, partial.group_outcome),
        (Some(Outcome::Updated), Some(GroupOutcome::Partial))
    );
    assert_eq!(
        (partial.credential.as_str(), partial.okta_status.as_deref()),
        ("sha-512", Some("ODD_STATUS"))
    );
    assert_eq!((partial.error.as_deref(), partial.finished_at), (Some("no such group"), Some(at(5))));
    assert_eq!((rejected.attempts, rejected.groups_requested, rejected.okta_id.as_deref()), (3, 2, None));
    assert_eq!((invalid.login.as_deref(), invalid.error_code.as_deref()), (None, Some("required")));
    let odd = ledger.results(run.key, Line(2), 1).await.unwrap();
    assert_eq!((odd[0].credential.as_str(), odd[0].outcome), ("rot13", None));
    let old = ledger.run(Some("old".to_owned())).await.unwrap();
    assert!(ledger.tally(old.key).await.unwrap().balanced());
}

#[tokio::test]
async fn a_run_of_the_first_format_is_brought_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, run) = first_format(&folder).await;
    for row in ledger.open_rows(run.key, Line(0), 100).await.unwrap() {
        ledger.intend(run.key, vec![row.line], at(60)).await.unwrap();
        ledger.finish(run.key, finished(row.line.0, Outcome::Created)).await.unwrap();
    }
    drop(ledger);
    let ledger = Ledger::open(&folder.path().join("ledger.db")).unwrap();
    assert!(ledger.tally(run.key).await.unwrap().balanced());
    assert_eq!(ledger.results(run.key, Line(4), 1).await.unwrap()[0].attempts, 3);
}

#[tokio::test]
async fn the_programme_of_a_run_of_the_second_format_begins() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    Connection::open(&path).unwrap().execute_batch(include_str!("second_format.sql")).unwrap();
    let ledger = Ledger::open(&path).unwrap();
    let run = ledger.run(None).await.unwrap().key;
    assert_eq!(ledger.enrol(vec![run]).await.unwrap().people, 2);
    let tally = |kind| ledger.person_tally(Crowd::of([run]), kind);
    assert_eq!(tally(PersonKind::Hook).await.unwrap().of(PersonState::Armed), 1);
    assert_eq!(tally(PersonKind::Hash).await.unwrap().people(), 1);
    assert_eq!(ledger.count_staged(Crowd::of([run])).await.unwrap(), 1);
}

#[tokio::test]
async fn a_run_of_the_first_format_has_a_programme_too() {
    let folder = tempfile::tempdir().unwrap();
    let (ledger, run) = first_format(&folder).await;
    let enrolled = ledger.enrol(vec![run.key]).await.unwrap();
    assert_eq!(
        ledger.person_tally(Crowd::of([run.key]), PersonKind::Hash).await.unwrap().people(),
        enrolled.people
    );
}
