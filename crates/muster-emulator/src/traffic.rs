//! Who may pass, and what has passed: requests at once, rate limits, counters and the last requests.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::{
    bucket::Bucket,
    rate::{Principal, RateView, Rates},
    record::{KeptRequest, LoggedRequest, Records},
    settings::OrgSettings,
    stats::{RequestStats, Stats},
    witness::Witness,
};

/// The state of the traffic.
#[derive(Debug)]
pub(crate) struct Traffic {
    rates: Rates,
    /// How many requests one token may have running at once; the org may have twice as many.
    concurrency: u32,
    in_flight: HashMap<Principal, u32>,
    in_flight_total: u32,
    peak_in_flight: u32,
    requests: RequestStats,
    quota_429: u64,
    concurrency_429: u64,
    records: Records,
    pub witness: Witness,
}

/// Why a request may not pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Too many are running.
    Concurrency,
    /// The quota of the window is used up.
    Quota(RateView),
}

impl Traffic {
    /// The traffic of an org that nobody has called yet.
    pub fn new(settings: &OrgSettings) -> Self {
        Self {
            rates: Rates::new(settings.plan, &settings.limits),
            concurrency: settings.concurrency.unwrap_or_else(|| settings.plan.concurrency() / 2),
            in_flight: HashMap::new(),
            in_flight_total: 0,
            peak_in_flight: 0,
            requests: RequestStats::default(),
            quota_429: 0,
            concurrency_429: 0,
            records: Records::default(),
            witness: Witness::default(),
        }
    }

    /// Lets a request pass, or not. One that passes must be told of when it is done.
    pub fn enter(&mut self, bucket: Bucket, principal: Principal, now: Timestamp) -> Result<RateView, Stop> {
        if self.is_full(principal) {
            self.concurrency_429 += 1;
            return Err(Stop::Concurrency);
        }
        match self.rates.take(bucket, principal, now) {
            Ok(view) => {
                self.witness.request(bucket, &view, true);
                *self.in_flight.entry(principal).or_default() += 1;
                self.in_flight_total += 1;
                self.peak_in_flight = self.peak_in_flight.max(self.in_flight_total);
                Ok(view)
            }
            Err(view) => {
                self.witness.request(bucket, &view, false);
                self.quota_429 += 1;
                Err(Stop::Quota(view))
            }
        }
    }

    /// A request is done.
    pub fn leave(&mut self, principal: Principal) {
        self.in_flight_total = self.in_flight_total.saturating_sub(1);
        if let Some(running) = self.in_flight.get_mut(&principal) {
            *running = running.saturating_sub(1);
        }
    }

    /// The numbers for an answer to somebody who was not let in.
    pub fn look(&self, bucket: Bucket, now: Timestamp) -> RateView {
        self.rates.look(bucket, now)
    }

    /// Counts and keeps an answered request.
    pub fn record(&mut self, request: KeptRequest) {
        self.requests.total += 1;
        *self.requests.by_status.entry(request.status.as_u16()).or_default() += 1;
        self.records.push(request);
    }

    /// The last requests.
    pub fn last(&self, limit: usize) -> Vec<LoggedRequest> {
        self.records.last(limit)
    }

    /// Fills in the numbers of the traffic.
    pub fn fill(&self, stats: &mut Stats) {
        stats.requests = self.requests.clone();
        stats.quota_429 = self.quota_429;
        stats.concurrency_429 = self.concurrency_429;
        stats.peak_in_flight = self.peak_in_flight;
        stats.writes = self.witness.len();
    }

    fn is_full(&self, principal: Principal) -> bool {
        let running = self.in_flight.get(&principal).copied().unwrap_or_default();
        let whole = self.concurrency.saturating_mul(2);
        let own = if principal == Principal::Anyone { whole } else { self.concurrency };
        running >= own || self.in_flight_total >= whole
    }
}
