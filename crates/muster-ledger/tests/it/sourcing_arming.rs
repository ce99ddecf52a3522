//! Arming people after they were loaded.

use muster_core::outcome::Outcome;
use muster_core::programme::PersonState;
use muster_core::record::Line;
use muster_ledger::{
    ArmingCounts, Arrival, Bound, Crowd, ErrandEnd, ErrandKind, PersonKind, RunKey, SourceKey, Standing,
};

use crate::desk::{Desk, at, finished};
use crate::source::{run_of, settled, source, sourced};

const ARMING: ErrandKind = ErrandKind::Arming;

/// A run whose rows 2 and on ended so, on a source of their own.
async fn loaded(desk: &Desk, id: &str, outcomes: &[Outcome]) -> (RunKey, SourceKey) {
    let source = source(desk).await;
    let lines = 2..outcomes.len() as u64 + 2;
    let rows = lines.clone().map(|line| sourced(line, &format!("E{line}"), 1, &[]));
    let run = run_of(desk, id, rows.collect()).await;
    let ends = lines.zip(outcomes).map(|(line, outcome)| settled(line, *outcome, Standing::Present));
    desk.ledger.settle_rows(run, source, ends.collect()).await.unwrap();
    (run, source)
}

async fn lines(desk: &Desk, run: RunKey) -> Vec<u64> {
    to_arm(desk, run).await.iter().map(|bound| bound.line().0).collect()
}

async fn to_arm(desk: &Desk, run: RunKey) -> Vec<Bound> {
    desk.ledger.to_arm(run, Line(0), 100).await.unwrap()
}

async fn end(desk: &Desk, person: &Bound, end: ErrandEnd, second: i64) {
    desk.ledger.end_errand(ARMING, person.clone(), end, None, at(second)).await.unwrap();
}

fn in_vain() -> ErrandEnd {
    ErrandEnd::InVain("no".to_owned())
}

async fn people(desk: &Desk, run: RunKey) -> u64 {
    desk.ledger.person_tally(Crowd::of([run]), PersonKind::Hook).await.unwrap().people()
}

#[tokio::test]
async fn whoever_was_loaded_and_has_a_user_is_armed() {
    let desk = Desk::new().await;
    let (run, _) = loaded(&desk, "r", &Outcome::ALL).await;
    let expected: Vec<u64> = (2..)
        .zip(Outcome::ALL)
        .filter(|(_, outcome)| {
            matches!(outcome, Outcome::Created | Outcome::Adopted | Outcome::Updated | Outcome::Unchanged)
        })
        .map(|(line, _)| line)
        .collect();
    assert_eq!(lines(&desk, run).await, expected);
    let page = desk.ledger.to_arm(run, Line(expected[0]), 2).await.unwrap();
    assert_eq!(page.iter().map(|bound| bound.line().0).collect::<Vec<_>>(), expected[1..3]);
    assert_eq!((page[0].login.as_str(), page[0].okta_id.as_str()), ("e3@example.com", "00u3"));
    let none = run_of(&desk, "without", vec![sourced(2, "Z", 1, &[])]).await;
    let mut nameless = finished(2, Outcome::Created);
    nameless.result.okta_id = None;
    desk.ledger.finish(none, nameless).await.unwrap();
    assert!(to_arm(&desk, none).await.is_empty(), "nobody knows the user");
}

#[tokio::test]
async fn an_arming_is_counted_by_its_end() {
    let desk = Desk::new().await;
    let (run, _) = loaded(&desk, "r", &[Outcome::Created; 5]).await;
    let all = to_arm(&desk, run).await;
    desk.ledger.intend_errand(ARMING, all[0].clone(), at(10)).await.unwrap();
    let desk = desk.reopened();
    assert_eq!(lines(&desk, run).await, [2, 3, 4, 5, 6], "whether it was done is open");
    let open = desk.ledger.open_errands(ARMING, Crowd::of([run]), String::new(), 9).await.unwrap();
    assert_eq!((open.len(), open[0].person.okta_id.as_str()), (1, "00u2"));
    end(&desk, &all[0], ErrandEnd::Done, 11).await;
    end(&desk, &all[1], in_vain(), 12).await;
    end(&desk, &all[2], ErrandEnd::NotNeeded("has a password".to_owned()), 13).await;
    desk.ledger.intend_errand(ARMING, all[3].clone(), at(14)).await.unwrap();
    let desk = desk.reopened();
    assert_eq!(lines(&desk, run).await, [5, 6]);
    let counts = desk.ledger.arming_counts(run).await.unwrap();
    assert_eq!(counts, ArmingCounts { done: 1, refused: 1, not_needed: 1, open: 2 });
    let words: Vec<_> = desk.ledger.results(run, Line(0), 3).await.unwrap();
    let words: Vec<_> = words.iter().map(|row| row.credential.as_str()).collect();
    assert_eq!(words, ["hook", "none", "none"]);
}

