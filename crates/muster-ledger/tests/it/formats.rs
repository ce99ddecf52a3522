//! Ledgers of earlier releases.

use muster_core::flow::SettledUser;
use muster_core::outcome::{GroupOutcome, Outcome};
use muster_core::programme::PersonState;
use muster_core::record::Line;
use muster_ledger::{
    Crowd, Ledger, MissingCount, OpenRow, Origin, PersonKind, PlannedRow, RowState, RunRecord, RunStage,
    SettledRow, SourceTally, SourcedRow, Standing,
};
use rusqlite::Connection;

use crate::desk::{at, finished, new_run, row};

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

fn in_format(folder: &tempfile::TempDir, sql: &str) -> Ledger {
    let path = folder.path().join("ledger.db");
    Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    Ledger::open(&path).unwrap()
}

#[tokio::test]
async fn rows_of_the_third_format_stand_where_they_stood() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = in_format(&folder, include_str!("third_format.sql"));
    let stages: Vec<_> = ledger.runs().await.unwrap().iter().map(|run| run.stage).collect();
    assert_eq!(stages, [RunStage::Complete, RunStage::Open, RunStage::Planning]);
    let run = ledger.run(Some("r2".to_owned())).await.unwrap();
    let open = ledger.open_rows(run.key, Line(0), 9).await.unwrap();
    let adopted =
        SettledUser { outcome: Outcome::Adopted, id: "00ue".to_owned(), status: "STAGED".to_owned() };
    assert_eq!(
        open.iter().map(state).collect::<Vec<_>>(),
        [(2, RowState::InFlight(at(1))), (3, RowState::Settled(adopted)), (4, RowState::Planned)]
    );
    assert_eq!((open[2].attempts, open[2].from), (3, Some(Origin { correction: 1, line: Line(7) })));
    let tally = ledger.tally(run.key).await.unwrap();
    assert_eq!((tally.rows, tally.of(Outcome::Invalid), tally.open()), (4, 1, 3));
    assert_eq!(ledger.errors(run.key).await.unwrap()[0].code, "bad_email");
    assert_eq!(ledger.corrections(run.key).await.unwrap().len(), 1);
    assert_eq!(ledger.legs(run.key).await.unwrap()[0].counts, r#"{"creates":2}"#);
    let planning = ledger.run(Some("r3".to_owned())).await.unwrap();
    ledger.forget(planning.key).await.unwrap();
    assert_eq!(ledger.runs().await.unwrap().len(), 2);
}

#[tokio::test]
async fn the_programme_of_the_third_format_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = in_format(&folder, include_str!("third_format.sql"));
    let run = ledger.run(Some("r1".to_owned())).await.unwrap().key;
    assert_eq!(ledger.enrol(vec![run]).await.unwrap().people, 0, "they were taken over before");
    let tally = ledger.person_tally(Crowd::of([run]), PersonKind::Hook).await.unwrap();
    assert_eq!((tally.of(PersonState::ComeOver), tally.of(PersonState::Reset), tally.people()), (1, 1, 2));
    let org = || "https://example.okta.com/".to_owned();
    assert_eq!(ledger.log_read_to(org()).await.unwrap(), Some(at(56)));
    assert_eq!(ledger.registered_hook(org()).await.unwrap().unwrap().okta_id, "cal1");
    assert_eq!(ledger.watched("00g1".to_owned()).await.unwrap().unwrap().taken_at, at(55));
}

/// Books of every format so far take an identity source, and keep it.
#[tokio::test]
async fn older_books_take_an_identity_source() {
    let formats = [
        include_str!("first_format.sql"),
        include_str!("second_format.sql"),
        include_str!("third_format.sql"),
    ];
    for sql in formats {
        let folder = tempfile::tempdir().unwrap();
        let ledger = in_format(&folder, sql);
        let before = ledger.runs().await.unwrap().len();
        let source = ledger.identity_source("https://example.okta.com/".to_owned(), "0oa1".to_owned());
        let source = source.await.unwrap();
        assert_eq!(ledger.source_tally(source).await.unwrap(), SourceTally::default());
        let run = ledger.begin_run(new_run("sourced")).await.unwrap();
        let told = SourcedRow { digest: [7; 16], groups: vec!["Staff".to_owned()] };
        let rows = vec![PlannedRow { sourced: Some(told), ..row(2, "kim@example.com") }];
        ledger.plan_rows(run, rows, at(0)).await.unwrap();
        ledger.planned(run, 1, "{}".to_owned()).await.unwrap();
        let session = ledger.intend_session(run, source, at(1)).await.unwrap();
        let ends = vec![SettledRow { row: finished(2, Outcome::Created), standing: Standing::Present }];
        ledger.settle_rows(run, source, ends).await.unwrap();
        drop(ledger);
        let ledger = Ledger::open(&folder.path().join("ledger.db")).unwrap();
        let known = MissingCount { known: 1, missing: 0 };
        assert_eq!(ledger.missing(run, source).await.unwrap(), known);
        assert_eq!(ledger.import_sessions(run).await.unwrap()[0].number, session);
        assert_eq!(ledger.runs().await.unwrap().len(), before + 1);
    }
}

/// However old they are, books that were brought up to date have the tables of new ones.
#[tokio::test]
async fn books_of_every_format_end_with_the_same_tables() {
    let tables = |folder: &tempfile::TempDir| {
        let connection = Connection::open(folder.path().join("ledger.db")).unwrap();
        let sql = "SELECT m.name, p.name, p.type, p.pk FROM sqlite_schema m JOIN pragma_table_info(m.name) p
                   WHERE m.type IN ('table', 'index') ORDER BY m.name, p.cid";
        let mut statement = connection.prepare(sql).unwrap();
        let columns = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)));
        columns.unwrap().map(Result::unwrap).collect::<Vec<(String, String, String, i64)>>()
    };
    let new = tempfile::tempdir().unwrap();
    drop(in_format(&new, ""));
    for sql in [
        include_str!("first_format.sql"),
        include_str!("second_format.sql"),
        include_str!("third_format.sql"),
    ] {
        let old = tempfile::tempdir().unwrap();
        drop(in_format(&old, sql));
        assert_eq!(tables(&old), tables(&new));
    }
}
