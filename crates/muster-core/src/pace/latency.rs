//! How long a kind of request takes, and whether the org is getting slow under them.

use super::time::Seconds;

/// The lowest is of the last one to two of these, so that an org that has become slower for good isn't taken for
/// one that is pressed.
const EPOCH: Seconds = 60.0;

#[derive(Debug, Default)]
pub(super) struct Latency {
    smooth: Option<Seconds>,
    lowest: Option<Seconds>,
    lowest_before: Option<Seconds>,
    epoch_began: Seconds,
}

impl Latency {
    pub fn note(&mut self, latency: Seconds, now: Seconds) {
        const WEIGHT: f64 = 0.1;
        if now - self.epoch_began > EPOCH {
            (self.lowest_before, self.lowest, self.epoch_began) = (self.lowest, None, now);
        }
        let smooth = self.smooth.get_or_insert(latency);
        *smooth += (latency - *smooth) * WEIGHT;
        self.lowest = Some(self.lowest.map_or(latency, |lowest| lowest.min(latency)));
    }

    pub fn smooth(&self) -> Seconds {
        self.smooth.unwrap_or_default()
    }

    pub fn lowest(&self) -> Seconds {
        let lowest = self.lowest.unwrap_or(Seconds::INFINITY);
        let lowest = lowest.min(self.lowest_before.unwrap_or(Seconds::INFINITY));
        if lowest.is_finite() { lowest } else { 0.0 }
    }

    /// What is still the org's own slowness, and not ours to answer for.
    pub fn tolerated(&self) -> Seconds {
        2.0 * self.lowest() + 0.005
    }

    pub fn is_strained(&self) -> bool {
        self.smooth() > self.tolerated()
    }
}