#[tokio::test]
async fn other_errands_arm_nobody() {
    let desk = Desk::new().await;
    let (run, _) = loaded(&desk, "r", &[Outcome::Created]).await;
    let person = to_arm(&desk, run).await.remove(0);
    for kind in [ErrandKind::Reset, ErrandKind::Activation] {
        desk.ledger.end_errand(kind, person.clone(), ErrandEnd::Done, None, at(9)).await.unwrap();
    }
    assert_eq!(lines(&desk, run).await, [2]);
    assert_eq!(desk.ledger.results(run, Line(0), 1).await.unwrap()[0].credential, "none");
}

#[tokio::test]
async fn the_programme_follows_who_was_armed() {
    let desk = Desk::new().await;
    let outcomes = [Outcome::Created, Outcome::Updated, Outcome::Unchanged, Outcome::Unchanged];
    let (run, _) = loaded(&desk, "r", &outcomes).await;
    let all = to_arm(&desk, run).await;
    for person in &all[..3] {
        end(&desk, person, ErrandEnd::Done, 1000).await;
    }
    assert_eq!(desk.ledger.enrol(vec![run]).await.unwrap().people, 3);
    assert_eq!(desk.ledger.enrol(vec![run]).await.unwrap().people, 0);
    let found =
        desk.ledger.people(Crowd::of([run]), PersonState::ALL.to_vec(), String::new(), 9).await.unwrap();
    assert!(found.iter().all(|person| person.armed_at == Some(at(1000))), "{found:?}");
    // Who was there before may have signed in before.
    let arrival = |line: u64, second| Arrival {
        okta_id: Some(format!("00u{line}")),
        login: None,
        at: at(second),
        good: true,
    };
    let early = vec![arrival(2, 900), arrival(3, 1010), arrival(4, 1010)];
    assert_eq!(desk.ledger.arrived(early).await.unwrap(), 1, "the one who is new");
    assert_eq!(desk.ledger.arrived(vec![arrival(3, 1400), arrival(4, 1400)]).await.unwrap(), 2);
}

/// People can be taken over before all of them are armed.
#[tokio::test]
async fn who_is_armed_after_the_run_was_taken_over_is_followed_too() {
    let desk = Desk::new().await;
    let (run, _) = loaded(&desk, "r", &[Outcome::Created, Outcome::Created]).await;
    desk.ledger.complete(run, at(6)).await.unwrap();
    assert_eq!(desk.ledger.enrol(vec![run]).await.unwrap().people, 0);
    let all = to_arm(&desk, run).await;
    end(&desk, &all[0], ErrandEnd::Done, 10).await;
    assert_eq!(desk.ledger.enrol(vec![run]).await.unwrap().people, 1);
    end(&desk, &all[1], ErrandEnd::Done, 11).await;
    let desk = desk.reopened();
    assert_eq!(desk.ledger.enrol(vec![run]).await.unwrap().people, 1);
    assert_eq!(people(&desk, run).await, 2);
}

#[tokio::test]
async fn who_was_armed_by_an_earlier_run_is_not_armed_again() {
    let desk = Desk::new().await;
    let (first, source) = loaded(&desk, "r1st", &[Outcome::Created; 3]).await;
    let all = to_arm(&desk, first).await;
    end(&desk, &all[0], ErrandEnd::Done, 10).await;
    end(&desk, &all[1], in_vain(), 11).await;
    desk.ledger.enrol(vec![first]).await.unwrap();
    let rows = (2..5).map(|line| sourced(line, &format!("E{line}"), 1, &[])).collect();
    let second = run_of(&desk, "r2nd", rows).await;
    desk.ledger.take_off_unchanged(second, source, at(20)).await.unwrap();
    assert_eq!(lines(&desk, second).await, [3, 4], "a refusal is of its run");
    assert_eq!(
        desk.ledger.arming_counts(second).await.unwrap(),
        ArmingCounts { done: 1, refused: 0, not_needed: 0, open: 2 }
    );
    assert_eq!(desk.ledger.enrol(vec![second]).await.unwrap().people, 0, "they stay with their run");
    let again = to_arm(&desk, second).await;
    end(&desk, &again[0], in_vain(), 30).await;
    assert_eq!(desk.ledger.arming_counts(first).await.unwrap().refused, 1, "it holds for the runs before");
    assert_eq!(people(&desk, first).await, 1);
}
