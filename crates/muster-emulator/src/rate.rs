//! Rate limits: a window per bucket that opens with its first request, the org's quota, and each token's share.
//!
//! A window ends on a whole second, which is what its reset says: who waits until then has waited long enough.

use std::{collections::HashMap, fmt};

use jiff::Timestamp;

use crate::{
    background::{Arrivals, Background},
    bucket::Bucket,
    dice::Dice,
    limit::{Allowance, LimitOverride},
    plan::OrgPlan,
};

/// Who makes a request: an API token or a service app by its place in the settings, or nobody in particular.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Principal {
    Token(usize),
    App(usize),
    Anyone,
}

impl fmt::Display for Principal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(place) => write!(out, "token {}", place.saturating_add(1)),
            Self::App(place) => write!(out, "app {}", place.saturating_add(1)),
            Self::Anyone => out.write_str("anyone"),
        }
    }
}

/// The three numbers that every answer shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RateView {
    pub limit: u32,
    pub remaining: u32,
    pub reset: i64,
}

const NANOSECONDS: i128 = 1_000_000_000;

/// What is shown where there is no limit.
const UNLIMITED: u32 = 1_000_000;

/// The limits of an org, and how much of them is used.
#[derive(Debug)]
pub(crate) struct Rates {
    windows: HashMap<Bucket, Window>,
}

#[derive(Debug)]
struct Window {
    /// What the whole org may do; none if there is no limit.
    quota: Option<u32>,
    /// What one principal may do of it.
    share: u32,
    seconds: i64,
    /// When the window ends, in seconds. A window that has ended is not open.
    ends: i64,
    used: u32,
    used_by: HashMap<Principal, u32>,
    /// The traffic of others.
    others: Vec<Arrivals>,
    /// Whether somebody has been refused in this window.
    violated: bool,
}

impl Rates {
    /// The limits of a plan, with what takes their place.
    pub fn new(plan: OrgPlan, overrides: &[LimitOverride]) -> Self {
        let window = |bucket| {
            let given = overrides.iter().rev().find(|limit| limit.bucket.is_none_or(|given| given == bucket));
            let given = given.map(|limit| limit.allowance);
            (bucket, Window::new(given.unwrap_or_else(|| planned(plan, bucket)), bucket))
        };
        Self { windows: Bucket::ALL.into_iter().map(window).collect() }
    }

    /// Sets the traffic of others, from now on.
    pub fn set_background(&mut self, background: &[Background], dice: Dice, now: Timestamp) {
        for (bucket, window) in &mut self.windows {
            let here = background.iter().filter(|traffic| traffic.bucket == *bucket);
            window.others = here.map(|traffic| Arrivals::new(traffic, dice, now)).collect();
        }
    }

    /// Counts a request, or refuses it; then it is not counted, and the second is true if it is the first one that
    /// is refused in its window.
    pub fn take(
        &mut self,
        bucket: Bucket,
        principal: Principal,
        now: Timestamp,
    ) -> Result<RateView, (RateView, bool)> {
        let Some(window) = self.windows.get_mut(&bucket) else { return Ok(RateView::unlimited(now)) };
        window.take(principal, now)
    }

    /// The numbers for an answer that counts against nobody.
    pub fn look(&self, bucket: Bucket, now: Timestamp) -> RateView {
        let Some(window) = self.windows.get(&bucket) else { return RateView::unlimited(now) };
        RateView { limit: window.share, remaining: window.share, reset: now.as_second() + window.seconds }
    }
}

/// The plan's quota is the org's; a token gets half of it. Sign-ins have no token, and all of it.
fn planned(plan: OrgPlan, bucket: Bucket) -> Allowance {
    let quota = plan.quota(bucket);
    let requests = if bucket == Bucket::Authn { quota } else { quota / 2 };
    Allowance::PerWindow { requests, seconds: 60 }
}

