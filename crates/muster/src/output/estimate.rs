//! How long a run will take on this org's limits, and which limit would make it shorter.

use std::time::Duration;

use muster_core::pace::Reading;
use muster_engine::Pacing;
use serde::Serialize;

use super::grouped;

/// The window of Okta's limits, in seconds.
const WINDOW: u64 = 60;

/// What an org shows that limits nothing.
const UNLIMITED: u64 = 1_000_000;

/// Creates a minute that the requests which an org takes at once still let through (docs/performance.md).
const AT_ONCE: u64 = 2_960;

const HOUR: f64 = 3600.0;
const NIGHT: f64 = 8.0 * HOUR;

/// The limit of creates as the org told it, and what follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// Requests per window that this token sees.
    pub limit_per_window: u64,
    /// The length of a window.
    pub window_seconds: u64,
    /// Creates a minute within share and reserve; none where there is no limit.
    pub creates_per_minute: Option<u64>,
    /// How long the creates take; none where there is no limit.
    pub seconds: Option<u64>,
    #[serde(skip)]
    people: u64,
    #[serde(skip)]
    share: f64,
    #[serde(skip)]
    reserve: u64,
}

impl Estimate {
    /// For so many creates, by what an answer of the users' bucket said. Only an org on this machine may have other
    /// windows than Okta's; where ours is the first request of one, its end tells the length.
    pub fn of(people: u64, reading: &Reading, pacing: &Pacing, emulated: bool) -> Self {
        let first = reading.remaining.saturating_add(1) >= reading.limit;
        let told = Duration::as_secs(&reading.resets_in);
        let window_seconds = if emulated && first && (1..WINDOW).contains(&told) { told } else { WINDOW };
        let estimate = Self {
            limit_per_window: reading.limit,
            window_seconds,
            creates_per_minute: None,
            seconds: None,
            people,
            share: pacing.share,
            reserve: pacing.reserve,
        };
        if reading.limit >= UNLIMITED { estimate } else { estimate.limited() }
    }

    fn limited(self) -> Self {
        let part = whole(number(self.limit_per_window) * self.share + 1e-9);
        let allowed = number(part.saturating_sub(self.reserve).max(1));
        let windows = number(self.people) / allowed;
        Self {
            creates_per_minute: Some(whole(allowed * 60.0 / number(self.window_seconds))),
            seconds: Some(whole((windows * number(self.window_seconds)).ceil())),
            ..self
        }
    }

    /// Lines for people, without a head.
    pub fn lines(&self) -> Vec<String> {
        let Some((rate, seconds)) = self.creates_per_minute.zip(self.seconds) else {
            return vec!["as fast as the org answers: it tells no limit for creates".to_owned()];
        };
        let window = if self.window_seconds == WINDOW {
            String::new()
        } else {
            format!(" in {} s", self.window_seconds)
        };
        let reserve =
            if self.reserve > 0 { format!(", reserve {}", grouped(self.reserve)) } else { String::new() };
        let mut lines = vec![format!(
            "about {} at {} creates a minute (limit {}{window} for this token, share {}{reserve})",
            about(seconds),
            grouped(rate),
            grouped(self.limit_per_window),
            self.share
        )];
        lines.extend(self.wish(number(seconds)));
        if rate > AT_ONCE {
            lines.push(
                "if the org answers as fast: how many requests it takes at once decides, too".to_owned(),
            );
        }
        lines
    }

    /// What to ask for where it takes longer than an hour, or than a night.
    fn wish(&self, seconds: f64) -> Option<String> {
        let (goal, words) = match seconds {
            long if long > NIGHT => (NIGHT, "8 hours"),
            long if long > HOUR => (HOUR, "an hour"),
            _ => return None,
        };
        let each_window = number(self.people) * number(self.window_seconds) / goal;
        let limit = whole(((each_window.ceil() + number(self.reserve)) / self.share).ceil());
        Some(format!(
            "to be done in {words} this token needs a limit of {}: give it all of the org's, then ask Okta for more of /api/v1/users",
            grouped(limit)
        ))
    }
}

/// A time that is only about right.
fn about(seconds: u64) -> String {
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", (seconds + 30) / 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn number(whole: u64) -> f64 {
    whole as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "never negative, far below 2^52")]
fn whole(number: f64) -> u64 {
    number as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(limit: u64, remaining: u64, resets_in: u64) -> Reading {
        Reading { limit, remaining, resets_in: Duration::from_secs(resets_in), resets_at: 0, date: None }
    }

    fn estimate(people: u64, reading: &Reading, emulated: bool) -> Estimate {
        Estimate::of(people, reading, &Pacing::default(), emulated)
    }

    #[test]
    fn every_paid_plan() {
        let told = estimate(20_000, &reading(300, 299, 60), false);
        assert_eq!((told.creates_per_minute, told.seconds), (Some(270), Some(4445)));
        let lines = told.lines().join("\n");
        assert!(lines.contains("about 74 min at 270 creates a minute (limit 300 for this token, share 0.9)"));
        assert!(lines.contains("an hour this token needs a limit of 372"), "{lines}");
    }

    #[test]
    fn a_million_in_a_night() {
        let lines = estimate(1_000_000, &reading(300, 299, 60), false).lines();
        assert!(lines[0].contains("61 h 43 min") && lines[1].contains("8 hours"), "{lines:?}");
        assert!(lines[1].contains("a limit of 2,316"), "{lines:?}");
    }

    #[test]
    fn others_may_have_begun_the_window_of_an_org() {
        assert_eq!(estimate(1, &reading(300, 299, 6), false).window_seconds, 60);
        let emulated = estimate(540, &reading(300, 299, 6), true);
        assert_eq!((emulated.window_seconds, emulated.creates_per_minute), (6, Some(2700)));
        assert_eq!(emulated.seconds, Some(12));
        assert_eq!(estimate(1, &reading(300, 200, 6), true).window_seconds, 60);
    }

    #[test]
    fn share_and_reserve_count() {
        let pacing = Pacing { share: 0.5, reserve: 50, ..Pacing::default() };
        let told = Estimate::of(100, &reading(300, 299, 60), &pacing, false);
        assert_eq!((told.creates_per_minute, told.seconds), (Some(100), Some(60)));
        assert!(told.lines()[0].contains("share 0.5, reserve 50"));
    }

    #[test]
    fn no_limit_is_said() {
        let told = estimate(100, &reading(UNLIMITED, UNLIMITED, 60), true);
        assert_eq!(told.seconds, None);
        assert!(told.lines()[0].contains("no limit"));
    }
}
