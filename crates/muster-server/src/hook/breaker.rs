//! Whether a place is worth asking: a place that keeps failing is left alone for a while, then tried by one call.
//!
//! A pure state machine: the time is an argument.

use std::time::Duration;

use tokio::time::Instant;

/// When it opens, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct BreakerSettings {
    /// So many failures in a row open it.
    pub failures: u32,
    /// For so long nobody asks.
    pub open_for: Duration,
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self { failures: 5, open_for: Duration::from_secs(5) }
    }
}

/// What became of the last calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// So many failures in a row, fewer than it takes.
    Closed { failures: u32 },
    /// Nobody asks before that time.
    Open { until: Instant },
    /// One call asks. If nothing is heard of it by that time, another one may.
    Probing { until: Instant },
}

/// A breaker before one place.
#[derive(Debug)]
pub struct Breaker {
    settings: BreakerSettings,
    state: State,
}

impl Breaker {
    /// A closed one.
    pub fn new(settings: BreakerSettings) -> Self {
        Self { settings, state: State::Closed { failures: 0 } }
    }

    /// Whether the place may be asked now. Whoever asks says how it went.
    pub fn may_ask(&mut self, now: Instant) -> bool {
        match self.state {
            State::Closed { .. } => true,
            State::Open { until } | State::Probing { until } if until > now => false,
            State::Open { .. } | State::Probing { .. } => {
                self.state = State::Probing { until: now + self.settings.open_for };
                true
            }
        }
    }

    /// The place answered.
    pub fn succeeded(&mut self) {
        self.state = State::Closed { failures: 0 };
    }

    /// The place failed, or took too long.
    pub fn failed(&mut self, now: Instant) {
        let failures = match self.state {
            State::Closed { failures } => failures.saturating_add(1),
            // A call that was let through earlier changes nothing.
            State::Open { .. } => return,
            State::Probing { .. } => self.settings.failures,
        };
        self.state = if failures >= self.settings.failures {
            State::Open { until: now + self.settings.open_for }
        } else {
            State::Closed { failures }
        };
    }

    /// Whether the place is left alone.
    pub fn is_open(&self) -> bool {
        !matches!(self.state, State::Closed { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_after_failures_in_a_row_and_lets_one_call_try() {
        let settings = BreakerSettings { failures: 2, open_for: Duration::from_secs(5) };
        let mut breaker = Breaker::new(settings);
        let start = Instant::now();
        breaker.failed(start);
        breaker.succeeded();
        breaker.failed(start);
        assert!(breaker.may_ask(start), "one failure in a row is not two");
        breaker.failed(start);
        assert!(!breaker.may_ask(start + Duration::from_secs(4)));
        let later = start + Duration::from_secs(5);
        assert!(breaker.may_ask(later), "one may try");
        assert!(!breaker.may_ask(later), "and only one");
        breaker.failed(later);
        assert!(!breaker.may_ask(later + Duration::from_secs(4)));
        assert!(breaker.may_ask(later + Duration::from_secs(5)));
        breaker.succeeded();
        assert!(!breaker.is_open() && breaker.may_ask(later));
    }

    #[test]
    fn a_try_that_was_never_heard_of_again_does_not_shut_it_for_ever() {
        let mut breaker = Breaker::new(BreakerSettings { failures: 1, open_for: Duration::from_secs(5) });
        let start = Instant::now();
        breaker.failed(start);
        assert!(breaker.may_ask(start + Duration::from_secs(5)));
        assert!(breaker.may_ask(start + Duration::from_secs(10)));
    }
}
