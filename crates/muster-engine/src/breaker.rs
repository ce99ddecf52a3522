//! Whether the org is there at all, and whether too much goes wrong to go on.

use std::time::Duration;

use muster_core::outcome::{Outcome, Tally};
use muster_core::record::Line;
use muster_core::retry::back_off;
use serde::{Deserialize, Serialize};

/// Bad answers in a row after which the org counts as away.
const BAD_IN_A_ROW: u32 = 6;

/// Requests that read and requests that write fail apart: an org may answer the one and not the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Those that change nothing.
    Reads,
    /// Those that change something.
    Writes,
}

/// Is told every answer, and says how the org is.
#[derive(Debug, Default)]
pub struct OrgHealth {
    reads: SideHealth,
    writes: SideHealth,
    words: String,
}

#[derive(Debug, Default)]
struct SideHealth {
    bad: u32,
    away_since: Option<Duration>,
    /// The rows that the last errors of the org's own were about.
    about: Vec<Line>,
}

impl OrgHealth {
    /// The org answered a request of this side, whatever it said.
    pub fn answered(&mut self, side: Side) {
        *self.side(side) = SideHealth::default();
    }

    /// No answer, or one of 5xx.
    pub fn failed(&mut self, side: Side, now: Duration, words: &str) {
        words.clone_into(&mut self.words);
        let side = self.side(side);
        side.bad += 1;
        if side.bad >= BAD_IN_A_ROW {
            side.away_since.get_or_insert(now);
        }
    }

    /// The org had an error of its own with this row. That may be the row's fault: the same row again says nothing new
    /// of the org, or a single row that no org can bear would look like an outage for ever.
    pub fn failed_with(&mut self, side: Side, line: Line, now: Duration, words: &str) {
        let about = &mut self.side(side).about;
        if !about.contains(&line) {
            about.push(line);
            self.failed(side, now, words);
        }
    }

    /// The org said that it does not write now (API.md §11.17).
    pub fn read_only(&mut self, now: Duration, words: &str) {
        self.writes.bad = self.writes.bad.max(BAD_IN_A_ROW);
        self.failed(Side::Writes, now, words);
    }

    /// Whether requests get through.
    pub fn is_well(&self) -> bool {
        self.reads.away_since.is_none() && self.writes.away_since.is_none()
    }

    /// How long the org has been away.
    pub fn away(&self, now: Duration) -> Option<Duration> {
        let since = [self.reads.away_since, self.writes.away_since].into_iter().flatten().min();
        since.map(|since| now.saturating_sub(since))
    }

    /// The last bad answer in words.
    pub fn words(&self) -> &str {
        &self.words
    }

    /// The wait before the next single request that tries whether the org is back.
    pub fn probe_wait(&self, dice: f64) -> Duration {
        back_off(self.reads.bad.max(self.writes.bad).saturating_sub(BAD_IN_A_ROW) + 1, dice)
    }

    fn side(&mut self, side: Side) -> &mut SideHealth {
        match side {
            Side::Reads => &mut self.reads,
            Side::Writes => &mut self.writes,
        }
    }
}

/// How many rows may go wrong before the run stops by itself: a number, or a part of the rows done.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum MaxErrors {
    /// So many.
    Rows(u64),
    /// Such a part of them, 0 to 1.
    Part(f64),
}

impl std::str::FromStr for MaxErrors {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let faulty = || format!("{text:?} is neither a number of rows (25) nor a part of them (5%)");
        match text.trim().strip_suffix('%') {
            Some(percent) => match percent.trim().parse::<f64>() {
                Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(Self::Part(percent / 100.0)),
                _ => Err(faulty()),
            },
            None => text.trim().parse().map(Self::Rows).map_err(|_| faulty()),
        }
    }
}

impl MaxErrors {
    /// Rows that must be done before a part says anything.
    const SAMPLE: u64 = 50;

    /// Whether more went wrong since the leg began than was allowed.
    pub fn exceeded(self, before: &Tally, now: &Tally) -> bool {
        let wrong = |tally: &Tally| tally.of(Outcome::Rejected) + tally.of(Outcome::Failed);
        let sent = |tally: &Tally| tally.settled() - tally.of(Outcome::Invalid);
        let (wrong, sent) =
            (wrong(now).saturating_sub(wrong(before)), sent(now).saturating_sub(sent(before)));
        match self {
            Self::Rows(most) => wrong > most,
            #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
            Self::Part(part) => sent >= Self::SAMPLE && wrong as f64 > part * sent as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use muster_core::outcome::GroupOutcome;

    use super::*;

    #[test]
    fn one_bad_answer_is_no_outage() {
        let mut health = OrgHealth::default();
        for second in 0..BAD_IN_A_ROW {
            assert!(health.is_well());
            health.failed(Side::Writes, Duration::from_secs(u64::from(second)), "502");
            health.answered(Side::Reads);
        }
        assert_eq!(health.away(Duration::from_secs(65)), Some(Duration::from_mins(1)));
        health.answered(Side::Writes);
        assert!(health.is_well());
    }

    #[test]
    fn one_row_that_no_org_can_bear_is_no_outage() {
        let mut health = OrgHealth::default();
        for _ in 0..50 {
            health.failed_with(Side::Writes, Line(7), Duration::ZERO, "500");
        }
        assert!(health.is_well());
        (0..u64::from(BAD_IN_A_ROW)).for_each(|line| {
            health.failed_with(Side::Writes, Line(line), Duration::ZERO, "500");
        });
        assert!(!health.is_well());
    }

    #[test]
    fn the_limit_on_errors_is_a_number_or_a_part() {
        assert_eq!("5%".parse(), Ok(MaxErrors::Part(0.05)));
        assert_eq!("25".parse(), Ok(MaxErrors::Rows(25)));
        assert!("many".parse::<MaxErrors>().is_err() && "120%".parse::<MaxErrors>().is_err());
        let (before, mut now) = (Tally::of_rows(100), Tally::of_rows(100));
        now.add(Outcome::Created, GroupOutcome::None, 46);
        now.add(Outcome::Rejected, GroupOutcome::None, 4);
        now.add(Outcome::Invalid, GroupOutcome::None, 20);
        assert!(
            MaxErrors::Part(0.05).exceeded(&before, &now) && !MaxErrors::Part(0.08).exceeded(&before, &now)
        );
        assert!(MaxErrors::Rows(3).exceeded(&before, &now) && !MaxErrors::Rows(4).exceeded(&before, &now));
        assert!(!MaxErrors::Part(0.05).exceeded(&now, &now), "earlier legs do not count");
    }
}
