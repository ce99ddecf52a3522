//! People of a source who are in no row of a run.

use jiff::Timestamp;
use muster_core::record::Line;
use rusqlite::{Connection, Row, params};

use super::people::SourceKey;
use crate::error::LedgerError;
use crate::keeper::{Care, Ledger};
use crate::place::Place;
use crate::run::RunKey;

/// How many people of a source are missing in a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MissingCount {
    /// People who are at the source, as far as the books know.
    pub known: u64,
    /// Those of them who are in no row.
    pub missing: u64,
}

/// Somebody who has left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    /// Its number in the run, from 1.
    pub number: u64,
    /// The key in the old system.
    pub external_id: String,
    /// The login that Okta was last told.
    pub login: Option<String>,
    /// The user's id.
    pub okta_id: Option<String>,
    /// What became of it; nothing while it is open.
    pub end: Option<DepartureEnd>,
}

/// What became of a departure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DepartureEnd {
    /// It was shown; nobody asked for a deactivation.
    Listed,
    /// The user is deactivated.
    Deactivated,
    /// The source had nobody of this key.
    NotThere,
    /// It could not be done, and why.
    Failed(String),
}

/// How many departures of a run ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DepartureCounts {
    /// Shown, and that was all that was asked for.
    pub listed: u64,
    /// Deactivated.
    pub deactivated: u64,
    /// Not there.
    pub not_there: u64,
    /// Failed.
    pub failed: u64,
    /// Not ended.
    pub open: u64,
}

/// Both sides come sorted and are merged: neither is held in memory. Faulty rows count, too.
const MISSING: &str = "SELECT external_id FROM sourced_person WHERE source = ?1 AND present
    EXCEPT SELECT external_id FROM planned WHERE id BETWEEN ?2 AND ?3 ORDER BY 1";

impl Ledger {
    /// People of the source who are in no row of the run, faulty rows included.
    pub async fn missing(&self, run: RunKey, source: SourceKey) -> Result<MissingCount, LedgerError> {
        self.call(Care::Read, move |connection| {
            let sql = "SELECT COUNT(*) FROM sourced_person WHERE source = ?1 AND present";
            let known = connection.query_row(sql, [source.0], |row| count(row, 0))?;
            let mut statement = connection.prepare(MISSING)?;
            let mut rows =
                statement.query(params![source.0, Place::of(run, Line(0)).0, Place::last(run).0])?;
            let mut missing = 0;
            while rows.next()?.is_some() {
                missing += 1;
            }
            Ok(MissingCount { known, missing })
        })
        .await
    }

    /// Freezes them as the departures of this run, in the order of their keys; how many they are. Where this was done
    /// before, nothing changes.
    pub async fn plan_departures(&self, run: RunKey, source: SourceKey) -> Result<u64, LedgerError> {
        self.call(Care::Durable, move |connection| {
            let sql = "SELECT COUNT(*) FROM departure WHERE run = ?1";
            let frozen = connection.query_row(sql, [run.0], |row| count(row, 0))?;
            if frozen > 0 {
                return Ok(frozen);
            }
            let sql = format!(
                "INSERT INTO departure (run, number, external_id, login, okta_id)
                 SELECT ?4, ROW_NUMBER() OVER (ORDER BY missing.external_id), missing.external_id, login, okta_id
                 FROM ({MISSING}) missing CROSS JOIN sourced_person
                 ON source = ?1 AND sourced_person.external_id = missing.external_id"
            );
            let (first, last) = (Place::of(run, Line(0)), Place::last(run));
            let frozen = connection.execute(&sql, params![source.0, first.0, last.0, run.0])?;
            Ok(u64::try_from(frozen).unwrap_or_default())
        })
        .await
    }

