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
    /// The org does not answer, or answers that it can't: the run pauses.
    OrgAway(Outage),
    /// Rows are loaded into an import session, in so many requests.
    Loading {
        /// The session's number in the run.
        session: u32,
        /// The request that is made.
        request: usize,
        /// All of them.
        of: usize,
    },
    /// Okta processes this session, and others after it.
    Importing {
        /// The session's number in the run.
        session: u32,
        /// Sessions that are not through, this one included.
        waiting: usize,
    },
    /// What became of the people of this session is found out.
    Settling {
        /// The session's number in the run.
        session: u32,
    },
    /// The org wants some time between two sessions; it goes on in so long at the latest.
    WaitingForSession(Duration),
    /// A session that is not of this run is active, and the org lets nobody begin another one beside it.
    WaitingForOther {
        /// Its id.
        session: String,
        /// How long it is waited for yet.
        left: Duration,
    },
    /// No new requests; those under way are awaited.
    Draining,
}

/// An org that is waited for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outage {
    /// Its last words, or what happened in place of an answer.
    pub words: String,
    /// For how long it has been away.
    pub lasts: Duration,
    /// When the run stops waiting.
    pub patience_left: Duration,
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
    /// What a window allows, once the org has told it.
    pub window: Option<Window>,
}

/// What a window allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Creates, by the share of the limit.
    pub creates: u64,
    /// Its length.
    pub length: Duration,
}

impl Snapshot {
    /// How long the open rows will take, at this rate; but no faster than the budget allows, which is spent evenly.
    /// Nobody knows while the org is away.
    pub fn time_left(&self, rate: f64) -> Option<Duration> {
        let open = self.tally.open();
        if open == 0 || matches!(self.phase, Phase::OrgAway(_)) {
            return None;
        }
        let waiting = if let Phase::WaitingForBudget(left) = self.phase { left } else { Duration::ZERO };
        #[expect(clippy::cast_precision_loss, reason = "a number for people")]
        let budget = self.window.map(|window| window.creates as f64 / window.length.as_secs_f64().max(1.0));
        // Early on, the rate is that of the beginning: a budget that is nearly reached will be.
        let rate = match budget {
            Some(budget) if rate > budget * 0.5 => budget,
            _ => rate,
        };
        #[expect(clippy::cast_precision_loss, reason = "a number for people")]
        let left = Duration::try_from_secs_f64(open as f64 / rate).ok().filter(|_| rate > 0.01);
        Some(waiting + left?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_goes_by_the_budget_not_by_a_burst() {
        let window = Some(Window { creates: 270, length: Duration::from_mins(1) });
        let mut snapshot = Snapshot { tally: Tally::of_rows(540), window, ..Snapshot::default() };
        assert_eq!(snapshot.time_left(250.0), Some(Duration::from_mins(2)));
        assert_eq!(snapshot.time_left(3.0), Some(Duration::from_mins(2)), "it is still on its way up");
        assert_eq!(snapshot.time_left(1.0), Some(Duration::from_mins(9)), "something else is in the way");
        snapshot.phase = Phase::WaitingForBudget(Duration::from_secs(30));
        assert_eq!(snapshot.time_left(250.0), Some(Duration::from_secs(150)));
        snapshot.phase = Phase::OrgAway(Outage::default());
        assert_eq!(snapshot.time_left(250.0), None);
    }

    #[test]
    fn without_a_limit_the_time_left_goes_by_the_rate() {
        let snapshot = Snapshot { tally: Tally::of_rows(600), ..Snapshot::default() };
        assert_eq!(snapshot.time_left(2.0), Some(Duration::from_mins(5)));
        assert_eq!(snapshot.time_left(0.0), None);
    }
}
