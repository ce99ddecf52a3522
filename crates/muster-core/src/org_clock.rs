//! The org's clock, as the `Date` of its answers tells it.
//!
//! Whose user it is that was found is decided by when it was created, in the org's time. This machine's clock may be
//! wrong, and one answer may be late or have an odd date: so it takes several that agree to move what is known.

use jiff::{SignedDuration, Timestamp};

/// Dates are cut to whole seconds, and answers take a while: what is nearer than this says the same.
const AGREES: SignedDuration = SignedDuration::from_secs(2);

/// Dates in a row that must agree with each other before they are believed against what was known.
const BELIEVED: u32 = 3;

/// What is known of the org's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct OrgClock {
    /// What it is ahead of this machine's.
    ahead: Option<SignedDuration>,
    /// What the last dates said that did not agree, and how many there were.
    odd: Option<(SignedDuration, u32)>,
}

impl OrgClock {
    /// An answer that came at this time by this machine's clock had this date.
    pub fn told(&mut self, date: Timestamp, now: Timestamp) {
        let ahead = date.duration_since(now);
        let agrees = |known: SignedDuration| (ahead - known).abs() <= AGREES;
        if self.ahead.is_none_or(agrees) {
            (self.ahead, self.odd) = (Some(ahead), None);
            return;
        }
        let seen = self.odd.filter(|(known, _)| agrees(*known)).map_or(1, |(_, seen)| seen + 1);
        self.odd = Some((ahead, seen));
        if seen >= BELIEVED {
            (self.ahead, self.odd) = (Some(ahead), None);
        }
    }

    /// The org's time, when this machine's clock shows this; this machine's own while nothing is known.
    pub fn at(&self, now: Timestamp) -> Timestamp {
        self.ahead.and_then(|ahead| now.checked_add(ahead).ok()).unwrap_or(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + second).unwrap()
    }

    #[test]
    fn a_single_odd_date_moves_nothing() {
        let mut clock = OrgClock::default();
        assert_eq!(clock.at(time(0)), time(0));
        clock.told(time(60), time(0));
        clock.told(time(300), time(1));
        clock.told(time(62), time(2));
        assert_eq!(clock.at(time(10)), time(70));
    }

    #[test]
    fn a_clock_that_was_set_is_believed_when_several_say_so() {
        let mut clock = OrgClock::default();
        clock.told(time(0), time(0));
        for second in 1..=3 {
            assert_eq!(clock.at(time(second)), time(second), "not yet");
            clock.told(time(second - 30), time(second));
        }
        assert_eq!(clock.at(time(10)), time(-20));
    }

    #[test]
    fn odd_dates_that_do_not_agree_are_not_believed() {
        let mut clock = OrgClock::default();
        clock.told(time(0), time(0));
        for second in 1..20 {
            clock.told(time(second * 100), time(second));
        }
        assert_eq!(clock.at(time(30)), time(30));
    }
}