    /// The next departures of a run, `after` which number.
    pub async fn departures(
        &self,
        run: RunKey,
        after: u64,
        most: u32,
    ) -> Result<Vec<Departure>, LedgerError> {
        self.call(Care::Read, move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT number, external_id, login, okta_id, stage, why FROM departure
                 WHERE run = ?1 AND number > ?2 ORDER BY number LIMIT ?3",
            )?;
            let after = i64::try_from(after).unwrap_or(i64::MAX);
            let found = statement.query_map(params![run.0, after, most], departure)?;
            Ok(found.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// What became of departures, by their numbers. Who was deactivated or not there is taken off the source. That is
    /// final; who was only listed, or could not be deactivated, may be tried again.
    pub async fn end_departures(
        &self,
        run: RunKey,
        source: SourceKey,
        ends: Vec<(u64, DepartureEnd)>,
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        self.call(Care::Durable, move |connection| {
            ends.iter().try_for_each(|(number, end)| end_one(connection, run, source, (*number, end), at))
        })
        .await
    }

    /// How many departures of a run ended how.
    pub async fn departure_counts(&self, run: RunKey) -> Result<DepartureCounts, LedgerError> {
        self.call(Care::Read, move |connection| {
            let sql = "SELECT COUNT(*) FILTER (WHERE stage = 0), COUNT(*) FILTER (WHERE stage = 1),
                       COUNT(*) FILTER (WHERE stage = 2), COUNT(*) FILTER (WHERE stage = 3),
                       COUNT(*) FILTER (WHERE stage IS NULL) FROM departure WHERE run = ?1";
            Ok(connection.query_row(sql, [run.0], |row| {
                Ok(DepartureCounts {
                    listed: count(row, 0)?,
                    deactivated: count(row, 1)?,
                    not_there: count(row, 2)?,
                    failed: count(row, 3)?,
                    open: count(row, 4)?,
                })
            })?)
        })
        .await
    }
}

impl DepartureEnd {
    fn number(&self) -> i64 {
        match self {
            Self::Listed => 0,
            Self::Deactivated => 1,
            Self::NotThere => 2,
            Self::Failed(_) => 3,
        }
    }

    fn of(number: i64, why: Option<String>) -> Self {
        match number {
            0 => Self::Listed,
            1 => Self::Deactivated,
            2 => Self::NotThere,
            _ => Self::Failed(why.unwrap_or_default()),
        }
    }
}

fn end_one(
    connection: &Connection,
    run: RunKey,
    source: SourceKey,
    (number, end): (u64, &DepartureEnd),
    at: Timestamp,
) -> Result<(), LedgerError> {
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    let why = if let DepartureEnd::Failed(why) = end { Some(why) } else { None };
    let mut statement = connection.prepare_cached(
        "UPDATE departure SET stage = ?3, why = ?4, ended_at = ?5
         WHERE run = ?1 AND number = ?2 AND COALESCE(stage, 0) NOT IN (1, 2)",
    )?;
    let changed = statement.execute(params![run.0, number, end.number(), why, at.as_millisecond()])?;
    if changed > 0 && matches!(end, DepartureEnd::Deactivated | DepartureEnd::NotThere) {
        let mut statement = connection.prepare_cached(
            "UPDATE sourced_person SET present = 0, groups = NULL WHERE source = ?1
             AND external_id = (SELECT external_id FROM departure WHERE run = ?2 AND number = ?3)",
        )?;
        statement.execute([source.0, run.0, number])?;
    }
    Ok(())
}

fn departure(row: &Row<'_>) -> rusqlite::Result<Departure> {
    let why = row.get(5)?;
    Ok(Departure {
        number: count(row, 0)?,
        external_id: row.get(1)?,
        login: row.get(2)?,
        okta_id: row.get(3)?,
        end: row.get::<_, Option<i64>>(4)?.map(|stage| DepartureEnd::of(stage, why)),
    })
}

fn count(row: &Row<'_>, at: usize) -> rusqlite::Result<u64> {
    Ok(u64::try_from(row.get::<_, i64>(at)?).unwrap_or_default())
}
