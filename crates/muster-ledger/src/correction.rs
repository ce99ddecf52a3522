//! Rows that are opened again, as they are or with a corrected record.
//!
//! A corrected record is personal data, and may hold a hash: the books keep where it is, and never what it says.

use std::path::PathBuf;

use jiff::Timestamp;
use muster_core::fault::Fault;
use muster_core::login::{Fingerprint, Login};
use muster_core::outcome::{GroupOutcome, Outcome};
use muster_core::record::Line;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::entry::stage;
use crate::error::LedgerError;
use crate::intents::Saying;
use crate::keeper::{Care, Ledger};
use crate::place::Place;
use crate::planning::{PlannedRow, duplicate, login_of, refuse};
use crate::run::RunKey;
use crate::sourcing::{ExternalIds, duplicate_external_id, tell_source};
use crate::word::{self, CREDENTIALS};

/// Where the record of a row is when it is no longer the source's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The correction, by its number in the run.
    pub correction: i64,
    /// The line in the correction's file.
    pub line: Line,
}

/// A file of corrected rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectionRecord {
    /// Its path.
    pub path: PathBuf,
    /// Its bytes.
    pub size: u64,
    /// Its digest.
    pub sha256: String,
    /// When it was given.
    pub at: Timestamp,
}

/// A row with its corrected record.
#[derive(Clone, Debug)]
pub struct CorrectedRow {
    /// The row in the source.
    pub line: Line,
    /// The line in the correction's file.
    pub correction_line: Line,
    /// What the plan makes of the corrected record. Its own line is not looked at.
    pub row: PlannedRow,
}

/// What became of a corrected row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reopened {
    /// It is open again.
    Open,
    /// The corrected record is faulty, too.
    Faulty,
    /// The corrected login is that of another row, or the external id where that is the key of the person.
    Double,
    /// The row is not there, has a user, or has no outcome yet: it was left alone.
    LeftAlone,
}

impl Ledger {
    /// Opens rows again that failed, were rejected, or whose memberships are missing; how many these were. Other rows
    /// are left alone; invalid ones need a correction. Attempts are kept, and so is the user where only memberships
    /// are missing. A failed row may have been done all the same, so its intent is kept and it is in doubt.
    pub async fn reopen(&self, run: RunKey, lines: Vec<Line>) -> Result<u64, LedgerError> {
        self.call(Care::Durable, move |connection| {
            let (mut reopened, mut saying) = (0, Saying::default());
            for line in lines {
                reopened += u64::from(reopen(connection, &mut saying, Place::of(run, line))?);
            }
            saying.write(connection)?;
            go_on(connection, run, reopened > 0)?;
            Ok(reopened)
        })
        .await
    }

    /// Notes a file of corrections; its number in the run.
    pub async fn add_correction(&self, run: RunKey, new: CorrectionRecord) -> Result<i64, LedgerError> {
        self.call(Care::Durable, move |connection| {
            let sql = "INSERT INTO correction (run, number, path, size, sha256, added_at)
                       SELECT ?1, COALESCE(MAX(number), 0) + 1, ?2, ?3, ?4, ?5 FROM correction WHERE run = ?1
                       RETURNING number";
            let size = i64::try_from(new.size).unwrap_or(i64::MAX);
            let path = new.path.to_string_lossy();
            let values = params![run.0, path, size, new.sha256, new.at.as_millisecond()];
            Ok(connection.query_row(sql, values, |row| row.get(0))?)
        })
        .await
    }

    /// A file of corrections is somewhere else now. Whether it is the same, its digest tells when it is read.
    pub async fn correction_moved(&self, run: RunKey, number: i64, path: PathBuf) -> Result<(), LedgerError> {
        self.call(Care::Durable, move |connection| {
            let sql = "UPDATE correction SET path = ?3 WHERE run = ?1 AND number = ?2";
            connection.execute(sql, params![run.0, number, path.to_string_lossy()])?;
            Ok(())
        })
        .await
    }

