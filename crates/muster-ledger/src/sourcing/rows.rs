//! What rows are to tell a source: doubles among their keys, and rows that tell it nothing new.

use std::collections::BTreeMap;

use jiff::Timestamp;
use muster_core::fault::{Fault, FaultCode};
use muster_core::outcome::{GroupOutcome, Outcome};
use muster_core::record::Line;
use rusqlite::{Connection, OptionalExtension, params};

use super::groups::Names;
use super::people::SourceKey;
use crate::error::LedgerError;
use crate::keeper::{Care, Ledger};
use crate::place::Place;
use crate::planning::{Doubles, spoil};
use crate::run::RunKey;
use crate::word::{self, CREDENTIALS};

/// What a row is to tell the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourcedRow {
    /// The digest of all that Okta is told of the person.
    pub digest: [u8; 16],
    /// The names of the groups, sorted.
    pub groups: Vec<String>,
}

impl Ledger {
    /// Finds the rows whose external id an earlier good row of the run has, to the letter, and enters them as invalid.
    /// One sorted pass over all rows, as for doubles of logins.
    pub async fn find_double_external_ids(
        &self,
        run: RunKey,
        at: Timestamp,
    ) -> Result<Vec<Doubles>, LedgerError> {
        self.call(Care::Whole, move |connection| find_doubles(connection, run, at)).await
    }

    /// Ends the good rows that tell the source nothing new as unchanged: the person is there, and was told the same.
    pub async fn take_off_unchanged(
        &self,
        run: RunKey,
        source: SourceKey,
        at: Timestamp,
    ) -> Result<Vec<Doubles>, LedgerError> {
        self.call(Care::Whole, move |connection| {
            find_unchanged(connection, run, source)?;
            end_unchanged(connection, at)?;
            count_unchanged(connection)
        })
        .await
    }
}

/// Keeps what the row is to tell the source.
pub fn tell_source(
    connection: &Connection,
    place: Place,
    row: Option<&SourcedRow>,
) -> Result<(), LedgerError> {
    let Some(row) = row else {
        connection.prepare_cached("DELETE FROM sourced WHERE id = ?1")?.execute([place.0])?;
        return Ok(());
    };
    let sql = "INSERT OR REPLACE INTO sourced (id, digest, groups) VALUES (?1, ?2, ?3)";
    connection.prepare_cached(sql)?.execute(params![place.0, row.digest, Names(&row.groups)])?;
    Ok(())
}

/// The fault of an external id that another row has.
pub fn duplicate_external_id(external_id: &str, first: Line) -> Fault {
    Fault::of_field(
        FaultCode::DuplicateExternalId,
        "externalId",
        format!("{external_id} is already the external id of line {first}"),
    )
}

/// Those of a run that are good, with its stretch as the first two parameters.
fn good_keys() -> String {
    format!(
        "SELECT external_id, id FROM main.planned WHERE id BETWEEN ?1 AND ?2 AND external_id IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM main.ended WHERE ended.id = planned.id AND stage = 2 AND outcome = {})
         ORDER BY external_id, id",
        word::outcome(Outcome::Invalid)
    )
}

fn find_doubles(connection: &Connection, run: RunKey, at: Timestamp) -> Result<Vec<Doubles>, LedgerError> {
    let mut found = BTreeMap::new();
    let mut first: Option<(String, Place)> = None;
    let mut statement = connection.prepare(&good_keys())?;
    let mut rows = statement.query(params![Place::of(run, Line(0)).0, Place::last(run).0])?;
    while let Some(row) = rows.next()? {
        let (key, place) = (row.get_ref(0)?.as_str().unwrap_or_default(), Place(row.get(1)?));
        match &first {
            Some((same, first)) if same == key => {
                let fault = duplicate_external_id(key, first.line());
                *found.entry(spoil(connection, place, &fault, at)?).or_default() += 1;
            }
            _ => first = Some((key.to_owned(), place)),
        }
    }
    Ok(Doubles::of(found))
}

