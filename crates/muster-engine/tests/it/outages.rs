//! An org that is away: for a while, for too long, for one request.

use std::time::Duration;

use http::Method;
use muster_core::outcome::{GroupOutcome, Outcome};
use muster_emulator::{Emulator, OrgSettings};
use muster_engine::{EngineError, PlanSettings, StopReason};
use muster_okta::TransportFailure;
use serde_json::json;
use tokio::time::Instant;

use crate::desk::{Desk, plain_people};
use crate::meddling::{Line, Meddling, bad_gateway, is_create, read_only};
use crate::org::{AGE, add_group, add_user, grow_old, inhabitants, limits, settings};

async fn desk(settings: OrgSettings, people: usize) -> Desk {
    let org = Emulator::open(settings).unwrap();
    grow_old().await;
    Desk::plan(&org, plain_people(people).as_bytes(), PlanSettings::default()).await
}

/// The org is away between these times since now.
fn away(
    org: &Emulator,
    from: Duration,
    to: Duration,
    how: impl Fn() -> Meddling + Send + Sync + 'static,
) -> Line {
    let begun = Instant::now();
    Line::meddled(org, move |_| if (from..to).contains(&begun.elapsed()) { how() } else { Meddling::None })
}

fn slow() -> OrgSettings {
    OrgSettings { latency: Duration::from_millis(200), ..settings() }
}

#[tokio::test(start_paused = true)]
async fn read_only_mode_is_waited_for() {
    let mut desk = desk(slow(), 150).await;
    desk.pacing.max_in_flight = Some(16);
    let (from, to) = (Duration::from_secs(1), Duration::from_mins(4));
    let line = away(&desk.org, from, to, || Meddling::AnswerInstead(read_only()));
    let finish = desk.carry_out(line).await;
    assert_eq!(finish.stopped, None);
    let (summary, stats) = (desk.summary().await, desk.org.stats());
    assert_eq!((summary.outcomes[&Outcome::Created], summary.complete), (150, true), "{summary:?}");
    assert_eq!((stats.users, stats.creates_by_login_max), (150, 1));
    // Sixteen were under way, and then one at a time asked whether it is over.
    assert!(finish.counts.requests[&Some(503)] < 60, "{finish:?}");
}

#[tokio::test(start_paused = true)]
async fn an_org_that_stays_away_stops_the_run_which_can_be_resumed() {
    let mut desk = desk(slow(), 150).await;
    desk.pacing.patience = Duration::from_mins(5);
    let (from, ever) = (Duration::from_millis(900), Duration::MAX);
    let line = away(&desk.org, from, ever, || Meddling::FailBefore(TransportFailure::Connect));
    let begun = Instant::now();
    let finish = desk.carry_out(line).await;
    let Some(StopReason::OrgAway(words)) = finish.stopped else { panic!("{finish:?}") };
    assert!(words.contains("made up for a test"), "{words}");
    assert!(begun.elapsed() >= Duration::from_mins(5), "it was waited for");
    let summary = desk.summary().await;
    assert_eq!(summary.outcomes[&Outcome::Failed], 0, "an outage is no row's fault: {summary:?}");
    assert!(summary.tally().open() > 50, "{summary:?}");
    assert_eq!(desk.carry_out(Line::clean(&desk.org)).await.stopped, None);
    let (summary, stats) = (desk.summary().await, desk.org.stats());
    assert_eq!((summary.complete, stats.users, stats.creates_by_login_max), (true, 150, 1));
    assert_eq!(summary.outcomes[&Outcome::Created] + summary.outcomes[&Outcome::Adopted], 150);
}

/// A budget as small as the outage is long: requests without an answer must not eat it up for good.
#[tokio::test(start_paused = true)]
async fn an_outage_does_not_use_up_the_budget_for_ever() {
    for how in [|| Meddling::FailBefore(TransportFailure::Connect), || Meddling::AnswerInstead(bad_gateway())]
    {
        let settings = OrgSettings { limits: limits(&["users=6/2s", "user-reads=6/2s"]), ..slow() };
        let mut desk = desk(settings, 40).await;
        desk.pacing.patience = Duration::from_hours(2);
        let line = away(&desk.org, Duration::from_secs(3), Duration::from_mins(10), how);
        let finish = desk.carry_out(line).await;
        assert_eq!(finish.stopped, None);
        assert_eq!((desk.org.stats().users, desk.summary().await.complete), (40, true));
    }
}

/// While there is nothing to do but wait, nothing is done.
#[tokio::test(start_paused = true)]
async fn waiting_for_an_org_that_is_away_is_not_spinning() {
    let mut desk = desk(settings(), 1).await;
    desk.pacing.patience = Duration::from_mins(2);
    let line = Line::meddled(&desk.org, |_| Meddling::FailBefore(TransportFailure::Connect));
    // The clock runs on while a commit is made. One that spins never lets it go on at all.
    let finish = desk.carry_out_idly(line, 200_000).await.expect("it waits instead of spinning");
    assert!(matches!(finish.stopped, Some(StopReason::OrgAway(_))), "{finish:?}");
}

/// Every answer to a create is lost: what read-back finds was ours.
#[tokio::test(start_paused = true)]
async fn users_whose_answer_was_lost_are_adopted() {
    let desk = desk(settings(), 40).await;
    let line = Line::meddled(&desk.org, |request| {
        if is_create(request) { Meddling::LoseAnswer(TransportFailure::TimedOut) } else { Meddling::None }
    });
    assert_eq!(desk.carry_out(line).await.stopped, None);
    let summary = desk.summary().await;
    assert_eq!((summary.outcomes[&Outcome::Adopted], desk.org.stats().creates_by_login_max), (40, 1));
}

