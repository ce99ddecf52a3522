//! Answers that end a run, and what they leave behind.

use std::sync::atomic::{AtomicU32, Ordering};

use http::Request;
use muster_core::outcome::Outcome;
use muster_emulator::Emulator;
use muster_engine::{MaxErrors, PlanSettings, StopReason};
use muster_ledger::RunStage;

use crate::desk::{Desk, plain_people};
use crate::meddling::{Line, Meddling, is_create, refusal};
use crate::org::{grow_old, settings};

async fn desk(people: usize) -> Desk {
    let org = Emulator::open(settings()).unwrap();
    grow_old().await;
    Desk::plan(&org, plain_people(people).as_bytes(), PlanSettings::default()).await
}

/// All requests for users after the first few are answered so, and the org never hears of them.
fn after(good: u32, org: &Emulator, status: u16, code: &'static str) -> Line {
    let seen = AtomicU32::new(0);
    Line::meddled(org, move |request: &Request<_>| {
        let users = request.uri().path().starts_with("/api/v1/users");
        if !users || seen.fetch_add(1, Ordering::Relaxed) < good {
            return Meddling::None;
        }
        Meddling::AnswerInstead(refusal(status, code, "made up for a test"))
    })
}

#[tokio::test(start_paused = true)]
async fn a_token_that_ends_in_mid_run_burns_no_row() {
    let desk = desk(120).await;
    let finish = desk.carry_out(after(50, &desk.org, 401, "E0000011")).await;
    let Some(StopReason::Unauthorised(words)) = &finish.stopped else { panic!("{finish:?}") };
    assert!(words.contains("E0000011"), "{words}");
    let summary = desk.summary().await;
    assert_eq!((summary.outcomes[&Outcome::Created], summary.complete, summary.balanced), (50, false, false));
    assert_eq!(summary.tally().open(), 70, "all others are open: {summary:?}");
    // At most what was under way when the first 401 came was asked in vain.
    assert!(finish.counts.requests[&Some(401)] <= u64::from(finish.counts.peak_in_flight), "{finish:?}");
    let finish = desk.carry_out(Line::clean(&desk.org)).await;
    assert_eq!(finish.stopped, None);
    let stats = desk.org.stats();
    assert_eq!((stats.users, stats.creates_by_login_max), (120, 1));
    let summary = desk.summary().await;
    assert_eq!((summary.outcomes[&Outcome::Created], summary.complete), (120, true), "{summary:?}");
}

#[tokio::test(start_paused = true)]
async fn a_token_that_may_not_create_stops_the_run() {
    let desk = desk(60).await;
    let finish = desk.carry_out(after(0, &desk.org, 403, "E0000006")).await;
    let Some(StopReason::Forbidden(words)) = &finish.stopped else { panic!("{finish:?}") };
    assert!(words.contains("E0000006"), "{words}");
    let summary = desk.summary().await;
    assert_eq!((summary.tally().settled(), desk.record().await.stage), (0, RunStage::Open));
    assert_eq!(desk.carry_out(Line::clean(&desk.org)).await.stopped, None);
    assert_eq!(desk.summary().await.outcomes[&Outcome::Created], 60);
}

/// Every third create is refused for good.
fn choosy(org: &Emulator) -> Line {
    let seen = AtomicU32::new(0);
    Line::meddled(org, move |request| {
        if is_create(request) && seen.fetch_add(1, Ordering::Relaxed) % 3 == 2 {
            return Meddling::AnswerInstead(refusal(400, "E0000001", "Api validation failed: title"));
        }
        Meddling::None
    })
}

#[tokio::test(start_paused = true)]
async fn too_many_errors_stop_the_run_and_the_next_leg_counts_anew() {
    let mut desk = desk(300).await;
    desk.pacing.max_errors = Some(MaxErrors::Rows(10));
    let finish = desk.carry_out(choosy(&desk.org)).await;
    assert_eq!(finish.stopped, Some(StopReason::TooManyErrors));
    let rejected = desk.summary().await.outcomes[&Outcome::Rejected];
    // Those under way are awaited, and some of them go wrong as well.
    assert!((11..=27).contains(&rejected), "{rejected}");
    let before = desk.summary().await;
    assert!(before.tally().open() > 200 && !before.complete, "{before:?}");
    let finish = desk.carry_out(Line::clean(&desk.org)).await;
    assert_eq!(finish.stopped, None, "earlier errors do not count again");
    let summary = desk.summary().await;
    assert_eq!(summary.outcomes[&Outcome::Rejected], rejected, "an outcome is final");
    assert_eq!((summary.outcomes[&Outcome::Created], summary.complete), (300 - rejected, true));
}

#[tokio::test(start_paused = true)]
async fn a_part_of_errors_that_is_allowed_stops_nothing() {
    let mut desk = desk(150).await;
    desk.pacing.max_errors = Some(MaxErrors::Part(0.5));
    let finish = desk.carry_out(choosy(&desk.org)).await;
    assert_eq!(finish.stopped, None);
    let summary = desk.summary().await;
    assert_eq!((summary.outcomes[&Outcome::Rejected], summary.outcomes[&Outcome::Created]), (50, 100));
    let rows = desk.results().await;
    let rejected = rows.iter().find(|row| row.outcome == Some(Outcome::Rejected)).unwrap();
    assert_eq!(rejected.error_code.as_deref(), Some("E0000001"));
    assert!(rejected.error.as_deref().unwrap().contains("title"));
}

/// One person whom the token may not touch.
fn untouchable(org: &Emulator, login: &'static str) -> Line {
    Line::meddled(org, move |request| {
        let theirs = String::from_utf8_lossy(request.body()).contains(login);
        if is_create(request) && theirs {
            return Meddling::AnswerInstead(refusal(403, "E0000006", "made up for a test"));
        }
        Meddling::None
    })
}

#[tokio::test(start_paused = true)]
async fn one_create_that_is_not_allowed_is_its_rows_matter() {
    let desk = desk(60).await;
    let login = desk.results().await[30].login.clone().unwrap();
    let finish = desk.carry_out(untouchable(&desk.org, login.leak())).await;
    assert_eq!(finish.stopped, None);
    let summary = desk.summary().await;
    let ends = (summary.outcomes[&Outcome::Created], summary.outcomes[&Outcome::Rejected], summary.complete);
    assert_eq!(ends, (59, 1, true));
}

#[tokio::test(start_paused = true)]
async fn the_last_create_that_is_not_allowed_is_not_left_open() {
    let desk = desk(20).await;
    let login = desk.results().await[19].login.clone().unwrap();
    assert_eq!(desk.carry_out(untouchable(&desk.org, login.leak())).await.stopped, None);
    assert_eq!(desk.summary().await.outcomes[&Outcome::Rejected], 1);
}

#[tokio::test(start_paused = true)]
async fn what_was_read_ahead_and_not_sent_is_as_it_was() {
    let desk = desk(120).await;
    let finish = desk.carry_out(after(10, &desk.org, 401, "E0000011")).await;
    assert!(finish.stopped.is_some());
    let ledger = desk.books.open();
    let open = ledger.open_rows(desk.record().await.key, muster_core::record::Line(0), 500).await.unwrap();
    let in_flight =
        open.iter().filter(|row| matches!(row.state, muster_ledger::RowState::InFlight(_))).count();
    assert_eq!(open.len(), 110);
    let most = finish.counts.peak_in_flight as usize;
    assert!(in_flight <= most, "{in_flight} rows are in doubt, and no more than {most} were under way");
}
