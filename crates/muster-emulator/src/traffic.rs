//! Who may pass, and what has passed: requests at once, rate limits, counters and the last requests.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use crate::{
    background::Background,
    bucket::Bucket,
    dice::Dice,
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
    background: Vec<Background>,
    /// How many requests one token may have running at once.
    concurrency: u32,
    /// How many the whole org may.
    concurrency_whole: u32,
    /// Until when nothing more is told of too many requests at once.
    concurrency_told: Option<Timestamp>,
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
    Concurrency {
        /// Whether it is the first time for a minute.
        first: bool,
    },
    /// The quota of the window is used up.
    Quota {
        view: RateView,
        /// Whether it is the first time in this window.
        first: bool,
    },
}

impl Traffic {
    /// The traffic of an org that nobody has called yet.
    pub fn new(settings: &OrgSettings, now: Timestamp) -> Self {
        let whole = settings.plan.concurrency();
        let mut traffic = Self {
            rates: Rates::new(settings.plan, &settings.limits),
            background: Vec::new(),
            concurrency: settings.concurrency.unwrap_or(whole / 2),
            concurrency_whole: settings.concurrency.map_or(whole, |own| own.saturating_mul(2)),
            concurrency_told: None,
            in_flight: HashMap::new(),
            in_flight_total: 0,
            peak_in_flight: 0,
            requests: RequestStats::default(),
            quota_429: 0,
            concurrency_429: 0,
            records: Records::default(),
            witness: Witness::default(),
        };
        traffic.set_background(&settings.background, Dice::new(settings.seed), now);
        traffic
    }

    /// The traffic of other clients, from now on.
    pub fn set_background(&mut self, background: &[Background], dice: Dice, now: Timestamp) {
        background.clone_into(&mut self.background);
        self.rates.set_background(background, dice, now);
    }

    /// The traffic of other clients.
    pub fn background(&self) -> &[Background] {
        &self.background
    }

    /// Lets a request pass, or not. One that passes must be told of when it is done.
    pub fn enter(&mut self, bucket: Bucket, principal: Principal, now: Timestamp) -> Result<RateView, Stop> {
        if self.is_full(principal) {
            self.concurrency_429 += 1;
            return Err(Stop::Concurrency { first: self.is_news(now) });
        }
        match self.rates.take(bucket, principal, now) {
            Ok(view) => {
                self.witness.request(bucket, &view, true);
                *self.in_flight.entry(principal).or_default() += 1;
                self.in_flight_total += 1;
                self.peak_in_flight = self.peak_in_flight.max(self.in_flight_total);
                Ok(view)
            }
            Err((view, first)) => {
                self.witness.request(bucket, &view, false);
                self.quota_429 += 1;
                Err(Stop::Quota { view, first })
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
        *self.requests.by_status.entry(request.status).or_default() += 1;
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

    /// Too many at once are told of once in 60 seconds.
    fn is_news(&mut self, now: Timestamp) -> bool {
        let news = self.concurrency_told.is_none_or(|until| now >= until);
        if news {
            self.concurrency_told = now.saturating_add(SignedDuration::from_secs(60)).ok();
        }
        news
    }

    fn is_full(&self, principal: Principal) -> bool {
        let running = self.in_flight.get(&principal).copied().unwrap_or_default();
        let whole = self.concurrency_whole;
        let own = if principal == Principal::Anyone { whole } else { self.concurrency };
        running >= own || self.in_flight_total >= whole
    }
}