impl Window {
    fn new(allowance: Allowance, bucket: Bucket) -> Self {
        let (quota, share, seconds) = match allowance {
            Allowance::Unlimited => (None, UNLIMITED, 60),
            Allowance::PerWindow { requests, seconds } if bucket == Bucket::Authn => {
                (Some(requests), requests, seconds)
            }
            Allowance::PerWindow { requests, seconds } => {
                (Some(requests.saturating_mul(2)), requests, seconds)
            }
        };
        Self {
            quota,
            share,
            seconds: i64::from(seconds),
            ends: i64::MIN,
            used: 0,
            used_by: HashMap::new(),
            others: Vec::new(),
            violated: false,
        }
    }

    fn open(&mut self, second: i64) {
        self.ends = second + self.seconds;
        self.used = 0;
        self.used_by.clear();
        self.violated = false;
    }

    /// Counts the requests of others up to now, and opens the windows that they have opened.
    fn settle(&mut self, now: Timestamp) {
        let Some(quota) = self.quota.filter(|_| !self.others.is_empty()) else { return };
        while now.as_second() >= self.ends {
            let end = i128::from(self.ends) * NANOSECONDS;
            for others in &mut self.others {
                others.take_until(end.saturating_sub(1));
            }
            let first = self.others.iter().map(Arrivals::next_at).min().unwrap_or(i128::MAX);
            if first > now.as_nanosecond() {
                return;
            }
            self.open(i64::try_from(first.div_euclid(NANOSECONDS)).unwrap_or(i64::MAX));
        }
        let arrived = self.others.iter_mut().map(|others| others.take_until(now.as_nanosecond()));
        let arrived = u32::try_from(arrived.sum::<u64>()).unwrap_or(u32::MAX);
        self.used = self.used.saturating_add(arrived).min(quota.max(self.used));
    }

    fn take(&mut self, principal: Principal, now: Timestamp) -> Result<RateView, (RateView, bool)> {
        self.settle(now);
        if now.as_second() >= self.ends {
            self.open(now.as_second());
        }
        let Some(quota) = self.quota else {
            return Ok(RateView { limit: self.share, remaining: self.share, reset: self.ends });
        };
        let used_by = self.used_by.entry(principal).or_default();
        let left = (self.share.saturating_sub(*used_by)).min(quota.saturating_sub(self.used));
        let (limit, reset) = (self.share, self.ends);
        let view = |remaining| RateView { limit, remaining, reset };
        if left == 0 {
            return Err((view(0), !std::mem::replace(&mut self.violated, true)));
        }
        *used_by += 1;
        self.used += 1;
        Ok(view(left - 1))
    }
}

impl RateView {
    fn unlimited(now: Timestamp) -> Self {
        Self { limit: UNLIMITED, remaining: UNLIMITED, reset: now.as_second() + 60 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(1_700_000_000_000 + milliseconds).expect("a time")
    }

    #[test]
    fn a_window_opens_with_its_first_request_and_waiting_for_its_reset_is_enough() {
        let mut rates = Rates::new(OrgPlan::Integrator, &[]);
        let token = Principal::Token(0);
        let first = rates.take(Bucket::Users, token, at(30_700)).expect("the first one");
        assert_eq!((first.limit, first.remaining, first.reset), (50, 49, 1_700_000_090));
        for _ in 0..49 {
            rates.take(Bucket::Users, token, at(40_000)).expect("within the share");
        }
        let (refused, first) = rates.take(Bucket::Users, token, at(89_999)).expect_err("beyond the share");
        assert!(first);
        assert_eq!((refused.limit, refused.remaining, refused.reset), (50, 0, 1_700_000_090));
        assert!(rates.take(Bucket::Users, token, at(90_000)).is_ok());
    }

    #[test]
    fn two_tokens_fill_the_bucket_and_a_third_finds_it_empty() {
        let mut rates = Rates::new(OrgPlan::Integrator, &[]);
        for token in [0, 1] {
            for _ in 0..50 {
                rates.take(Bucket::Users, Principal::Token(token), at(0)).expect("within the share");
            }
        }
        let (third, _) =
            rates.take(Bucket::Users, Principal::Token(2), at(0)).expect_err("the org's quota is used");
        assert_eq!((third.limit, third.remaining), (50, 0));
        assert!(rates.take(Bucket::UserReads, Principal::Token(2), at(0)).is_ok(), "other buckets are not");
    }
}
