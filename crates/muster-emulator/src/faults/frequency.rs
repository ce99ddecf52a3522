//! How often a fault strikes.

/// How often a fault strikes. Requests are counted by operation from the moment at which the fault was planned, so
/// that the order of requests of other operations changes nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Frequency {
    /// This share of the requests, from 0 to 1: `2%`, `0.02`, or `all`.
    Share(f64),
    /// Every so manieth request of an operation: `1/100`.
    Every(u64),
    /// The first so many requests of each operation: `first:3`.
    First(u64),
    /// Every request from this one on, counted over all of its operations: `from:100`.
    From(u64),
}

impl Frequency {
    /// Whether it strikes the n-th request (from 1) of its operation; `total` is its number among all, `draw` a
    /// number from 0 to 1.
    pub(crate) fn strikes(self, number: u64, total: u64, draw: f64) -> bool {
        match self {
            Self::Share(share) => draw < share,
            Self::Every(every) => number.is_multiple_of(every),
            Self::First(first) => number <= first,
            Self::From(from) => total >= from,
        }
    }
}
