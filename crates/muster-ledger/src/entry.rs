//! What the run loop enters: intents, settled users, outcomes.

use jiff::Timestamp;
use muster_core::flow::{RowResult, SettledUser};
use muster_core::record::Line;
use rusqlite::{Connection, params};

use crate::error::LedgerError;
use crate::intents::Saying;
use crate::keeper::{Care, Ledger};
use crate::place::Place;
use crate::run::{Leg, RunKey, note_leg};
use crate::word::{self, STATUSES};

/// A row that just got its outcome.
#[derive(Clone, Debug)]
pub struct FinishedRow {
    /// What became of it.
    pub result: RowResult,
    /// When.
    pub at: Timestamp,
}

/// What the run loop enters in one commit.
#[derive(Clone, Debug)]
pub enum Entry {
    /// A request for this row is about to leave.
    Intend {
        /// The row.
        line: Line,
        /// When, by the org's clock.
        at: Timestamp,
    },
    /// The intended request never left, for sure: the row is planned again.
    TakeBack {
        /// The row.
        line: Line,
    },
    /// The user of this row is settled; memberships follow.
    Settle {
        /// The row.
        line: Line,
        /// The user.
        user: SettledUser,
        /// Tries since the last entry about the row.
        attempts: u32,
    },
    /// This row has its outcome. An outcome is written once and never changed by a later one.
    Finish(FinishedRow),
    /// Counts of this leg.
    Leg {
        /// Its number in the run.
        number: i64,
        /// The counts.
        leg: Leg,
    },
}

impl Ledger {
    /// Enters all of them in one commit, in this order; the future is ready when they are durable.
    pub fn enter(
        &self,
        run: RunKey,
        entries: Vec<Entry>,
    ) -> impl Future<Output = Result<(), LedgerError>> + Send + use<> {
        self.call(Care::Durable, move |connection| {
            let mut saying = Saying::default();
            for entry in entries {
                match entry {
                    Entry::Intend { line, at } => saying.intend(connection, Place::of(run, line), at)?,
                    Entry::TakeBack { line } => saying.take_back(connection, Place::of(run, line))?,
                    Entry::Settle { line, user, attempts } => {
                        settle(connection, Place::of(run, line), &user, attempts)?;
                    }
                    Entry::Finish(row) => drop(finish(connection, run, &row)?),
                    Entry::Leg { number, leg } => note_leg(connection, run, number, &leg)?,
                }
            }
            saying.write(connection)
        })
    }
}

/// How far a row has come, as the tables have it.
pub mod stage {
    /// It has no outcome any more and keeps its attempts.
    pub const REOPENED: i64 = 0;
    /// Its user is settled.
    pub const SETTLED: i64 = 1;
    /// It has its outcome.
    pub const OVER: i64 = 2;
}

fn settle(
    connection: &Connection,
    place: Place,
    user: &SettledUser,
    attempts: u32,
) -> Result<(), LedgerError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO ended (id, stage, outcome, okta_id, okta_status, attempts) VALUES (?1, 1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET stage = 1, outcome = excluded.outcome, okta_id = excluded.okta_id,
         okta_status = excluded.okta_status, attempts = attempts + excluded.attempts WHERE stage < 2",
    )?;
    let status = STATUSES.written(&user.status);
    statement.execute(params![place.0, word::outcome(user.outcome), user.id, status, attempts])?;
    Ok(())
}

/// Whether that is the outcome of the row: a later one changes nothing.
pub fn finish(connection: &Connection, run: RunKey, row: &FinishedRow) -> Result<bool, LedgerError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO ended (id, stage, outcome, group_outcome, groups_requested, groups_joined, attempts, okta_status,
         finished_at, okta_id) VALUES (?1, 2, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (id) DO UPDATE SET stage = 2, outcome = excluded.outcome,
         group_outcome = excluded.group_outcome, groups_requested = excluded.groups_requested,
         groups_joined = excluded.groups_joined, attempts = attempts + excluded.attempts,
         okta_status = excluded.okta_status, finished_at = excluded.finished_at, okta_id = excluded.okta_id
         WHERE stage < 2",
    )?;
    let result = &row.result;
    let place = Place::of(run, result.line);
    let changed = statement.execute(params![
        place.0,
        word::outcome(result.outcome),
        word::groups(result.group_outcome()),
        result.groups_requested,
        result.groups_joined,
        result.attempts,
        result.okta_status.as_deref().map(|status| STATUSES.written(status)),
        row.at.as_millisecond(),
        result.okta_id,
    ])?;
    if let Some(trouble) = result.trouble.as_ref().filter(|_| changed > 0) {
        tell(connection, place, &trouble.code, &trouble.text)?;
    }
    Ok(changed > 0)
}

/// Most rows have no error, so errors stand apart.
pub fn tell(connection: &Connection, place: Place, code: &str, error: &str) -> Result<(), LedgerError> {
    let sql = "INSERT OR REPLACE INTO trouble (id, code, error) VALUES (?1, ?2, ?3)";
    connection.prepare_cached(sql)?.execute(params![place.0, code, error])?;
    Ok(())
}
