//! Rows read in pages, in the order of the source.

use jiff::Timestamp;
use muster_core::flow::SettledUser;
use muster_core::outcome::{GroupOutcome, Outcome};
use muster_core::record::Line;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::correction::Origin;
use crate::entry::stage;
use crate::error::LedgerError;
use crate::intents::InFlight;
use crate::keeper::{Care, Ledger};
use crate::place::Place;
use crate::run::RunKey;
use crate::word::{self, CREDENTIALS, STATUSES};

/// Where a row stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowState {
    /// Nothing was sent for it.
    Planned,
    /// A request was intended; whether it was done is open.
    InFlight(Timestamp),
    /// The user is settled, memberships may be missing.
    Settled(SettledUser),
}

/// A row without an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRow {
    /// Where it starts.
    pub line: Line,
    /// Where it stands.
    pub state: RowState,
    /// Tries by earlier processes.
    pub attempts: u32,
    /// Its login, as the plan found it.
    pub login: String,
    /// Where its record is when it is no longer the source's.
    pub from: Option<Origin>,
}

/// A row as reports show it.
#[derive(Clone, Debug)]
pub struct ResultRow {
    /// Where it starts.
    pub line: Line,
    /// Its login.
    pub login: Option<String>,
    /// The key of the person in the old system.
    pub external_id: Option<String>,
    /// The user's id.
    pub okta_id: Option<String>,
    /// Its outcome, if it has one.
    pub outcome: Option<Outcome>,
    /// The user's status.
    pub okta_status: Option<String>,
    /// The credential's word.
    pub credential: String,
    /// Groups that it asks for.
    pub groups_requested: u32,
    /// Groups that it is in.
    pub groups_joined: u32,
    /// The outcome of the memberships.
    pub group_outcome: Option<GroupOutcome>,
    /// The code of its error.
    pub error_code: Option<String>,
    /// Its error in words.
    pub error: Option<String>,
    /// How often a write of the user was sent.
    pub attempts: u32,
    /// When it got its outcome.
    pub finished_at: Option<Timestamp>,
    /// Where its record is when it is no longer the source's.
    pub from: Option<Origin>,
}

impl Ledger {
    /// The next rows without an outcome, in the order of the source.
    pub async fn open_rows(&self, run: RunKey, after: Line, most: u32) -> Result<Vec<OpenRow>, LedgerError> {
        self.call(Care::Read, move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT planned.id, login, correction, correction_line, stage, attempts, outcome, okta_id, okta_status
                 FROM planned LEFT JOIN ended ON ended.id = planned.id
                 WHERE planned.id > ?1 AND planned.id <= ?2 AND (stage IS NULL OR stage < 2)
                 ORDER BY planned.id LIMIT ?3",
            )?;
            let pages = params![Place::of(run, after).0, Place::last(run).0, most];
            let rows = statement.query_map(pages, open_row)?;
            let mut rows = rows.collect::<Result<Vec<_>, _>>()?;
            add_intents(connection, run, &mut rows)?;
            Ok(rows)
        })
        .await
    }

    /// The next rows for a report, in the order of the source.
    pub async fn results(&self, run: RunKey, after: Line, most: u32) -> Result<Vec<ResultRow>, LedgerError> {
        self.call(Care::Read, move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT planned.id, login, external_id, credential, planned.groups_requested, correction,
                 correction_line, stage, outcome, group_outcome, ended.groups_requested, groups_joined, attempts,
                 okta_status, finished_at, okta_id FROM planned LEFT JOIN ended ON ended.id = planned.id
                 WHERE planned.id > ?1 AND planned.id <= ?2 ORDER BY planned.id LIMIT ?3",
            )?;
            let page = params![Place::of(run, after).0, Place::last(run).0, most];
            let mut rows = statement.query_map(page, result_row)?.collect::<Result<Vec<_>, _>>()?;
            add_troubles(connection, run, &mut rows)?;
            Ok(rows)
        })
        .await
    }

    /// How many rows have which error code, with the first of each, most frequent first.
    pub async fn errors(&self, run: RunKey) -> Result<Vec<ErrorCount>, LedgerError> {
        self.call(Care::Read, move |connection| {
            let mut statement = connection.prepare(
                "SELECT CASE stage WHEN 2 THEN outcome END, code, COUNT(*), MIN(trouble.id) FROM trouble
                 LEFT JOIN ended ON ended.id = trouble.id WHERE trouble.id BETWEEN ?1 AND ?2
                 GROUP BY 1, 2 ORDER BY 3 DESC, 4",
            )?;
            let stretch = params![Place::of(run, Line(0)).0, Place::last(run).0];
            let groups = statement.query_map(stretch, error_count)?.collect::<Result<Vec<_>, _>>()?;
            groups.into_iter().map(|group| with_example(connection, run, group)).collect()
        })
        .await
    }
}

