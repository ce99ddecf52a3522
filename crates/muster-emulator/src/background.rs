//! The traffic of other clients, which eats of the same quotas. It is reckoned when somebody asks; nothing runs.

use std::{fmt, str::FromStr, time::Duration};

use jiff::Timestamp;

use crate::{
    bucket::{Bucket, UnknownBucket},
    dice::Dice,
};

/// Requests of others in a bucket: `200/min` (of `users`), `groups=30/s`, or `users=~200/min` for arrivals that are
/// not steady but scattered by the seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Background {
    /// The bucket that they count against.
    pub bucket: Bucket,
    /// How many there are.
    pub requests: u32,
    /// In which time.
    pub per: Duration,
    /// Whether they come at random moments.
    pub scattered: bool,
}

/// Traffic that can't be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadBackground {
    /// The bucket is not known.
    #[error(transparent)]
    Bucket(#[from] UnknownBucket),
    /// The rate is none.
    #[error(
        "`{0}` is not a rate; write requests per second, minute or hour, such as 30/s, 200/min or 5000/h"
    )]
    Rate(String),
}

/// Arrivals of one such traffic: one in each period, in its midst or scattered over it.
#[derive(Debug)]
pub(crate) struct Arrivals {
    start: Timestamp,
    period: i128,
    scattered: Option<(Dice, Bucket)>,
    /// The first that has not been reckoned with.
    next: u64,
}

impl Arrivals {
    pub fn new(background: &Background, dice: Dice, start: Timestamp) -> Self {
        let per = i128::try_from(background.per.as_nanos()).unwrap_or(i128::MAX);
        let period = (per / i128::from(background.requests.max(1))).max(1);
        let scattered = background.scattered.then_some((dice, background.bucket));
        Self { start, period, scattered, next: 0 }
    }

    /// When the next one arrives, in nanoseconds since 1970.
    pub fn next_at(&self) -> i128 {
        self.at(self.next)
    }

    /// How many have arrived up to a moment that have not been reckoned with; from now on they have.
    pub fn take_until(&mut self, moment: i128) -> u64 {
        let begun = (moment - self.start.as_nanosecond()).div_euclid(self.period).max(0);
        let begun = u64::try_from(begun).unwrap_or(u64::MAX);
        let arrived = if self.at(begun) <= moment { begun.saturating_add(1) } else { begun };
        let fresh = arrived.saturating_sub(self.next);
        self.next = self.next.max(arrived);
        fresh
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "a share of a period, in nanoseconds: what is lost is below the resolution of any clock"
    )]
    fn at(&self, number: u64) -> i128 {
        let within = match self.scattered {
            None => self.period / 2,
            Some((dice, bucket)) => {
                let share = dice.share("background", bucket.name(), number);
                ((self.period as f64 * share) as i128).min(self.period - 1)
            }
        };
        self.start.as_nanosecond() + i128::from(number).saturating_mul(self.period) + within
    }
}

impl FromStr for Background {
    type Err = BadBackground;

    fn from_str(text: &str) -> Result<Self, BadBackground> {
        let (bucket, rate) = match text.split_once('=') {
            Some((bucket, rate)) => (bucket.trim().parse()?, rate),
            None => (Bucket::Users, text),
        };
        let bad = || BadBackground::Rate(rate.to_owned());
        let scattered = rate.trim().strip_prefix('~');
        let (requests, per) = scattered.unwrap_or(rate).trim().split_once('/').ok_or_else(bad)?;
        let requests = requests.trim().parse().ok().filter(|requests| *requests > 0).ok_or_else(bad)?;
        let seconds = match per.trim() {
            "s" => 1,
            "min" | "m" => 60,
            "h" => 3600,
            _ => return Err(bad()),
        };
        Ok(Self { bucket, requests, per: Duration::from_secs(seconds), scattered: scattered.is_some() })
    }
}

impl fmt::Display for Background {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scattered = if self.scattered { "~" } else { "" };
        write!(out, "{}={scattered}{}/", self.bucket, self.requests)?;
        match self.per.as_secs() {
            1 => out.write_str("s"),
            60 => out.write_str("min"),
            3600 => out.write_str("h"),
            seconds => write!(out, "{seconds}s"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traffic_is_read_and_written() {
        for text in ["users=200/min", "groups=30/s", "other=~5000/h"] {
            assert_eq!(text.parse::<Background>().expect("traffic").to_string(), text);
        }
        assert_eq!("200/min".parse::<Background>().expect("traffic").bucket, Bucket::Users);
        for text in ["200", "users=0/s", "users=5/d", "people=5/s", "users=~/s"] {
            assert!(text.parse::<Background>().is_err(), "{text}");
        }
    }

    #[test]
    fn as_many_arrive_as_are_announced_whenever_one_asks() {
        let start = Timestamp::from_second(1_700_000_000).expect("a time");
        for text in ["60/min", "~60/min"] {
            let traffic = text.parse().expect("traffic");
            let arrivals = || Arrivals::new(&traffic, Dice::new(1), start);
            let at = |milliseconds: i128| start.as_nanosecond() + milliseconds * 1_000_000;
            assert_eq!(arrivals().take_until(at(59_999)), 60, "{text}");
            let mut often = arrivals();
            let total: u64 = (0..600).map(|tenth| often.take_until(at(tenth * 100))).sum();
            assert_eq!(total + often.take_until(at(59_999)), 60, "{text}");
            assert!(often.next_at() >= at(60_000) && often.next_at() < at(61_000));
        }
    }
}