/// This machine's clock is wrong by a minute in either direction: that takes no user from us and gives us no other's.
#[tokio::test(start_paused = true)]
async fn a_wrong_clock_decides_nothing() {
    /// A stranger came so long before the run.
    const SINCE: Duration = Duration::from_secs(10);
    for wrong_by in [-60_i64, 60] {
        let start = jiff::Timestamp::now() - AGE - SINCE - jiff::SignedDuration::from_secs(wrong_by);
        let org = Emulator::open(OrgSettings { start: Some(start), ..settings() }).unwrap();
        let profile = json!({"login": "p0@example.com", "email": "p0@example.com", "firstName": "First0", "lastName": "Last0"});
        grow_old().await;
        add_user(&org, &profile).await;
        tokio::time::advance(SINCE).await;
        let desk = Desk::plan(&org, plain_people(20).as_bytes(), PlanSettings::default()).await;
        let line = Line::meddled(&desk.org, |request| {
            if is_create(request) { Meddling::LoseAnswer(TransportFailure::Broken) } else { Meddling::None }
        });
        assert_eq!(desk.carry_out(line).await.stopped, None);
        let summary = desk.summary().await;
        let told = (summary.outcomes[&Outcome::Adopted], summary.outcomes[&Outcome::Unchanged]);
        assert_eq!(told, (19, 1), "wrong by {wrong_by} s: {:?}", summary.outcomes);
    }
}

/// Suspending twice is refused by the org; losing the first answer must not make a trouble of it.
#[tokio::test(start_paused = true)]
async fn a_status_change_whose_answer_was_lost_is_done() {
    let org = Emulator::open(settings()).unwrap();
    grow_old().await;
    let csv = "email,firstName,lastName,password,status\nkim@example.com,Kim,Park,Kab74-rem13-tos90,SUSPENDED\nlee@example.com,Lee,Park,Kab74-rem13-tos91,DEPROVISIONED\n";
    let desk = Desk::plan(&org, csv.as_bytes(), PlanSettings::default()).await;
    let once = std::sync::atomic::AtomicU32::new(0);
    let line = Line::meddled(&desk.org, move |request| {
        let lifecycle = request.uri().path().contains("/lifecycle/");
        if lifecycle && once.fetch_add(1, std::sync::atomic::Ordering::Relaxed) < 2 {
            return Meddling::LoseAnswer(TransportFailure::TimedOut);
        }
        Meddling::None
    });
    assert_eq!(desk.carry_out(line).await.stopped, None);
    let people = inhabitants(&org).await;
    assert_eq!(people["kim@example.com"].status, "SUSPENDED");
    assert_eq!(people["lee@example.com"].status, "DEPROVISIONED");
    for row in desk.results().await {
        assert_eq!((row.outcome, row.error.as_deref()), (Some(Outcome::Created), None), "{row:?}");
        assert_eq!(row.okta_status.as_ref(), Some(&people[&row.login.clone().unwrap()].status));
    }
}

/// A group that can't be joined is told on the row, and the others are joined.
#[tokio::test(start_paused = true)]
async fn a_membership_that_is_refused_is_visible() {
    let org = Emulator::open(settings()).unwrap();
    let mut refused = String::new();
    for number in 0..25 {
        let id = add_group(&org, &format!("G{number}")).await;
        refused = refused.max(id);
    }
    grow_old().await;
    let names: Vec<String> = (0..25).map(|number| format!("G{number}")).collect();
    let csv = format!("email,firstName,lastName,groups\nkim@example.com,Kim,Park,{}\n", names.join(";"));
    let desk = Desk::plan(&org, csv.as_bytes(), PlanSettings::default()).await;
    let line = Line::meddled(&desk.org, move |request| {
        if request.method() == Method::PUT && request.uri().path().contains(&refused) {
            return Meddling::AnswerInstead(crate::meddling::refusal(403, "E0000006", "not this one"));
        }
        Meddling::None
    });
    assert_eq!(desk.carry_out(line).await.stopped, None);
    let rows = desk.results().await;
    let row = rows.first().unwrap();
    assert_eq!((row.outcome, row.group_outcome), (Some(Outcome::Created), Some(GroupOutcome::Partial)));
    assert_eq!((row.groups_requested, row.groups_joined), (25, 24));
    assert!(row.error.as_deref().unwrap().contains("not this one"), "{row:?}");
    let joined = inhabitants(&org).await["kim@example.com"].groups.clone();
    assert_eq!(joined.iter().filter(|group| group.starts_with('G')).count(), 24);
}

/// Reads that are answered say nothing of writes that are not.
#[tokio::test(start_paused = true)]
async fn an_org_that_reads_and_does_not_write_is_away() {
    let mut desk = desk(slow(), 60).await;
    desk.pacing.patience = Duration::from_mins(2);
    let line = Line::meddled(&desk.org, |request| {
        if is_create(request) { Meddling::AnswerInstead(bad_gateway()) } else { Meddling::None }
    });
    let finish = desk.carry_out(line).await;
    assert!(matches!(finish.stopped, Some(StopReason::OrgAway(_))), "{finish:?}");
    assert_eq!(desk.summary().await.tally().settled(), 0, "no row was given up for it");
}

/// Somebody wrote another file in the place of the one that was planned.
#[tokio::test(start_paused = true)]
async fn a_source_that_changed_under_way_creates_nobody_else() {
    let desk = desk(slow(), 20).await;
    let path = &desk.plan.source.path;
    let other = std::fs::read_to_string(path).unwrap().replace('@', "@else");
    std::fs::write(path, other).unwrap();
    let error = desk.carry_out_in_vain(Line::clean(&desk.org)).await;
    assert!(matches!(error, EngineError::RowGone { line: 2 }), "{error}");
    assert_eq!(desk.org.stats().users, 0);
}
