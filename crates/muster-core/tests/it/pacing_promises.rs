//! The promise: the share is spent and never exceeded.

use crate::pacing_org::{MILLISECOND, Opening, SECOND};
use crate::pacing_run::{Course, Report, Run, limits};

/// Requests a minute, and windows of a minute or of six seconds at the same rate.
const SIZES: [(u64, u64); 6] = [(600, 60), (3_000, 60), (60_000, 60), (60, 6), (300, 6), (6_000, 6)];

fn courses() -> impl Iterator<Item = Course> {
    SIZES.into_iter().flat_map(|(limit, seconds)| {
        [20, 150, 600].into_iter().flat_map(move |latency| {
            [Opening::Exact, Opening::Aligned].into_iter().map(move |opening| {
                let mut course = Course::new(limits(limit, seconds), latency);
                course.limits[0].opening = opening;
                course.windows = if limit * 60 / seconds * seconds > 1_000_000 { 3 } else { 12 };
                course
            })
        })
    })
}

/// The windows between the first and the last, which are not whole.
fn whole(report: &Report) -> &[crate::pacing_org::Spent] {
    let windows = &report.windows[0];
    &windows[1..windows.len() - 1]
}

/// The part of the share that was spent, by the clock.
fn by_wall_time(course: &Course, report: &Report) -> f64 {
    let windows = &report.windows[0];
    let lasted = windows[windows.len() - 1].began - windows[1].began;
    let ours: u64 = whole(report).iter().map(|window| window.ours).sum();
    ours as f64 / (course.allowed() as f64 * lasted as f64 / course.limits[0].length as f64)
}

fn check(course: &Course, slack: u64, part: f64, faults: &mut Vec<String>) {
    let report = Run::new(course.clone()).finish();
    let allowed = course.allowed();
    let most = report.windows[0].iter().map(|window| window.ours).max().unwrap();
    let least = whole(&report).iter().map(|window| window.ours).min().unwrap();
    let wall = by_wall_time(course, &report);
    let name = format!(
        "{}/{}s {:?} latency {} ms ± {} share {}",
        course.limits[0].limit,
        course.limits[0].length / SECOND,
        course.limits[0].opening,
        course.latency / MILLISECOND,
        course.jitter / MILLISECOND,
        course.share
    );
    let figures = format!(
        "{name}: {least}..{most} of {allowed}, wall {wall:.4}, {} 429, peak {}",
        report.quota_429, report.peak
    );
    println!("{figures}");
    let spent = least + slack >= (allowed as f64 * part).floor() as u64 && wall >= part;
    if report.quota_429 > 0 || most > allowed + slack || !spent {
        faults.push(figures);
    }
}

fn none(faults: &[String]) {
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_share_is_spent_and_never_exceeded() {
    let mut faults = Vec::new();
    for course in courses() {
        check(&course, 0, 0.99, &mut faults);
    }
    none(&faults);
}

#[test]
fn the_whole_limit_can_be_spent_without_a_429() {
    let mut faults = Vec::new();
    for course in courses() {
        check(&Course { share: 1.0, ..course }, 0, 0.99, &mut faults);
    }
    none(&faults);
}

/// Where the way varies, a request or two may land on the other side of an end; none is refused.
#[test]
fn a_way_that_varies_costs_no_429_even_at_the_whole_limit() {
    let mut faults = Vec::new();
    for (course, share) in courses()
        .filter(|course| course.limits[0].limit < 60_000)
        .flat_map(|course| [0.5, 0.9, 1.0].map(|share| (course.clone(), share)))
    {
        let jitter = 30.min(course.latency / MILLISECOND);
        let slack = course.limits[0].limit * jitter * MILLISECOND * 2 / course.limits[0].length + 2;
        let part = if course.limits[0].length > 10 * SECOND { 0.99 } else { 0.985 };
        let course = Course { share, jitter: jitter * MILLISECOND * 2, ..course };
        check(&course, slack, part, &mut faults);
    }
    none(&faults);
}

/// The books are written between the reservation and the departure.
#[test]
fn a_reservation_that_leaves_later_counts_where_it_leaves() {
    let mut faults = Vec::new();
    for course in courses().filter(|course| course.limits[0].limit < 6_000) {
        check(&Course { commit: 15 * MILLISECOND, ..course }, 1, 0.99, &mut faults);
    }
    none(&faults);
}

#[test]
fn dates_that_are_wrong_do_no_harm() {
    let mut faults = Vec::new();
    for course in
        courses().filter(|course| course.limits[0].limit <= 3_000 && course.latency < 200 * MILLISECOND)
    {
        for date_skew in [-3600, -5, -2, 2, 5, 3600] {
            check(&Course { date_skew, ..course.clone() }, 1, 0.95, &mut faults);
        }
    }
    none(&faults);
}
