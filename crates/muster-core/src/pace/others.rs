//! The traffic of others in a bucket: what the org counted and we did not send, and what will come of it.

use super::time::{Seconds, number};

#[derive(Debug, Default)]
pub(super) struct Others {
    /// What they have spent of this window, as last seen.
    seen: u64,
    /// When the request left that saw it.
    seen_at: Seconds,
    /// What of that they had spent before we first looked.
    at_first: u64,
    joined_late: bool,
    /// How much of what is seen may be answers that overtook each other.
    noise: u64,
    /// Their requests per second in the window before.
    rate_before: Option<f64>,
}

impl Others {
    /// An answer to a request that left then tells of more than we sent. Answers overtake each other; the request
    /// that left last knows best.
    pub fn note(&mut self, used: u64, ours: u64, sent_at: Seconds, noise: u64) {
        if sent_at >= self.seen_at {
            (self.seen, self.seen_at, self.noise) = (used.saturating_sub(ours), sent_at, noise);
            if std::mem::take(&mut self.joined_late) {
                self.at_first = self.seen;
            }
        }
    }

    /// A window is looked at that others may have opened long ago.
    pub fn join_window(&mut self, begins: Seconds) {
        (self.seen, self.seen_at, self.at_first, self.joined_late) = (0, begins, 0, true);
    }

    /// What they spent while we looked, for sure.
    fn since_first(&self) -> f64 {
        number(self.seen.saturating_sub(self.at_first).saturating_sub(self.noise))
    }

    /// A new window begins; the last one had lasted so long.
    pub fn next_window(&mut self, lasted: Seconds, begins: Seconds) {
        if lasted > 0.5 {
            self.rate_before = Some(self.since_first() / lasted);
        }
        (self.seen, self.seen_at, self.at_first, self.joined_late) = (0, begins, 0, false);
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
            Some(before) => (self.since_first() + before * prior) / (lasted + prior),
            None if lasted > 0.0 => self.since_first() / lasted.max(prior),
            None => 0.0,
        }
    }

    /// What they will have spent at this time and no answer has told of yet.
    pub fn expected(&self, until: Seconds, begins: Seconds, length: Seconds) -> f64 {
        self.rate(begins, length) * (until - self.seen_at).max(0.0)
    }
}
