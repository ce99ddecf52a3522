//! Someone asks the run to stop.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use muster_core::outcome::Outcome;
use muster_emulator::{Emulator, OrgSettings};
use muster_engine::{PlanSettings, StopReason};
use tokio::sync::watch;

use crate::desk::{Desk, plain_people};
use crate::meddling::{Line, Meddling};
use crate::org::{grow_old, settings};

async fn desk() -> Desk {
    let settings = OrgSettings { latency: Duration::from_millis(250), ..settings() };
    let org = Emulator::open(settings).unwrap();
    grow_old().await;
    Desk::plan(&org, plain_people(200).as_bytes(), PlanSettings::default()).await
}

#[tokio::test(start_paused = true)]
async fn what_was_sent_is_awaited_and_in_the_books() {
    let desk = desk().await;
    let (asks, stop) = watch::channel(false);
    let sent = AtomicU32::new(0);
    let line = Line::meddled(&desk.org, move |_| {
        if sent.fetch_add(1, Ordering::Relaxed) == 40 {
            asks.send_replace(true);
        }
        Meddling::None
    });
    let finish = desk.carry_out_until(line, stop).await;
    assert_eq!(finish.stopped, Some(StopReason::Interrupted));
    let (summary, users) = (desk.summary().await, desk.org.stats().users as u64);
    assert!((41..=57).contains(&users), "{users}");
    assert_eq!(finish.counts.requests[&Some(200)], users);
    assert_eq!((summary.outcomes[&Outcome::Created], summary.tally().settled()), (users, users));
    assert!(!summary.complete);
    let finish = desk.carry_out(Line::clean(&desk.org)).await;
    assert_eq!(finish.stopped, None);
    let (summary, stats) = (desk.summary().await, desk.org.stats());
    assert_eq!((summary.outcomes[&Outcome::Created], stats.creates_by_login_max), (200, 1));
    assert_eq!(summary.requests["200"], 200, "both legs are counted");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_stopped_before_it_begins_sends_nothing() {
    let desk = desk().await;
    let before = desk.org.stats().requests.total;
    let (_keep, stop) = watch::channel(true);
    let finish = desk.carry_out_until(Line::clean(&desk.org), stop).await;
    assert_eq!(finish.stopped, Some(StopReason::Interrupted));
    assert_eq!(desk.org.stats().users as u64, desk.summary().await.tally().settled());
    assert!(desk.org.stats().requests.total - before <= 32, "{:?}", desk.org.stats().requests);
}
