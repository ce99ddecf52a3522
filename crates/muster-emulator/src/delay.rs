//! Lengths of time and ranges of them, as they are written on a command line: `150ms`, `1.5s`, `2m`, `0..3s`.

use std::{fmt, str::FromStr, time::Duration};

/// From so long to so long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DelayRange {
    /// The least.
    pub least: Duration,
    /// The most; not below the least.
    pub most: Duration,
}

/// A length of time that can't be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a length of time; write it as 150ms, 1.5s or 2m")]
pub struct BadDelay(pub(crate) String);

/// Longer than a day makes no sense, and smaller numbers can't overflow.
const LONGEST_SECONDS: f64 = 86_400.0;

impl DelayRange {
    /// Always the same.
    pub fn of(length: Duration) -> Self {
        Self { least: length, most: length }
    }

    /// Whether it never delays anything.
    pub fn is_zero(self) -> bool {
        self.most.is_zero()
    }

    /// The length at a place between the least (0) and the most (1).
    pub(crate) fn at(self, place: f64) -> Duration {
        self.least + self.most.saturating_sub(self.least).mul_f64(place.clamp(0.0, 1.0))
    }
}

/// A length of time, from its text.
pub(crate) fn length(text: &str) -> Result<Duration, BadDelay> {
    let bad = || BadDelay(text.to_owned());
    let trimmed = text.trim();
    let (number, seconds) = [("ms", 0.001), ("s", 1.0), ("m", 60.0)]
        .iter()
        .find_map(|(unit, seconds)| Some((trimmed.strip_suffix(unit)?, *seconds)))
        .or_else(|| (trimmed == "0").then_some((trimmed, 1.0)))
        .ok_or_else(bad)?;
    let number: f64 = number.trim().parse().map_err(|_| bad())?;
    let length = number * seconds;
    if !(0.0..=LONGEST_SECONDS).contains(&length) {
        return Err(bad());
    }
    // By way of whole microseconds: 0.3 s must not become 299999999 ns.
    Ok(Duration::from_secs_f64((length * 1e6).round() / 1e6))
}

/// The text of a length of time.
pub(crate) fn written(length: Duration) -> String {
    if length.subsec_nanos() == 0 {
        return format!("{}s", length.as_secs());
    }
    format!("{}ms", length.as_secs_f64() * 1000.0)
}

impl FromStr for DelayRange {
    type Err = BadDelay;

    fn from_str(text: &str) -> Result<Self, BadDelay> {
        let Some((least, most)) = text.split_once("..") else { return length(text).map(Self::of) };
        let range = Self { least: length(least)?, most: length(most)? };
        if range.least <= range.most { Ok(range) } else { Err(BadDelay(text.to_owned())) }
    }
}

impl fmt::Display for DelayRange {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.least == self.most {
            return out.write_str(&written(self.most));
        }
        write!(out, "{}..{}", written(self.least), written(self.most))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_ranges_are_read_and_written() {
        for text in ["150ms", "2s", "0s..3s", "500ms..1s"] {
            assert_eq!(text.parse::<DelayRange>().expect("a range").to_string(), text);
        }
        let range: DelayRange = "0..3s".parse().expect("a range");
        assert_eq!((range.at(0.0), range.at(0.5)), (Duration::ZERO, Duration::from_millis(1500)));
        assert_eq!(length("1.5m"), Ok(Duration::from_secs(90)));
        assert_eq!(length("0.3s"), Ok(Duration::from_millis(300)));
        for text in ["", "3", "s", "-1s", "nans", "infs", "1e9s", "3s..1s", "1s..", "5h"] {
            assert!(text.parse::<DelayRange>().is_err(), "{text}");
        }
    }
}
