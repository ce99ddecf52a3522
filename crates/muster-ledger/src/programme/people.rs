//! People in pages and in numbers.

use std::collections::BTreeMap;

use jiff::Timestamp;
use muster_core::programme::PersonState;
use rusqlite::{Connection, Row, params};

use super::crowd::{Crowd, PersonKind};
use crate::error::LedgerError;
use crate::keeper::{Care, Ledger};
use crate::place::Place;

/// By what it is known that somebody has come over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The System Log.
    Log,
    /// A look at the user.
    Look,
}

impl Evidence {
    pub(super) fn number(self) -> i64 {
        match self {
            Self::Log => 0,
            Self::Look => 1,
        }
    }
}

/// One person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The user's id.
    pub okta_id: String,
    /// The login, as the plan found it.
    pub login: String,
    /// The key in the old system.
    pub external_id: Option<String>,
    /// Where they stand.
    pub state: PersonState,
    /// When they were armed.
    pub armed_at: Option<Timestamp>,
    /// When the hook last found their password right.
    pub verified_at: Option<Timestamp>,
    /// When it was last wrong.
    pub wrong_at: Option<Timestamp>,
    /// When they came over.
    pub over_at: Option<Timestamp>,
    /// When they got the mail.
    pub reset_at: Option<Timestamp>,
    /// Why they can't be reset.
    pub why: Option<String>,
    pub(super) place: Place,
}

/// How many stand where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonTally {
    counts: BTreeMap<PersonState, u64>,
}

impl PersonTally {
    /// How many stand there.
    pub fn of(&self, state: PersonState) -> u64 {
        self.counts.get(&state).copied().unwrap_or_default()
    }

