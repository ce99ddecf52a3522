//! A row goes forward only, and its outcome is written once.

use muster_core::outcome::{GroupOutcome, Outcome};
use muster_core::record::Line;
use muster_ledger::RowState;

use crate::desk::{Desk, at, finished, user};

#[tokio::test]
async fn an_outcome_is_never_overwritten() {
    let desk = Desk::with_rows(1).await;
    desk.finish(2, Outcome::Created).await;
    desk.finish(2, Outcome::Failed).await;
    desk.ledger.settle_user(desk.run, Line(2), user("00uOther"), 3).await.unwrap();
    desk.ledger.intend(desk.run, vec![Line(2)], at(9)).await.unwrap();
    let rows = desk.ledger.results(desk.run, Line(0), 10).await.unwrap();
    let row = rows.first().unwrap();
    assert_eq!((row.outcome, row.okta_id.as_deref()), (Some(Outcome::Created), Some("00u2")));
    assert_eq!((row.error_code.as_deref(), row.attempts, row.finished_at), (None, 1, Some(at(5))));
    assert!(desk.ledger.open_rows(desk.run, Line(0), 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_intent_keeps_the_time_of_the_first() {
    let desk = Desk::with_rows(2).await;
    desk.ledger.intend(desk.run, vec![Line(2)], at(1)).await.unwrap();
    desk.ledger.intend(desk.run, vec![Line(2), Line(3)], at(7)).await.unwrap();
    let open = desk.ledger.open_rows(desk.run, Line(0), 10).await.unwrap();
    let states: Vec<_> = open.into_iter().map(|row| row.state).collect();
    assert_eq!(states, [RowState::InFlight(at(1)), RowState::InFlight(at(7))]);
}

#[tokio::test]
async fn a_settled_user_does_not_become_an_intent_again() {
    let desk = Desk::with_rows(1).await;
    desk.ledger.intend(desk.run, vec![Line(2)], at(1)).await.unwrap();
    desk.ledger.settle_user(desk.run, Line(2), user("00u1"), 2).await.unwrap();
    desk.ledger.intend(desk.run, vec![Line(2)], at(3)).await.unwrap();
    let open = desk.ledger.open_rows(desk.run, Line(0), 10).await.unwrap();
    let row = open.first().unwrap();
    assert_eq!((&row.state, row.attempts), (&RowState::Settled(user("00u1")), 2));
}

/// A settled user is no outcome yet: no report shows one.
#[tokio::test]
async fn a_row_without_its_outcome_shows_none() {
    let desk = Desk::with_rows(1).await;
    desk.ledger.settle_user(desk.run, Line(2), user("00u1"), 1).await.unwrap();
    let rows = desk.ledger.results(desk.run, Line(0), 10).await.unwrap();
    let row = rows.first().unwrap();
    assert_eq!((row.outcome, row.group_outcome, row.finished_at), (None, None, None));
    assert_eq!(row.okta_id.as_deref(), Some("00u1"));
    assert_eq!(desk.ledger.tally(desk.run).await.unwrap().open(), 1);
}

#[tokio::test]
async fn attempts_of_several_processes_add_up() {
    let desk = Desk::with_rows(1).await;
    desk.ledger.settle_user(desk.run, Line(2), user("00u1"), 2).await.unwrap();
    desk.finish(2, Outcome::Created).await;
    assert_eq!(desk.ledger.results(desk.run, Line(0), 1).await.unwrap().first().unwrap().attempts, 3);
}

#[tokio::test]
async fn the_tally_counts_every_outcome_and_group_outcome() {
    let desk = Desk::with_rows(9).await;
    for (line, outcome) in (2..).zip(Outcome::ALL) {
        desk.finish(line, outcome).await;
    }
    let tally = desk.ledger.tally(desk.run).await.unwrap();
    assert!(Outcome::ALL.into_iter().all(|outcome| tally.of(outcome) == 1), "{tally:?}");
    assert_eq!((tally.rows, tally.settled(), tally.open(), tally.balanced()), (9, 8, 1, false));
    assert_eq!((tally.groups[&GroupOutcome::Partial], tally.groups[&GroupOutcome::None]), (5, 3));
    desk.finish(10, Outcome::Created).await;
    assert!(desk.ledger.tally(desk.run).await.unwrap().balanced());
}

#[tokio::test]
async fn errors_are_counted_by_code_with_an_example() {
    let desk = Desk::with_rows(4).await;
    for line in 3..5 {
        desk.finish(line, Outcome::Rejected).await;
    }
    let mut other = finished(5, Outcome::Failed);
    other.result.trouble.as_mut().unwrap().code = "unsettled".to_owned();
    desk.ledger.finish(desk.run, other).await.unwrap();
    let errors = desk.ledger.errors(desk.run).await.unwrap();
    let told: Vec<_> = errors.iter().map(|error| (error.code.as_str(), error.rows, error.first)).collect();
    assert_eq!(told, [("E0000001", 2, Line(3)), ("unsettled", 1, Line(5))]);
    assert!(errors.iter().all(|error| error.example == "no"));
}
