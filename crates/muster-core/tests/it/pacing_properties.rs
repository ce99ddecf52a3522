//! The promise under limits, windows, latencies and clocks of any kind.

use proptest::prelude::*;

use crate::pacing_org::{MILLISECOND, Opening, Strangers};
use crate::pacing_run::{Course, Run, limits};

fn openings() -> impl Strategy<Value = Opening> {
    prop_oneof![Just(Opening::Exact), Just(Opening::Aligned)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_clean_run_is_never_refused_and_never_over_its_share(
        // Windows that last longer than Okta's minute, and nobody has told so, may be overspent at first.
        limit in 5_u64..3_000, seconds in 2_u64..=60, latency in 1_u64..900, share in 0.1_f64..=1.0,
        phase in 0_u64..1_000, opening in openings(), seed in any::<u64>(),
    ) {
        let mut course = Course::new(limits(limit, seconds), latency);
        (course.limits[0].opening, course.share, course.seed) = (opening, share, seed);
        (course.phase, course.windows) = (phase * MILLISECOND, 6);
        let (allowed, length) = (course.allowed().max(1), course.limits[0].length);
        let report = Run::new(course).finish();
        prop_assert_eq!(report.quota_429, 0);
        let most = report.windows[0].iter().map(|window| window.ours).max().unwrap_or_default();
        prop_assert!(most <= allowed, "{} of {}", most, allowed);
        prop_assert!(report.longest_silence <= length * 3, "silent for {} ns", report.longest_silence);
    }

    #[test]
    fn whatever_happens_it_goes_on(
        limit in 1_u64..1_000, seconds in 1_u64..70, latency in 1_u64..900, share in 0.0_f64..=1.0,
        jitter in 0_u64..200, skew in -100_i64..100, others in 0_u64..900, opening in openings(), seed in any::<u64>(),
    ) {
        let mut course = Course::new(limits(limit, seconds), latency);
        course.limits[0].opening = opening;
        course.limits[0].strangers = if others == 0 { Strangers::None } else { Strangers::Scattered(others) };
        (course.share, course.seed, course.date_skew) = (share, seed, skew);
        // A length that nobody could tell is taken for a minute.
        course.windows = 8.max(u32::try_from(130 / seconds).unwrap());
        course.jitter = jitter * MILLISECOND;
        let report = Run::new(course).finish();
        prop_assert!(report.sent >= 2, "{} were sent", report.sent);
    }
}
