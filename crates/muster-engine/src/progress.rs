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
}
