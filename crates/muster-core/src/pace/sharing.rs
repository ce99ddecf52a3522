//! Which kinds of requests draw on one counter, as their readings prove (API.md §3.3).
//!
//! One counter never shows the same number twice: what a later request of either kind shows is higher than what an
//! earlier one showed, by all that left between them. Two counters can keep that up in one direction, the fuller
//! after the emptier, but not in both by turns, unless strangers spend on both in our very rhythm.

use super::bucket::{Bucket, Told};
use super::time::{INSTANT, Seconds};

/// So many turns in each direction are a proof.
const ENOUGH: u32 = 8;

/// What speaks for two buckets being one, in one direction.
#[derive(Clone, Copy, Debug, Default)]
struct Evidence {
    turns: u32,
    /// The reading of the other that was last compared with.
    compared: Seconds,
}

#[derive(Debug, Default)]
pub(super) struct Sharing {
    /// By the later one and the earlier one.
    evidence: Vec<Vec<Evidence>>,
    /// No comparison before this time: a few hundred a second are enough.
    rest_until: Seconds,
}

impl Sharing {
    pub fn add_bucket(&mut self) {
        for row in &mut self.evidence {
            row.push(Evidence::default());
        }
        let all = self.evidence.len() + 1;
        self.evidence.push(vec![Evidence::default(); all]);
    }

    /// A bucket that is proved to be the same as this one by what this one was told last.
    pub fn compare(&mut self, buckets: &[Bucket], this: usize, now: Seconds) -> Option<usize> {
        if now < self.rest_until {
            return None;
        }
        self.rest_until = now + 0.000_5;
        let told = buckets.get(this)?.told?;
        (0..buckets.len())
            .filter(|that| *that != this)
            .find(|that| self.weigh(buckets, told, this, *that).is_some_and(|is_one| is_one))
    }

    fn weigh(&mut self, buckets: &[Bucket], told: Told, this: usize, that: usize) -> Option<bool> {
        let (here, there) = (buckets.get(this)?, buckets.get(that)?);
        let earlier = there
            .told
            .filter(|earlier| told.limit == earlier.limit && told.resets_at == earlier.resets_at)?;
        let apart = here.jitter.spread().min(there.jitter.spread()) - 0.001;
        if told.sent_at <= earlier.sent_at + apart + INSTANT {
            return None;
        }
        let sent = |bucket: &Bucket| {
            let until = bucket.departures.until(told.sent_at);
            until.saturating_sub(bucket.departures.until(earlier.sent_at))
        };
        if told.used < earlier.used + sent(here) + sent(there) {
            self.forget(this, that);
            return None;
        }
        let evidence = self.evidence.get_mut(this)?.get_mut(that)?;
        if earlier.sent_at > evidence.compared {
            (evidence.turns, evidence.compared) = (evidence.turns + 1, earlier.sent_at);
        }
        let enough = evidence.turns >= ENOUGH;
        let back = self.evidence.get(that)?.get(this)?;
        Some(enough && back.turns >= ENOUGH)
    }

    pub fn forget(&mut self, this: usize, that: usize) {
        for (later, earlier) in [(this, that), (that, this)] {
            if let Some(evidence) = self.evidence.get_mut(later).and_then(|row| row.get_mut(earlier)) {
                evidence.turns = 0;
            }
        }
    }
}
