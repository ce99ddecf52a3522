//! Runs: one import of one source into one org, and the legs it was done in.

use std::collections::BTreeMap;

use jiff::Timestamp;
use muster_core::outcome::{GroupOutcome, Tally};
use muster_core::record::Line;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use crate::error::LedgerError;
use crate::keeper::{Care, Ledger};
use crate::place::Place;
use crate::word;

/// How far a run has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunStage {
    /// The source is being read; nothing was written to the org.
    Planning,
    /// Ready to go, or under way, or stopped on the way.
    Open,
    /// Every row has its outcome.
    Complete,
}

impl RunStage {
    fn as_str(self) -> &'static str {
        match self {
            Self::Planning => "planning",
            Self::Open => "open",
            Self::Complete => "complete",
        }
    }

    fn from_name(word: &str) -> Self {
        match word {
            "planning" => Self::Planning,
            "complete" => Self::Complete,
            _ => Self::Open,
        }
    }
}

/// A run's number in this ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RunKey(pub i64);

/// A run about to begin.
#[derive(Clone, Debug)]
pub struct NewRun {
    /// Its id, unique.
    pub id: String,
    /// The org's address.
    pub org: String,
    /// The source's path.
    pub source: String,
    /// The source's digest.
    pub sha256: String,
    /// When.
    pub at: Timestamp,
}

/// A run as the books have it.
#[derive(Clone, Debug)]
pub struct RunRecord {
    /// Its number.
    pub key: RunKey,
    /// Its id.
    pub id: String,
    /// How far it has come.
    pub stage: RunStage,
    /// The org's address.
    pub org: String,
    /// The source's path.
    pub source: String,
    /// The source's digest.
    pub sha256: String,
    /// Rows in the source.
    pub rows: u64,
    /// All that a later process needs to go on, as JSON.
    pub plan: String,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When its last row got its outcome.
    pub finished_at: Option<Timestamp>,
}

/// The work of one process on a run.
#[derive(Clone, Debug)]
pub struct Leg {
    /// When it began.
    pub started_at: Timestamp,
    /// When it was last heard of.
    pub seen_at: Timestamp,
    /// Its counts, as JSON.
    pub counts: String,
}

const COLUMNS: &str = "number, id, stage, org, source, sha256, rows, plan, created_at, finished_at";

impl Ledger {
    /// Opens the books of a new run.
    pub async fn begin_run(&self, new: NewRun) -> Result<RunKey, LedgerError> {
        self.call(Care::Durable, move |connection| {
            connection.execute(
                "INSERT INTO run (id, stage, org, source, sha256, plan, created_at) VALUES (?1, 'planning', ?2, ?3, ?4, '', ?5)",
                params![new.id, new.org, new.source, new.sha256, new.at.as_millisecond()],
            )?;
            Ok(RunKey(connection.last_insert_rowid()))
        })
        .await
    }

    /// The source was read whole: the run is ready to go.
    pub async fn planned(&self, run: RunKey, rows: u64, plan: String) -> Result<(), LedgerError> {
        self.call(Care::Durable, move |connection| {
            let rows = i64::try_from(rows).unwrap_or(i64::MAX);
            let sql = "UPDATE run SET stage = 'open', rows = ?2, plan = ?3 WHERE number = ?1";
            connection.execute(sql, params![run.0, rows, plan])?;
            Ok(())
        })
        .await
    }

    /// Every row has its outcome.
    pub async fn complete(&self, run: RunKey, at: Timestamp) -> Result<(), LedgerError> {
        self.call(Care::Durable, move |connection| {
            let sql = "UPDATE run SET stage = 'complete', finished_at = ?2 WHERE number = ?1";
            connection.execute(sql, params![run.0, at.as_millisecond()])?;
            Ok(())
        })
        .await
    }

    /// Forgets a run that never wrote to the org.
    pub async fn forget(&self, run: RunKey) -> Result<(), LedgerError> {
        self.call(Care::Durable, move |connection| {
            let (first, last) = (Place::of(run, Line(0)), Place::last(run));
            for table in ["planned", "ended", "trouble", "sourced"] {
                let sql = format!("DELETE FROM {table} WHERE id BETWEEN ?1 AND ?2");
                connection.execute(&sql, [first.0, last.0])?;
            }
            let sql = "DELETE FROM intent WHERE chunk BETWEEN ?1 AND ?2";
            connection.execute(sql, [first.chunk(), last.chunk()])?;
            for table in ["leg", "correction", "departure", "import_session", "upload"] {
                connection.execute(&format!("DELETE FROM {table} WHERE run = ?1"), [run.0])?;
            }
            connection.execute("DELETE FROM run WHERE number = ?1", [run.0])?;
            Ok(())
        })
        .await
    }

    /// All runs, oldest first.
    pub async fn runs(&self) -> Result<Vec<RunRecord>, LedgerError> {
        self.call(Care::Read, |connection| {
            let mut statement = connection.prepare(&format!("SELECT {COLUMNS} FROM run ORDER BY number"))?;
            let runs = statement.query_map([], record)?.collect::<Result<_, _>>()?;
            Ok(runs)
        })
        .await
    }

