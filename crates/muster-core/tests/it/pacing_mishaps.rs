//! What goes wrong around a bucket: no headers, nonsense in them, refusals, gaps in time.

use std::time::Duration;

use muster_core::pace::{Admission, PaceSettings, Pacer, Reading};

use crate::pacing_org::SECOND;
use crate::pacing_run::{Course, Run, limits};

const USERS: &str = "POST /users";
const START: i64 = 1_795_000_000;

fn pacer() -> Pacer<&'static str> {
    Pacer::new(PaceSettings { share: 0.9, reserve: 0, max_in_flight: None })
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn reading(limit: u64, remaining: u64, now: u64, resets_in: u64) -> Reading {
    let date = START + i64::try_from(now).unwrap();
    let resets_at = date + i64::try_from(resets_in).unwrap();
    Reading { limit, remaining, resets_in: seconds(resets_in), resets_at, date: Some(date) }
}

fn send(pacer: &mut Pacer<&'static str>, now: Duration) {
    pacer.reserve(USERS, now);
    pacer.sent(USERS, now);
}

#[test]
fn the_first_request_of_a_kind_goes_alone() {
    let mut pacer = pacer();
    assert_eq!(pacer.admit(USERS, seconds(0)), Admission::Now);
    send(&mut pacer, seconds(0));
    assert_eq!(pacer.admit(USERS, seconds(0)), Admission::WhenOneReturns);
    pacer.returned(USERS, seconds(0), Some(reading(100, 3, 1, 60)), seconds(1));
    let Admission::At(at) = pacer.admit(USERS, seconds(1)) else { panic!("others spent the window") };
    assert!((seconds(60)..seconds(63)).contains(&at), "{at:?}");
}

#[test]
fn a_reservation_that_is_withdrawn_frees_the_first_place() {
    let mut pacer = pacer();
    pacer.reserve(USERS, seconds(0));
    assert_eq!(pacer.admit(USERS, seconds(0)), Admission::WhenOneReturns);
    pacer.withdraw(USERS);
    assert_eq!(pacer.admit(USERS, seconds(0)), Admission::Now);
}

#[test]
fn a_quota_answer_holds_the_bucket_and_no_other() {
    let mut pacer = pacer();
    send(&mut pacer, seconds(5));
    pacer.returned(USERS, seconds(5), None, seconds(5));
    pacer.over_quota(USERS, Some(seconds(4)), seconds(5));
    assert_eq!(pacer.admit(USERS, seconds(6)), Admission::At(seconds(10)));
    assert_eq!(pacer.admit("GET /users/{id}", seconds(6)), Admission::Now);
    assert_eq!(pacer.admit(USERS, seconds(10)), Admission::Now);
}

#[test]
fn an_org_that_sends_no_headers_is_never_waited_for_in_vain() {
    let mut pacer = pacer();
    send(&mut pacer, seconds(0));
    pacer.returned(USERS, seconds(0), None, seconds(0));
    pacer.over_quota(USERS, None, seconds(0));
    assert_eq!(pacer.admit(USERS, seconds(1)), Admission::At(seconds(10)));
    for second in 11..20 {
        assert_eq!(pacer.admit(USERS, seconds(second)), Admission::Now);
        send(&mut pacer, seconds(second));
        pacer.returned(USERS, seconds(second), None, seconds(second));
    }
}

#[test]
fn a_reset_in_the_far_future_is_not_believed() {
    let mut pacer = pacer();
    send(&mut pacer, seconds(0));
    pacer.returned(USERS, seconds(0), Some(reading(100, 0, 0, 1_000_000_000)), seconds(0));
    let Admission::At(at) = pacer.admit(USERS, seconds(1)) else { panic!("nothing is left") };
    assert!(at < seconds(123), "{at:?}");
}

#[test]
fn a_late_answer_of_the_last_window_does_not_reset_the_new_one() {
    let mut pacer = pacer();
    send(&mut pacer, seconds(0));
    pacer.returned(USERS, seconds(0), Some(reading(100, 99, 0, 60)), seconds(0));
    for at in [59, 61] {
        send(&mut pacer, seconds(at));
    }
    pacer.returned(USERS, seconds(61), Some(reading(100, 99, 61, 60)), seconds(62));
    let before = pacer.budget(USERS, seconds(62)).unwrap();
    pacer.returned(USERS, seconds(59), Some(reading(100, 2, 59, 1)), seconds(62));
    assert_eq!(pacer.budget(USERS, seconds(62)).unwrap(), before);
    assert_eq!((before.ours, before.others), (1, 0));
}

