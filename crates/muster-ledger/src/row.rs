//! Rows: planned, intended, settled, over.

use jiff::Timestamp;
use muster_core::fault::{Fault, FaultCode};
use muster_core::flow::{RowResult, SettledUser};
use muster_core::login::{Fingerprint, Login};
use muster_core::outcome::{GroupOutcome, Outcome};
use muster_core::record::Line;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::LedgerError;
use crate::run::{RunKey, time};
use crate::writer::Ledger;

/// A row as the plan leaves it.
#[derive(Clone, Debug)]
pub struct PlannedRow {
    /// Where it starts.
    pub line: Line,
    /// Its login, where one could be read.
    pub login: Option<Login>,
    /// The key of the person in the old system.
    pub external_id: Option<String>,
    /// The credential's word; empty for a faulty row.
    pub credential: &'static str,
    /// Groups that it asks for.
    pub groups_requested: u32,
    /// What is wrong with it; empty for a good row.
    pub faults: Vec<Fault>,
}

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
}

/// A row that just got its outcome.
#[derive(Clone, Debug)]
pub struct FinishedRow {
    /// What became of it.
    pub result: RowResult,
    /// When.
    pub at: Timestamp,
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
}

const OVER: i64 = 3;

impl Ledger {
    /// Enters rows of the plan. A row whose login an earlier good row has is entered as invalid; which of the
    /// rows these are is returned.
    pub async fn plan_rows(
        &self,
        run: RunKey,
        rows: Vec<PlannedRow>,
        at: Timestamp,
    ) -> Result<Vec<bool>, LedgerError> {
        self.call(move |connection| rows.into_iter().map(|row| enter(connection, run, row, at)).collect())
            .await
    }

