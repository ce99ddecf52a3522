//! How many requests are under way: enough, and no more.

use std::time::Duration;

use muster_core::pace::{PaceSettings, Pacer};

use crate::pacing_org::{MILLISECOND, SECOND};
use crate::pacing_run::{Course, Run, limits};

const PLAIN: PaceSettings = PaceSettings { share: 0.9, reserve: 0, max_in_flight: None };

#[test]
fn a_thousand_a_second_are_reached_within_seconds() {
    let mut run = Run::new(Course::new(limits(60_000, 60), 600));
    run.go_on_until(8 * SECOND);
    assert!(run.pacer().in_flight() > 500, "{}", run.pacer().in_flight());
}

#[test]
fn a_limit_on_requests_at_once_is_found_and_kept() {
    let mut course = Course::new(limits(600, 60), 2_000);
    (course.concurrency, course.windows) = (Some(5), 10);
    let report = Run::new(course).finish();
    assert!(report.concurrency_429 > 0 && report.concurrency_429 < 60, "{}", report.concurrency_429);
    let whole = &report.windows[0][1..report.windows[0].len() - 1];
    // Five at a time, of two seconds each, are 150 a minute.
    assert!(whole.iter().all(|window| window.ours > 100), "{whole:?}");
    assert_eq!(report.quota_429, 0);
}

#[test]
fn one_burst_is_one_cut() {
    let mut pacer: Pacer<&str> = Pacer::new(PLAIN);
    let before = pacer.allowed();
    let (sent, now) = (Duration::from_secs(1), Duration::from_secs(2));
    for _ in 0..5 {
        pacer.over_concurrency(sent, now);
    }
    assert_eq!(pacer.allowed(), before - before / 4);
    for second in 2..12 {
        pacer.over_concurrency(Duration::from_secs(second), Duration::from_secs(second));
    }
    assert_eq!(pacer.allowed(), 1);
}

#[test]
fn the_operators_ceiling_is_never_passed() {
    let mut course = Course::new(limits(60_000, 60), 600);
    (course.max_in_flight, course.windows) = (Some(7), 1);
    let report = Run::new(course).finish();
    assert_eq!(report.peak, 7);
}

#[test]
fn a_slow_budget_needs_few() {
    let mut course = Course::new(limits(600, 60), 150);
    course.jitter = 20 * MILLISECOND;
    let report = Run::new(course).finish();
    assert!(report.allowed <= 8, "{}", report.allowed);
}
