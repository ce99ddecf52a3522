//! The numbers of a programme, as one plain document: what the terminal, JSON and a page show is the same.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use muster_core::hook_call::HookResult;
use muster_core::programme::{Forecast, NoForecast, PersonState, forecast};
use muster_ledger::{Crowd, PersonKind, PersonTally, WatchedGroup};
use serde::{Deserialize, Serialize};

use super::{Audits, Programme};
use crate::error::EngineError;

const DAY: i64 = 86_400;
const HOUR: i64 = 3600;
/// Hours that are told one by one.
const HOURS: i64 = 24;

/// What a report shall hold.
#[derive(Clone, Debug, Default)]
pub struct ReportWish {
    /// Groups to count by.
    pub groups: Vec<WatchedGroup>,
    /// What the audit files say, if any were read.
    pub audits: Option<Audits>,
    /// The day on which the programme shall end.
    pub until: Option<Date>,
}

/// The numbers of a programme. Days are those of UTC.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgrammeReport {
    /// The org.
    pub org: String,
    /// The runs whose people are counted.
    pub runs: Vec<String>,
    /// When these numbers were made.
    pub made_at: Timestamp,
    /// How far the System Log was read.
    pub log_read_to: Option<Timestamp>,
    /// When the first person was armed.
    pub first_armed_at: Option<Timestamp>,
    /// Everybody who was armed: the sum of waiting, come over, reset, gone and cannot.
    pub people: u64,
    /// Those who have still to come over.
    pub waiting: u64,
    /// Those of them whose password the hook found right; that Okta stored it is not confirmed.
    pub verified: u64,
    /// Those who have come over.
    pub come_over: u64,
    /// The same as a part of all people, in percent.
    pub come_over_percent: f64,
    /// Those who got a mail to set a new password.
    pub reset: u64,
    /// Those whose user is deactivated or deleted.
    pub gone: u64,
    /// Those who can't be reset.
    pub cannot: u64,
    /// Why they can't, and how many.
    pub cannot_because: BTreeMap<String, u64>,
    /// People with an imported hash, who need no hook.
    pub hashes: HashReport,
    /// Day by day, from the first on.
    pub days: Vec<DayReport>,
    /// The last 24 hours.
    pub hours: Vec<HourReport>,
    /// By group, where groups were asked for.
    pub groups: Vec<GroupReport>,
    /// What the hook's audit files say, where they were named.
    pub audit: Option<AuditReport>,
    /// What is to be expected.
    pub forecast: Option<Forecast>,
    /// Why nothing is.
    pub no_forecast: Option<NoForecast>,
    /// The day on which it shall end, where it was named.
    pub until: Option<UntilReport>,
}

/// People with an imported hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HashReport {
    /// How many there are.
    pub people: u64,
    /// How many have signed in.
    pub signed_in: u64,
}

/// One day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayReport {
    /// The day.
    pub date: Date,
    /// How many came over.
    pub come_over: u64,
    /// How many had not at its end.
    pub left: u64,
}

/// One hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HourReport {
    /// Its beginning.
    pub at: Timestamp,
    /// How many came over.
    pub come_over: u64,
    /// Wrong passwords, as the audit files say.
    pub wrong_passwords: u64,
    /// Names that nobody knows, as the audit files say.
    pub unknown_users: u64,
}

/// The people of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupReport {
    /// Its name.
    pub name: String,
    /// When its members were read.
    pub taken_at: Timestamp,
    /// Everybody in it who was armed.
    pub people: u64,
    /// Those who have still to come over.
    pub waiting: u64,
    /// Those who have come over.
    pub come_over: u64,
    /// Those who got a mail.
    pub reset: u64,
    /// Those whose user is gone.
    pub gone: u64,
    /// Those who can't be reset.
    pub cannot: u64,
}

