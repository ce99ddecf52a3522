//! The groups that people are counted by, as their members were at some time.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::people::{groups_of, maybe_time};
use crate::error::LedgerError;
use crate::keeper::{Care, Ledger};

/// The number of a reading of a group's members.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WatchedKey(pub(crate) i64);

/// A group whose members were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchedGroup {
    /// Its number.
    pub key: WatchedKey,
    /// Its id in Okta.
    pub okta_id: String,
    /// Its name.
    pub name: String,
    /// When the members were read.
    pub taken_at: Timestamp,
}

impl Ledger {
    /// A reading of this group's members begins. What was read before holds until it has ended.
    pub async fn watch_group(&self, okta_id: String, name: String) -> Result<WatchedKey, LedgerError> {
        self.call(Care::Durable, move |connection| {
            let sql = "DELETE FROM watched_member WHERE number IN
                       (SELECT number FROM watched_group WHERE okta_id = ?1 AND taken_at IS NULL)";
            connection.execute(sql, [&okta_id])?;
            connection
                .execute("DELETE FROM watched_group WHERE okta_id = ?1 AND taken_at IS NULL", [&okta_id])?;
            let sql = "INSERT INTO watched_group (okta_id, name) VALUES (?1, ?2)";
            connection.execute(sql, params![okta_id, name])?;
            Ok(WatchedKey(connection.last_insert_rowid()))
        })
        .await
    }

    /// Some of its members.
    pub async fn watch_members(&self, group: WatchedKey, ids: Vec<String>) -> Result<(), LedgerError> {
        self.call(Care::Whole, move |connection| {
            let sql = "INSERT OR IGNORE INTO watched_member (number, okta_id) VALUES (?1, ?2)";
            let mut statement = connection.prepare_cached(sql)?;
            for id in &ids {
                statement.execute(params![group.0, id])?;
            }
            Ok(())
        })
        .await
    }

    /// All its members are there.
    pub async fn watching(&self, group: WatchedKey, at: Timestamp) -> Result<(), LedgerError> {
        self.call(Care::Durable, move |connection| {
            let sql = "SELECT number FROM watched_group WHERE number <> ?1
                       AND okta_id = (SELECT okta_id FROM watched_group WHERE number = ?1)";
            let mut statement = connection.prepare(sql)?;
            let old = statement.query_map([group.0], |row| row.get::<_, i64>(0))?;
            for number in old.collect::<Result<Vec<_>, _>>()? {
                connection.execute("DELETE FROM watched_member WHERE number = ?1", [number])?;
                connection.execute("DELETE FROM watched_group WHERE number = ?1", [number])?;
            }
            let sql = "UPDATE watched_group SET taken_at = ?2 WHERE number = ?1";
            connection.execute(sql, params![group.0, at.as_millisecond()])?;
            Ok(())
        })
        .await
    }

    /// The last whole reading of this group.
    pub async fn watched(&self, okta_id: String) -> Result<Option<WatchedGroup>, LedgerError> {
        self.call(Care::Read, move |connection| last(connection, "okta_id", &okta_id)).await
    }

    /// The last whole reading of a group of this name.
    pub async fn watched_by_name(&self, name: String) -> Result<Option<WatchedGroup>, LedgerError> {
        self.call(Care::Read, move |connection| last(connection, "name", &name)).await
    }

    /// The names of the watched groups that each of these is in.
    pub async fn groups_of(&self, okta_ids: Vec<String>) -> Result<Vec<Vec<String>>, LedgerError> {
        self.call(Care::Read, move |connection| okta_ids.iter().map(|id| groups_of(connection, id)).collect())
            .await
    }
}

/// The last whole reading whose `column` is this text.
fn last(connection: &Connection, column: &str, text: &str) -> Result<Option<WatchedGroup>, LedgerError> {
    let sql = format!(
        "SELECT number, okta_id, name, taken_at FROM watched_group
         WHERE {column} = ?1 AND taken_at IS NOT NULL ORDER BY number DESC LIMIT 1"
    );
    let found = connection.query_row(&sql, [text], |row| {
        Ok(WatchedGroup {
            key: WatchedKey(row.get(0)?),
            okta_id: row.get(1)?,
            name: row.get(2)?,
            taken_at: maybe_time(row, 3)?.unwrap_or(Timestamp::UNIX_EPOCH),
        })
    });
    Ok(found.optional()?)
}
