//! Faults as they are written, on a command line and in JSON.

use std::{fmt, str::FromStr, time::Duration};

use serde::Deserialize;

use super::{
    frequency::Frequency,
    kind::{FaultKind, ServerError},
    plan::Fault,
};
use crate::{
    delay::{self, BadDelay},
    lag::percent,
    selection::{Operations, UnknownOperation},
};

const USUAL_HANG: Duration = Duration::from_mins(1);
const USUAL_PACE: u32 = 64;

/// A fault that can't be understood.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BadFault {
    /// The kind is not known, or what stands behind its `@` does not fit it.
    #[error(
        "there is no fault `{0}`; the faults are lost-answer, reset, cut, drip@BYTES, hang@TIME, hang-before@TIME, 500, 502, 503 and 504 (each with -after, -html or both), malformed, html-200, expired-token, date-skew@SECONDS, clock-skew@SECONDS, undefined-attribute and still-activating"
    )]
    Kind(String),
    /// It is not said how often, or not so that it is understood.
    #[error("`{0}` does not say how often; write =2%, =0.02, =1/100, =first:3, =from:100 or =all")]
    Frequency(String),
    /// The limit is no number.
    #[error("`{0}` is not a limit; write ,max:10")]
    Limit(String),
    /// The operations are not known.
    #[error(transparent)]
    Operations(#[from] UnknownOperation),
    /// A length of time is none.
    #[error(transparent)]
    Delay(#[from] BadDelay),
    /// It is not the JSON that is expected.
    #[error("not a fault in JSON: {0}")]
    Json(String),
}

/// A fault in JSON.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected a text such as \"503:createUser=5%\", or an object with kind, operations, one of rate, every, first and from, and limit"
)]
pub(super) enum FaultDocument {
    Text(String),
    Parts(FaultParts),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultParts {
    kind: String,
    operations: Option<Vec<String>>,
    rate: Option<f64>,
    every: Option<u64>,
    first: Option<u64>,
    from: Option<u64>,
    limit: Option<u64>,
}

impl FaultDocument {
    pub fn read(self) -> Result<Fault, BadFault> {
        match self {
            Self::Text(text) => text.parse(),
            Self::Parts(parts) => parts.read(),
        }
    }
}

impl FaultParts {
    fn read(self) -> Result<Fault, BadFault> {
        let kind: FaultKind = self.kind.parse()?;
        let operations = self.operations.filter(|names| !names.is_empty());
        let operations = operations.map(|names| names.join("+").parse()).transpose()?;
        let wrong = || BadFault::Frequency(self.kind.clone());
        let frequency = match (self.rate, self.every, self.first, self.from) {
            (None, None, None, None) => Frequency::Share(1.0),
            (Some(rate), None, None, None) if (0.0..=1.0).contains(&rate) => Frequency::Share(rate),
            (None, Some(every), None, None) if every > 0 => Frequency::Every(every),
            (None, None, Some(first), None) => Frequency::First(first),
            (None, None, None, Some(from)) => Frequency::From(from),
            _ => return Err(wrong()),
        };
        let operations = operations.unwrap_or_else(|| usual(kind));
        Ok(Fault { kind, operations, frequency, limit: self.limit })
    }
}

fn usual(kind: FaultKind) -> Operations {
    match kind.usual_operations() {
        [] => Operations::all(),
        names => Operations::named(names),
    }
}

impl FromStr for Fault {
    type Err = BadFault;

    fn from_str(text: &str) -> Result<Self, BadFault> {
        let (what, often) = text.split_once('=').ok_or_else(|| BadFault::Frequency(text.to_owned()))?;
        let (kind, operations) =
            what.split_once(':').map_or((what, None), |(kind, operations)| (kind, Some(operations)));
        let kind = kind.trim().parse()?;
        let operations = operations.map(|operations| operations.trim().parse()).transpose()?;
        let operations = operations.unwrap_or_else(|| usual(kind));
        let (often, limit) = match often.split_once(',') {
            Some((often, limit)) => (often, Some(limit)),
            None => (often, None),
        };
        let limit = limit.map(|limit| {
            let number = limit.trim().strip_prefix("max:").and_then(|number| number.trim().parse().ok());
            number.ok_or_else(|| BadFault::Limit(limit.to_owned()))
        });
        Ok(Self { kind, operations, frequency: often.trim().parse()?, limit: limit.transpose()? })
    }
}

impl FromStr for Frequency {
    type Err = BadFault;

