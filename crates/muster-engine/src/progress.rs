//! What someone who watches a run wants to know; made for showing, decides nothing.

use std::time::Duration;

use muster_core::outcome::Tally;

/// What the run is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// The source is being read.
    #[default]
    Reading,
    /// Users are being created.
    Running,
    /// The window's budget is spent; it goes on in so long.
    WaitingForBudget(Duration),
    /// The org does not answer, or answers that it can't; with its words.
    OrgAway(String),
    /// No new requests; those under way are awaited.
    Draining,
}

/// The state of a run at one moment.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// What it is doing.
    pub phase: Phase,
    /// Rows in the source, as far as they are known.
    pub rows: u64,
    /// What became of them.
    pub tally: Tally,
    /// Requests under way.
    pub in_flight: usize,
    /// Creates per second that the budget allows, once the org has told its limit.
    pub allowed_per_second: Option<f64>,
}

impl Snapshot {
    /// How long the open rows will take at this rate, and no faster than the budget allows.
    pub fn time_left(&self, rate: f64) -> Option<Duration> {
        let rate = self.allowed_per_second.map_or(rate, |allowed| rate.min(allowed));
        let waiting = if let Phase::WaitingForBudget(left) = self.phase { left } else { Duration::ZERO };
        #[expect(clippy::cast_precision_loss, reason = "a number for people")]
        let seconds = self.tally.open() as f64 / rate;
        // A rate near nothing is no prophecy.
        Duration::try_from_secs_f64(seconds)
            .ok()
            .filter(|_| rate > 0.01 && self.tally.open() > 0)
            .map(|left| left + waiting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_goes_by_the_budget_not_by_a_burst() {
        let mut snapshot =
            Snapshot { tally: Tally::of_rows(600), allowed_per_second: Some(5.0), ..Snapshot::default() };
        assert_eq!(snapshot.time_left(250.0), Some(Duration::from_mins(2)));
        assert_eq!(snapshot.time_left(2.0), Some(Duration::from_mins(5)));
        assert_eq!(snapshot.time_left(0.0), None);
        snapshot.phase = Phase::WaitingForBudget(Duration::from_secs(30));
        assert_eq!(snapshot.time_left(250.0), Some(Duration::from_secs(150)));
    }
}