/// The hook, as its audit files show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AuditReport {
    /// The files.
    pub files: Vec<String>,
    /// Calls, repeated ones with them.
    pub calls: u64,
    /// Calls that Okta repeated; in no other count.
    pub repeated: u64,
    /// Calls that were answered UNVERIFIED whatever was found.
    pub shadow: u64,
    /// Calls by how they ended.
    pub results: BTreeMap<HookResult, u64>,
    /// Half of all answers took no longer, in milliseconds.
    pub p50_ms: f64,
    /// 99 of 100 answers took no longer.
    pub p99_ms: f64,
    /// The longest took so long.
    pub longest_ms: f64,
    /// Lines that could not be read.
    pub faulty_lines: u64,
}

/// The day on which it shall end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UntilReport {
    /// The day.
    pub date: Date,
    /// Days from today on.
    pub days_left: i32,
    /// How many of those who wait will have come over by themselves.
    pub expected: Option<u64>,
    /// How many will be left.
    pub expected_left: Option<u64>,
}

impl Programme {
    /// The numbers as the books have them.
    pub async fn report(&self, wish: ReportWish) -> Result<ProgrammeReport, EngineError> {
        let (crowd, now) = (self.crowd(), self.clock.now());
        let tally = self.ledger.person_tally(crowd.clone(), PersonKind::Hook).await?;
        let hashes = self.ledger.person_tally(crowd.clone(), PersonKind::Hash).await?;
        let first_armed_at = self.ledger.first_armed(crowd.clone()).await?;
        let days = self.days(&crowd, &tally, first_armed_at, now).await?;
        let foreseen = foresee(&days, &tally, (first_armed_at, now), wish.until);
        let (forecast, no_forecast) = match foreseen {
            Ok(forecast) => (Some(forecast), None),
            Err(why) => (None, Some(why)),
        };
        let mut groups = Vec::with_capacity(wish.groups.len());
        for group in wish.groups {
            groups.push(self.group(&crowd, group).await?);
        }
        Ok(ProgrammeReport {
            org: self.org.clone(),
            runs: self.runs.iter().map(|run| run.id.clone()).collect(),
            made_at: now,
            log_read_to: self.ledger.log_read_to(self.org.clone()).await?,
            first_armed_at,
            people: tally.people(),
            waiting: tally.open(),
            verified: tally.of(PersonState::Verified),
            come_over: tally.of(PersonState::ComeOver),
            come_over_percent: percent(tally.of(PersonState::ComeOver), tally.people()),
            reset: tally.of(PersonState::Reset),
            gone: tally.of(PersonState::Gone),
            cannot: tally.of(PersonState::Cannot),
            cannot_because: self.ledger.hindrances(crowd.clone()).await?,
            hashes: HashReport { people: hashes.people(), signed_in: hashes.of(PersonState::ComeOver) },
            days,
            hours: self.hours(&crowd, wish.audits.as_ref(), now).await?,
            groups,
            audit: wish.audits.map(audit),
            until: wish.until.map(|date| until(date, now, tally.open(), forecast.as_ref())),
            forecast,
            no_forecast,
        })
    }

