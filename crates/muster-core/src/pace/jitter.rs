//! How much the way to the org varies, which is how exactly the end of a window can be known.

use super::time::Seconds;

#[derive(Debug, Default)]
pub(super) struct Jitter {
    mean: Option<Seconds>,
    deviation: Seconds,
    /// By how much a request was last seen to come too early.
    surprise: Seconds,
}

impl Jitter {
    /// The way there and back took so long.
    pub fn note(&mut self, round_trip: Seconds) {
        const WEIGHT: f64 = 1.0 / 16.0;
        let mean = self.mean.get_or_insert(round_trip);
        let off = (round_trip - *mean).abs();
        *mean += (round_trip - *mean) * WEIGHT;
        self.deviation += (off - self.deviation) * WEIGHT;
    }

    /// A window had not ended when it was thought to, by this much.
    pub fn surprised(&mut self, by: Seconds) {
        self.surprise = self.surprise.max(by).min(0.5);
    }

    /// A window has passed; what surprised is forgotten slowly.
    pub fn settle(&mut self) {
        self.surprise *= 0.8;
    }

    /// The most that two requests are likely to differ on their way. Two and a half mean deviations cover all of an
    /// evenly scattered latency even if all of it is on the way there.
    pub fn spread(&self) -> Seconds {
        (self.deviation * 2.5).max(self.surprise) + 0.001
    }
}