#[test]
fn concurrency_says_nothing_of_the_bucket() {
    let mut pacer = pacer();
    send(&mut pacer, seconds(0));
    pacer.returned(USERS, seconds(0), Some(reading(100, 99, 0, 60)), seconds(0));
    send(&mut pacer, seconds(1));
    pacer.returned(USERS, seconds(1), Some(reading(0, 0, 1, 60)), seconds(1));
    let budget = pacer.budget(USERS, seconds(1)).unwrap();
    assert_eq!((budget.limit, budget.ours, pacer.limit(USERS)), (100, 1, Some(100)));
}

#[test]
fn where_there_is_no_limit_nothing_is_paced() {
    let mut pacer = pacer();
    for second in 0..5 {
        send(&mut pacer, seconds(second));
        let free = Some(reading(1_000_000, 1_000_000, second, 60));
        pacer.returned(USERS, seconds(second), free, seconds(second));
    }
    for _ in 0..1000 {
        assert_eq!(pacer.admit(USERS, seconds(5)), Admission::Now);
        pacer.reserve(USERS, seconds(5));
    }
}

#[test]
fn a_limit_that_changes_is_kept_from_then_on() {
    for changed in [300, 1_200] {
        let mut run = Run::new(Course::new(limits(600, 60), 150));
        run.go_on_until(90 * SECOND);
        run.counter(0).set_limit(changed);
        run.go_on_until(400 * SECOND);
        let report = run.report();
        assert_eq!(report.quota_429, 0);
        let allowed = changed * 9 / 10;
        let windows = &report.windows[0];
        for window in &windows[3..windows.len() - 1] {
            assert!((allowed * 99 / 100..=allowed).contains(&window.ours), "{windows:?}");
        }
    }
}

#[test]
fn after_a_gap_in_time_one_goes_alone() {
    let mut pacer = pacer();
    send(&mut pacer, seconds(0));
    pacer.returned(USERS, seconds(0), Some(reading(100, 99, 0, 60)), seconds(0));
    pacer.forget_windows(seconds(10));
    assert_eq!(pacer.admit(USERS, seconds(10)), Admission::Now);
    send(&mut pacer, seconds(10));
    assert_eq!(pacer.admit(USERS, seconds(10)), Admission::WhenOneReturns);
    assert_eq!(pacer.limit(USERS), Some(100));
}

#[test]
fn the_reserve_is_kept_on_top_of_the_share() {
    let mut pacer = Pacer::new(PaceSettings { share: 0.9, reserve: 15, max_in_flight: None });
    send(&mut pacer, seconds(0));
    pacer.returned(USERS, seconds(0), Some(reading(100, 99, 0, 60)), seconds(0));
    assert_eq!(pacer.budget(USERS, seconds(0)).unwrap().allowed, 75);
}

#[test]
fn requests_that_no_answer_came_to_are_no_sign_of_an_org_without_headers() {
    let mut pacer = pacer();
    for second in 0..4 {
        send(&mut pacer, seconds(second));
        pacer.lost(USERS, seconds(second));
    }
    send(&mut pacer, seconds(5));
    assert_eq!(pacer.admit(USERS, seconds(5)), Admission::WhenOneReturns, "one goes alone and finds out");
}

#[test]
fn a_window_is_not_taken_for_shorter_because_its_first_answer_was_slow() {
    let mut pacer = pacer();
    send(&mut pacer, seconds(0));
    pacer.returned(USERS, seconds(0), Some(reading(10, 9, 3, 3)), seconds(3));
    assert!(pacer.window(USERS) >= Some(seconds(6)), "{:?}", pacer.window(USERS));
}

#[test]
fn what_was_reserved_before_a_window_was_doubted_finds_out_and_nothing_else_leaves() {
    let mut pacer = pacer();
    send(&mut pacer, seconds(0));
    pacer.returned(USERS, seconds(0), Some(reading(100, 99, 0, 5)), seconds(0));
    pacer.reserve(USERS, seconds(1));
    assert_eq!(pacer.admit(USERS, seconds(20)), Admission::WhenOneReturns);
    pacer.sent(USERS, seconds(20));
    assert_eq!(pacer.admit(USERS, seconds(20)), Admission::WhenOneReturns);
    pacer.returned(USERS, seconds(20), Some(reading(100, 99, 20, 5)), seconds(20));
    assert_ne!(pacer.admit(USERS, seconds(20)), Admission::WhenOneReturns);
}
