//! How many requests may be under way: as many as the budget needs at the org's latency, and fewer when the org says
//! that it is too many.

use super::latency::Latency;
use super::time::{Seconds, whole};

const FIRST: u32 = 8;
/// Where nothing else tells how many make sense.
pub(super) const UNBOUND: f64 = 32.0;
const MOST: u32 = 1024;

#[derive(Debug)]
pub(super) struct InFlight {
    now: u32,
    /// What was found to go well.
    proven: u32,
    operator: Option<u32>,
    /// What the org's size suggests (API.md §3.5).
    suggested: u32,
    /// What the budgets need.
    needed: u32,
    good: u32,
    peak: u32,
    last_cut: Option<Seconds>,
    /// So many were too many.
    wall: Option<Wall>,
}

#[derive(Clone, Copy, Debug)]
struct Wall {
    at: u32,
    /// It is not tried again before this time.
    until: Seconds,
    patience: Seconds,
}

impl InFlight {
    pub fn new(operator: Option<u32>) -> Self {
        let first = operator.map_or(FIRST, |most| most.clamp(1, FIRST));
        Self {
            now: 0,
            proven: first,
            operator,
            suggested: MOST,
            needed: FIRST,
            good: 0,
            peak: 0,
            last_cut: None,
            wall: None,
        }
    }

    pub fn now(&self) -> u32 {
        self.now
    }

    pub fn peak(&self) -> u32 {
        self.peak
    }

    fn ceiling(&self) -> u32 {
        self.operator.unwrap_or(self.suggested).max(1)
    }

    pub fn allowed(&self) -> u32 {
        self.proven.min(self.ceiling()).min(self.needed).max(1)
    }

    pub fn sent(&mut self) {
        self.now += 1;
        self.peak = self.peak.max(self.now);
    }

    pub fn returned(&mut self) {
        self.now = self.now.saturating_sub(1);
    }

    /// What the budgets need together; a few more are allowed, so that a slow answer delays no other.
    pub fn need(&mut self, requests: f64) {
        let needed = whole((requests * 1.5 + 4.0).min(f64::from(MOST)));
        self.needed = u32::try_from(needed).unwrap_or(MOST);
    }

    /// The org's size is told by its limits: so many requests a minute.
    pub fn suggest(&mut self, per_minute: f64) {
        let suggested = whole((per_minute / 8.0).clamp(16.0, f64::from(MOST)));
        self.suggested = u32::try_from(suggested).unwrap_or(MOST);
    }

    /// A good answer: twice as many per round trip until the need is met, or one more per round once the org has
    /// said that it was too many. Where the latency has risen, more requests would only wait for each other.
    pub fn went_well(&mut self, latency: &Latency, rate: f64, now: Seconds) {
        // A budget may well need more than a nimble org's best latency would tell.
        let enough = rate * (latency.tolerated() * 2.0 + 0.04) * 1.5;
        let strained = latency.is_strained() && f64::from(self.proven) >= enough;
        let used = self.now.saturating_add(1).saturating_mul(2) >= self.proven;
        if strained || !used || self.proven >= self.ceiling().min(self.needed) {
            return;
        }
        self.good += 1;
        let steps = if self.wall.is_none() { 1 } else { self.proven };
        if self.good >= steps && !self.is_at_wall(now) {
            (self.proven, self.good) = (self.proven + 1, 0);
        }
    }

    fn is_at_wall(&self, now: Seconds) -> bool {
        self.wall.is_some_and(|wall| self.proven + 1 >= wall.at && now < wall.until)
    }

    /// Too many at the same time: a quarter less from now on. Half of what an org bears may be too little to spend
    /// the budget, and it says at once when it is still too many. Answers to requests that were sent before the last
    /// cut say nothing new.
    pub fn too_many(&mut self, sent_at: Seconds, now: Seconds) {
        if self.last_cut.is_some_and(|cut| sent_at < cut) {
            return;
        }
        let before = self.allowed();
        // The same wall again is believed for longer.
        let patience = self.wall.map_or(30.0, |wall| (wall.patience * 2.0).min(600.0));
        self.wall = Some(Wall { at: before, until: now + patience, patience });
        (self.proven, self.good, self.last_cut) = ((before - before.div_ceil(4)).max(1), 0, Some(now));
    }
}

/// How many are under way at this rate and latency, by Little's law.
pub(super) fn under_way(rate: f64, latency: Seconds) -> f64 {
    rate * latency
}
