//! How identity sources are declared, and how an org treats their import sessions.

use std::{fmt, str::FromStr, time::Duration};

use crate::delay::length;

/// An identity source that the org is to have: `LABEL`, or `LABEL=0oa…` with an id of one's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdentitySourceSetting {
    /// The name that administrators see.
    pub label: String,
    /// Its id; one by the seed, if none.
    pub id: Option<String>,
    /// Attributes of its schema beside the base ones. Without any it takes whatever comes.
    pub attributes: Vec<String>,
    /// Whether its new people become ACTIVE. They are STAGED otherwise. At Okta this follows the import settings of
    /// the app, which no API shows.
    pub activates: bool,
}

/// How import sessions are treated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentitySourceRules {
    /// How fast triggered sessions are processed.
    pub speed: ImportSpeed,
    /// So long after a session was created no other can be, unless that one is over.
    pub gap: Duration,
    /// A session that is still being loaded expires so long after it was last touched.
    pub expiry: Duration,
    /// Whether the list of sessions holds those that are over, too. Okta's API description says nothing of it; the
    /// help for a Workflows card says that only active ones are listed (UNCONFIRMED).
    pub lists_all: bool,
    /// The most people of one session.
    pub largest_session: usize,
}

/// How many people are processed in which time; all of them at once, if none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportSpeed(Option<(u32, Duration)>);

/// A declaration that can't be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadIdentitySource {
    /// There is no label.
    #[error("`{0}` has no label; write LABEL or LABEL=0oa…, such as Payroll=0oa1234567890abcdefg")]
    Label(String),
    /// The id is none.
    #[error("`{0}` is not the id of an app; it begins with 0oa and has letters and digits alone")]
    Id(String),
}

/// A speed that can't be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a speed; write people per time such as 2000/min, 30/s or 500/10s, or `instant`")]
pub struct BadImportSpeed(String);

impl ImportSpeed {
    /// Everything is processed as soon as it is triggered.
    pub const INSTANT: Self = Self(None);

    /// So many people in such a time; at once, if either is zero.
    pub fn of(people: u32, per: Duration) -> Self {
        Self((people > 0 && !per.is_zero()).then_some((people, per)))
    }

    /// How long so many people take, in nanoseconds.
    pub(crate) fn time_of(self, people: u64) -> i128 {
        let Some((number, per)) = self.0 else { return 0 };
        let per = i128::try_from(per.as_nanos()).unwrap_or(i128::MAX);
        per.saturating_mul(people.into()) / i128::from(number)
    }
}

impl Default for ImportSpeed {
    /// About what Okta's documents lead one to expect.
    fn default() -> Self {
        Self::of(2000, Duration::from_mins(1))
    }
}

impl Default for IdentitySourceRules {
    fn default() -> Self {
        Self {
            speed: ImportSpeed::default(),
            gap: Duration::from_mins(5),
            expiry: Duration::from_hours(24),
            lists_all: true,
            largest_session: 10_000,
        }
    }
}

impl FromStr for IdentitySourceSetting {
    type Err = BadIdentitySource;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (label, id) = text.split_once('=').map_or((text, None), |(label, id)| (label, Some(id.trim())));
        let label = label.trim().to_owned();
        if label.is_empty() {
            return Err(BadIdentitySource::Label(text.to_owned()));
        }
        let sound = |id: &str| {
            id.len() > 3 && id.starts_with("0oa") && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        match id {
            Some(id) if !sound(id) => Err(BadIdentitySource::Id(id.to_owned())),
            id => Ok(Self { label, id: id.map(str::to_owned), ..Self::default() }),
        }
    }
}

impl FromStr for ImportSpeed {
    type Err = BadImportSpeed;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || BadImportSpeed(text.to_owned());
        if matches!(text.trim(), "0" | "instant") {
            return Ok(Self::INSTANT);
        }
        let (people, per) = text.split_once('/').ok_or_else(bad)?;
        let people = people.trim().parse().ok().filter(|people| *people > 0).ok_or_else(bad)?;
        let per = match per.trim() {
            "s" => Duration::from_secs(1),
            "m" | "min" => Duration::from_mins(1),
            "h" => Duration::from_hours(1),
            other => length(other).ok().filter(|length| !length.is_zero()).ok_or_else(bad)?,
        };
        Ok(Self::of(people, per))
    }
}

impl fmt::Display for ImportSpeed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            None => out.write_str("instant"),
            Some((people, per)) if per == Duration::from_mins(1) => write!(out, "{people}/min"),
            Some((people, per)) => write!(out, "{people}/{}", crate::delay::written(per)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_read() {
        let read = |text: &str| text.parse::<IdentitySourceSetting>();
        let named = |label: &str, id: Option<&str>| IdentitySourceSetting {
            label: label.to_owned(),
            id: id.map(str::to_owned),
            ..IdentitySourceSetting::default()
        };
        assert_eq!(read(" Payroll "), Ok(named("Payroll", None)));
        assert_eq!(read("Payroll=0oa12"), Ok(named("Payroll", Some("0oa12"))));
        assert_eq!(read("=0oa12"), Err(BadIdentitySource::Label("=0oa12".to_owned())));
        for id in ["", "0oa", "00u12", "0oa/1"] {
            assert_eq!(read(&format!("Payroll={id}")), Err(BadIdentitySource::Id(id.to_owned())));
        }
    }

    #[test]
    fn speeds_are_read_and_written() {
        for text in ["2000/min", "30/1s", "500/10s", "instant"] {
            assert_eq!(text.parse::<ImportSpeed>().expect("a speed").to_string(), text);
        }
        assert_eq!("0".parse(), Ok(ImportSpeed::INSTANT));
        assert_eq!("2000/min".parse(), Ok(ImportSpeed::default()));
        assert_eq!("2/s".parse::<ImportSpeed>().map(|speed| speed.time_of(3)), Ok(1_500_000_000));
        for text in ["", "2000", "0/s", "x/s", "5/d", "5/0s"] {
            assert!(text.parse::<ImportSpeed>().is_err(), "{text}");
        }
    }
}