    async fn days(
        &self,
        crowd: &Crowd,
        tally: &PersonTally,
        first: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Vec<DayReport>, EngineError> {
        let arrivals = self.ledger.arrivals(crowd.clone(), PersonKind::Hook, DAY, None).await?;
        let armed = first.map(|at| at.as_second().div_euclid(DAY));
        let first = arrivals.keys().copied().chain(armed).min();
        let today = now.as_second().div_euclid(DAY);
        let mut left = tally.people();
        let day = |number: i64| {
            let come_over = arrivals.get(&number).copied().unwrap_or_default();
            left = left.saturating_sub(come_over);
            DayReport { date: date_of(number), come_over, left }
        };
        let last = arrivals.keys().copied().max().map_or(today, |last| last.max(today));
        Ok(first.map(|first| (first..=last).map(day).collect()).unwrap_or_default())
    }

    async fn hours(
        &self,
        crowd: &Crowd,
        audits: Option<&Audits>,
        now: Timestamp,
    ) -> Result<Vec<HourReport>, EngineError> {
        let last = now.as_second().div_euclid(HOUR);
        let first = last - HOURS + 1;
        let from = Timestamp::from_second(first * HOUR).ok();
        let arrivals = self.ledger.arrivals(crowd.clone(), PersonKind::Hook, HOUR, from).await?;
        let hour = |number: i64| {
            let heard =
                audits.and_then(|audits| audits.tally.hours.get(&number)).copied().unwrap_or_default();
            HourReport {
                at: Timestamp::from_second(number * HOUR).unwrap_or(now),
                come_over: arrivals.get(&number).copied().unwrap_or_default(),
                wrong_passwords: heard.wrong,
                unknown_users: heard.unknown,
            }
        };
        Ok((first..=last).map(hour).collect())
    }

    async fn group(&self, crowd: &Crowd, group: WatchedGroup) -> Result<GroupReport, EngineError> {
        let tally = self.ledger.person_tally(crowd.in_group(group.key), PersonKind::Hook).await?;
        Ok(GroupReport {
            name: group.name,
            taken_at: group.taken_at,
            people: tally.people(),
            waiting: tally.open(),
            come_over: tally.of(PersonState::ComeOver),
            reset: tally.of(PersonState::Reset),
            gone: tally.of(PersonState::Gone),
            cannot: tally.of(PersonState::Cannot),
        })
    }
}

/// Today has not ended, and is no whole day; nor is the day on which the first person was armed.
fn foresee(
    days: &[DayReport],
    tally: &PersonTally,
    (first_armed, now): (Option<Timestamp>, Timestamp),
    until: Option<Date>,
) -> Result<Forecast, NoForecast> {
    let today = date_of(now.as_second().div_euclid(DAY));
    let daily = whole_days(days, first_armed, now);
    let second = i32::try_from(now.as_second().rem_euclid(DAY)).unwrap_or_default();
    let of_today = 1.0 - f64::from(second) / 86_400.0;
    let done = tally.of(PersonState::ComeOver);
    forecast(&daily, (done, tally.open()), (today, of_today), until)
}

fn whole_days(days: &[DayReport], first_armed: Option<Timestamp>, now: Timestamp) -> Vec<u64> {
    let date = |at: Timestamp| date_of(at.as_second().div_euclid(DAY));
    let (begun, today) = (first_armed.map(date), date(now));
    let whole = days.iter().filter(|day| Some(day.date) > begun && day.date < today);
    whole.map(|day| day.come_over).collect()
}

fn until(date: Date, now: Timestamp, open: u64, forecast: Option<&Forecast>) -> UntilReport {
    let today = date_of(now.as_second().div_euclid(DAY));
    let expected = forecast.and_then(|forecast| forecast.until_then);
    UntilReport {
        date,
        days_left: today.until(date).map_or(0, |span: Span| span.get_days()),
        expected,
        expected_left: expected.map(|expected| open.saturating_sub(expected)),
    }
}

fn audit(audits: Audits) -> AuditReport {
    let Audits { tally, faulty_lines, files } = audits;
    AuditReport {
        files,
        calls: tally.calls,
        repeated: tally.repeated,
        shadow: tally.shadow,
        p50_ms: milliseconds(tally.latency.permille(500)),
        p99_ms: milliseconds(tally.latency.permille(990)),
        longest_ms: milliseconds(tally.latency.longest()),
        results: tally.results,
        faulty_lines,
    }
}

/// A day by its number since 1970.
fn date_of(number: i64) -> Date {
    let at = Timestamp::from_second(number.saturating_mul(DAY)).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned(TimeZone::UTC).date()
}

fn number(count: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let number = count as f64;
    number
}

fn milliseconds(micros: Option<u64>) -> f64 {
    number(micros.unwrap_or_default()) / 1000.0
}

/// To a tenth, and never rounded up to all.
fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { (number(part) * 1000.0 / number(whole)).floor() / 10.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_evening_of_the_import_is_no_whole_day() {
        let at = |day: i64, hour: i64| Timestamp::from_second(day * DAY + hour * HOUR).unwrap();
        let day = |(number, come_over)| DayReport { date: date_of(number), come_over, left: 0 };
        let days: Vec<DayReport> = [(0, 3), (1, 100), (2, 90), (3, 5)].map(day).to_vec();
        let whole = whole_days(&days, Some(at(0, 22)), at(3, 1));
        assert_eq!(whole, [100, 90], "neither the first two hours nor the last one");
    }
}
