//! Mails, links and armings, one of each kind for each person: what was intended, and what became of it.

use jiff::Timestamp;
use muster_core::outcome::Outcome;
use muster_core::record::Line;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::arming::armed;
use super::arrivals::{Finding, enter};
use super::crowd::Crowd;
use super::people::{Person, maybe_time};
use crate::error::LedgerError;
use crate::keeper::{Care, Ledger};
use crate::place::Place;
use crate::word::{self, STATUSES, Written};

/// What is asked of Okta for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrandKind {
    /// A mail for a new password.
    Reset,
    /// An activation, with a mail or a link.
    Activation,
    /// The password import hook, set for somebody who is there.
    Arming,
}

impl ErrandKind {
    pub(super) fn number(self) -> i64 {
        match self {
            Self::Reset => 0,
            Self::Activation => 1,
            Self::Arming => 2,
        }
    }
}

/// Somebody for whom something may be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The user's id.
    pub okta_id: String,
    /// The login, as the plan found it.
    pub login: String,
    place: Place,
}

impl From<Person> for Bound {
    fn from(person: Person) -> Self {
        Self { okta_id: person.okta_id, login: person.login, place: person.place }
    }
}

impl Bound {
    /// The line of the row, which pages of staged people begin after.
    pub fn line(&self) -> Line {
        self.place.line()
    }
}

/// An errand whose end is not in the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenErrand {
    /// For whom.
    pub person: Bound,
    /// When it was intended.
    pub at: Timestamp,
}

/// How an errand ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrandEnd {
    /// Okta has done it.
    Done,
    /// It is refused, and why.
    InVain(String),
    /// There was nothing to be done any more, and why.
    NotNeeded(String),
}

/// Errands that went out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ErrandCount {
    /// Those that are done, and those that may be.
    pub out: u64,
    /// When the first of these was intended.
    pub first: Option<Timestamp>,
}

impl Ledger {
    /// A request for this person is about to leave. Once this returns, the intent is durable. If one stood open
    /// before, of whatever run, its request may have arrived: its time comes back.
    pub async fn intend_errand(
        &self,
        kind: ErrandKind,
        person: Bound,
        at: Timestamp,
    ) -> Result<Option<Timestamp>, LedgerError> {
        self.call(Care::Durable, move |connection| {
            let sql = "SELECT at FROM errand WHERE kind = ?1 AND okta_id = ?2 AND stage = 0";
            let mut statement = connection.prepare_cached(sql)?;
            let open = statement.query_row(params![kind.number(), person.okta_id], |row| maybe_time(row, 0));
            let open = open.optional()?.flatten();
            let sql =
                "INSERT OR REPLACE INTO errand (kind, okta_id, place, stage, at) VALUES (?1, ?2, ?3, 0, ?4)";
            let mut statement = connection.prepare_cached(sql)?;
            statement.execute(params![kind.number(), person.okta_id, person.place.0, at.as_millisecond()])?;
            Ok(open)
        })
        .await
    }

    /// The intended request was not carried out, for sure.
    pub async fn withdraw_errand(&self, kind: ErrandKind, okta_id: String) -> Result<(), LedgerError> {
        self.call(Care::Durable, move |connection| {
            let sql = "DELETE FROM errand WHERE kind = ?1 AND okta_id = ?2 AND stage = 0";
            connection.prepare_cached(sql)?.execute(params![kind.number(), okta_id])?;
            Ok(())
        })
        .await
    }

    /// How it ended, and what is known of the person since then: both, or neither. Of somebody who was armed, the row
    /// says so, too.
    pub async fn end_errand(
        &self,
        kind: ErrandKind,
        person: Bound,
        end: ErrandEnd,
        finding: Option<Finding>,
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        self.call(Care::Durable, move |connection| {
            if kind == ErrandKind::Arming && end == ErrandEnd::Done {
                armed(connection, person.place)?;
            }
            let (stage, why) = match end {
                ErrandEnd::Done => (1, None),
                ErrandEnd::InVain(why) => (2, Some(why)),
                ErrandEnd::NotNeeded(why) => (3, Some(why)),
            };
            let mut statement = connection.prepare_cached(
                "INSERT INTO errand (kind, okta_id, place, stage, at, ended_at, why) VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)
                 ON CONFLICT (kind, okta_id) DO UPDATE SET stage = excluded.stage, ended_at = excluded.ended_at,
                 why = excluded.why, place = excluded.place WHERE errand.stage <> 1",
            )?;
            let now = at.as_millisecond();
            statement.execute(params![kind.number(), person.okta_id, person.place.0, stage, now, why])?;
            finding.map_or(Ok(()), |finding| enter(connection, &person.okta_id, &finding, at))
        })
        .await
    }

