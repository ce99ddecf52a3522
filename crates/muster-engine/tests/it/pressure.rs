//! An org that says "too many": per window, and at the same time.

use std::time::Duration;

use muster_core::outcome::Outcome;
use muster_emulator::{Emulator, OrgSettings};
use muster_engine::PlanSettings;

use crate::desk::{Desk, plain_people};
use crate::meddling::Line;
use crate::org::{grow_old, limits, settings};

async fn desk(settings: OrgSettings, people: usize) -> Desk {
    let org = Emulator::open(settings).unwrap();
    grow_old().await;
    Desk::plan(&org, plain_people(people).as_bytes(), PlanSettings::default()).await
}

/// The whole share is spent, and nothing beyond it: the clean run of the promise.
#[tokio::test(start_paused = true)]
async fn a_small_quota_loses_no_row_and_is_not_overrun() {
    let settings = OrgSettings { limits: limits(&["users=20/2s"]), ..settings() };
    let desk = desk(settings, 200).await;
    let finish = desk.carry_out(Line::clean(&desk.org)).await;
    assert_eq!(finish.stopped, None);
    let (summary, stats) = (desk.summary().await, desk.org.stats());
    assert_eq!((summary.outcomes[&Outcome::Created], summary.complete), (200, true));
    assert_eq!((summary.budget.limit_per_window, stats.users), (Some(20), 200));
    assert_eq!((summary.budget.quota_429, stats.quota_429), (0, 0), "{summary:?}");
}

/// More requests at once than the first window has: what is refused is sent again, and it is refused only once.
#[tokio::test(start_paused = true)]
async fn a_quota_smaller_than_the_first_burst_is_learned_from_it() {
    let latency = Duration::from_millis(300);
    let settings = OrgSettings { limits: limits(&["users=5/2s"]), latency, ..settings() };
    let desk = desk(settings, 60).await;
    let finish = desk.carry_out(Line::clean(&desk.org)).await;
    assert_eq!((finish.stopped, desk.org.stats().users), (None, 60));
    let (summary, stats) = (desk.summary().await, desk.org.stats());
    assert_eq!(summary.outcomes[&Outcome::Created], 60);
    assert_eq!(summary.budget.quota_429, stats.quota_429);
    assert!(stats.quota_429 <= 16, "only the first burst may be too much: {stats:?}");
    assert!(desk.results().await.iter().all(|row| row.attempts == 1), "a 429 is no attempt");
}

/// Another program spends as much of the same token's bucket.
#[tokio::test(start_paused = true)]
async fn the_traffic_of_others_costs_no_row() {
    let settings = OrgSettings { limits: limits(&["users=20/2s"]), ..settings() };
    let desk = desk(settings, 100).await;
    let org = desk.org.clone();
    let line = Line::meddled(&desk.org, move |_| {
        // Every request of ours comes with one of theirs.
        let other = http::Request::get("http://org.example/api/v1/users?limit=1");
        let other = other.header("authorization", "SSWS test").body(bytes::Bytes::new()).unwrap();
        let org = org.clone();
        tokio::spawn(async move { org.call(other).await });
        crate::meddling::Meddling::None
    });
    let finish = desk.carry_out(line).await;
    assert_eq!((finish.stopped, desk.org.stats().users), (None, 100));
    assert_eq!(desk.summary().await.outcomes[&Outcome::Created], 100);
}

#[tokio::test(start_paused = true)]
async fn a_limit_on_requests_at_once_is_found_and_kept() {
    let latency = Duration::from_millis(400);
    let settings = OrgSettings { concurrency: Some(2), latency, ..settings() };
    let mut desk = desk(settings, 150).await;
    desk.pacing.max_in_flight = Some(16);
    let finish = desk.carry_out(Line::clean(&desk.org)).await;
    let stats = desk.org.stats();
    assert_eq!((finish.stopped, stats.users, stats.creates_by_login_max), (None, 150, 1));
    assert_eq!(finish.counts.concurrency_429, stats.concurrency_429);
    assert!(stats.concurrency_429 > 0, "16 at once were too many");
    // Without shrinking, fourteen of sixteen would be turned away each time.
    assert!(stats.concurrency_429 < 150, "{stats:?}");
    assert_eq!(desk.summary().await.outcomes[&Outcome::Created], 150);
    assert!(desk.results().await.iter().all(|row| row.attempts == 1), "a 429 is no attempt");
}

#[tokio::test(start_paused = true)]
async fn one_request_at_a_time_is_possible() {
    let settings = OrgSettings { concurrency: Some(1), ..settings() };
    let mut desk = desk(settings, 40).await;
    desk.pacing.max_in_flight = Some(1);
    let finish = desk.carry_out(Line::clean(&desk.org)).await;
    assert_eq!((finish.stopped, finish.counts.peak_in_flight), (None, 1));
    assert_eq!((desk.org.stats().users, desk.org.stats().concurrency_429), (40, 0));
}
