//! Rows that are opened again.

use muster_core::flow::SettledUser;
use muster_core::outcome::Outcome;
use muster_core::record::Line;
use muster_ledger::{
    CorrectedRow, CorrectionRecord, FinishedRow, OpenRow, Origin, Reopened, RowState, RunStage,
};

use crate::desk::{Desk, at, faulty, finished, row};

/// So many rows on lines 2 and on, all intended, with these outcomes.
async fn ended(outcomes: &[Outcome]) -> Desk {
    let desk = Desk::with_rows(outcomes.len() as u64).await;
    for (line, outcome) in (2..).zip(outcomes) {
        desk.ledger.intend(desk.run, vec![Line(line)], at(1)).await.unwrap();
        desk.finish(line, *outcome).await;
    }
    desk.ledger.complete(desk.run, at(8)).await.unwrap();
    desk
}

async fn open(desk: &Desk) -> Vec<OpenRow> {
    desk.ledger.open_rows(desk.run, Line(0), 100).await.unwrap()
}

async fn correction(desk: &Desk) -> i64 {
    let record =
        CorrectionRecord { path: "rejects.csv".into(), size: 12, sha256: "ef".repeat(32), at: at(10) };
    let number = desk.ledger.add_correction(desk.run, record.clone()).await.unwrap();
    assert_eq!(desk.ledger.corrections(desk.run).await.unwrap().last(), Some(&(number, record)));
    number
}

async fn correct(desk: &Desk, rows: Vec<(u64, &str)>) -> Vec<Reopened> {
    let number = correction(desk).await;
    let rows = rows.into_iter().map(|(line, login)| CorrectedRow {
        line: Line(line),
        correction_line: Line(line + 100),
        row: row(line + 100, login),
    });
    desk.ledger.reopen_corrected(desk.run, number, rows.collect(), at(11)).await.unwrap()
}

#[tokio::test]
async fn failed_rows_are_in_doubt_and_rejected_ones_are_not() {
    let desk = ended(&[Outcome::Failed, Outcome::Rejected, Outcome::Skipped]).await;
    let lines = (2..9).map(Line).collect();
    assert_eq!(desk.ledger.reopen(desk.run, lines).await.unwrap(), 3, "skipped, with memberships missing");
    let rows = open(&desk).await;
    assert_eq!((&rows[0].state, rows[0].attempts), (&RowState::InFlight(at(1)), 1));
    assert_eq!((&rows[1].state, rows[1].attempts), (&RowState::Planned, 1));
    assert_eq!(desk.ledger.run(None).await.unwrap().stage, RunStage::Open);
    assert!(desk.ledger.errors(desk.run).await.unwrap().is_empty());
    let tally = desk.ledger.tally(desk.run).await.unwrap();
    assert_eq!((tally.rows, tally.open()), (3, 3));
    desk.finish(2, Outcome::Created).await;
    let results = desk.ledger.results(desk.run, Line(0), 1).await.unwrap();
    assert_eq!((results[0].attempts, results[0].error_code.as_deref()), (2, None));
}

#[tokio::test]
async fn a_user_without_its_memberships_stays_settled() {
    let desk = ended(&[Outcome::Created, Outcome::Created]).await;
    let mut whole = finished(3, Outcome::Created);
    whole.result.groups_joined = 2;
    assert_eq!(desk.ledger.reopen(desk.run, vec![Line(2)]).await.unwrap(), 1);
    let user = SettledUser { outcome: Outcome::Created, id: "00u2".to_owned(), status: "ACTIVE".to_owned() };
    assert_eq!(open(&desk).await[0].state, RowState::Settled(user));
    let joined =
        FinishedRow { result: muster_core::flow::RowResult { line: Line(2), ..whole.result }, at: at(9) };
    desk.ledger.finish(desk.run, joined).await.unwrap();
    assert_eq!(desk.ledger.reopen(desk.run, vec![Line(2)]).await.unwrap(), 0, "nothing is missing");
}

#[tokio::test]
async fn a_corrected_row_says_where_its_record_is() {
    let desk = ended(&[Outcome::Rejected, Outcome::Created]).await;
    assert_eq!(correct(&desk, vec![(2, "new@example.com")]).await, [Reopened::Open]);
    let rows = open(&desk).await;
    let from = Some(Origin { correction: 1, line: Line(102) });
    assert_eq!(
        (rows[0].login.as_str(), rows[0].from, &rows[0].state),
        ("new@example.com", from, &RowState::Planned)
    );
    desk.finish(2, Outcome::Created).await;
    let results = desk.ledger.results(desk.run, Line(0), 9).await.unwrap();
    assert_eq!((results[0].from, results[1].from), (from, None));
    assert_eq!(
        correct(&desk, vec![(2, "x@example.com"), (3, "y@example.com"), (9, "z@example.com")]).await,
        [Reopened::LeftAlone; 3]
    );
}

#[tokio::test]
async fn a_corrected_login_is_compared_with_all_rows_of_the_run() {
    let desk = ended(&[Outcome::Rejected, Outcome::Rejected, Outcome::Failed, Outcome::Created]).await;
    let rows =
        vec![(2, "P5@example.com"), (3, "new@example.com"), (4, "NEW@example.com"), (2, "p4@example.com")];
    let fates = correct(&desk, rows).await;
    assert_eq!(fates, [Reopened::Double, Reopened::Open, Reopened::Double, Reopened::Open]);
    let results = desk.ledger.results(desk.run, Line(0), 9).await.unwrap();
    let words = results[2].error.as_deref().unwrap();
    assert!(words.contains("NEW@example.com is already the login of line 3"), "{words}");
    assert_eq!(results[2].outcome, Some(Outcome::Invalid));
    assert_eq!(open(&desk).await.iter().map(|row| row.line.0).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(correct(&desk, vec![(4, "p2@example.com")]).await, [Reopened::Open], "nobody has it any more");
}

#[tokio::test]
async fn a_failed_row_with_the_same_login_stays_in_doubt() {
    let desk = ended(&[Outcome::Failed, Outcome::Failed]).await;
    correct(&desk, vec![(2, "P2@example.com"), (3, "other@example.com")]).await;
    let states: Vec<_> = open(&desk).await.into_iter().map(|row| row.state).collect();
    assert_eq!(states, [RowState::InFlight(at(1)), RowState::Planned]);
}

#[tokio::test]
async fn a_correction_can_be_faulty_and_be_corrected_again() {
    let desk = Desk::new().await;
    desk.ledger.plan_rows(desk.run, vec![faulty(2, "kim@example.com")], at(0)).await.unwrap();
    let number = correction(&desk).await;
    let again = CorrectedRow { line: Line(2), correction_line: Line(2), row: faulty(2, "lee@example.com") };
    let fates = desk.ledger.reopen_corrected(desk.run, number, vec![again], at(3)).await.unwrap();
    assert_eq!(fates, [Reopened::Faulty]);
    let results = desk.ledger.results(desk.run, Line(0), 9).await.unwrap();
    assert_eq!((results[0].login.as_deref(), results[0].finished_at), (Some("lee@example.com"), Some(at(3))));
    assert_eq!(correct(&desk, vec![(2, "lee@example.com")]).await, [Reopened::Open]);
    assert_eq!(open(&desk).await[0].from, Some(Origin { correction: 2, line: Line(102) }));
}
