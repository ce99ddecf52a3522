//! The queue before the workers, by itself: days of overload in a moment, the time being an argument.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use muster_server::hook::pool::{Estimate, Queue};

const DEADLINE: Duration = Duration::from_millis(2_500);

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Calls of some cost that come at a pace, and what became of them.
#[derive(Default)]
struct Came {
    calls: u32,
    answered: u32,
    late: u32,
    longest_wait: Duration,
}

/// Runs workers for a minute against calls that come every so often, by cost in milliseconds.
fn a_minute(workers: usize, comes_every: &[(u64, Duration)]) -> BTreeMap<u64, Came> {
    let start = Instant::now();
    let mut came: BTreeMap<u64, Came> = BTreeMap::new();
    let mut queue: Queue<(u64, Instant)> = Queue::new(workers, 4096);
    let mut next: Vec<(Instant, u64, Duration)> =
        comes_every.iter().map(|(cost, every)| (start, *cost, *every)).collect();
    let mut busy: Vec<Option<(Instant, usize, u64, Instant)>> = vec![None; workers];
    let mut now = start;
    while now < start + ms(60_000) {
        for (worker, slot) in busy.iter_mut().enumerate() {
            if let Some((_, lane, cost, arrived)) = slot.take_if(|(until, ..)| *until <= now) {
                queue.done(worker, lane, ms(cost));
                let came = came.entry(cost).or_default();
                came.answered += 1;
                came.late += u32::from(now > arrived + DEADLINE);
                came.longest_wait = came.longest_wait.max(now - arrived);
            }
        }
        for (at, cost, every) in &mut next {
            while *at <= now {
                came.entry(*cost).or_default().calls += 1;
                let _ = queue.enter((*cost, *at), Estimate::exactly(ms(*cost)), now, *at + DEADLINE);
                *at += *every;
            }
        }
        for (worker, slot) in busy.iter_mut().enumerate().filter(|(_, slot)| slot.is_none()) {
            if let Some(taken) = queue.take(worker, now) {
                let (cost, arrived) = taken.job;
                *slot = Some((now + ms(cost), taken.lane(), cost, arrived));
            }
        }
        now += ms(1);
    }
    came
}

#[test]
fn at_five_times_the_load_the_workers_are_busy_and_nobody_is_late() {
    // Two workers at 300 ms verify 400 in a minute; 2000 come.
    let came = a_minute(2, &[(300, ms(30))]);
    let came = &came[&300];
    assert_eq!((came.calls, came.late), (2000, 0));
    assert!(came.answered >= 390, "{} of 400", came.answered);
}

#[test]
fn a_load_that_can_be_borne_is_borne_whole() {
    let came = a_minute(2, &[(300, ms(160))]);
    let came = &came[&300];
    assert!(came.late == 0 && came.calls - came.answered <= 3, "{} of {}", came.answered, came.calls);
}

#[test]
fn cheap_ones_do_not_stand_behind_a_crowd_of_dear_ones_nor_the_other_way_round() {
    let came = a_minute(2, &[(300, ms(30)), (1, ms(10))]);
    let (cheap, dear) = (&came[&1], &came[&300]);
    assert_eq!((cheap.late, dear.late), (0, 0));
    assert!(cheap.calls - cheap.answered < 300, "{} of {}", cheap.answered, cheap.calls);
    assert!(cheap.longest_wait < ms(1_000), "{:?}", cheap.longest_wait);
    assert!(dear.answered > 300, "{}", dear.answered);
    // More of the cheap ones than the machine can bear: the others still have half of it.
    let came = a_minute(1, &[(300, ms(100)), (2, ms(1))]);
    assert!(came[&300].answered >= 80, "{}", came[&300].answered);
    assert!(came[&2].answered >= 10_000, "{}", came[&2].answered);
}

#[test]
fn what_can_not_be_done_in_time_is_not_let_in_and_what_is_late_is_thrown_out() {
    struct Job<'a>(&'a Cell<u32>);
    impl Drop for Job<'_> {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
        }
    }
    let (now, dropped) = (Instant::now(), Cell::new(0));
    let mut queue = Queue::new(1, 3);
    let enter = |queue: &mut Queue<_>, cost, left| {
        queue.enter(Job(&dropped), Estimate::exactly(ms(cost)), now, now + ms(left)).is_ok()
    };
    assert!(!enter(&mut queue, 300, 299), "it takes longer than that");
    assert!(enter(&mut queue, 300, 1_000));
    assert!(!enter(&mut queue, 300, 500), "behind the first there is no time");
    assert!(enter(&mut queue, 300, 1_000));
    assert!(enter(&mut queue, 300, 2_500));
    assert!(!enter(&mut queue, 300, 2_500), "the queue is full");
    let before = dropped.get();
    assert!(queue.take(0, now + ms(1_000)).is_some());
    assert_eq!((dropped.get() - before, queue.waiting()), (3, 0), "two were late, one was taken and let go");
    assert!(queue.take(0, now + ms(1_000)).is_none());
}