    /// The next errands of this kind whose end is not known, by id.
    pub async fn open_errands(
        &self,
        kind: ErrandKind,
        crowd: Crowd,
        after: String,
        most: u32,
    ) -> Result<Vec<OpenErrand>, LedgerError> {
        self.call(Care::Read, move |connection| {
            let sql = format!(
                "SELECT errand.okta_id, login, place, at FROM errand CROSS JOIN planned ON planned.id = place
                 WHERE kind = ?1 AND errand.okta_id > ?2 AND stage = 0 AND {} ORDER BY errand.okta_id LIMIT ?3",
                crowd.condition("place", "errand.okta_id")
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let open = statement.query_map(params![kind.number(), after, most], |row| {
                Ok(OpenErrand {
                    person: bound(row)?,
                    at: maybe_time(row, 3)?.unwrap_or(Timestamp::UNIX_EPOCH),
                })
            })?;
            Ok(open.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// What went out since a time, of whatever run.
    pub async fn errands_since(
        &self,
        kind: ErrandKind,
        since: Timestamp,
    ) -> Result<ErrandCount, LedgerError> {
        self.call(Care::Read, move |connection| {
            let sql = "SELECT COUNT(*), MIN(at) FROM errand WHERE kind = ?1 AND at > ?2 AND stage IN (0, 1)";
            Ok(connection.query_row(sql, params![kind.number(), since.as_millisecond()], |row| {
                let out = u64::try_from(row.get::<_, i64>(0)?).unwrap_or_default();
                Ok(ErrandCount { out, first: maybe_time(row, 1)? })
            })?)
        })
        .await
    }

    /// Those for whom it was done.
    pub async fn errands_done(&self, kind: ErrandKind, crowd: Crowd) -> Result<u64, LedgerError> {
        self.call(Care::Read, move |connection| {
            let condition = crowd.condition("place", "errand.okta_id");
            let sql = format!("SELECT COUNT(*) FROM errand WHERE kind = ?1 AND stage = 1 AND {condition}");
            count(connection, &sql, [kind.number()])
        })
        .await
    }

    /// The next staged people of one run, in the order of the source, for whom no activation is done.
    pub async fn staged(&self, crowd: Crowd, after: Line, most: u32) -> Result<Vec<Bound>, LedgerError> {
        self.call(Care::Read, move |connection| {
            let after = crowd.runs.first().map_or(i64::MIN, |run| Place::of(*run, after).0);
            let sql = format!(
                "SELECT ended.okta_id, login, ended.id FROM ended CROSS JOIN planned ON planned.id = ended.id
                 WHERE ended.id > ?1 AND {} ORDER BY ended.id LIMIT ?2",
                staged(&crowd)
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let people = statement.query_map(params![after, most], bound)?;
            Ok(people.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// How many of them there are.
    pub async fn count_staged(&self, crowd: Crowd) -> Result<u64, LedgerError> {
        self.call(Care::Read, move |connection| {
            count(connection, &format!("SELECT COUNT(*) FROM ended WHERE {}", staged(&crowd)), [])
        })
        .await
    }
}

/// Made by the run and left staged, as far as the books know, and not activated since.
fn staged(crowd: &Crowd) -> String {
    let status = match STATUSES.written("STAGED") {
        Written::Number(number) => number,
        Written::Word(_) => i64::MAX,
    };
    format!(
        "stage = 2 AND ended.okta_id IS NOT NULL AND outcome IN ({}, {}) AND okta_status = {status}
         AND NOT EXISTS (SELECT 1 FROM errand WHERE kind = {} AND errand.okta_id = ended.okta_id AND errand.stage IN (1, 3))
         AND {}",
        word::outcome(Outcome::Created),
        word::outcome(Outcome::Adopted),
        ErrandKind::Activation.number(),
        crowd.condition("ended.id", "ended.okta_id")
    )
}

pub(super) fn bound(row: &Row<'_>) -> rusqlite::Result<Bound> {
    Ok(Bound {
        okta_id: row.get(0)?,
        login: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
        place: Place(row.get(2)?),
    })
}

fn count<P: rusqlite::Params>(connection: &Connection, sql: &str, values: P) -> Result<u64, LedgerError> {
    let found: i64 = connection.query_row(sql, values, |row| row.get(0))?;
    Ok(u64::try_from(found).unwrap_or_default())
}
