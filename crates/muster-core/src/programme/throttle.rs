//! How many mails may go out, and when: waves within a limit per hour.

use std::time::Duration;

/// Waves of a full hour.
const WAVES: u64 = 12;

/// A limit of mails per hour. It holds for every sixty minutes, whichever one takes, and over several processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttle {
    per_hour: u64,
}

impl Throttle {
    /// The time that the limit is for.
    pub const HOUR: Duration = Duration::from_hours(1);

    /// The time between two waves.
    pub const BETWEEN: Duration = Duration::from_mins(5);

    /// No limit: for what nobody gets a mail by.
    pub const NONE: Self = Self { per_hour: u64::MAX };

    /// At least one mail an hour.
    pub fn new(per_hour: u64) -> Self {
        Self { per_hour: per_hour.max(1) }
    }

    /// Mails of a wave, when so many went out in the last hour.
    pub fn wave(self, in_the_last_hour: u64) -> u64 {
        if self == Self::NONE {
            return u64::MAX;
        }
        self.per_hour.div_ceil(WAVES).min(self.per_hour.saturating_sub(in_the_last_hour))
    }

    /// Mails of each hour from now on, for so many people.
    pub fn hours(self, people: u64, in_the_last_hour: u64) -> Vec<u64> {
        const MOST: usize = 10_000;
        let mut left = people;
        let mut room = self.per_hour.saturating_sub(in_the_last_hour);
        let mut hours = Vec::new();
        while left > 0 && hours.len() < MOST {
            let now = left.min(room);
            hours.push(now);
            left -= now;
            room = self.per_hour;
        }
        hours
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waves_stay_within_the_hour() {
        let throttle = Throttle::new(1000);
        assert_eq!([0, 950, 1000, 2000].map(|sent| throttle.wave(sent)), [84, 50, 0, 0]);
        assert_eq!(Throttle::NONE.wave(u64::MAX), u64::MAX);
        assert_eq!([Throttle::new(1).wave(0), Throttle::new(0).wave(0), Throttle::new(1).wave(1)], [1, 1, 0]);
    }

    #[test]
    fn the_hours_add_up() {
        assert_eq!(Throttle::new(1000).hours(2500, 400), [600, 1000, 900]);
        assert_eq!(Throttle::new(1000).hours(300, 1000), [0, 300]);
        assert!(Throttle::new(1000).hours(0, 0).is_empty());
    }
}
