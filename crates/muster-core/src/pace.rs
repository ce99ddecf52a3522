//! The arithmetic of the rate budget: when the next request of a kind may be sent.
//!
//! Pure: the time since the start of the run and the readings of the answers' headers are arguments. Buckets
//! are learned from headers, by endpoint, and never hard-coded (API.md §3.3).

use std::collections::HashMap;
use std::time::Duration;

/// The rate headers of one answer (API.md §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Requests per window.
    pub limit: u64,
    /// Requests left in this window.
    pub remaining: u64,
    /// Until the window ends: `X-Rate-Limit-Reset` less `Date`, both of the same answer.
    pub resets_in: Duration,
    /// The `X-Rate-Limit-Reset` header itself, in seconds since 1970.
    pub resets_at: i64,
    /// The `Date` header of the same answer, in seconds since 1970.
    pub date: Option<i64>,
}

/// How hard an org may be pressed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PaceSettings {
    /// The part of every limit that may be spent.
    pub share: f64,
    /// Requests per window and bucket that are never touched, on top of the share.
    pub reserve: u64,
    /// Requests under way at most; none: found out.
    pub max_in_flight: Option<u32>,
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

/// The headers give whole seconds; one more is what Okta's own clients wait (API.md §3.1).
const AFTER_RESET: Duration = Duration::from_secs(1);

/// Okta's windows last a minute. A reset that is further away is a mistake, and must not stop a run for ever.
const LONGEST_WINDOW: Duration = Duration::from_mins(2);

/// What is known of one bucket.
#[derive(Debug, Default)]
struct Bucket {
    limit: Option<u64>,
    /// Left in the window as last told, less what was sent since.
    remaining: u64,
    /// When the window ends; none when no window is known to be open.
    ends: Option<Duration>,
    /// Nothing goes before this time, since the org said so.
    held_until: Option<Duration>,
    in_flight: u64,
    /// Whether any answer came back, with headers or without.
    answered: bool,
}

impl Bucket {
    fn admit(&mut self, now: Duration, share: f64) -> Admission {
        if let Some(until) = self.held_until.filter(|until| now < *until) {
            return Admission::At(until);
        }
        if self.ends.is_some_and(|ends| now >= ends) {
            (self.ends, self.remaining) = (None, self.limit.unwrap_or(0).saturating_sub(self.in_flight));
        }
        let Some(limit) = self.limit else {
            // Until the first answer nothing is known, and the window may be as good as spent: one finds out.
            let known = self.answered || self.in_flight == 0;
            return if known { Admission::Now } else { Admission::WhenOneReturns };
        };
        match self.ends {
            _ if self.remaining > reserved(limit, share) => Admission::Now,
            Some(ends) => Admission::At(ends),
            // No window is known to be open: one request finds out.
            None if self.in_flight == 0 => Admission::Now,
            None => Admission::WhenOneReturns,
        }
    }

    fn read(&mut self, reading: Reading, now: Duration) {
        let ends = now + reading.resets_in.min(LONGEST_WINDOW) + AFTER_RESET;
        let told = reading.remaining.saturating_sub(self.in_flight);
        // Answers overtake each other: within one window the lowest count is the latest.
        let same_window = self.ends.is_some_and(|known| known.abs_diff(ends) < Duration::from_secs(2));
        self.remaining = if same_window { self.remaining.min(told) } else { told };
        self.ends = Some(if same_window { self.ends.unwrap_or(ends).max(ends) } else { ends });
        self.limit = Some(reading.limit);
    }
}

/// The part of a limit that is left to others.
fn reserved(limit: u64, share: f64) -> u64 {
    #[expect(clippy::cast_precision_loss, reason = "limits are far below 2^52")]
    let others = limit as f64 * (1.0 - share.clamp(0.0, 1.0));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a part of a limit, never negative"
    )]
    let whole = (others + 1e-9).floor() as u64;
    whole.min(limit.saturating_sub(1))
}

/// How many requests may be under way: halved when the org says that it is too many, and one more again after
/// as many good answers as there may be requests.
#[derive(Debug)]
struct InFlight {
    now: u32,
    allowed: u32,
    ceiling: u32,
    good: u32,
    peak: u32,
    last_cut: Option<Duration>,
}

/// The pace of one run.
#[derive(Debug)]
pub struct Pacer<K> {
    share: f64,
    buckets: HashMap<K, Bucket>,
    in_flight: InFlight,
}

impl<K: Copy + Eq + std::hash::Hash> Pacer<K> {
    /// A pace that spends this share of every limit, with at most so many requests under way.
    pub fn new(settings: PaceSettings) -> Self {
        let ceiling = settings.max_in_flight.unwrap_or(16).max(1);
        Self {
            share: settings.share,
            buckets: HashMap::new(),
            in_flight: InFlight { now: 0, allowed: ceiling, ceiling, good: 0, peak: 0, last_cut: None },
        }
    }

    /// Whether a request of this kind may be sent.
    pub fn admit(&mut self, kind: K, now: Duration) -> Admission {
        self.buckets.entry(kind).or_default().admit(now, self.share)
    }

