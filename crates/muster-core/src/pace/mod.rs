//! The arithmetic of the rate budget: when the next request of a kind may leave.
//!
//! Pure: the time since the start of the run and the readings of the answers' headers are arguments. Buckets are
//! learned from headers, by endpoint, and never hard-coded (API.md §3.3). Knows nothing of rows, calls and retries.
//!
//! Of every window, `floor(share × limit)` less the reserve may be used. The share is of what the token may use: what
//! others take of a bucket is taken from ours, so that `limit − floor(share × limit)` always stays for them.

mod bucket;
mod departures;
mod in_flight;
mod jitter;
mod latency;
mod length;
mod others;
mod pacer;
mod schedule;
mod sharing;
mod time;
mod window;

use std::time::Duration;

pub use pacer::Pacer;

/// The rate headers of one answer (API.md §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Requests per window.
    pub limit: u64,
    /// Requests left in this window.
    pub remaining: u64,
    /// Until the window ends: `X-Rate-Limit-Reset` less `Date`, both of the same answer.
    pub resets_in: Duration,
    /// `X-Rate-Limit-Reset` itself, in seconds of the org's clock. It names the window.
    pub resets_at: i64,
    /// The `Date` header, in seconds of the org's clock.
    pub date: Option<i64>,
}

/// Whether a request may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Now.
    Now,
    /// Not before this time.
    At(Duration),
    /// When another one has come back.
    WhenOneReturns,
}

/// How much of what the org allows may be spent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PaceSettings {
    /// The part of every limit, from 0 to 1.
    pub share: f64,
    /// Requests per window and bucket that are never touched, on top of what the share leaves.
    pub reserve: u64,
    /// The most requests under way that the operator allows; found out where there is none.
    pub max_in_flight: Option<u32>,
}

impl PaceSettings {
    /// What may be spent of a limit. One request is always allowed: a run that may do nothing would never end.
    fn allowed(&self, limit: u64) -> u64 {
        // A share such as 0.29 of 100 is 29, though the product of the two as fractions is a hair below.
        let part = time::whole(time::number(limit) * self.share.clamp(0.0, 1.0) + 1e-9);
        part.min(limit).saturating_sub(self.reserve).max(1)
    }
}

/// What is known of a bucket's window, for people and for the summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetView {
    /// Requests per window, as the headers tell.
    pub limit: u64,
    /// What may be spent of it.
    pub allowed: u64,
    /// What was spent by us in this window, with what is on its way.
    pub ours: u64,
    /// What others are seen to have spent in this window.
    pub others: u64,
    /// Until the window ends, or nothing goes any more.
    pub ends_in: Duration,
}