/// The places of rows that tell nothing new, in a temporary table.
fn find_unchanged(connection: &Connection, run: RunKey, source: SourceKey) -> Result<(), LedgerError> {
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS temp.unchanged (id INTEGER PRIMARY KEY, okta_id TEXT, groups INTEGER NOT NULL);
         DELETE FROM temp.unchanged;",
    )?;
    let sql = "INSERT INTO temp.unchanged
        SELECT planned.id, sourced_person.okta_id, COALESCE(json_array_length(sourced.groups), 0)
        FROM main.planned CROSS JOIN main.sourced ON sourced.id = planned.id
        CROSS JOIN main.sourced_person
            ON sourced_person.source = ?3 AND sourced_person.external_id = planned.external_id
        WHERE planned.id BETWEEN ?1 AND ?2 AND present AND sourced_person.digest = sourced.digest
            AND NOT EXISTS (SELECT 1 FROM main.ended WHERE ended.id = planned.id AND ended.stage = 2)
        ORDER BY planned.id";
    connection.execute(sql, params![Place::of(run, Line(0)).0, Place::last(run).0, source.0])?;
    Ok(())
}

fn end_unchanged(connection: &Connection, at: Timestamp) -> Result<(), LedgerError> {
    let sql = "INSERT INTO main.ended (id, stage, outcome, group_outcome, groups_requested, groups_joined, finished_at,
            okta_id)
        SELECT id, 2, ?1, CASE groups WHEN 0 THEN ?2 ELSE ?3 END, groups, groups, ?4, okta_id
        FROM temp.unchanged WHERE TRUE ORDER BY id
        ON CONFLICT (id) DO UPDATE SET stage = 2, outcome = excluded.outcome, group_outcome = excluded.group_outcome,
            groups_requested = excluded.groups_requested, groups_joined = excluded.groups_joined, okta_status = NULL,
            finished_at = excluded.finished_at, okta_id = excluded.okta_id";
    let outcome = word::outcome(Outcome::Unchanged);
    let (none, joined) = (word::groups(GroupOutcome::None), word::groups(GroupOutcome::Joined));
    connection.execute(sql, params![outcome, none, joined, at.as_millisecond()])?;
    Ok(())
}

fn count_unchanged(connection: &Connection) -> Result<Vec<Doubles>, LedgerError> {
    let mut found = BTreeMap::new();
    let sql = "SELECT credential, footprint FROM temp.unchanged CROSS JOIN main.planned USING (id)";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        *found.entry((CREDENTIALS.read(row, 0)?.unwrap_or_default(), row.get(1)?)).or_default() += 1;
    }
    drop(rows);
    connection.execute("DELETE FROM temp.unchanged", [])?;
    Ok(Doubles::of(found))
}

/// The external ids of the good rows of a run, in a temporary table with an index, made once for the first correction
/// of a process. Nobody else changes the external ids of a run.
pub struct ExternalIds<'a>(&'a Connection);

impl<'a> ExternalIds<'a> {
    /// Those of this run.
    pub fn of(connection: &'a Connection, run: RunKey) -> Result<Self, LedgerError> {
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS temp.keyed (external_id TEXT, id INTEGER, PRIMARY KEY (external_id, id))
             WITHOUT ROWID; CREATE TABLE IF NOT EXISTS temp.keyed_run (run INTEGER PRIMARY KEY);",
        )?;
        let new = connection.execute("INSERT OR IGNORE INTO temp.keyed_run (run) VALUES (?1)", [run.0])?;
        if new > 0 {
            connection.execute("DELETE FROM temp.keyed", [])?;
            connection.execute("DELETE FROM temp.keyed_run WHERE run <> ?1", [run.0])?;
            let sql = format!("INSERT INTO temp.keyed {}", good_keys());
            connection.execute(&sql, [Place::of(run, Line(0)).0, Place::last(run).0])?;
        }
        Ok(Self(connection))
    }

    /// The first row with this one.
    pub fn find(&self, external_id: &str) -> Result<Option<Place>, LedgerError> {
        let sql = "SELECT id FROM temp.keyed WHERE external_id = ?1 ORDER BY id LIMIT 1";
        let mut statement = self.0.prepare_cached(sql)?;
        Ok(statement.query_row([external_id], |row| row.get(0).map(Place)).optional()?)
    }

    /// This row has it.
    pub fn add(&self, external_id: &str, place: Place) -> Result<(), LedgerError> {
        let sql = "INSERT OR IGNORE INTO temp.keyed (external_id, id) VALUES (?1, ?2)";
        self.0.prepare_cached(sql)?.execute(params![external_id, place.0])?;
        Ok(())
    }

    /// Takes the row's own one out.
    pub fn forget(&self, place: Place) -> Result<(), LedgerError> {
        let sql = "DELETE FROM temp.keyed WHERE id = ?1
                   AND external_id = (SELECT external_id FROM main.planned WHERE planned.id = ?1)";
        self.0.prepare_cached(sql)?.execute([place.0])?;
        Ok(())
    }
}
