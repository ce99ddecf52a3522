//! Rows as the plan enters them, and the doubles among them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use muster_core::fault::{Fault, FaultCode};
use muster_core::login::Login;
use muster_core::outcome::{GroupOutcome, Outcome};
use muster_core::record::Line;
use rusqlite::{Connection, params};

use crate::entry::tell;
use crate::error::LedgerError;
use crate::keeper::{Care, Ledger};
use crate::place::Place;
use crate::run::RunKey;
use crate::sourcing::{SourcedRow, tell_source};
use crate::word::{self, CREDENTIALS};

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
    /// What the planner counted it as; given back for rows that turn out to be doubles. Means nothing here.
    pub footprint: u32,
    /// What it is to tell an identity source; nothing in any other run.
    pub sourced: Option<SourcedRow>,
    /// What is wrong with it; empty for a good row.
    pub faults: Vec<Fault>,
}

/// Rows that were entered as good and turned out to be doubles, or to tell an identity source nothing new, as far as
/// the planner counted them alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubles {
    /// Their credential's word.
    pub credential: String,
    /// What the planner counted them as.
    pub footprint: u32,
    /// How many.
    pub rows: u64,
}

impl Doubles {
    /// From counts by credential and footprint.
    pub(crate) fn of(counts: BTreeMap<(String, u32), u64>) -> Vec<Self> {
        let counts = counts.into_iter();
        counts.map(|((credential, footprint), rows)| Self { credential, footprint, rows }).collect()
    }
}

impl Ledger {
    /// Enters rows of the plan. They are durable when the plan is; doubles are told apart at its end.
    pub async fn plan_rows(
        &self,
        run: RunKey,
        rows: Vec<PlannedRow>,
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        self.call(Care::Whole, move |connection| {
            rows.iter().try_for_each(|row| enter(connection, run, row, at))
        })
        .await
    }

    /// Finds the rows whose login an earlier good row of the run has, and enters them as invalid. One sorted pass
    /// over all rows: an index would cost ten times as much, for it is written in random order.
    pub async fn find_doubles(&self, run: RunKey, at: Timestamp) -> Result<Vec<Doubles>, LedgerError> {
        self.call(Care::Whole, move |connection| find_doubles(connection, run, at)).await
    }
}

fn enter(connection: &Connection, run: RunKey, row: &PlannedRow, at: Timestamp) -> Result<(), LedgerError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO planned (id, fingerprint, login, external_id, credential, groups_requested, footprint)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let good = row.faults.is_empty();
    let place = Place::of(run, row.line);
    statement.execute(params![
        place.0,
        row.login.as_ref().filter(|_| good).map(|login| login.fingerprint().0),
        row.login.as_ref().map(Login::as_str),
        row.external_id,
        CREDENTIALS.written(if good { row.credential } else { "" }),
        row.groups_requested,
        row.footprint,
    ])?;
    if row.sourced.is_some() {
        tell_source(connection, place, row.sourced.as_ref())?;
    }
    if good { Ok(()) } else { refuse(connection, place, &row.faults, at) }
}

/// Enters the row as invalid.
pub fn refuse(
    connection: &Connection,
    place: Place,
    faults: &[Fault],
    at: Timestamp,
) -> Result<(), LedgerError> {
    let mut statement = connection.prepare_cached(
        "INSERT INTO ended (id, stage, outcome, group_outcome, finished_at) VALUES (?1, 2, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET stage = 2, outcome = excluded.outcome,
         group_outcome = excluded.group_outcome, finished_at = excluded.finished_at",
    )?;
    let (outcome, groups) = (word::outcome(Outcome::Invalid), word::groups(GroupOutcome::None));
    statement.execute(params![place.0, outcome, groups, at.as_millisecond()])?;
    let words = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    let code = faults.first().map_or("", |fault| fault.code.as_str());
    tell(connection, place, code, &words)
}

const BY_LOGIN: &str =
    "SELECT fingerprint, id FROM planned WHERE id BETWEEN ?1 AND ?2 AND fingerprint IS NOT NULL
                        ORDER BY fingerprint, id";

fn find_doubles(connection: &Connection, run: RunKey, at: Timestamp) -> Result<Vec<Doubles>, LedgerError> {
    let mut found: BTreeMap<(String, u32), u64> = BTreeMap::new();
    let mut first: Option<(i64, Place)> = None;
    let mut statement = connection.prepare(BY_LOGIN)?;
    let mut rows = statement.query(params![Place::of(run, Line(0)).0, Place::last(run).0])?;
    while let Some(row) = rows.next()? {
        let (fingerprint, place) = (row.get(0)?, Place(row.get(1)?));
        match first {
            Some((same, first)) if same == fingerprint => {
                *found.entry(double(connection, first, place, at)?).or_default() += 1;
            }
            _ => first = Some((fingerprint, place)),
        }
    }
    Ok(Doubles::of(found))
}

/// Enters a good row as a double of an earlier one, and says what it was counted as.
fn double(
    connection: &Connection,
    first: Place,
    place: Place,
    at: Timestamp,
) -> Result<(String, u32), LedgerError> {
    let login = login_of(connection, place)?;
    let fault = duplicate(&login, first.line(), &login_of(connection, first)?);
    spoil(connection, place, &fault, at)
}

/// Enters a good row as invalid, and says what it was counted as.
pub fn spoil(
    connection: &Connection,
    place: Place,
    fault: &Fault,
    at: Timestamp,
) -> Result<(String, u32), LedgerError> {
    let mut statement =
        connection.prepare_cached("SELECT credential, footprint FROM planned WHERE id = ?1")?;
    let counted = statement
        .query_row([place.0], |row| Ok((CREDENTIALS.read(row, 0)?.unwrap_or_default(), row.get(1)?)))?;
    let mut statement =
        connection.prepare_cached("UPDATE planned SET fingerprint = NULL, credential = 0 WHERE id = ?1")?;
    statement.execute([place.0])?;
    refuse(connection, place, std::slice::from_ref(fault), at)?;
    Ok(counted)
}

/// The login of a good row.
pub fn login_of(connection: &Connection, place: Place) -> Result<String, LedgerError> {
    let mut statement = connection.prepare_cached("SELECT login FROM planned WHERE id = ?1")?;
    Ok(statement.query_row([place.0], |row| row.get(0))?)
}

/// The fault of a login that another row has.
pub fn duplicate(login: &str, first: Line, earlier: &str) -> Fault {
    let how = if login == earlier {
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
