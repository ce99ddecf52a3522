//! What became of rows that were loaded, and what that says of the people.

use muster_core::record::Line;
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::groups::names;
use super::people::SourceKey;
use crate::entry::{FinishedRow, finish, stage};
use crate::error::LedgerError;
use crate::keeper::{Care, Ledger};
use crate::place::Place;
use crate::run::RunKey;

/// A row as it was loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadedRow {
    /// Where it starts.
    pub line: Line,
    /// Its login.
    pub login: Option<String>,
    /// The key of the person.
    pub external_id: String,
    /// The names of the groups that it asks for.
    pub groups: Vec<String>,
    /// Whether it has no outcome.
    pub open: bool,
    /// Tries so far.
    pub attempts: u32,
}

/// What is known of the person at the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The person is there, as the row told.
    Present,
    /// The person is there, and not all memberships are as the row told: the person is sent again by the next run.
    Partly,
    /// The person was taken off the source.
    Gone,
    /// Nobody knows what the source has: the person is sent again by the next run.
    Unknown,
}

/// A row that got its outcome, and what is known of its person.
#[derive(Clone, Debug)]
pub struct SettledRow {
    /// What became of the row.
    pub row: FinishedRow,
    /// What is known of the person.
    pub standing: Standing,
}

impl Ledger {
    /// These rows of a run, in the order of the lines given. Lines without a row are left out.
    pub async fn loaded_rows(&self, run: RunKey, lines: Vec<Line>) -> Result<Vec<LoadedRow>, LedgerError> {
        self.call(Care::Read, move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT planned.id, login, external_id, groups, stage, attempts FROM planned
                 LEFT JOIN sourced ON sourced.id = planned.id LEFT JOIN ended ON ended.id = planned.id
                 WHERE planned.id = ?1",
            )?;
            let mut found = Vec::with_capacity(lines.len());
            for line in lines {
                found.extend(statement.query_row([Place::of(run, line).0], loaded_row).optional()?);
            }
            Ok(found)
        })
        .await
    }

    /// Enters outcomes and what they say of the people, in one commit. An outcome is written once; with a later one,
    /// what it says of the person is not written either.
    pub async fn settle_rows(
        &self,
        run: RunKey,
        source: SourceKey,
        rows: Vec<SettledRow>,
    ) -> Result<(), LedgerError> {
        self.call(Care::Durable, move |connection| {
            for settled in &rows {
                if finish(connection, run, &settled.row)? {
                    stand(connection, source, Place::of(run, settled.row.result.line), settled)?;
                }
            }
            Ok(())
        })
        .await
    }
}

const PRESENT: &str = "INSERT INTO sourced_person (source, external_id, present, digest, groups, login, okta_id)
    SELECT ?1, external_id, 1, digest, groups, login, ?3 FROM planned LEFT JOIN sourced ON sourced.id = planned.id
    WHERE planned.id = ?2 AND external_id IS NOT NULL
    ON CONFLICT (source, external_id) DO UPDATE SET present = 1, digest = excluded.digest, groups = excluded.groups,
        login = COALESCE(excluded.login, login), okta_id = COALESCE(excluded.okta_id, okta_id)";

/// In which of the groups the person is, nobody knows: all of them are left that a later row does not tell.
const PARTLY: &str = "INSERT INTO sourced_person (source, external_id, present, groups, login, okta_id)
    SELECT ?1, external_id, 1, groups, login, ?3 FROM planned LEFT JOIN sourced ON sourced.id = planned.id
    WHERE planned.id = ?2 AND external_id IS NOT NULL
    ON CONFLICT (source, external_id) DO UPDATE SET present = 1, digest = NULL,
        groups = (SELECT NULLIF(json_group_array(value), '[]') FROM (
            SELECT value FROM json_each(COALESCE(sourced_person.groups, '[]'))
            UNION SELECT value FROM json_each(COALESCE(excluded.groups, '[]')))),
        login = COALESCE(excluded.login, login), okta_id = COALESCE(excluded.okta_id, okta_id)";

/// Who was taken off is in no group of the source.
const GONE: &str = "INSERT INTO sourced_person (source, external_id, present, login, okta_id)
    SELECT ?1, external_id, 0, login, ?3 FROM planned WHERE id = ?2 AND external_id IS NOT NULL
    ON CONFLICT (source, external_id) DO UPDATE SET present = 0, groups = NULL,
        login = COALESCE(excluded.login, login), okta_id = COALESCE(excluded.okta_id, okta_id)";

/// Whom the books don't know is sent anyhow. Who is known may be in the groups of the row, too.
const UNKNOWN: &str = "UPDATE sourced_person SET digest = NULL, okta_id = COALESCE(okta_id, ?3),
        groups = (SELECT NULLIF(json_group_array(value), '[]') FROM (
            SELECT value FROM json_each(COALESCE(sourced_person.groups, '[]'))
            UNION SELECT value FROM json_each(COALESCE((SELECT groups FROM sourced WHERE id = ?2), '[]'))))
    WHERE source = ?1 AND external_id = (SELECT external_id FROM planned WHERE id = ?2)";

fn stand(
    connection: &Connection,
    source: SourceKey,
    place: Place,
    settled: &SettledRow,
) -> Result<(), LedgerError> {
    let sql = match settled.standing {
        Standing::Present => PRESENT,
        Standing::Partly => PARTLY,
        Standing::Gone => GONE,
        Standing::Unknown => UNKNOWN,
    };
    let okta_id = &settled.row.result.okta_id;
    connection.prepare_cached(sql)?.execute(params![source.0, place.0, okta_id])?;
    Ok(())
}

fn loaded_row(row: &Row<'_>) -> rusqlite::Result<LoadedRow> {
    Ok(LoadedRow {
        line: Place(row.get(0)?).line(),
        login: row.get(1)?,
        external_id: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
        groups: names(row, 3)?,
        open: row.get::<_, Option<i64>>(4)? != Some(stage::OVER),
        attempts: row.get::<_, Option<u32>>(5)?.unwrap_or_default(),
    })
}
