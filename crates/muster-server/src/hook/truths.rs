//! The places that know passwords, asked in their order.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use muster_core::login::Login;
use muster_core::secret::Secret;
use muster_legacy::truth::{Known, Truth};
use tokio::time::{Instant, sleep, timeout_at};

use super::breaker::{Breaker, BreakerSettings};
use super::locked;
use crate::admin::Metrics;

/// A login that nobody has, to see whether a place answers at all.
const PROBE: &str = "muster-probe@invalid.invalid";

/// The places.
pub struct Truths {
    places: Vec<Place>,
    lookup: Duration,
    metrics: Arc<Metrics>,
}

struct Place {
    truth: Arc<dyn Truth>,
    breaker: Mutex<Breaker>,
    /// How long it takes to look somebody up.
    usual: Mutex<Duration>,
    /// How long it takes to look somebody up and verify the password, where it does so by itself.
    telling: Mutex<Duration>,
}

/// What all places together know.
pub struct Found {
    /// What was found.
    pub what: What,
    /// How much longer it would have taken if the places behind had been asked, too.
    pub spared: Duration,
    /// Whether a place before the one that knows the login could not be asked.
    pub passed_over: bool,
}

/// What was found.
pub enum What {
    /// A place knows the login.
    Known {
        /// What it knows.
        known: Known,
        /// Its name.
        by: String,
    },
    /// All of them were asked, and none knows the login.
    Nobody,
    /// None knows the login, and at least one could not be asked.
    Away,
}

/// How a place is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceState {
    /// Its name.
    pub name: String,
    /// Whether it answers, as far as is known.
    pub is_reachable: bool,
}

impl Truths {
    /// The places in the order in which they are asked; each has `lookup` to answer.
    pub fn new(
        truths: Vec<Arc<dyn Truth>>,
        lookup: Duration,
        breaker: BreakerSettings,
        metrics: Arc<Metrics>,
    ) -> Self {
        let place = |truth| Place {
            truth,
            breaker: Mutex::new(Breaker::new(breaker)),
            usual: Mutex::new(Duration::ZERO),
            telling: Mutex::new(Duration::ZERO),
        };
        Self { places: truths.into_iter().map(place).collect(), lookup, metrics }
    }

    /// Asks one after the other; the first that knows the login decides.
    pub async fn ask(&self, login: &Login, password: &Secret, deadline: Instant) -> Found {
        let mut is_away = false;
        for (number, place) in self.places.iter().enumerate() {
            match self.ask_place(place, login.as_str(), password, deadline).await {
                Some(Known::Nobody) => {}
                Some(known) => {
                    let spared = self.usual(number + 1);
                    let what = What::Known { known, by: place.truth.name().to_owned() };
                    return Found { what, spared, passed_over: is_away };
                }
                None => is_away = true,
            }
        }
        let what = if is_away { What::Away } else { What::Nobody };
        Found { what, spared: Duration::ZERO, passed_over: false }
    }

    /// Waits for as long as asking would take.
    pub async fn pretend_to_ask(&self, deadline: Instant) {
        let until = (Instant::now() + self.usual(0)).min(deadline);
        tokio::time::sleep_until(until).await;
    }

    /// Waits for as long as a place that verifies by itself takes beyond the look-up: it compares no password of
    /// somebody whom it does not know.
    pub async fn pretend_to_tell(&self, deadline: Instant) {
        let beyond = |place: &Place| {
            let usual = *locked(&place.usual);
            if usual.is_zero() { Duration::ZERO } else { locked(&place.telling).saturating_sub(usual) }
        };
        let open = self.places.iter().filter(|place| !locked(&place.breaker).is_open());
        let longest = open.map(beyond).max().unwrap_or_default();
        tokio::time::sleep_until((Instant::now() + longest).min(deadline)).await;
    }

    /// How each place is, as the last calls found it.
    pub fn states(&self) -> Vec<PlaceState> {
        let state = |place: &Place| PlaceState {
            name: place.truth.name().to_owned(),
            is_reachable: !locked(&place.breaker).is_open(),
        };
        self.places.iter().map(state).collect()
    }

    /// Asks the places that are left alone whether they are back, for ever. Readiness must not hang on calls that
    /// don't come for want of it.
    pub async fn watch(&self, every: Duration) {
        self.probe(|_| true).await;
        loop {
            sleep(every).await;
            self.probe(|place| locked(&place.breaker).is_open()).await;
        }
    }

    /// Asks places for somebody that nobody knows.
    async fn probe(&self, which: impl Fn(&Place) -> bool) {
        let nonsense = Secret::new("nobody has this password");
        for place in self.places.iter().filter(|place| which(place)) {
            let deadline = Instant::now() + self.lookup;
            drop(self.ask_place(place, PROBE, &nonsense, deadline).await);
        }
    }

    /// None if it can't be asked.
    async fn ask_place(
        &self,
        place: &Place,
        login: &str,
        password: &Secret,
        deadline: Instant,
    ) -> Option<Known> {
        let started = Instant::now();
        let name = place.truth.name();
        if !locked(&place.breaker).may_ask(started) {
            return None;
        }
        let until = deadline.min(started + self.lookup);
        let answer = timeout_at(until, place.truth.ask(login, password)).await;
        let taken = started.elapsed();
        self.metrics.asked(name, taken, matches!(answer, Ok(Ok(_))));
        let known = match answer {
            Ok(Ok(known)) => Some(known),
            Ok(Err(away)) => {
                tracing::warn!("{name} could not be asked: {away}");
                None
            }
            Err(_) => {
                tracing::warn!("{name} has not answered within {} ms", taken.as_millis());
                None
            }
        };
        // Where the places before have used up the time, it says nothing about this one.
        let had_time = until.saturating_duration_since(started) >= self.lookup / 2;
        if known.is_some() || had_time {
            place.note(known.as_ref(), taken);
        }
        self.metrics.breaker(name, locked(&place.breaker).is_open());
        known
    }

    /// How long the places from that one on usually take.
    fn usual(&self, from: usize) -> Duration {
        let behind = self.places.iter().skip(from);
        behind.filter(|place| !locked(&place.breaker).is_open()).map(|place| *locked(&place.usual)).sum()
    }
}

impl Place {
    fn note(&self, answer: Option<&Known>, taken: Duration) {
        let time = match answer {
            Some(Known::Matches | Known::Differs | Known::Undecided(_)) => &self.telling,
            Some(Known::Hash { .. } | Known::Nobody | Known::Unreadable(_)) => &self.usual,
            None => return locked(&self.breaker).failed(Instant::now()),
        };
        let mut time = locked(time);
        *time = if time.is_zero() { taken } else { *time * 7 / 8 + taken / 8 };
        locked(&self.breaker).succeeded();
    }
}
