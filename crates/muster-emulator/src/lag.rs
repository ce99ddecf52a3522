//! What an org is late with: the index behind lists, activation, ids that were just made, and new attributes.

use std::{fmt, str::FromStr};

use crate::delay::{BadDelay, DelayRange};

/// How late an org is with what. Each entity has its own lag within the range, by the seed.
///
/// Its text is a list such as `search=0..3s,activation=2s,fresh=500ms/30%,schema=2s`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lag {
    /// Lists, searches, filters and `q` show a user or a group as it was before its last change for so long: a new
    /// one is missing, a changed one has its former shape. Reads by id or login are never late. A deleted one is
    /// gone at once.
    pub search: DelayRange,
    /// So long after its activation a user can't be updated: 409 E0000112. `transitioningToStatus` stays null, as it
    /// was in everything that was recorded, and so is left out.
    pub activation: DelayRange,
    /// So long after its creation a user or a group is not found by calls below it (memberships, lifecycle, a user's
    /// groups): 404 E0000007.
    pub fresh: DelayRange,
    /// The share of ids that `fresh` is true of, from 0 to 1.
    pub fresh_share: f64,
    /// So long after it was added an attribute is "not defined in profile".
    pub schema: DelayRange,
}

/// A lag that can't be understood.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BadLag {
    /// There is no such lag.
    #[error(
        "`{0}` is not a lag; write search=0..3s, activation=2s, fresh=500ms, fresh=500ms/30% or schema=2s"
    )]
    Name(String),
    /// The length is none.
    #[error("{0}, or as a range such as 0..3s")]
    Length(#[from] BadDelay),
    /// The share is none.
    #[error("`{0}` is not a share of the fresh ids; write it as 30%")]
    Share(String),
}

impl Default for Lag {
    fn default() -> Self {
        let none = DelayRange::default();
        Self { search: none, activation: none, fresh: none, fresh_share: 0.5, schema: none }
    }
}

impl Lag {
    /// Takes over what one more text says, and keeps the rest.
    pub fn and(mut self, text: &str) -> Result<Self, BadLag> {
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            self.set(part)?;
        }
        Ok(self)
    }

    fn set(&mut self, part: &str) -> Result<(), BadLag> {
        let (name, length) = part.split_once('=').ok_or_else(|| BadLag::Name(part.to_owned()))?;
        match name.trim() {
            "search" => self.search = length.parse()?,
            "activation" => self.activation = length.parse()?,
            "schema" => self.schema = length.parse()?,
            "fresh" => {
                let (length, share) = length.split_once('/').unwrap_or((length, "50%"));
                self.fresh = length.parse()?;
                self.fresh_share = percent(share).ok_or_else(|| BadLag::Share(share.to_owned()))?;
            }
            _ => return Err(BadLag::Name(part.to_owned())),
        }
        Ok(())
    }
}

/// A share from its text in per cent.
pub(crate) fn percent(text: &str) -> Option<f64> {
    let number: f64 = text.trim().strip_suffix('%')?.trim().parse().ok()?;
    (0.0..=100.0).contains(&number).then_some(number / 100.0)
}

impl FromStr for Lag {
    type Err = BadLag;

    fn from_str(text: &str) -> Result<Self, BadLag> {
        Self::default().and(text)
    }
}

impl fmt::Display for Lag {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { search, activation, fresh, fresh_share, schema } = self;
        let share = fresh_share * 100.0;
        write!(out, "search={search},activation={activation},fresh={fresh}/{share}%,schema={schema}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lags_are_read_and_written() {
        let text = "search=0s..3s,activation=2s,fresh=500ms/30%,schema=1s";
        let lag: Lag = text.parse().expect("a lag");
        assert_eq!(lag.to_string(), text);
        let more = lag.and("fresh=1s").expect("a lag");
        assert_eq!((more.fresh_share, more.search), (0.5, lag.search));
        for text in ["search", "find=1s", "search=1", "fresh=1s/200%", "fresh=1s/x"] {
            assert!(text.parse::<Lag>().is_err(), "{text}");
        }
    }
}