    /// A request of this kind will be sent: it counts against its bucket from now on.
    pub fn reserve(&mut self, kind: K, _now: Duration) {
        let bucket = self.buckets.entry(kind).or_default();
        bucket.in_flight += 1;
        bucket.remaining = bucket.remaining.saturating_sub(1);
    }

    /// A reserved request will not be sent.
    pub fn withdraw(&mut self, kind: K) {
        let bucket = self.buckets.entry(kind).or_default();
        bucket.in_flight = bucket.in_flight.saturating_sub(1);
    }

    /// Whether one more request may be under way.
    pub fn has_room(&self) -> bool {
        self.in_flight.now < self.in_flight.allowed
    }

    /// A reserved request of this kind leaves.
    pub fn sent(&mut self, _kind: K, _now: Duration) {
        self.in_flight.now += 1;
        self.in_flight.peak = self.in_flight.peak.max(self.in_flight.now);
    }

    /// A request of this kind came back, with or without headers.
    pub fn returned(&mut self, kind: K, _sent_at: Duration, reading: Option<Reading>, now: Duration) {
        self.in_flight.now = self.in_flight.now.saturating_sub(1);
        let bucket = self.buckets.entry(kind).or_default();
        bucket.in_flight = bucket.in_flight.saturating_sub(1);
        bucket.answered = true;
        // A limit of zero speaks of concurrency, not of the bucket (API.md §3.5).
        if let Some(reading) = reading.filter(|reading| reading.limit > 0) {
            bucket.read(reading, now);
        }
    }

    /// The answer was good.
    pub fn went_well(&mut self, _kind: K, _latency: Duration, _now: Duration) {
        self.in_flight.good += 1;
        if self.in_flight.good >= self.in_flight.allowed && self.in_flight.allowed < self.in_flight.ceiling {
            (self.in_flight.allowed, self.in_flight.good) = (self.in_flight.allowed + 1, 0);
        }
    }

    /// The window is spent: nothing of this kind until it ends; ten seconds where nobody says when.
    pub fn over_quota(&mut self, kind: K, ends_in: Option<Duration>, now: Duration) {
        const UNKNOWN: Duration = Duration::from_secs(10);
        let bucket = self.buckets.entry(kind).or_default();
        bucket.remaining = 0;
        let wait = ends_in.unwrap_or(UNKNOWN) + AFTER_RESET;
        bucket.held_until = Some(now + wait.min(LONGEST_WINDOW));
    }

    /// Too many at the same time: half as many from now on. Answers to requests that were sent before the last
    /// cut say nothing new.
    pub fn over_concurrency(&mut self, sent_at: Duration, now: Duration) {
        if self.in_flight.last_cut.is_none_or(|cut| sent_at >= cut) {
            (self.in_flight.allowed, self.in_flight.good) = ((self.in_flight.allowed / 2).max(1), 0);
            self.in_flight.last_cut = Some(now);
        }
    }

    /// After a gap in time, what was known of windows is stale.
    pub fn forget_windows(&mut self, _now: Duration) {
        self.buckets.values_mut().for_each(|bucket| bucket.ends = None);
    }

    /// The most requests that were under way at the same time.
    pub fn peak(&self) -> u32 {
        self.in_flight.peak
    }

    /// Requests that may be under way now.
    pub fn allowed(&self) -> u32 {
        self.in_flight.allowed
    }