    /// All of them.
    pub fn people(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Those who have still to be brought over.
    pub fn open(&self) -> u64 {
        self.counts.iter().filter(|(state, _)| state.is_open()).map(|(_, people)| people).sum()
    }
}

impl Ledger {
    /// The next people in these states, in the order of their ids, `after` which.
    pub async fn people(
        &self,
        crowd: Crowd,
        states: Vec<PersonState>,
        after: String,
        most: u32,
    ) -> Result<Vec<Person>, LedgerError> {
        self.call(Care::Read, move |connection| {
            let states: Vec<String> = states.iter().map(|state| state_number(*state).to_string()).collect();
            let sql = format!(
                "SELECT person.okta_id, login, external_id, state, armed_at, verified_at, wrong_at, over_at, reset_at, why,
                 place FROM person CROSS JOIN planned ON planned.id = place
                 WHERE person.okta_id > ?1 AND kind = 0 AND state IN ({}) AND {} ORDER BY person.okta_id LIMIT ?2",
                states.join(", "),
                crowd.condition("place", "person.okta_id")
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let people = statement.query_map(params![after, most], person)?;
            Ok(people.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// How many of them stand where.
    pub async fn person_tally(&self, crowd: Crowd, kind: PersonKind) -> Result<PersonTally, LedgerError> {
        self.call(Care::Read, move |connection| {
            // One pass and no sorting.
            let sums: Vec<String> = PersonState::ALL
                .iter()
                .map(|state| format!("SUM(state = {})", state_number(*state)))
                .collect();
            let condition = crowd.condition("place", "person.okta_id");
            let sql = format!("SELECT {} FROM person WHERE kind = ?1 AND {condition}", sums.join(", "));
            Ok(connection.query_row(&sql, [kind.number()], |row| {
                let count = |(at, state): (usize, &PersonState)| {
                    Ok((*state, u64::try_from(row.get::<_, Option<i64>>(at)?.unwrap_or(0)).unwrap_or(0)))
                };
                let counts = PersonState::ALL.iter().enumerate().map(count);
                Ok(PersonTally { counts: counts.collect::<rusqlite::Result<_>>()? })
            })?)
        })
        .await
    }

    /// How many came over in each stretch of so many seconds since 1970, of those in which somebody did.
    pub async fn arrivals(
        &self,
        crowd: Crowd,
        kind: PersonKind,
        seconds: i64,
        from: Option<Timestamp>,
    ) -> Result<BTreeMap<i64, u64>, LedgerError> {
        self.call(Care::Read, move |connection| {
            let condition = crowd.condition("place", "person.okta_id");
            let sql = format!(
                "SELECT over_at FROM person WHERE kind = ?1 AND state = 2 AND over_at >= ?2 AND {condition}"
            );
            let mut statement = connection.prepare(&sql)?;
            let from = from.map_or(i64::MIN, Timestamp::as_millisecond);
            let mut rows = statement.query(params![kind.number(), from])?;
            let mut counts = BTreeMap::new();
            while let Some(row) = rows.next()? {
                let at: i64 = row.get(0)?;
                *counts.entry(at.div_euclid(seconds.max(1).saturating_mul(1000))).or_default() += 1;
            }
            Ok(counts)
        })
        .await
    }

    /// When the first of them was armed.
    pub async fn first_armed(&self, crowd: Crowd) -> Result<Option<Timestamp>, LedgerError> {
        self.call(Care::Read, move |connection| {
            let condition = crowd.condition("place", "person.okta_id");
            let sql = format!("SELECT MIN(armed_at) FROM person WHERE kind = 0 AND {condition}");
            Ok(connection.query_row(&sql, [], |row| maybe_time(row, 0))?)
        })
        .await
    }

    /// Why people can't be reset, and how many each time.
    pub async fn hindrances(&self, crowd: Crowd) -> Result<BTreeMap<String, u64>, LedgerError> {
        self.call(Care::Read, move |connection| {
            let condition = crowd.condition("place", "person.okta_id");
            let sql = format!(
                "SELECT COALESCE(why, ''), COUNT(*) FROM person WHERE kind = 0 AND state = 5 AND {condition} GROUP BY 1"
            );
            let mut statement = connection.prepare(&sql)?;
            let counts = statement.query_map([], |row| {
                Ok((row.get(0)?, u64::try_from(row.get::<_, i64>(1)?).unwrap_or_default()))
            })?;
            Ok(counts.collect::<Result<_, _>>()?)
        })
        .await
    }
}

fn person(row: &Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        okta_id: row.get(0)?,
        login: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
        external_id: row.get(2)?,
        state: state_of(row.get(3)?),
        armed_at: maybe_time(row, 4)?,
        verified_at: maybe_time(row, 5)?,
        wrong_at: maybe_time(row, 6)?,
        over_at: maybe_time(row, 7)?,
        reset_at: maybe_time(row, 8)?,
        why: row.get(9)?,
        place: Place(row.get(10)?),
    })
}

pub(super) fn maybe_time(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(at)?.and_then(|at| Timestamp::from_millisecond(at).ok()))
}

/// The number of a state. A number once given keeps its meaning for all time.
pub(super) fn state_number(state: PersonState) -> i64 {
    match state {
        PersonState::Armed => 0,
        PersonState::Verified => 1,
        PersonState::ComeOver => 2,
        PersonState::Reset => 3,
        PersonState::Gone => 4,
        PersonState::Cannot => 5,
    }
}

fn state_of(number: i64) -> PersonState {
    let known = PersonState::ALL.into_iter().find(|state| state_number(*state) == number);
    known.unwrap_or(PersonState::Armed)
}

/// The names of the groups that somebody is in, as far as they are watched.
pub(super) fn groups_of(connection: &Connection, okta_id: &str) -> Result<Vec<String>, LedgerError> {
    let mut statement = connection.prepare_cached(
        "SELECT name FROM watched_group CROSS JOIN watched_member
         ON watched_member.number = watched_group.number AND watched_member.okta_id = ?1
         WHERE taken_at IS NOT NULL ORDER BY name",
    )?;
    let names = statement.query_map([okta_id], |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}
