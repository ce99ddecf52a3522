//! When our requests left: how many before a given moment.
//!
//! Holds the last few thousand moments, which is more than can be under way, and never grows beyond.

use std::collections::VecDeque;

use super::time::{INSTANT, Seconds};

/// Moments that are nearer to each other are one. With the number of slots this covers a second at any rate, and
/// more than four at a thousand requests a second.
const SLOT: Seconds = 0.000_25;
const SLOTS: usize = 4096;

#[derive(Debug, Default)]
pub(super) struct Departures {
    /// The first moment of a slot, and how many had left by its end.
    slots: VecDeque<(Seconds, u64)>,
    /// How many had left before the first slot.
    before: u64,
    total: u64,
}

impl Departures {
    pub fn total(&self) -> u64 {
        self.total
    }

    /// One left. Time does not run backwards; where it seems to, it stands still.
    pub fn push(&mut self, now: Seconds) {
        self.total += 1;
        match self.slots.back_mut() {
            Some((at, count)) if now < *at + SLOT => *count = self.total,
            _ => {
                self.make_room();
                self.slots.push_back((now, self.total));
            }
        }
    }

    fn make_room(&mut self) {
        if self.slots.len() == SLOTS
            && let Some((_, count)) = self.slots.pop_front()
        {
            self.before = count;
        }
    }

    /// How many left before this moment.
    pub fn before(&self, moment: Seconds) -> u64 {
        self.count(self.slots.partition_point(|(at, _)| *at < moment - INSTANT))
    }

    /// How many had left at this moment, those of the moment with them.
    pub fn until(&self, moment: Seconds) -> u64 {
        self.count(self.slots.partition_point(|(at, _)| *at <= moment + INSTANT))
    }

    fn count(&self, slots: usize) -> u64 {
        let last = slots.checked_sub(1).and_then(|last| self.slots.get(last));
        last.map_or(self.before, |(_, count)| *count)
    }

    /// The departures of two counters that turned out to be one.
    pub fn joined(&self, other: &Self) -> Self {
        let mut moments: Vec<_> = self.slots.iter().chain(&other.slots).map(|(at, _)| *at).collect();
        moments.sort_by(Seconds::total_cmp);
        moments.dedup();
        moments.drain(..moments.len().saturating_sub(SLOTS));
        let first = moments.first().copied().unwrap_or_default();
        let slots = moments.iter().map(|at| (*at, self.until(*at) + other.until(*at))).collect();
        Self { slots, before: self.before(first) + other.before(first), total: self.total + other.total }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_of_a_moment_are_counted_with_it() {
        let mut departures = Departures::default();
        for at in [1.0, 1.0, 2.0, 3.0] {
            departures.push(at);
        }
        assert_eq!([0.5, 1.0, 2.0, 9.0].map(|at| departures.until(at)), [0, 2, 3, 4]);
        assert_eq!([0.5, 1.0, 2.0, 9.0].map(|at| departures.before(at)), [0, 0, 2, 4]);
    }

    #[test]
    fn what_is_forgotten_is_still_counted() {
        let mut departures = Departures::default();
        for at in 0..5000u32 {
            departures.push(f64::from(at));
        }
        assert_eq!(
            (departures.total(), departures.before(4999.0), departures.before(0.0)),
            (5000, 4999, 904)
        );
        assert!(departures.slots.len() <= SLOTS);
    }

    #[test]
    fn two_that_are_one_count_together() {
        let (mut left, mut right) = (Departures::default(), Departures::default());
        left.push(1.0);
        left.push(3.0);
        right.push(2.0);
        right.push(3.0);
        let both = left.joined(&right);
        assert_eq!([0.0, 1.0, 2.0, 3.0].map(|at| both.until(at)), [0, 1, 2, 4]);
    }
}
