//! Rows for an identity source: doubles, rows that tell nothing new, corrections, and runs that are forgotten.

use muster_core::outcome::{GroupOutcome, Outcome};
use muster_core::record::Line;
use muster_ledger::{
    CorrectedRow, CorrectionRecord, PlannedRow, Reopened, SessionStage, SourcedRow, Standing, UploadKind,
};
use rusqlite::Connection;

use crate::desk::{Desk, at, faulty, new_run};
use crate::source::{counted, groups, load, open_lines, peopled, run_of, settled, source, sourced, tally};

#[tokio::test]
async fn a_source_is_made_once_for_each_org() {
    let desk = Desk::new().await;
    let first = source(&desk).await;
    let find = |org: &str, id: &str| desk.ledger.identity_source(org.to_owned(), id.to_owned());
    let other_org = find("https://other.okta.com/", "0oa1").await.unwrap();
    let other = find("https://example.okta.com/", "0oa2").await.unwrap();
    assert!(first != other_org && first != other && other != other_org);
    let desk = desk.reopened();
    assert_eq!(source(&desk).await, first);
}

#[tokio::test]
async fn an_external_id_is_a_double_to_the_letter() {
    let desk = Desk::new().await;
    let login = |line: u64, key: &str| PlannedRow {
        footprint: 7,
        login: muster_core::login::Login::parse(&format!("p{line}@example.com")),
        ..sourced(line, key, 1, &[])
    };
    let rows = vec![
        PlannedRow { external_id: Some("E1".to_owned()), ..faulty(2, "kim@example.com") },
        login(3, "E1"),
        login(4, "e1"),
        login(5, "E1"),
        login(6, "E1 "),
        PlannedRow { external_id: None, ..login(7, "") },
        PlannedRow { external_id: None, ..login(8, "") },
        PlannedRow { login: None, ..login(9, "e1") },
    ];
    let run = run_of(&desk, "r", rows).await;
    let doubles = desk.ledger.find_double_external_ids(run, at(9)).await.unwrap();
    assert_eq!(counted(&doubles), [("none", 7, 2)]);
    assert_eq!(open_lines(&desk, run).await, [3, 4, 6, 7, 8], "the first one was faulty, and spoils nothing");
    let results = desk.ledger.results(run, Line(4), 1).await.unwrap();
    assert_eq!(results[0].error_code.as_deref(), Some("duplicate_external_id"));
    assert_eq!(results[0].error.as_deref(), Some("externalId: E1 is already the external id of line 3"));
    assert_eq!((results[0].outcome, results[0].credential.as_str()), (Some(Outcome::Invalid), ""));
    assert_eq!(desk.ledger.find_double_external_ids(run, at(9)).await.unwrap(), [], "told once");
}

#[tokio::test]
async fn rows_that_tell_nothing_new_are_unchanged() {
    let (desk, source) = peopled().await;
    let changed = PlannedRow { footprint: 3, ..sourced(5, "D", 2, &[]) };
    let rows = vec![
        PlannedRow { footprint: 5, ..sourced(2, "A", 1, &["Sales", "Staff"]) },
        sourced(3, "c", 1, &[]),
        sourced(4, "C", 1, &[]),
        changed,
        sourced(6, "E", 1, &[]),
        PlannedRow { external_id: Some("B".to_owned()), ..faulty(7, "b@example.com") },
    ];
    let run = run_of(&desk, "second", rows).await;
    let taken = desk.ledger.take_off_unchanged(run, source, at(20)).await.unwrap();
    assert_eq!(counted(&taken), [("none", 0, 1), ("none", 5, 1)]);
    assert_eq!(open_lines(&desk, run).await, [3, 5, 6]);
    let results = desk.ledger.results(run, Line(0), 9).await.unwrap();
    let (with, without) = (&results[0], &results[2]);
    assert_eq!((with.outcome, with.group_outcome), (Some(Outcome::Unchanged), Some(GroupOutcome::Joined)));
    assert_eq!((with.groups_requested, with.groups_joined, with.attempts), (2, 2, 0));
    assert_eq!((with.okta_id.as_deref(), with.okta_status.as_deref()), (Some("00u2"), None));
    assert_eq!((without.group_outcome, without.groups_joined), (Some(GroupOutcome::None), 0));
    assert_eq!((without.okta_id.as_deref(), without.finished_at), (Some("00u4"), Some(at(20))));
    assert_eq!(results[5].outcome, Some(Outcome::Invalid));
    assert_eq!(desk.ledger.take_off_unchanged(run, source, at(30)).await.unwrap(), [], "taken off once");
    let tally = desk.ledger.tally(run).await.unwrap();
    assert_eq!((tally.of(Outcome::Unchanged), tally.open()), (2, 3));
}