    /// The corrections of a run, by their numbers, in order.
    pub async fn corrections(&self, run: RunKey) -> Result<Vec<(i64, CorrectionRecord)>, LedgerError> {
        self.call(Care::Read, move |connection| {
            let sql =
                "SELECT number, path, size, sha256, added_at FROM correction WHERE run = ?1 ORDER BY number";
            let mut statement = connection.prepare(sql)?;
            let found = statement.query_map([run.0], correction)?;
            Ok(found.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Opens rows without a user again, with the records of a correction. A login that another good row of the run
    /// has, wherever that row stands, makes the row a double; so does an external id that an identity source is told.
    pub async fn reopen_corrected(
        &self,
        run: RunKey,
        correction: i64,
        rows: Vec<CorrectedRow>,
        at: Timestamp,
    ) -> Result<Vec<Reopened>, LedgerError> {
        self.call(Care::Durable, move |connection| {
            let logins = Logins::of(connection, run)?;
            let sourced = rows.iter().any(|row| row.row.sourced.is_some());
            let keys = sourced.then(|| ExternalIds::of(connection, run)).transpose()?;
            let mut saying = Saying::default();
            let mut fates = Vec::with_capacity(rows.len());
            for row in &rows {
                let correcting =
                    Correcting { connection, logins: &logins, keys: keys.as_ref(), correction, at };
                fates.push(correcting.correct(&mut saying, Place::of(run, row.line), row)?);
            }
            saying.write(connection)?;
            go_on(connection, run, fates.contains(&Reopened::Open))?;
            Ok(fates)
        })
        .await
    }
}

fn correction(row: &Row<'_>) -> rusqlite::Result<(i64, CorrectionRecord)> {
    let record = CorrectionRecord {
        path: row.get::<_, String>(1)?.into(),
        size: u64::try_from(row.get::<_, i64>(2)?).unwrap_or_default(),
        sha256: row.get(3)?,
        at: crate::run::time(row, 4)?,
    };
    Ok((row.get(0)?, record))
}

impl Origin {
    /// From two columns, the first of which is empty for a row of the source.
    pub(crate) fn read(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Self>> {
        let Some(correction) = row.get(at)? else { return Ok(None) };
        let line = u64::try_from(row.get::<_, i64>(at + 1)?).unwrap_or_default();
        Ok(Some(Self { correction, line: Line(line) }))
    }
}

/// How a row ended.
struct End {
    outcome: Outcome,
    groups: GroupOutcome,
}

fn end(connection: &Connection, place: Place) -> Result<Option<End>, LedgerError> {
    let sql = "SELECT outcome, group_outcome FROM ended WHERE id = ?1 AND stage = 2";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_row([place.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(found.and_then(|(outcome, groups)| {
        Some(End { outcome: word::outcome_of(outcome)?, groups: word::groups_of(groups)? })
    }))
}

fn reopen(connection: &Connection, saying: &mut Saying, place: Place) -> Result<bool, LedgerError> {
    let Some(end) = end(connection, place)? else { return Ok(false) };
    match end.outcome {
        Outcome::Invalid => return Ok(false),
        Outcome::Failed => set_stage(connection, place, stage::REOPENED)?,
        Outcome::Rejected => {
            // Okta refused it: there is no doubt that nothing was done.
            saying.take_back(connection, place)?;
            set_stage(connection, place, stage::REOPENED)?;
        }
        _ if end.groups.needs_attention() => set_stage(connection, place, stage::SETTLED)?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn set_stage(connection: &Connection, place: Place, stage: i64) -> Result<(), LedgerError> {
    let sql = if stage == stage::SETTLED {
        "UPDATE ended SET stage = 1, group_outcome = NULL, finished_at = NULL WHERE id = ?1"
    } else {
        "UPDATE ended SET stage = 0, outcome = NULL, group_outcome = NULL, finished_at = NULL, okta_id = NULL,
         okta_status = NULL, groups_joined = 0 WHERE id = ?1"
    };
    connection.prepare_cached(sql)?.execute([place.0])?;
    connection.prepare_cached("DELETE FROM trouble WHERE id = ?1")?.execute([place.0])?;
    Ok(())
}

/// A run with open rows is open.
fn go_on(connection: &Connection, run: RunKey, any: bool) -> Result<(), LedgerError> {
    if any {
        let sql = "UPDATE run SET stage = 'open', finished_at = NULL WHERE number = ?1";
        connection.execute(sql, [run.0])?;
    }
    Ok(())
}

struct Correcting<'a> {
    connection: &'a Connection,
    logins: &'a Logins<'a>,
    /// Where an identity source is told of the rows.
    keys: Option<&'a ExternalIds<'a>>,
    correction: i64,
    at: Timestamp,
}

impl Correcting<'_> {
    fn correct(
        &self,
        saying: &mut Saying,
        place: Place,
        row: &CorrectedRow,
    ) -> Result<Reopened, LedgerError> {
        let end = end(self.connection, place)?;
        let Some(end) = end.filter(|end| end.outcome.needs_attention()) else {
            return Ok(Reopened::LeftAlone);
        };
        let sound = row.row.faults.is_empty();
        let fingerprint = row.row.login.as_ref().filter(|_| sound).map(Login::fingerprint);
        let before = self.forget(place)?;
        let double = if sound { self.double(&row.row)? } else { None };
        self.write(place, row, sound && double.is_none())?;
        set_stage(self.connection, place, stage::REOPENED)?;
        // What was sent for another login is no reason to doubt this one.
        if end.outcome != Outcome::Failed || before.is_none() || before != fingerprint {
            saying.take_back(self.connection, place)?;
        }
        if let Some(fault) = double {
            refuse(self.connection, place, &[fault], self.at)?;
            return Ok(Reopened::Double);
        }
        if !sound {
            refuse(self.connection, place, &row.row.faults, self.at)?;
            return Ok(Reopened::Faulty);
        }
        self.add(place, &row.row)?;
        Ok(Reopened::Open)
    }

    /// Takes the row's own keys out, and says what its login was.
    fn forget(&self, place: Place) -> Result<Option<Fingerprint>, LedgerError> {
        if let Some(keys) = self.keys {
            keys.forget(place)?;
        }
        self.logins.forget(place)
    }

    /// What is wrong with a sound row when another one has its login or its external id.
    fn double(&self, row: &PlannedRow) -> Result<Option<Fault>, LedgerError> {
        if let Some(login) = &row.login
            && let Some(first) = self.logins.find(login.fingerprint())?
        {
            let earlier = login_of(self.connection, first)?;
            return Ok(Some(duplicate(login.as_str(), first.line(), &earlier)));
        }
        let Some((keys, id)) = self.keys.zip(row.external_id.as_deref()) else { return Ok(None) };
        Ok(keys.find(id)?.map(|first| duplicate_external_id(id, first.line())))
    }

    fn add(&self, place: Place, row: &PlannedRow) -> Result<(), LedgerError> {
        if let Some(login) = &row.login {
            self.logins.add(login.fingerprint(), place)?;
        }
        match self.keys.zip(row.external_id.as_deref()) {
            Some((keys, id)) => keys.add(id, place),
            None => Ok(()),
        }
    }

    fn write(&self, place: Place, row: &CorrectedRow, good: bool) -> Result<(), LedgerError> {
        let mut statement = self.connection.prepare_cached(
            "UPDATE planned SET fingerprint = ?2, login = ?3, external_id = ?4, credential = ?5,
             groups_requested = ?6, correction = ?7, correction_line = ?8 WHERE id = ?1",
        )?;
        statement.execute(params![
            place.0,
            row.row.login.as_ref().filter(|_| good).map(|login| login.fingerprint().0),
            row.row.login.as_ref().map(Login::as_str),
            row.row.external_id,
            CREDENTIALS.written(if good { row.row.credential } else { "" }),
            row.row.groups_requested,
            self.correction,
            i64::try_from(row.correction_line.0).unwrap_or(i64::MAX),
        ])?;
        tell_source(self.connection, place, row.row.sourced.as_ref())
    }
}

/// The logins of the good rows of a run, in a temporary table with an index: made once, for the first correction of
/// a process, since only corrections ask for single logins. Nobody else changes the logins of a run.
struct Logins<'a>(&'a Connection);

impl<'a> Logins<'a> {
    fn of(connection: &'a Connection, run: RunKey) -> Result<Self, LedgerError> {
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS temp.login (fingerprint INTEGER, id INTEGER, PRIMARY KEY (fingerprint, id))
             WITHOUT ROWID; CREATE TABLE IF NOT EXISTS temp.listed (run INTEGER PRIMARY KEY);",
        )?;
        let listed = connection.execute("INSERT OR IGNORE INTO temp.listed (run) VALUES (?1)", [run.0])?;
        if listed > 0 {
            let (first, last) = (Place::of(run, Line(0)), Place::last(run));
            connection.execute("DELETE FROM temp.login", [])?;
            connection.execute("DELETE FROM temp.listed WHERE run <> ?1", [run.0])?;
            let sql = "INSERT INTO temp.login SELECT fingerprint, id FROM main.planned
                       WHERE id BETWEEN ?1 AND ?2 AND fingerprint IS NOT NULL ORDER BY fingerprint, id";
            connection.execute(sql, [first.0, last.0])?;
        }
        Ok(Self(connection))
    }

    /// The first row with this login.
    fn find(&self, login: Fingerprint) -> Result<Option<Place>, LedgerError> {
        let sql = "SELECT id FROM temp.login WHERE fingerprint = ?1 ORDER BY id LIMIT 1";
        let mut statement = self.0.prepare_cached(sql)?;
        Ok(statement.query_row([login.0], |row| Ok(Place(row.get(0)?))).optional()?)
    }

    fn add(&self, login: Fingerprint, place: Place) -> Result<(), LedgerError> {
        let sql = "INSERT OR IGNORE INTO temp.login (fingerprint, id) VALUES (?1, ?2)";
        self.0.prepare_cached(sql)?.execute([login.0, place.0])?;
        Ok(())
    }

    /// Takes the row's own login out, and says what it was.
    fn forget(&self, place: Place) -> Result<Option<Fingerprint>, LedgerError> {
        let mut statement = self.0.prepare_cached("SELECT fingerprint FROM planned WHERE id = ?1")?;
        let found: Option<i64> = statement.query_row([place.0], |row| row.get(0)).optional()?.flatten();
        if let Some(login) = found {
            let sql = "DELETE FROM temp.login WHERE fingerprint = ?1 AND id = ?2";
            self.0.prepare_cached(sql)?.execute([login, place.0])?;
        }
        Ok(found.map(Fingerprint))
    }
}
