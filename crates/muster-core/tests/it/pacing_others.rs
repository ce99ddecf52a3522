//! Others spend of the same buckets: they are seen, and left room.

use crate::pacing_org::{MILLISECOND, Opening, SECOND, Strangers};
use crate::pacing_run::{Course, Run, limits};

fn courses() -> impl Iterator<Item = Course> {
    let sizes = [(600, 60), (3_000, 60), (60, 6), (300, 6), (6_000, 6)];
    let strangers = [Strangers::Steady(400), Strangers::Scattered(400)];
    sizes.into_iter().flat_map(move |(limit, seconds)| {
        [20, 150, 600].into_iter().flat_map(move |latency| {
            [Opening::Exact, Opening::Aligned].into_iter().flat_map(move |opening| {
                strangers.map(|strangers| {
                    let mut course = Course::new(limits(limit, seconds), latency);
                    (course.limits[0].opening, course.limits[0].strangers) = (opening, strangers);
                    course
                })
            })
        })
    })
}

fn check(course: &Course, faults: &mut Vec<String>) {
    let report = Run::new(course.clone()).finish();
    let windows = &report.windows[0];
    let whole = &windows[1..windows.len() - 1];
    let ours: u64 = whole.iter().map(|window| window.ours).sum();
    let left: u64 = whole.iter().map(|window| course.allowed().saturating_sub(window.theirs)).sum();
    let most = whole.iter().map(|window| window.ours + window.theirs).max().unwrap();
    let part = ours as f64 / left as f64;
    let figures = format!(
        "{}/{}s {:?} {:?} latency {} ms share {}: {part:.4} of what was left, at most {most} of {} together, {} 429",
        course.limits[0].limit,
        course.limits[0].length / SECOND,
        course.limits[0].opening,
        course.limits[0].strangers,
        course.latency / MILLISECOND,
        course.share,
        course.allowed(),
        report.quota_429
    );
    println!("{figures}");
    if report.quota_429 > 1 || part < 0.95 {
        faults.push(figures);
    }
}

#[test]
fn what_others_leave_is_spent() {
    let mut faults = Vec::new();
    for course in courses() {
        check(&course, &mut faults);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_others_leave_of_the_whole_limit_is_spent() {
    let mut faults = Vec::new();
    for course in courses() {
        check(&Course { share: 1.0, ..course }, &mut faults);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn debug_one() {
    let mut course = Course::new(limits(6000, 6), 600);
    (course.limits[0].opening, course.limits[0].strangers, course.share) =
        (Opening::Aligned, Strangers::Steady(400), 1.0);
    let report = Run::new(course.clone()).finish();
    for window in &report.windows[0] {
        println!("SEEN {window:?}");
    }
    let mut course = Course::new(limits(60, 6), 20);
    course.limits[0].strangers = Strangers::Steady(400);
    let report = Run::new(course.clone()).finish();
    for window in &report.windows[0] {
        println!("SEEN {window:?}");
    }
    let mut course = Course::new(limits(6000, 6), 600);
    course.limits[0].opening = Opening::Aligned;
    let report = Run::new(course.clone()).finish();
    for window in &report.windows[0] {
        println!("SEEN {window:?}");
    }
}