#[tokio::test]
async fn who_is_gone_or_in_doubt_or_of_another_source_is_sent_again() {
    let (desk, source) = peopled().await;
    let other = desk.ledger.identity_source("https://example.okta.com/".to_owned(), "0oa2".to_owned());
    let other = other.await.unwrap();
    let rows = vec![sourced(2, "A", 1, &["Sales", "Staff"]), sourced(3, "B", 1, &["Staff"])];
    let run = run_of(&desk, "second", rows).await;
    assert_eq!(desk.ledger.take_off_unchanged(run, other, at(9)).await.unwrap(), []);
    let ends =
        vec![settled(2, Outcome::Updated, Standing::Gone), settled(3, Outcome::Failed, Standing::Unknown)];
    desk.ledger.settle_rows(run, source, ends).await.unwrap();
    let rows = vec![
        sourced(2, "A", 1, &["Sales", "Staff"]),
        sourced(3, "B", 1, &["Staff"]),
        sourced(4, "C", 1, &[]),
    ];
    let run = run_of(&desk, "third", rows).await;
    desk.ledger.take_off_unchanged(run, source, at(9)).await.unwrap();
    assert_eq!(open_lines(&desk, run).await, [2, 3]);
    assert_eq!(tally(&desk, source).await, (3, 1));
}

/// A row that was opened again may turn out to tell nothing new; its attempts are kept.
#[tokio::test]
async fn a_row_that_was_opened_again_can_be_unchanged() {
    let (desk, source) = peopled().await;
    let run = run_of(&desk, "second", vec![sourced(2, "A", 1, &["Sales", "Staff"])]).await;
    let refused = settled(2, Outcome::Rejected, Standing::Present);
    desk.ledger.settle_rows(run, source, vec![refused]).await.unwrap();
    desk.ledger.reopen(run, vec![Line(2)]).await.unwrap();
    assert_eq!(counted(&desk.ledger.take_off_unchanged(run, source, at(9)).await.unwrap()), [("none", 0, 1)]);
    let results = desk.ledger.results(run, Line(0), 1).await.unwrap();
    assert_eq!((results[0].outcome, results[0].attempts), (Some(Outcome::Unchanged), 1));
}

async fn correct(desk: &Desk, run: muster_ledger::RunKey, row: PlannedRow) -> Reopened {
    let record = CorrectionRecord { path: "c.csv".into(), size: 1, sha256: "ef".repeat(32), at: at(10) };
    let number = desk.ledger.add_correction(run, record).await.unwrap();
    let row = CorrectedRow { line: row.line, correction_line: Line(2), row };
    desk.ledger.reopen_corrected(run, number, vec![row], at(11)).await.unwrap()[0]
}

#[tokio::test]
async fn a_corrected_row_tells_the_source_what_is_new() {
    let desk = Desk::new().await;
    let source = source(&desk).await;
    let broken = PlannedRow { external_id: None, sourced: None, ..faulty(2, "a@example.com") };
    let run = run_of(&desk, "r", vec![broken, sourced(3, "B", 1, &[])]).await;
    assert_eq!(correct(&desk, run, sourced(2, "A", 4, &["Sales"])).await, Reopened::Open);
    let loaded = desk.ledger.loaded_rows(run, vec![Line(2)]).await.unwrap();
    assert_eq!(
        (loaded[0].external_id.as_str(), loaded[0].groups.as_slice()),
        ("A", ["Sales".to_owned()].as_slice())
    );
    load(&desk, run, source, 2..3).await;
    let again = run_of(&desk, "again", vec![sourced(2, "A", 4, &["Sales"])]).await;
    desk.ledger.take_off_unchanged(again, source, at(12)).await.unwrap();
    assert!(open_lines(&desk, again).await.is_empty(), "the digest is that of the correction");
}