    /// The limit per window of this kind, once a header told it.
    pub fn limit(&self, kind: K) -> Option<u64> {
        self.buckets.get(&kind).and_then(|bucket| bucket.limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: &str = "POST /users";

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn reading(limit: u64, remaining: u64, resets_in: u64) -> Reading {
        Reading { limit, remaining, resets_in: seconds(resets_in), resets_at: 0, date: None }
    }

    fn pacer(share: f64, max_in_flight: u32) -> Pacer<&'static str> {
        Pacer::new(PaceSettings { share, reserve: 0, max_in_flight: Some(max_in_flight) })
    }

    fn send(pacer: &mut Pacer<&'static str>) {
        pacer.reserve(USERS, Duration::ZERO);
        pacer.sent(USERS, Duration::ZERO);
    }

    #[test]
    fn the_share_is_spent_and_then_the_window_is_waited_for() {
        let mut pacer = pacer(0.9, 1000);
        send(&mut pacer);
        pacer.returned(USERS, Duration::ZERO, Some(reading(100, 99, 60)), seconds(0));
        let mut sent = 1;
        while pacer.admit(USERS, seconds(1)) == Admission::Now {
            send(&mut pacer);
            sent += 1;
        }
        assert_eq!(sent, 90);
        assert_eq!(pacer.admit(USERS, seconds(1)), Admission::At(seconds(61)));
        for _ in 1..sent {
            pacer.returned(USERS, Duration::ZERO, None, seconds(2));
        }
        assert_eq!(pacer.admit(USERS, seconds(61)), Admission::Now);
    }

    #[test]
    fn answers_that_overtake_each_other_do_not_give_budget_back() {
        let mut pacer = pacer(1.0, 10);
        for _ in 0..3 {
            send(&mut pacer);
        }
        pacer.returned(USERS, Duration::ZERO, Some(reading(10, 7, 60)), seconds(0));
        pacer.returned(USERS, Duration::ZERO, Some(reading(10, 9, 60)), seconds(0));
        pacer.returned(USERS, Duration::ZERO, Some(reading(10, 8, 60)), seconds(0));
        let mut more = 0;
        while pacer.admit(USERS, seconds(1)) == Admission::Now {
            send(&mut pacer);
            pacer.returned(USERS, Duration::ZERO, None, seconds(1));
            more += 1;
        }
        assert!(more <= 7, "{more} more than the window has");
    }

    #[test]
    fn a_quota_answer_holds_the_bucket_and_no_other() {
        let mut pacer = pacer(0.9, 10);
        send(&mut pacer);
        pacer.returned(USERS, Duration::ZERO, None, seconds(5));
        pacer.over_quota(USERS, Some(seconds(4)), seconds(5));
        assert_eq!(pacer.admit(USERS, seconds(6)), Admission::At(seconds(10)));
        assert_eq!(pacer.admit("GET /users/{id}", seconds(6)), Admission::Now);
        assert_eq!(pacer.admit(USERS, seconds(10)), Admission::Now);
    }

    #[test]
    fn an_org_that_sends_no_headers_is_never_waited_for_in_vain() {
        let mut pacer = pacer(0.9, 10);
        send(&mut pacer);
        pacer.returned(USERS, Duration::ZERO, None, seconds(0));
        pacer.over_quota(USERS, None, seconds(0));
        assert_eq!(pacer.admit(USERS, seconds(1)), Admission::At(seconds(11)));
        for second in 11..20 {
            assert_eq!(pacer.admit(USERS, seconds(second)), Admission::Now);
            send(&mut pacer);
            pacer.returned(USERS, Duration::ZERO, None, seconds(second));
        }
    }

    #[test]
    fn the_first_request_of_a_kind_goes_alone() {
        let mut pacer = pacer(0.9, 10);
        assert_eq!(pacer.admit(USERS, seconds(0)), Admission::Now);
        send(&mut pacer);
        assert_eq!(pacer.admit(USERS, seconds(0)), Admission::WhenOneReturns);
        pacer.returned(USERS, Duration::ZERO, Some(reading(100, 3, 60)), seconds(1));
        assert_eq!(pacer.admit(USERS, seconds(1)), Admission::At(seconds(62)), "others spent the window");
    }

    #[test]
    fn a_reset_in_the_far_future_is_not_believed() {
        let mut pacer = pacer(0.9, 10);
        send(&mut pacer);
        pacer.returned(USERS, Duration::ZERO, Some(reading(100, 0, 1_000_000_000)), seconds(0));
        assert_eq!(pacer.admit(USERS, seconds(1)), Admission::At(seconds(121)));
    }

    #[test]
    fn a_window_that_nobody_opened_is_tried_with_one_request() {
        let mut pacer = pacer(0.9, 10);
        send(&mut pacer);
        pacer.returned(USERS, Duration::ZERO, Some(reading(1, 0, 60)), seconds(0));
        for second in [61, 122, 183] {
            assert_eq!(pacer.admit(USERS, seconds(second)), Admission::Now);
            send(&mut pacer);
            assert_eq!(pacer.admit(USERS, seconds(second)), Admission::WhenOneReturns);
            pacer.returned(USERS, Duration::ZERO, None, seconds(second));
        }
    }

    #[test]
    fn too_many_at_once_halves_and_grows_back() {
        let mut pacer: Pacer<&str> = pacer(0.9, 16);
        for _ in 0..3 {
            pacer.over_concurrency(seconds(0), seconds(1));
        }
        assert_eq!(pacer.allowed(), 8, "one burst is one cut");
        for _ in 0..8 {
            pacer.went_well("", Duration::ZERO, Duration::ZERO);
        }
        assert_eq!(pacer.allowed(), 9);
        for second in 1..10 {
            pacer.over_concurrency(seconds(second), seconds(second));
        }
        assert_eq!(pacer.allowed(), 1);
    }

    #[test]
    fn a_window_that_nobody_told_of_is_not_waited_for_for_ever() {
        let mut pacer = pacer(0.9, 10);
        send(&mut pacer);
        pacer.returned(USERS, Duration::ZERO, Some(reading(5, 4, 2)), seconds(0));
        for second in 10..40 {
            assert_eq!(pacer.admit(USERS, seconds(second)), Admission::Now, "second {second}");
            send(&mut pacer);
            pacer.returned(USERS, Duration::ZERO, None, seconds(second));
        }
    }

    #[test]
    fn a_small_limit_leaves_at_least_one_request() {
        assert_eq!(reserved(100, 0.9), 10);
        assert_eq!(reserved(1, 0.5), 0);
        assert_eq!(reserved(10, 0.0), 9);
    }
}
