//! The people of an identity source, as Okta was last told of them.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, params};

use super::groups::names;
use crate::error::LedgerError;
use crate::keeper::{Care, Ledger};

/// An identity source's number in this ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceKey(pub i64);

/// How many people a source has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SourceTally {
    /// Those who are there.
    pub present: u64,
    /// Those who were there and were taken off.
    pub gone: u64,
}

impl Ledger {
    /// The identity source of this id in this org, found or made.
    pub async fn identity_source(&self, org: String, id: String) -> Result<SourceKey, LedgerError> {
        self.call(Care::Durable, move |connection| {
            let sql = "INSERT OR IGNORE INTO identity_source (org, okta_id) VALUES (?1, ?2)";
            connection.execute(sql, [&org, &id])?;
            let sql = "SELECT number FROM identity_source WHERE org = ?1 AND okta_id = ?2";
            Ok(connection.query_row(sql, [&org, &id], |row| row.get(0).map(SourceKey))?)
        })
        .await
    }

    /// The identity source of this id in this org, if the books know it. Nothing is written.
    pub async fn find_identity_source(
        &self,
        org: String,
        id: String,
    ) -> Result<Option<SourceKey>, LedgerError> {
        self.call(Care::Read, move |connection| {
            let sql = "SELECT number FROM identity_source WHERE org = ?1 AND okta_id = ?2";
            Ok(connection.query_row(sql, [&org, &id], |row| row.get(0).map(SourceKey)).optional()?)
        })
        .await
    }

    /// The groups that the source has these people in now. People without any are left out, and so are those who
    /// are gone: who was taken off the source is in none of its groups.
    pub async fn groups_of_people(
        &self,
        source: SourceKey,
        external_ids: Vec<String>,
    ) -> Result<HashMap<String, Vec<String>>, LedgerError> {
        self.call(Care::Read, move |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT groups FROM sourced_person
                 WHERE source = ?1 AND external_id = ?2 AND present AND groups IS NOT NULL",
            )?;
            let mut found = HashMap::new();
            for id in external_ids {
                if let Some(groups) =
                    statement.query_row(params![source.0, id], |row| names(row, 0)).optional()?
                {
                    found.insert(id, groups);
                }
            }
            Ok(found)
        })
        .await
    }

    /// The logins that Okta was last told of these people, whether they are there or gone.
    pub async fn logins_of_people(
        &self,
        source: SourceKey,
        external_ids: Vec<String>,
    ) -> Result<HashMap<String, String>, LedgerError> {
        self.call(Care::Read, move |connection| {
            let sql = "SELECT login FROM sourced_person WHERE source = ?1 AND external_id = ?2";
            let mut statement = connection.prepare_cached(sql)?;
            let mut found = HashMap::new();
            for id in external_ids {
                let login: Option<Option<String>> =
                    statement.query_row(params![source.0, id], |row| row.get(0)).optional()?;
                found.extend(login.flatten().map(|login| (id, login)));
            }
            Ok(found)
        })
        .await
    }

    /// How many people the source has.
    pub async fn source_tally(&self, source: SourceKey) -> Result<SourceTally, LedgerError> {
        self.call(Care::Read, move |connection| {
            let sql = "SELECT COUNT(*) FILTER (WHERE present), COUNT(*) FILTER (WHERE NOT present)
                       FROM sourced_person WHERE source = ?1";
            Ok(connection.query_row(sql, [source.0], |row| {
                let count =
                    |at| row.get::<_, i64>(at).map(|people| u64::try_from(people).unwrap_or_default());
                Ok(SourceTally { present: count(0)?, gone: count(1)? })
            })?)
        })
        .await
    }
}
