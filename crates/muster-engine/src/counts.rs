//! Counts of one leg of a run: requests and what pressed on them.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use muster_core::origin::last_moment;
use muster_ledger::Leg;
use serde::{Deserialize, Serialize};

/// How often a process is heard of at least, whatever it waits for.
pub const HEARD_OF: Duration = Duration::from_secs(5);

/// How long a process can have gone on after it was last heard of: twice the time between two signs of life.
const UNHEARD: SignedDuration = SignedDuration::from_secs(10);

/// What one process did on a run, as far as its rows do not tell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    /// Requests by HTTP status; none for those without an answer.
    #[serde(with = "by_status")]
    pub requests: BTreeMap<Option<u16>, u64>,
    /// Answers that said that the window is spent.
    pub quota_429: u64,
    /// Answers that said that too many requests are under way.
    pub concurrency_429: u64,
    /// The most requests under way at the same time.
    pub peak_in_flight: u32,
    /// Creates that were sent.
    pub creates: u64,
    /// The limit per window of creates, as the org told it.
    pub limit_per_window: Option<u64>,
    /// The longest window seen, in seconds.
    pub window_seconds: u64,
    /// The share that was asked for.
    pub share: f64,
    /// From the first request to the last answer.
    pub seconds: f64,
    /// When the process was last heard of, by the org's clock.
    #[serde(default)]
    pub org_seen_at: Option<Timestamp>,
    /// How long it waited for an answer at most, in seconds.
    #[serde(default)]
    pub request_seconds: u64,
    /// From the first create to the last one, in seconds.
    #[serde(default)]
    pub creating_seconds: f64,
    #[serde(skip)]
    pub(crate) first_create: Option<Duration>,
}

impl Counts {
    /// Counts an answer.
    pub fn answer(&mut self, status: Option<u16>) {
        *self.requests.entry(status).or_default() += 1;
    }

    /// Counts a create that is sent at this time since the start of the leg.
    pub fn create(&mut self, now: Duration) {
        let first = *self.first_create.get_or_insert(now);
        self.creates += 1;
        self.creating_seconds = now.saturating_sub(first).as_secs_f64();
    }

    /// Learns from a window that ends in so long.
    pub fn window(&mut self, limit: u64, ends_in: Duration) {
        self.limit_per_window = Some(limit);
        self.window_seconds = self.window_seconds.max(ends_in.as_secs().max(1));
    }

    /// All legs of a run as one.
    pub fn sum(legs: impl IntoIterator<Item = Self>) -> Self {
        legs.into_iter().fold(Self::default(), |mut sum, leg| {
            for (status, requests) in leg.requests {
                *sum.requests.entry(status).or_default() += requests;
            }
            sum.quota_429 += leg.quota_429;
            sum.concurrency_429 += leg.concurrency_429;
            sum.peak_in_flight = sum.peak_in_flight.max(leg.peak_in_flight);
            sum.creates += leg.creates;
            sum.limit_per_window = leg.limit_per_window.or(sum.limit_per_window);
            sum.window_seconds = sum.window_seconds.max(leg.window_seconds);
            sum.share = leg.share;
            sum.seconds += leg.seconds;
            sum.org_seen_at = leg.org_seen_at.or(sum.org_seen_at);
            sum.request_seconds = leg.request_seconds;
            sum.creating_seconds += leg.creating_seconds;
            sum
        })
    }

    /// The last moment, by the org's clock, at which a request of these processes can have been carried out; none where
    /// that is not known.
    pub fn last_moment(legs: &[Leg]) -> Option<Timestamp> {
        let last: Self = serde_json::from_str(&legs.last()?.counts).ok()?;
        let seconds = i64::try_from(last.request_seconds).unwrap_or(i64::MAX);
        let seen = last.org_seen_at?.checked_add(UNHEARD).ok()?;
        last_moment(seen, SignedDuration::from_secs(seconds))
    }

    /// The part of the share that creates have used, where the limit is known: their rate from the first to the
    /// last, beside the rate that the share of the limit allows.
    pub fn spent_ratio(&self) -> Option<f64> {
        let limit = self.limit_per_window?;
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        let (limit, intervals, window) =
            (limit as f64, self.creates.saturating_sub(1) as f64, self.window_seconds.max(1) as f64);
        let allowed = limit * self.share * self.creating_seconds / window;
        (allowed > 0.0).then(|| ((intervals / allowed) * 1000.0).round() / 1000.0)
    }
}

/// Requests by status as JSON has them: the word `none` where there was no answer.
mod by_status {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(
        requests: &BTreeMap<Option<u16>, u64>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(requests.iter().map(|(status, count)| (super::word(*status), count)))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<BTreeMap<Option<u16>, u64>, D::Error> {
        let words = BTreeMap::<String, u64>::deserialize(deserializer)?;
        Ok(words.into_iter().map(|(word, count)| (word.parse().ok(), count)).collect())
    }
}

/// A status as people read it.
pub fn word(status: Option<u16>) -> String {
    status.map_or_else(|| "none".to_owned(), |status| status.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legs_add_up() {
        let mut leg = Counts { share: 0.9, seconds: 59.0, ..Counts::default() };
        (0..271)
            .for_each(|number| leg.create(Duration::from_secs(3) + Duration::from_mins(1) * number / 270));
        leg.answer(Some(200));
        leg.answer(None);
        leg.window(300, Duration::from_mins(1));
        let stored = serde_json::to_string(&leg).unwrap();
        assert!(stored.contains(r#""none":1"#) && stored.contains(r#""200":1"#), "{stored}");
        assert_eq!(leg.spent_ratio(), Some(1.0));
        let sum = Counts::sum([leg, serde_json::from_str(&stored).unwrap()]);
        assert_eq!((sum.requests[&Some(200)], sum.requests[&None], sum.creates), (2, 2, 542));
        assert_eq!(sum.spent_ratio(), Some(1.002), "a second leg's first create is counted as one more");
    }
}