    /// The next rows without an outcome, in the order of the source.
    pub async fn open_rows(&self, run: RunKey, after: Line, most: u32) -> Result<Vec<OpenRow>, LedgerError> {
        self.call(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT line, state, intended_at, outcome, okta_id, okta_status, attempts, login FROM row
                 WHERE run = ?1 AND line > ?2 AND state < 3 ORDER BY line LIMIT ?3",
            )?;
            let rows = statement.query_map(params![run.0, whole(after.0), most], open_row)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Requests for these rows are about to leave. Once this returns, the intent is durable.
    pub fn intend(
        &self,
        run: RunKey,
        lines: Vec<Line>,
        at: Timestamp,
    ) -> impl Future<Output = Result<(), LedgerError>> + Send + use<> {
        self.call(move |connection| {
            let mut statement = connection.prepare_cached(
                "UPDATE row SET state = 1, intended_at = ?3 WHERE run = ?1 AND line = ?2 AND state = 0",
            )?;
            for line in lines {
                statement.execute(params![run.0, whole(line.0), at.as_millisecond()])?;
            }
            Ok(())
        })
    }

    /// The requests for these rows never left, for sure: they are planned again.
    pub fn take_back(
        &self,
        run: RunKey,
        lines: Vec<Line>,
    ) -> impl Future<Output = Result<(), LedgerError>> + Send + use<> {
        self.call(move |connection| {
            let mut statement = connection.prepare_cached(
                "UPDATE row SET state = 0, intended_at = NULL WHERE run = ?1 AND line = ?2 AND state = 1",
            )?;
            for line in lines {
                statement.execute(params![run.0, whole(line.0)])?;
            }
            Ok(())
        })
    }

    /// The user of this row is settled; memberships follow.
    pub fn settle_user(
        &self,
        run: RunKey,
        line: Line,
        user: SettledUser,
        attempts: u32,
    ) -> impl Future<Output = Result<(), LedgerError>> + Send + use<> {
        self.call(move |connection| {
            let mut statement = connection.prepare_cached(
                "UPDATE row SET state = 2, outcome = ?3, okta_id = ?4, okta_status = ?5, attempts = attempts + ?6
                 WHERE run = ?1 AND line = ?2 AND state < 3",
            )?;
            let outcome = user.outcome.as_str();
            statement.execute(params![run.0, whole(line.0), outcome, user.id, user.status, attempts])?;
            Ok(())
        })
    }

    /// This row has its outcome. An outcome is written once and never changed by a later one.
    pub fn finish(
        &self,
        run: RunKey,
        row: FinishedRow,
    ) -> impl Future<Output = Result<(), LedgerError>> + Send + use<> {
        self.call(move |connection| {
            let mut statement = connection.prepare_cached(
                "UPDATE row SET state = 3, outcome = ?3, okta_id = ?4, okta_status = ?5, groups_requested = ?6,
                 groups_joined = ?7, group_outcome = ?8, error_code = ?9, error = ?10,
                 attempts = attempts + ?11, finished_at = ?12
                 WHERE run = ?1 AND line = ?2 AND state < 3",
            )?;
            let result = row.result;
            let (code, text) = result.trouble.clone().map(|trouble| (trouble.code, trouble.text)).unzip();
            statement.execute(params![
                run.0,
                whole(result.line.0),
                result.outcome.as_str(),
                result.okta_id,
                result.okta_status,
                result.groups_requested,
                result.groups_joined,
                result.group_outcome().as_str(),
                code,
                text,
                result.attempts,
                row.at.as_millisecond(),
            ])?;
            Ok(())
        })
    }

    /// The next rows for a report, in the order of the source.
    pub async fn results(&self, run: RunKey, after: Line, most: u32) -> Result<Vec<ResultRow>, LedgerError> {
        self.call(move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT line, login, external_id, okta_id, outcome, okta_status, credential, groups_requested,
                 groups_joined, group_outcome, error_code, error, attempts, finished_at, state FROM row
                 WHERE run = ?1 AND line > ?2 ORDER BY line LIMIT ?3",
            )?;
            let rows = statement.query_map(params![run.0, whole(after.0), most], result_row)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// How many rows have which error code, with the first few lines of each, most frequent first.
    pub async fn errors(&self, run: RunKey) -> Result<Vec<ErrorCount>, LedgerError> {
        self.call(move |connection| {
            let mut statement = connection.prepare(
                "SELECT outcome, error_code, COUNT(*), MIN(line) FROM row WHERE run = ?1 AND error_code IS NOT NULL
                 GROUP BY 1, 2 ORDER BY 3 DESC, 4",
            )?;
            let groups: Vec<ErrorCount> = statement
                .query_map([run.0], |row| {
                    Ok(ErrorCount {
                        outcome: row.get::<_, Option<String>>(0)?.and_then(|word| Outcome::from_name(&word)),
                        code: row.get(1)?,
                        rows: u64::try_from(row.get::<_, i64>(2)?).unwrap_or(0),
                        first: Line(u64::try_from(row.get::<_, i64>(3)?).unwrap_or(0)),
                        example: String::new(),
                    })
                })?
                .collect::<Result<_, _>>()?;
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

fn with_example(
    connection: &Connection,
    run: RunKey,
    mut group: ErrorCount,
) -> Result<ErrorCount, LedgerError> {
    let sql = "SELECT error FROM row WHERE run = ?1 AND line = ?2";
    let found = connection
        .query_row(sql, params![run.0, whole(group.first.0)], |row| row.get::<_, Option<String>>(0));
    group.example = found.optional()?.flatten().unwrap_or_default();
    Ok(group)
}

/// Enters one row and says whether it is a double.
fn enter(
    connection: &Connection,
    run: RunKey,
    mut row: PlannedRow,
    at: Timestamp,
) -> Result<bool, LedgerError> {
    let mut fingerprint = None;
    let mut double = false;
    if row.faults.is_empty()
        && let Some(login) = &row.login
    {
        let found = login.fingerprint();
        match earlier(connection, run, found)? {
            Some((line, earlier)) => {
                double = true;
                row.faults.push(duplicate(login, line, &earlier));
            }
            None => fingerprint = Some(found.0),
        }
    }
    insert(connection, run, &row, fingerprint, at)?;
    Ok(double)
}

/// The row of a run that has this fingerprint.
const EARLIER: &str = "SELECT line, login FROM row WHERE run = ?1 AND fingerprint = ?2";

fn earlier(
    connection: &Connection,
    run: RunKey,
    fingerprint: Fingerprint,
) -> Result<Option<(Line, String)>, LedgerError> {
    let mut statement = connection.prepare_cached(EARLIER)?;
    let found = statement.query_row(params![run.0, fingerprint.0], |row| Ok((line(row, 0)?, row.get(1)?)));
    Ok(found.optional()?)
}

fn duplicate(login: &Login, first: Line, earlier: &str) -> Fault {
    let how = if login.as_str() == earlier {
        String::new()
    } else {
        format!(", which has it as {earlier}; Okta takes the two for one")
    };
    Fault::of_field(
        FaultCode::DuplicateLogin,
        "login",
        format!("{login} is already the login of line {first}{how}"),
    )
}

fn insert(
    connection: &Connection,
    run: RunKey,
    row: &PlannedRow,
    fingerprint: Option<i64>,
    at: Timestamp,
) -> Result<(), LedgerError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO row (run, line, state, fingerprint, login, external_id, credential, groups_requested,
         outcome, group_outcome, error_code, error, finished_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?;
    let faulty = row.faults.first();
    let words = row.faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    statement.execute(params![
        run.0,
        whole(row.line.0),
        if faulty.is_some() { OVER } else { 0 },
        fingerprint,
        row.login.as_ref().map(Login::as_str),
        row.external_id,
        if faulty.is_some() { "" } else { row.credential },
        row.groups_requested,
        faulty.map(|_| Outcome::Invalid.as_str()),
        faulty.map(|_| GroupOutcome::None.as_str()),
        faulty.map(|fault| fault.code.as_str()),
        faulty.map(|_| words),
        faulty.map(|_| at.as_millisecond()),
    ])?;
    Ok(())
}

fn open_row(row: &Row<'_>) -> rusqlite::Result<OpenRow> {
    let state = match row.get::<_, i64>(1)? {
        1 => RowState::InFlight(time(row, 2)?),
        2 => RowState::Settled(SettledUser {
            outcome: Outcome::from_name(&row.get::<_, String>(3)?).unwrap_or(Outcome::Created),
            id: row.get(4)?,
            status: row.get::<_, Option<String>>(5)?.unwrap_or_default(),
        }),
        _ => RowState::Planned,
    };
    Ok(OpenRow {
        line: line(row, 0)?,
        state,
        attempts: row.get(6)?,
        login: row.get::<_, Option<String>>(7)?.unwrap_or_default(),
    })
}

fn result_row(row: &Row<'_>) -> rusqlite::Result<ResultRow> {
    let over = row.get::<_, i64>(14)? == OVER;
    let word = |at| Ok::<_, rusqlite::Error>(row.get::<_, Option<String>>(at)?.filter(|_| over));
    Ok(ResultRow {
        line: line(row, 0)?,
        login: row.get(1)?,
        external_id: row.get(2)?,
        okta_id: row.get(3)?,
        outcome: word(4)?.and_then(|word| Outcome::from_name(&word)),
        okta_status: row.get(5)?,
        credential: row.get(6)?,
        groups_requested: row.get(7)?,
        groups_joined: row.get(8)?,
        group_outcome: word(9)?.and_then(|word| GroupOutcome::from_name(&word)),
        error_code: row.get(10)?,
        error: row.get(11)?,
        attempts: row.get(12)?,
        finished_at: row.get::<_, Option<i64>>(13)?.and_then(|at| Timestamp::from_millisecond(at).ok()),
    })
}

fn line(row: &Row<'_>, at: usize) -> rusqlite::Result<Line> {
    Ok(Line(u64::try_from(row.get::<_, i64>(at)?).unwrap_or(0)))
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_are_found_by_an_index_and_not_by_reading_the_run() {
        let connection = Connection::open_in_memory().unwrap();
        crate::schema::migrate(&connection, std::path::Path::new("(memory)")).unwrap();
        let sql = format!("EXPLAIN QUERY PLAN {EARLIER}");
        let plan: String = connection.query_row(&sql, params![1, 2], |row| row.get(3)).unwrap();
        assert!(plan.contains("row_fingerprint"), "{plan}");
    }
}
