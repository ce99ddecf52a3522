//! A right that is missing, or ends in mid-run, stops the run at once and burns no row, whatever it is a right to.

use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;
use http::{Method, Request};
use muster_core::candidate::OnConflict;
use muster_core::outcome::{GroupOutcome, Outcome};
use muster_emulator::Emulator;
use muster_engine::{PlanSettings, StopReason};
use muster_okta::TransportFailure;
use serde_json::json;

use crate::desk::{Desk, plain_people};
use crate::meddling::{Line, Meddling, is_create, refusal};
use crate::org::{add_group, add_user, grow_old, settings};

const PEOPLE: usize = 60;

fn is_join(request: &Request<Bytes>) -> bool {
    request.method() == Method::PUT && request.uri().path().contains("/groups/")
}

fn is_update(request: &Request<Bytes>) -> bool {
    request.method() == Method::POST && request.uri().path().starts_with("/api/v1/users/")
}

fn is_read(request: &Request<Bytes>) -> bool {
    request.method() == Method::GET && request.uri().path().starts_with("/api/v1/users/")
}

/// These are answered so after the first few.
fn forbidding(
    org: &Emulator,
    which: fn(&Request<Bytes>) -> bool,
    good: u32,
    status: u16,
    code: &'static str,
) -> Line {
    let seen = AtomicU32::new(0);
    Line::meddled(org, move |request| {
        if which(request) && seen.fetch_add(1, Ordering::Relaxed) >= good {
            return Meddling::AnswerInstead(refusal(status, code, "made up for a test"));
        }
        Meddling::None
    })
}

/// Everybody is to be in more groups than a create takes.
async fn with_groups() -> Desk {
    let org = Emulator::open(settings()).unwrap();
    let names: Vec<String> = (0..22).map(|number| format!("G{number}")).collect();
    for name in &names {
        add_group(&org, name).await;
    }
    grow_old().await;
    let rows = (0..PEOPLE).map(|at| format!("p{at}@example.com,A,B,{}\n", names.join(";")));
    let csv: String = std::iter::once("email,firstName,lastName,groups\n".to_owned()).chain(rows).collect();
    Desk::plan(&org, csv.as_bytes(), PlanSettings::default()).await
}

/// Everybody is there with another name, and shall be changed.
async fn to_update() -> Desk {
    let org = Emulator::open(settings()).unwrap();
    for at in 0..PEOPLE {
        let login = format!("p{at}@example.com");
        add_user(&org, &json!({"login": login, "email": login, "firstName": "Other", "lastName": "Name"}))
            .await;
    }
    grow_old().await;
    let settings = PlanSettings { on_conflict: OnConflict::Update, ..PlanSettings::default() };
    Desk::plan(&org, plain_people(PEOPLE).as_bytes(), settings).await
}

/// It stopped for a right, no row went wrong, and a better token goes on to the end.
async fn stops_and_goes_on(desk: &Desk, line: Line, outcome: Outcome, word: &str) {
    let finish = desk.carry_out(line).await;
    match &finish.stopped {
        Some(StopReason::Forbidden(words) | StopReason::Unauthorised(words)) => {
            assert!(words.contains(word), "{words}");
        }
        other => panic!("{other:?}"),
    }
    let summary = desk.summary().await;
    let tally = summary.tally();
    assert_eq!((tally.needing_attention(), tally.groups_needing_attention()), (0, 0), "{summary:?}");
    assert!(tally.open() > 0);
    assert_eq!(desk.carry_out(Line::clean(&desk.org)).await.stopped, None);
    let summary = desk.summary().await;
    assert_eq!((summary.outcomes[&outcome], summary.complete), (PEOPLE as u64, true), "{summary:?}");
    assert!(summary.tally().all_fine(), "{summary:?}");
    assert_eq!(desk.org.stats().creates_by_login_max, 1);
}

#[tokio::test(start_paused = true)]
async fn no_right_to_groups() {
    let desk = with_groups().await;
    let line = forbidding(&desk.org, is_join, 0, 403, "E0000006");
    stops_and_goes_on(&desk, line, Outcome::Created, "okta.groups.manage").await;
}

#[tokio::test(start_paused = true)]
async fn a_right_to_groups_that_ends_in_mid_run() {
    let desk = with_groups().await;
    let line = forbidding(&desk.org, is_join, 30, 403, "E0000006");
    stops_and_goes_on(&desk, line, Outcome::Created, "groups").await;
}

#[tokio::test(start_paused = true)]
async fn a_token_that_ends_while_groups_are_joined() {
    let desk = with_groups().await;
    let line = forbidding(&desk.org, is_join, 30, 401, "E0000011");
    stops_and_goes_on(&desk, line, Outcome::Created, "E0000011").await;
}

#[tokio::test(start_paused = true)]
async fn no_right_to_change_users() {
    let desk = to_update().await;
    let line = forbidding(&desk.org, is_update, 0, 403, "E0000006");
    stops_and_goes_on(&desk, line, Outcome::Updated, "POST /api/v1/users/{id}").await;
}

#[tokio::test(start_paused = true)]
async fn a_token_that_ends_while_users_are_changed() {
    let desk = to_update().await;
    let line = forbidding(&desk.org, is_update, 20, 401, "E0000011");
    stops_and_goes_on(&desk, line, Outcome::Updated, "E0000011").await;
}