/// The rows with one error code.
#[derive(Clone, Debug)]
pub struct ErrorCount {
    /// Their outcome.
    pub outcome: Option<Outcome>,
    /// The code.
    pub code: String,
    /// How many.
    pub rows: u64,
    /// The first of them.
    pub first: Line,
    /// The first one's error in words.
    pub example: String,
}

fn error_count(row: &Row<'_>) -> rusqlite::Result<ErrorCount> {
    Ok(ErrorCount {
        outcome: row.get::<_, Option<i64>>(0)?.and_then(word::outcome_of),
        code: row.get(1)?,
        rows: u64::try_from(row.get::<_, i64>(2)?).unwrap_or(0),
        first: Place(row.get(3)?).line(),
        example: String::new(),
    })
}

fn with_example(
    connection: &Connection,
    run: RunKey,
    mut group: ErrorCount,
) -> Result<ErrorCount, LedgerError> {
    let sql = "SELECT error FROM trouble WHERE id = ?1";
    let found = connection.query_row(sql, [Place::of(run, group.first).0], |row| row.get(0));
    group.example = found.optional()?.unwrap_or_default();
    Ok(group)
}

fn open_row(row: &Row<'_>) -> rusqlite::Result<OpenRow> {
    let settled = row.get::<_, Option<i64>>(4)? == Some(stage::SETTLED);
    let state = if settled {
        RowState::Settled(SettledUser {
            outcome: word::outcome_of(row.get(6)?).unwrap_or(Outcome::Created),
            id: row.get::<_, Option<String>>(7)?.unwrap_or_default(),
            status: STATUSES.read(row, 8)?.unwrap_or_default(),
        })
    } else {
        RowState::Planned
    };
    Ok(OpenRow {
        line: Place(row.get(0)?).line(),
        state,
        attempts: row.get::<_, Option<u32>>(5)?.unwrap_or_default(),
        login: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
        from: Origin::read(row, 2)?,
    })
}

/// A user who is settled is beyond any doubt.
fn add_intents(connection: &Connection, run: RunKey, rows: &mut [OpenRow]) -> Result<(), LedgerError> {
    let mut in_flight = InFlight::default();
    for row in rows.iter_mut().filter(|row| row.state == RowState::Planned) {
        if let Some(since) = in_flight.since(connection, run, row.line)? {
            row.state = RowState::InFlight(since);
        }
    }
    Ok(())
}

fn result_row(row: &Row<'_>) -> rusqlite::Result<ResultRow> {
    let over = row.get::<_, Option<i64>>(7)? == Some(stage::OVER);
    let number = |at| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(at)?.filter(|_| over));
    let count = |at| Ok::<_, rusqlite::Error>(row.get::<_, Option<u32>>(at)?.unwrap_or_default());
    let finished_at = number(14)?;
    let asked_for = row.get::<_, Option<u32>>(10)?.filter(|_| over);
    Ok(ResultRow {
        line: Place(row.get(0)?).line(),
        login: row.get(1)?,
        external_id: row.get(2)?,
        okta_id: row.get(15)?,
        outcome: number(8)?.and_then(word::outcome_of),
        okta_status: STATUSES.read(row, 13)?,
        credential: CREDENTIALS.read(row, 3)?.unwrap_or_default(),
        groups_requested: asked_for.map_or_else(|| row.get(4), Ok)?,
        groups_joined: count(11)?,
        group_outcome: number(9)?.and_then(word::groups_of),
        error_code: None,
        error: None,
        attempts: count(12)?,
        finished_at: finished_at.and_then(|at| Timestamp::from_millisecond(at).ok()),
        from: Origin::read(row, 5)?,
    })
}

/// Few rows have one, so they are read for the whole page at once and not row by row.
fn add_troubles(connection: &Connection, run: RunKey, rows: &mut [ResultRow]) -> Result<(), LedgerError> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return Ok(()) };
    let stretch = params![Place::of(run, first.line).0, Place::of(run, last.line).0];
    let sql = "SELECT id, code, error FROM trouble WHERE id BETWEEN ?1 AND ?2 ORDER BY id";
    let mut statement = connection.prepare_cached(sql)?;
    let mut troubles = statement.query(stretch)?;
    let mut rows = rows.iter_mut();
    while let Some(trouble) = troubles.next()? {
        let line = Place(trouble.get(0)?).line();
        if let Some(row) = rows.find(|row| row.line == line) {
            (row.error_code, row.error) = (trouble.get(1)?, trouble.get(2)?);
        }
    }
    Ok(())
}
