//! What must be true of a complete run, whatever happened on the way.

use std::collections::{BTreeMap, BTreeSet};

use muster_core::candidate::OnConflict;
use muster_core::outcome::{GroupOutcome, Outcome};
use muster_ledger::{ResultRow, RunStage};
use muster_people::Person;

use crate::desk::Desk;
use crate::org::{Inhabitant, inhabitants};

/// What there was before the run.
pub struct Before {
    /// The rows, in order.
    pub people: Vec<Person>,
    /// The users, by login.
    pub users: BTreeMap<String, Inhabitant>,
}

/// Checks books and org against each other and against what there was before.
pub async fn pass(desk: &Desk, before: &Before) {
    let rows = desk.results().await;
    let now = inhabitants(&desk.org).await;
    balances(desk, &rows, before).await;
    nobody_is_there_twice(desk, &now, before);
    for (row, person) in rows.iter().zip(&before.people) {
        row_agrees(desk, row, person, &now, before);
    }
}

async fn balances(desk: &Desk, rows: &[ResultRow], before: &Before) {
    let (record, summary) = (desk.record().await, desk.summary().await);
    assert_eq!(record.stage, RunStage::Complete);
    assert!(summary.balanced && summary.complete, "{summary:?}");
    assert_eq!(rows.len(), before.people.len());
    for outcome in Outcome::ALL {
        let counted = rows.iter().filter(|row| row.outcome == Some(outcome)).count();
        assert_eq!(summary.outcomes[&outcome], counted as u64, "{outcome}");
    }
    assert_eq!(
        summary.outcomes[&Outcome::Failed],
        0,
        "these faults are no reason to give a row up: {rows:#?}"
    );
}

/// The org has who was there and who is a good row, each once.
fn nobody_is_there_twice(desk: &Desk, now: &BTreeMap<String, Inhabitant>, before: &Before) {
    let stats = desk.org.stats();
    assert!(stats.creates_by_login_max <= 1, "a login was created twice: {stats:?}");
    let good = before.people.iter().filter(|person| person.fault.is_none());
    let good = good.map(|person| person.login.to_lowercase());
    let expected: BTreeSet<String> = good.chain(before.users.keys().cloned()).collect();
    let found: BTreeSet<String> = now.keys().cloned().collect();
    assert_eq!(found, expected);
    assert_eq!(stats.users, now.len());
}

fn row_agrees(
    desk: &Desk,
    row: &ResultRow,
    person: &Person,
    now: &BTreeMap<String, Inhabitant>,
    before: &Before,
) {
    let key = person.login.to_lowercase();
    if person.fault.is_some() {
        assert_eq!(row.outcome, Some(Outcome::Invalid), "{row:?}");
        return;
    }
    let user = &now[&key];
    assert_eq!(row.okta_id.as_ref(), Some(&user.id), "the id is the login's: {row:?}");
    assert_eq!(row.okta_status.as_ref(), Some(&user.status), "{row:?}");
    let outcome = row.outcome.unwrap();
    assert!(
        outcomes_of(before.users.contains_key(&key), desk.plan.on_conflict).contains(&outcome),
        "{row:?}"
    );
    groups_agree(row, person, user, outcome);
}

/// An update that was done before the process died is found equal by the next one.
fn outcomes_of(was_there: bool, on_conflict: OnConflict) -> &'static [Outcome] {
    match (was_there, on_conflict) {
        (false, _) => &[Outcome::Created, Outcome::Adopted],
        (true, OnConflict::Skip) => &[Outcome::Skipped, Outcome::Unchanged],
        (true, OnConflict::Update) => &[Outcome::Updated, Outcome::Unchanged],
        (true, OnConflict::Fail) => &[Outcome::Rejected],
    }
}

fn groups_agree(row: &ResultRow, person: &Person, user: &Inhabitant, outcome: Outcome) {
    let wanted: BTreeSet<String> = person.groups.iter().cloned().collect();
    if outcome == Outcome::Rejected {
        assert_eq!(row.group_outcome, Some(GroupOutcome::None), "{row:?}");
        return;
    }
    let expected = if wanted.is_empty() { GroupOutcome::None } else { GroupOutcome::Joined };
    assert_eq!(row.group_outcome, Some(expected), "{row:?}");
    assert_eq!(
        (row.groups_requested as usize, row.groups_joined as usize),
        (wanted.len(), wanted.len()),
        "{row:?}"
    );
    assert!(wanted.is_subset(&user.groups), "{row:?} is not in {:?}", wanted.difference(&user.groups));
}