#[tokio::test(start_paused = true)]
async fn no_right_to_read_back() {
    let org = Emulator::open(settings()).unwrap();
    grow_old().await;
    let desk = Desk::plan(&org, plain_people(PEOPLE).as_bytes(), PlanSettings::default()).await;
    let line = Line::meddled(&desk.org, |request| {
        if is_create(request) {
            return Meddling::LoseAnswer(TransportFailure::TimedOut);
        }
        if is_read(request) {
            return Meddling::AnswerInstead(refusal(403, "E0000006", "made up for a test"));
        }
        Meddling::None
    });
    let finish = desk.carry_out(line).await;
    let Some(StopReason::Forbidden(words)) = &finish.stopped else { panic!("{finish:?}") };
    assert!(words.contains("okta.users.read"), "{words}");
    assert_eq!(desk.summary().await.tally().needing_attention(), 0);
    assert_eq!(desk.carry_out(Line::clean(&desk.org)).await.stopped, None);
    let (summary, stats) = (desk.summary().await, desk.org.stats());
    assert_eq!((summary.complete, stats.users, stats.creates_by_login_max), (true, PEOPLE, 1));
}

/// One user who is out of the token's reach is a matter of that row.
#[tokio::test(start_paused = true)]
async fn a_single_user_out_of_reach_stops_nothing() {
    let desk = to_update().await;
    let once = AtomicU32::new(0);
    let line = Line::meddled(&desk.org, move |request| {
        if is_update(request) && once.fetch_add(1, Ordering::Relaxed) == 0 {
            return Meddling::AnswerInstead(refusal(403, "E0000006", "made up for a test"));
        }
        Meddling::None
    });
    assert_eq!(desk.carry_out(line).await.stopped, None);
    let summary = desk.summary().await;
    assert_eq!((summary.outcomes[&Outcome::Rejected], summary.complete), (1, true), "{summary:?}");
}

/// A few memberships that nobody may make, and nothing that would tell why: they are told on their rows.
#[tokio::test(start_paused = true)]
async fn a_few_memberships_out_of_reach_are_told() {
    let org = Emulator::open(settings()).unwrap();
    let names: Vec<String> = (0..22).map(|number| format!("G{number}")).collect();
    for name in &names {
        add_group(&org, name).await;
    }
    grow_old().await;
    let csv = format!("email,firstName,lastName,groups\nkim@example.com,Kim,Park,{}\n", names.join(";"));
    let desk = Desk::plan(&org, csv.as_bytes(), PlanSettings::default()).await;
    let finish = desk.carry_out(forbidding(&desk.org, is_join, 0, 403, "E0000006")).await;
    assert_eq!(finish.stopped, None);
    assert_eq!(desk.summary().await.groups[&GroupOutcome::Partial], 1);
}

/// So many groups that one token may put people into, and one that it may not, which everybody asks for first; such as
/// a group that gives an administrator's role.
async fn with_a_group_out_of_reach(people: usize, rest: usize) -> (Desk, String) {
    let org = Emulator::open(settings()).unwrap();
    let names: Vec<String> = (0..=rest).map(|number| format!("G{number}")).collect();
    let mut ids = Vec::new();
    for name in &names {
        ids.push(add_group(&org, name).await);
    }
    // Groups are asked for in the order of their ids.
    let closed = ids.into_iter().min().unwrap();
    for at in 0..people {
        let login = format!("p{at}@example.com");
        add_user(&org, &json!({"login": login, "email": login, "firstName": "A", "lastName": "B"})).await;
    }
    grow_old().await;
    let rows = (0..people).map(|at| format!("p{at}@example.com,A,B,{}\n", names.join(";")));
    let csv: String = std::iter::once("email,firstName,lastName,groups\n".to_owned()).chain(rows).collect();
    (Desk::plan(&org, csv.as_bytes(), PlanSettings::default()).await, closed)
}

#[tokio::test(start_paused = true)]
async fn a_group_out_of_reach_stops_nothing() {
    let (desk, closed) = with_a_group_out_of_reach(PEOPLE, 2).await;
    let line = Line::meddled(&desk.org, move |request| {
        if is_join(request) && request.uri().path().contains(&closed) {
            return Meddling::AnswerInstead(refusal(403, "E0000006", "made up for a test"));
        }
        Meddling::None
    });
    assert_eq!(desk.carry_out(line).await.stopped, None);
    let summary = desk.summary().await;
    assert!(summary.complete, "{summary:?}");
    assert_eq!(summary.groups[&GroupOutcome::Partial], PEOPLE as u64, "{summary:?}");
    assert!(desk.results().await.iter().all(|row| (row.groups_requested, row.groups_joined) == (3, 2)));
}

#[tokio::test(start_paused = true)]
async fn no_right_to_any_of_the_groups_of_those_who_are_there() {
    let (desk, _) = with_a_group_out_of_reach(PEOPLE, 2).await;
    let line = forbidding(&desk.org, is_join, 0, 403, "E0000006");
    stops_and_goes_on_unchanged(&desk, line).await;
}

async fn stops_and_goes_on_unchanged(desk: &Desk, line: Line) {
    let finish = desk.carry_out(line).await;
    assert!(matches!(&finish.stopped, Some(StopReason::Forbidden(_))), "{finish:?}");
    let tally = desk.summary().await.tally();
    assert_eq!((tally.groups_needing_attention(), tally.settled()), (0, 0), "{tally:?}");
    assert_eq!(desk.carry_out(Line::clean(&desk.org)).await.stopped, None);
    let summary = desk.summary().await;
    assert!(summary.complete && summary.tally().all_fine(), "{summary:?}");
}
