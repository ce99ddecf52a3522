//! Kinds of requests that draw on one counter, and those that only look alike.

use crate::pacing_org::Strangers;
use crate::pacing_run::{Course, Run, limits};

#[test]
fn two_kinds_with_one_counter_prove_it_and_share_it() {
    for latency in [20, 150, 600] {
        let mut course = Course::new(limits(600, 60), latency);
        (course.kinds, course.windows) = (vec![0, 0], 5);
        let allowed = course.allowed();
        let report = Run::new(course).finish();
        assert!(report.pacer.is_shared(0, 1), "latency {latency}");
        assert_eq!(report.quota_429, 0);
        let windows = &report.windows[0];
        for window in &windows[1..windows.len() - 1] {
            assert!((allowed * 98 / 100..=allowed).contains(&window.ours), "{latency}: {windows:?}");
        }
    }
}

#[test]
fn two_counters_that_look_alike_stay_two() {
    for strangers in [Strangers::None, Strangers::Steady(300), Strangers::Scattered(300)] {
        for latency in [20, 150, 600] {
            let mut course = Course::new(limits(600, 60), latency);
            course.limits[0].strangers = strangers;
            course.limits = vec![course.limits[0].clone(), course.limits[0].clone()];
            (course.kinds, course.windows) = (vec![0, 1], 5);
            let report = Run::new(course).finish();
            assert!(!report.pacer.is_shared(0, 1), "{strangers:?}, latency {latency}");
            assert_eq!(report.quota_429, 0);
        }
    }
}
