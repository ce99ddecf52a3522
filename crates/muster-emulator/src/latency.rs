//! How long operations take: always the same, or lognormal as round trips are, each draw by the seed.

use std::{fmt, str::FromStr, time::Duration};

use rand_distr::{Distribution, LogNormal};

use crate::{
    delay::{self, BadDelay},
    dice::Dice,
    operation::{Operation, OperationId},
    selection::{Operations, UnknownOperation},
};

/// Nothing takes longer; the tail of the distribution has no end.
const LONGEST: Duration = Duration::from_mins(1);

/// How long some operations take: `150ms`, `lognormal:300ms,0.6`, `createUser=lognormal:800ms,0.5`, `writes=1s`, or
/// `okta` for what was recorded of real orgs. Of several that fit an operation the last one holds.
#[derive(Clone, Debug, PartialEq)]
pub struct LatencyModel(Rule);

#[derive(Clone, Debug, PartialEq)]
enum Rule {
    Okta,
    Given { operations: Operations, spread: Spread },
}

/// A distribution: half of the draws are below the median, and a sigma of 0 makes them all alike.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Spread {
    median: Duration,
    sigma: f64,
}

/// A latency that can't be understood.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BadLatency {
    /// The median is no length of time.
    #[error(transparent)]
    Median(#[from] BadDelay),
    /// The operations are not known.
    #[error(transparent)]
    Operations(#[from] UnknownOperation),
    /// The sigma is no number, or not one from 0 to 5.
    #[error("`{0}` is not a sigma; write a number from 0 to 5, such as lognormal:300ms,0.6")]
    Sigma(String),
}

impl LatencyModel {
    fn spread_for(&self, operation: &Operation) -> Option<Spread> {
        match &self.0 {
            Rule::Okta => Some(Spread::recorded(operation)),
            Rule::Given { operations, spread } => operations.cover(Some(operation)).then_some(*spread),
        }
    }
}

/// How long the n-th request of an operation takes, by the models; none if they say nothing about it.
pub(crate) fn drawn(
    models: &[LatencyModel],
    dice: Dice,
    operation: &Operation,
    number: u64,
) -> Option<Duration> {
    let spread = models.iter().rev().find_map(|model| model.spread_for(operation))?;
    Some(spread.draw(dice, operation.name, number))
}

impl Spread {
    const fn new(milliseconds: u64, sigma: f64) -> Self {
        Self { median: Duration::from_millis(milliseconds), sigma }
    }

    /// Medians within what was recorded (API.md §3.5, §5.6, §8.1): creates 0.3–1.9 s, deletes 1.2–1.5 s, changes of a
    /// schema 0.3–2.6 s. Of the others nothing is on record; they are set by likeness.
    fn recorded(operation: &Operation) -> Self {
        use OperationId as Id;
        match operation.id {
            Id::CreateUser => Self::new(750, 0.4),
            Id::DeleteUser => Self::new(1350, 0.06),
            Id::UpdateUserSchema | Id::UpdateGroupSchema => Self::new(900, 0.5),
            Id::DeactivateUser | Id::ActivateUser | Id::CreateUserType => Self::new(800, 0.3),
            Id::SignIn => Self::new(400, 0.3),
            Id::AssignUserToGroup | Id::UnassignUserFromGroup | Id::AddGroup => Self::new(250, 0.3),
            Id::GetUser | Id::GetGroup | Id::Token => Self::new(120, 0.25),
            _ if operation.is_write() => Self::new(450, 0.35),
            _ => Self::new(180, 0.3),
        }
    }

    /// In whole milliseconds, which is as fine as the clock of the runtime, unless all draws are alike.
    fn draw(self, dice: Dice, operation: &str, number: u64) -> Duration {
        if self.sigma == 0.0 || self.median.is_zero() {
            return self.median;
        }
        let Ok(distribution) = LogNormal::new(self.median.as_secs_f64().ln(), self.sigma) else {
            return self.median;
        };
        let seconds = distribution.sample(&mut dice.stream("latency", operation, number));
        let drawn = Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST).min(LONGEST);
        Duration::from_millis(u64::try_from(drawn.as_millis()).unwrap_or(u64::MAX))
    }
}

impl FromStr for LatencyModel {
    type Err = BadLatency;

    fn from_str(text: &str) -> Result<Self, BadLatency> {
        if text.trim() == "okta" {
            return Ok(Self(Rule::Okta));
        }
        let (operations, spread) = match text.split_once('=') {
            Some((operations, spread)) => (operations.trim().parse()?, spread),
            None => (Operations::all(), text),
        };
        Ok(Self(Rule::Given { operations, spread: spread.trim().parse()? }))
    }
}

impl FromStr for Spread {
    type Err = BadLatency;

    fn from_str(text: &str) -> Result<Self, BadLatency> {
        let Some(lognormal) = text.strip_prefix("lognormal:") else {
            return Ok(Self { median: delay::length(text)?, sigma: 0.0 });
        };
        let (median, sigma) =
            lognormal.split_once(',').ok_or_else(|| BadLatency::Sigma(lognormal.to_owned()))?;
        let number = sigma.trim().parse().ok().filter(|sigma| (0.0..=5.0).contains(sigma));
        let sigma = number.ok_or_else(|| BadLatency::Sigma(sigma.to_owned()))?;
        Ok(Self { median: delay::length(median)?, sigma })
    }
}

impl fmt::Display for LatencyModel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Rule::Okta => out.write_str("okta"),
            Rule::Given { operations, spread } => write!(out, "{operations}={spread}"),
        }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let median = delay::written(self.median);
        if self.sigma == 0.0 {
            out.write_str(&median)
        } else {
            write!(out, "lognormal:{median},{}", self.sigma)
        }
    }
}