#[tokio::test]
async fn a_correction_must_not_take_anothers_external_id() {
    let desk = Desk::new().await;
    let broken = |line| PlannedRow { external_id: None, ..faulty(line, "x@example.com") };
    let run = run_of(&desk, "r", vec![broken(2), sourced(3, "B", 1, &[]), broken(4)]).await;
    let other_login = |line, key: &str| PlannedRow { login: None, ..sourced(line, key, 1, &[]) };
    assert_eq!(correct(&desk, run, other_login(2, "B")).await, Reopened::Double);
    let results = desk.ledger.results(run, Line(0), 1).await.unwrap();
    assert_eq!(results[0].error_code.as_deref(), Some("duplicate_external_id"));
    assert_eq!(correct(&desk, run, other_login(2, "C")).await, Reopened::Open, "it needs no login");
    assert_eq!(correct(&desk, run, other_login(4, "C")).await, Reopened::Double, "of a correction, too");
    let desk = desk.reopened();
    assert_eq!(correct(&desk, run, other_login(4, "C")).await, Reopened::Double);
    assert_eq!(correct(&desk, run, other_login(4, "b")).await, Reopened::Open);
    let bad = PlannedRow { sourced: None, ..faulty(3, "b@example.com") };
    assert_eq!(correct(&desk, run, bad).await, Reopened::LeftAlone);
}

/// A correction that is faulty takes back what the row was to tell.
#[tokio::test]
async fn a_faulty_correction_tells_the_source_nothing() {
    let desk = Desk::new().await;
    let told = SourcedRow { digest: [1; 16], groups: vec!["Sales".to_owned()] };
    let broken = PlannedRow { sourced: Some(told), ..faulty(2, "a@example.com") };
    let run = run_of(&desk, "r", vec![broken]).await;
    assert_eq!(desk.ledger.loaded_rows(run, vec![Line(2)]).await.unwrap()[0].groups, ["Sales"]);
    assert_eq!(correct(&desk, run, faulty(2, "a@example.com")).await, Reopened::Faulty);
    assert!(desk.ledger.loaded_rows(run, vec![Line(2)]).await.unwrap()[0].groups.is_empty());
}

#[tokio::test]
async fn a_run_that_is_forgotten_leaves_the_source_as_it_was() {
    let (desk, source) = peopled().await;
    let before = rows_of_tables(&desk);
    let run = desk.ledger.begin_run(new_run("second")).await.unwrap();
    desk.ledger.plan_rows(run, vec![sourced(2, "A", 2, &[])], at(0)).await.unwrap();
    assert_eq!(desk.ledger.plan_departures(run, source).await.unwrap(), 3);
    let session = desk.ledger.intend_session(run, source, at(1)).await.unwrap();
    desk.ledger.intend_upload(run, session, UploadKind::Users, vec![2], 1, 9, at(1)).await.unwrap();
    assert_ne!(rows_of_tables(&desk), before);
    desk.ledger.forget(run).await.unwrap();
    assert_eq!(rows_of_tables(&desk), before);
    assert_eq!(groups(&desk, source, "A").await, ["Sales", "Staff"]);
    assert!(desk.ledger.live_sessions(source).await.unwrap().is_empty());
    let void = SessionStage::Void;
    desk.ledger.end_session(run, session, void, None, at(2)).await.unwrap();
    assert_eq!(rows_of_tables(&desk), before, "what is not there is not ended");
}

#[tokio::test]
async fn a_session_that_was_refused_leaves_its_number_to_the_next() {
    let desk = Desk::new().await;
    let source = source(&desk).await;
    let (ledger, run) = (&desk.ledger, desk.run);
    let first = ledger.intend_session(run, source, at(1)).await.unwrap();
    ledger.session_refused(run, first).await.unwrap();
    assert_eq!(ledger.intend_session(run, source, at(2)).await.unwrap(), first);
    ledger.session_created(run, first, "aps1".to_owned(), at(3)).await.unwrap();
    ledger.session_refused(run, first).await.unwrap();
    let kept = ledger.import_sessions(run).await.unwrap();
    assert_eq!(kept.len(), 1, "one that Okta has made stays");
}

/// How many rows each table has.
fn rows_of_tables(desk: &Desk) -> Vec<(String, i64)> {
    let connection = Connection::open(desk.path()).unwrap();
    let mut names = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").unwrap();
    let names = names.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let count = |name: String| {
        let sql = format!("SELECT COUNT(*) FROM {name}");
        let rows = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
        (name, rows)
    };
    names.map(|name| count(name.unwrap())).collect()
}