    fn from_str(text: &str) -> Result<Self, BadFault> {
        let number = |text: &str| text.trim().parse::<u64>().ok().filter(|number| *number > 0);
        let read = || {
            if text == "all" {
                return Some(Self::Share(1.0));
            }
            if let Some(first) = text.strip_prefix("first:") {
                return number(first).map(Self::First);
            }
            if let Some(from) = text.strip_prefix("from:") {
                return number(from).map(Self::From);
            }
            if let Some(every) = text.strip_prefix("1/") {
                return number(every).map(Self::Every);
            }
            let share = percent(text).or_else(|| text.parse().ok());
            share.filter(|share| (0.0..=1.0).contains(share)).map(Self::Share)
        };
        read().ok_or_else(|| BadFault::Frequency(text.to_owned()))
    }
}

impl FromStr for FaultKind {
    type Err = BadFault;

    fn from_str(text: &str) -> Result<Self, BadFault> {
        let unknown = || BadFault::Kind(text.to_owned());
        let (name, given) = match text.split_once('@') {
            Some((name, given)) => (name, Some(given)),
            None => (text, None),
        };
        let time = || given.map_or(Ok(USUAL_HANG), delay::length);
        let seconds = || given.and_then(|given| given.trim_end_matches('s').parse().ok()).ok_or_else(unknown);
        Ok(match (name, given) {
            ("drip", None) => Self::Drip { bytes_per_second: USUAL_PACE },
            ("drip", Some(pace)) => {
                let pace = pace.parse().ok().filter(|pace| *pace > 0).ok_or_else(unknown)?;
                Self::Drip { bytes_per_second: pace }
            }
            ("hang", _) => Self::Hang { time: time()? },
            ("hang-before", _) => Self::HangBefore { time: time()? },
            ("date-skew", _) => Self::DateSkew { seconds: seconds()? },
            ("clock-skew", _) => Self::ClockSkew { seconds: seconds()? },
            (name, None) => plain_kind(name).ok_or_else(unknown)?,
            _ => return Err(unknown()),
        })
    }
}

const PLAIN: [(&str, FaultKind); 8] = [
    ("lost-answer", FaultKind::LostAnswer),
    ("reset", FaultKind::Reset),
    ("cut", FaultKind::Cut),
    ("malformed", FaultKind::Malformed),
    ("html-200", FaultKind::Html200),
    ("expired-token", FaultKind::ExpiredToken),
    ("undefined-attribute", FaultKind::UndefinedAttribute),
    ("still-activating", FaultKind::StillActivating),
];

fn plain_kind(name: &str) -> Option<FaultKind> {
    if let Some((_, kind)) = PLAIN.iter().find(|(known, _)| *known == name) {
        return Some(*kind);
    }
    let (status, how) = name.split_at_checked(3)?;
    let error = ServerError::ALL.into_iter().find(|error| error.status().as_str() == status)?;
    let (after, html) = match how {
        "" => (false, false),
        "-after" => (true, false),
        "-html" => (false, true),
        "-after-html" | "-html-after" => (true, true),
        _ => return None,
    };
    Some(FaultKind::Error { error, after, html })
}

impl fmt::Display for FaultKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Drip { bytes_per_second } => write!(out, "drip@{bytes_per_second}"),
            Self::Hang { time } => write!(out, "hang@{}", delay::written(*time)),
            Self::HangBefore { time } => write!(out, "hang-before@{}", delay::written(*time)),
            Self::DateSkew { seconds } => write!(out, "date-skew@{seconds}"),
            Self::ClockSkew { seconds } => write!(out, "clock-skew@{seconds}"),
            Self::Error { error, after, html } => {
                let (after, html) = (if *after { "-after" } else { "" }, if *html { "-html" } else { "" });
                write!(out, "{}{after}{html}", error.status().as_str())
            }
            plain => {
                let name = PLAIN.iter().find(|(_, kind)| kind == plain).map_or("", |(name, _)| name);
                out.write_str(name)
            }
        }
    }
}

impl fmt::Display for Frequency {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Share(share) => write!(out, "{share}"),
            Self::Every(every) => write!(out, "1/{every}"),
            Self::First(first) => write!(out, "first:{first}"),
            Self::From(from) => write!(out, "from:{from}"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}={}", self.kind, self.operations, self.frequency)?;
        self.limit.map_or(Ok(()), |limit| write!(out, ",max:{limit}"))
    }
}
