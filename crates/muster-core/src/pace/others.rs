//! The traffic of others in a bucket: what the org counted and we did not send, and what will come of it.

use super::time::{Seconds, number};

#[derive(Debug, Default)]
pub(super) struct Others {
    /// What they have spent of this window, as last seen.
    seen: u64,
    /// When the request left that saw it.
    seen_at: Seconds,
    /// Their requests per second in the window before.
    rate_before: Option<f64>,
}

impl Others {
    /// An answer to a request that left then tells of more than we sent. Answers overtake each other; the request
    /// that left last knows best.
    pub fn note(&mut self, used: u64, ours: u64, sent_at: Seconds) {
        if sent_at >= self.seen_at {
            (self.seen, self.seen_at) = (used.saturating_sub(ours), sent_at);
        }
    }

    /// A new window begins; the last one had lasted so long.
    pub fn next_window(&mut self, lasted: Seconds, begins: Seconds) {
        if lasted > 0.5 {
            self.rate_before = Some(number(self.seen) / lasted);
        }
        (self.seen, self.seen_at) = (0, begins);
    }

    pub fn seen(&self) -> u64 {
        self.seen
    }

    /// What turned out to be our own.
    pub fn less(&mut self, ours: u64) {
        self.seen = self.seen.saturating_sub(ours);
        self.rate_before = None;
    }

    /// Their requests per second: what this window shows, steadied by the last one.
    pub fn rate(&self, begins: Seconds, length: Seconds) -> f64 {
        let lasted = (self.seen_at - begins).max(0.0);
        let prior = length / 8.0;
        match self.rate_before {
            Some(before) => (number(self.seen) + before * prior) / (lasted + prior),
            None if lasted > 0.0 => number(self.seen) / lasted.max(prior),
            None => 0.0,
        }
    }

    /// What they will have spent at this time and no answer has told of yet.
    pub fn expected(&self, until: Seconds, begins: Seconds, length: Seconds) -> f64 {
        self.rate(begins, length) * (until - self.seen_at).max(0.0)
    }
}