    /// The run of this id, or the latest that was planned.
    pub async fn run(&self, id: Option<String>) -> Result<RunRecord, LedgerError> {
        self.call(Care::Read, move |connection| {
            if let Some(id) = id {
                let sql = format!("SELECT {COLUMNS} FROM run WHERE id = ?1");
                let found = connection.query_row(&sql, [&id], record).optional()?;
                found.ok_or(LedgerError::NoSuchRun { id })
            } else {
                let sql = format!(
                    "SELECT {COLUMNS} FROM run WHERE stage <> 'planning' ORDER BY number DESC LIMIT 1"
                );
                connection.query_row(&sql, [], record).optional()?.ok_or(LedgerError::NoRun)
            }
        })
        .await
    }

    /// The latest run of this source into this org that has rows without an outcome.
    pub async fn unfinished(&self, sha256: String, org: String) -> Result<Option<RunRecord>, LedgerError> {
        self.call(Care::Read, move |connection| {
            let sql = format!(
                "SELECT {COLUMNS} FROM run WHERE sha256 = ?1 AND org = ?2 AND stage = 'open' ORDER BY number DESC LIMIT 1"
            );
            Ok(connection.query_row(&sql, [sha256, org], record).optional()?)
        })
        .await
    }

    /// How many rows ended how.
    pub async fn tally(&self, run: RunKey) -> Result<Tally, LedgerError> {
        self.call(Care::Read, move |connection| tally(connection, run)).await
    }

    /// The legs of a run, in order.
    pub async fn legs(&self, run: RunKey) -> Result<Vec<Leg>, LedgerError> {
        self.call(Care::Read, move |connection| {
            let sql = "SELECT started_at, seen_at, counts FROM leg WHERE run = ?1 ORDER BY number";
            let mut statement = connection.prepare(sql)?;
            let legs = statement.query_map([run.0], |row| {
                Ok(Leg { started_at: time(row, 0)?, seen_at: time(row, 1)?, counts: row.get(2)? })
            })?;
            Ok(legs.collect::<Result<_, _>>()?)
        })
        .await
    }
}

fn record(row: &Row<'_>) -> rusqlite::Result<RunRecord> {
    Ok(RunRecord {
        key: RunKey(row.get(0)?),
        id: row.get(1)?,
        stage: RunStage::from_name(&row.get::<_, String>(2)?),
        org: row.get(3)?,
        source: row.get(4)?,
        sha256: row.get(5)?,
        rows: u64::try_from(row.get::<_, i64>(6)?).unwrap_or(0),
        plan: row.get(7)?,
        created_at: time(row, 8)?,
        finished_at: row.get::<_, Option<i64>>(9)?.and_then(|at| Timestamp::from_millisecond(at).ok()),
    })
}

pub(crate) fn time(row: &Row<'_>, at: usize) -> rusqlite::Result<Timestamp> {
    Ok(Timestamp::from_millisecond(row.get(at)?).unwrap_or(Timestamp::UNIX_EPOCH))
}

/// Keeps the counts of a leg, which is made when its number is new.
pub(crate) fn note_leg(
    connection: &Connection,
    run: RunKey,
    number: i64,
    leg: &Leg,
) -> Result<(), LedgerError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO leg (run, number, started_at, seen_at, counts) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (run, number) DO UPDATE SET seen_at = excluded.seen_at, counts = excluded.counts",
    )?;
    let (started, seen) = (leg.started_at.as_millisecond(), leg.seen_at.as_millisecond());
    statement.execute(params![run.0, number, started, seen, leg.counts])?;
    Ok(())
}

fn tally(connection: &Connection, run: RunKey) -> Result<Tally, LedgerError> {
    let stretch = params![Place::of(run, Line(0)).0, Place::last(run).0];
    let sql = "SELECT COUNT(*) FROM planned WHERE id BETWEEN ?1 AND ?2";
    let rows: i64 = connection.query_row(sql, stretch, |row| row.get(0))?;
    let mut tally = Tally::of_rows(u64::try_from(rows).unwrap_or(0));
    for ((outcome, groups), rows) in ends(connection, run)? {
        if let Some(outcome) = word::outcome_of(outcome) {
            tally.add(outcome, word::groups_of(groups).unwrap_or(GroupOutcome::None), rows);
        }
    }
    Ok(tally)
}

/// Rows by the numbers of their outcome and of their memberships' outcome. Counted here, since `SQLite` would sort
/// them first.
fn ends(connection: &Connection, run: RunKey) -> Result<BTreeMap<(i64, i64), u64>, LedgerError> {
    let stretch = params![Place::of(run, Line(0)).0, Place::last(run).0];
    let sql = "SELECT outcome, group_outcome FROM ended WHERE id BETWEEN ?1 AND ?2 AND stage = 2";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(stretch)?;
    let mut ends = BTreeMap::new();
    while let Some(row) = rows.next()? {
        *ends.entry((row.get(0)?, row.get(1)?)).or_default() += 1;
    }
    Ok(ends)
}

impl std::fmt::Display for RunStage {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.pad(self.as_str())
    }
}
