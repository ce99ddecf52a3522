//! What went on in a world, in numbers.

use std::ops::AddAssign;

/// Counts of one world, or of many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Worlds.
    pub worlds: u64,
    /// Rows.
    pub rows: u64,
    /// Requests of ours.
    pub requests: u64,
    /// Processes.
    pub processes: u64,
    /// Processes that died.
    pub crashes: u64,
    /// Requests that something happened to.
    pub faults: u64,
    /// Things that others did.
    pub meddlings: u64,
    /// Seconds that passed there.
    pub seconds: u64,
}

impl AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        self.worlds += other.worlds;
        self.rows += other.rows;
        self.requests += other.requests;
        self.processes += other.processes;
        self.crashes += other.crashes;
        self.faults += other.faults;
        self.meddlings += other.meddlings;
        self.seconds += other.seconds;
    }
}

impl std::fmt::Display for Figures {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { worlds, rows, requests, processes, crashes, faults, meddlings, seconds } = self;
        write!(
            out,
            "{worlds} worlds: {rows} rows, {requests} requests, {processes} processes, {crashes} crashes, \
             {faults} faults, {meddlings} meddlings, {} simulated hours",
            seconds / 3600
        )
    }
}
