//! When the next request is due, so that a budget is spent evenly until the end of its window.

use super::time::{INSTANT, LATE, Seconds};

#[derive(Debug, Default)]
pub(super) struct Schedule {
    next: Seconds,
    interval: Seconds,
}

impl Schedule {
    pub fn is_due(&self, now: Seconds) -> bool {
        now + INSTANT >= self.next
    }

    pub fn next(&self) -> Seconds {
        self.next
    }

    /// The time between two requests, at present.
    pub fn interval(&self) -> Seconds {
        self.interval
    }

    /// One goes; `left` more may, until `ends`. A little lateness is made up at once, a longer one over the rest of
    /// the window.
    pub fn advance(&mut self, now: Seconds, left: f64, ends: Seconds, quickest: Seconds) {
        let from = self.next.max(now - LATE);
        self.interval = ((ends - from).max(0.0) / (left.max(0.0) + 1.0)).max(quickest);
        self.next = from + self.interval;
    }

    /// Nothing before this time.
    pub fn not_before(&mut self, time: Seconds) {
        self.next = self.next.max(time);
    }

    /// No later than this time.
    pub fn by(&mut self, time: Seconds) {
        self.next = self.next.min(time);
    }
}
