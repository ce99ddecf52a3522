//! The pace of one run: the buckets that the kinds of requests draw on, and what is under way.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

use super::bucket::Bucket;
use super::in_flight::{InFlight, UNBOUND, under_way};
use super::latency::Latency;
use super::sharing::Sharing;
use super::time::{USUAL_WINDOW, duration, number, seconds};
use super::{Admission, BudgetView, PaceSettings, Reading};

/// Where there is no limit, no more than this is aimed at: what a limit of a million a minute would allow.
const UNBOUND_RATE: f64 = 15_000.0;

/// A kind of request, and what is known of it alone.
#[derive(Debug)]
struct Kind {
    bucket: usize,
    latency: Latency,
    /// How many must be under way to spend its budget.
    need: f64,
}

/// The pace of one run.
#[derive(Debug)]
pub struct Pacer<K> {
    settings: PaceSettings,
    kinds: HashMap<K, Kind>,
    /// Those that turned out to be another stay, unused.
    buckets: Vec<Bucket>,
    sharing: Sharing,
    in_flight: InFlight,
    /// What all kinds need together.
    need: f64,
    /// The highest limit, per minute.
    highest: f64,
}

impl<K: Copy + Eq + Hash> Pacer<K> {
    /// A pace within these settings.
    pub fn new(settings: PaceSettings) -> Self {
        Self {
            settings,
            kinds: HashMap::new(),
            buckets: Vec::new(),
            sharing: Sharing::default(),
            in_flight: InFlight::new(settings.max_in_flight),
            need: 0.0,
            highest: 0.0,
        }
    }

    /// Whether the budget lets a request of this kind be reserved. What is under way is another matter: see
    /// [`Self::has_room`].
    pub fn admit(&mut self, kind: K, now: Duration) -> Admission {
        self.bucket(kind).admit(seconds(now))
    }

    /// A request of this kind will be sent: it counts against its bucket from now on.
    pub fn reserve(&mut self, kind: K, now: Duration) {
        self.bucket(kind).reserve(seconds(now));
    }

    /// A request that was reserved will not be sent after all.
    pub fn withdraw(&mut self, kind: K) {
        self.bucket(kind).withdraw();
    }

    /// Whether another request may be under way.
    pub fn has_room(&self) -> bool {
        self.room() > 0
    }

    /// How many more may be under way.
    pub fn room(&self) -> u32 {
        self.in_flight.allowed().saturating_sub(self.in_flight.now())
    }

    /// A request that was reserved leaves.
    pub fn sent(&mut self, kind: K, now: Duration) {
        self.in_flight.sent();
        self.bucket(kind).sent(seconds(now));
    }

    /// A request came back, with or without headers.
    pub fn returned(&mut self, kind: K, sent_at: Duration, reading: Option<Reading>, now: Duration) {
        let (sent_at, now) = (seconds(sent_at), seconds(now));
        self.in_flight.returned();
        let place = self.place(kind);
        let Some(bucket) = self.buckets.get_mut(place) else { return };
        bucket.returned(sent_at, reading, now);
        if let Some(reading) = reading.filter(|reading| reading.limit > 0) {
            let per_minute = number(reading.limit) * USUAL_WINDOW / bucket.length().unwrap_or(USUAL_WINDOW);
            if per_minute > self.highest {
                self.highest = per_minute;
                self.in_flight.suggest(per_minute);
            }
            if let Some(same) = self.sharing.compare(&self.buckets, place, now) {
                self.join(place, same);
            }
        }
    }

    /// A request came back without an answer of the org: that says nothing of whether the org sends headers.
    pub fn lost(&mut self, kind: K, sent_at: Duration) {
        self.in_flight.returned();
        self.bucket(kind).lost(seconds(sent_at));
    }

    /// The answer was one that a healthy org gives.
    pub fn went_well(&mut self, kind: K, latency: Duration, now: Duration) {
        let now = seconds(now);
        let place = self.place(kind);
        let rate = self.buckets.get(place).and_then(Bucket::rate);
        let Some(known) = self.kinds.get_mut(&kind) else { return };
        known.latency.note(seconds(latency), now);
        let need = match rate {
            Some(rate) => under_way(rate, known.latency.smooth()),
            None => under_way(UNBOUND_RATE, known.latency.lowest()).max(UNBOUND),
        };
        self.need += need - std::mem::replace(&mut known.need, need);
        self.in_flight.need(self.need);
        self.in_flight.went_well(&known.latency, rate.unwrap_or(0.0), now);
    }

    /// The window is spent: nothing of this kind until it ends; ten seconds where nobody says when.
    pub fn over_quota(&mut self, kind: K, ends_in: Option<Duration>, now: Duration) {
        self.bucket(kind).over_quota(ends_in, seconds(now));
    }

    /// Too many at the same time: fewer from now on. Answers to requests that were sent before the last cut
    /// say nothing new.
    pub fn over_concurrency(&mut self, sent_at: Duration, now: Duration) {
        self.in_flight.too_many(seconds(sent_at), seconds(now));
    }

    /// After a gap in time, what was known of windows is stale. Limits stay.
    pub fn forget_windows(&mut self, now: Duration) {
        for bucket in &mut self.buckets {
            bucket.forget_window(seconds(now));
        }
    }

    /// Requests that may be under way now.
    pub fn allowed(&self) -> u32 {
        self.in_flight.allowed()
    }

    /// The most requests that were under way at the same time.
    pub fn peak(&self) -> u32 {
        self.in_flight.peak()
    }

    /// Requests that are under way.
    pub fn in_flight(&self) -> u32 {
        self.in_flight.now()
    }

    /// The limit per window of this kind, once a header told it.
    pub fn limit(&self, kind: K) -> Option<u64> {
        self.known(kind)?.limit()
    }

    /// The length of this kind's windows, as far as it is known.
    pub fn window(&self, kind: K) -> Option<Duration> {
        self.known(kind)?.length().map(duration)
    }

    /// What is known of this kind's window.
    pub fn budget(&self, kind: K, now: Duration) -> Option<BudgetView> {
        self.known(kind)?.view(seconds(now))
    }

    /// Whether two kinds are known to draw on one counter.
    pub fn is_shared(&self, one: K, other: K) -> bool {
        let bucket = |kind| self.kinds.get(&kind).map(|known: &Kind| known.bucket);
        bucket(one).is_some() && bucket(one) == bucket(other)
    }

    fn known(&self, kind: K) -> Option<&Bucket> {
        self.buckets.get(self.kinds.get(&kind)?.bucket)
    }

    fn place(&mut self, kind: K) -> usize {
        let (buckets, sharing, settings) = (&mut self.buckets, &mut self.sharing, self.settings);
        let known = self.kinds.entry(kind).or_insert_with(|| {
            buckets.push(Bucket::new(settings));
            sharing.add_bucket();
            Kind { bucket: buckets.len() - 1, latency: Latency::default(), need: 0.0 }
        });
        known.bucket
    }

    fn bucket(&mut self, kind: K) -> &mut Bucket {
        let place = self.place(kind);
        #[expect(clippy::indexing_slicing, reason = "a place is only given once the bucket is there")]
        &mut self.buckets[place]
    }

    /// From now on they are one.
    fn join(&mut self, one: usize, same: usize) {
        let (first, second) = (one.min(same), one.max(same));
        let (front, back) = self.buckets.split_at_mut(second);
        let (Some(stays), Some(goes)) = (front.get_mut(first), back.first_mut()) else { return };
        stays.join(goes);
        goes.told = None;
        for kind in self.kinds.values_mut().filter(|kind| kind.bucket == second) {
            kind.bucket = first;
        }
    }
}
