//! How far an org's System Log was read, and which hook of the org is ours.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use crate::error::LedgerError;
use crate::keeper::{Care, Ledger};

/// A hook that we registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisteredHook {
    /// Its id in Okta.
    pub okta_id: String,
    /// Its name.
    pub name: String,
    /// When it was registered.
    pub at: Timestamp,
}

impl Ledger {
    /// How far the System Log of this org was read.
    pub async fn log_read_to(&self, org: String) -> Result<Option<Timestamp>, LedgerError> {
        self.call(Care::Read, move |connection| {
            let sql = "SELECT read_to FROM log_read WHERE org = ?1";
            let found = connection.query_row(sql, [&org], |row| crate::run::time(row, 0));
            Ok(found.optional()?)
        })
        .await
    }

    /// The System Log of this org was read up to there.
    pub async fn log_was_read(&self, org: String, to: Timestamp) -> Result<(), LedgerError> {
        self.call(Care::Durable, move |connection| {
            let sql = "INSERT OR REPLACE INTO log_read (org, read_to) VALUES (?1, ?2)";
            connection.execute(sql, params![org, to.as_millisecond()])?;
            Ok(())
        })
        .await
    }

    /// We registered this hook.
    pub async fn hook_registered(&self, org: String, hook: RegisteredHook) -> Result<(), LedgerError> {
        self.call(Care::Durable, move |connection| {
            let sql = "INSERT OR REPLACE INTO registered_hook (org, okta_id, name, registered_at) VALUES (?1, ?2, ?3, ?4)";
            connection.execute(sql, params![org, hook.okta_id, hook.name, hook.at.as_millisecond()])?;
            Ok(())
        })
        .await
    }

    /// The hook of this org that we registered last and have not ended.
    pub async fn registered_hook(&self, org: String) -> Result<Option<RegisteredHook>, LedgerError> {
        self.call(Care::Read, move |connection| {
            let sql = "SELECT okta_id, name, registered_at FROM registered_hook
                       WHERE org = ?1 AND ended_at IS NULL ORDER BY registered_at DESC LIMIT 1";
            let found = connection.query_row(sql, [&org], |row| {
                Ok(RegisteredHook { okta_id: row.get(0)?, name: row.get(1)?, at: crate::run::time(row, 2)? })
            });
            Ok(found.optional()?)
        })
        .await
    }

    /// The hook is no more.
    pub async fn hook_ended(&self, org: String, okta_id: String, at: Timestamp) -> Result<(), LedgerError> {
        self.call(Care::Durable, move |connection| {
            let sql = "UPDATE registered_hook SET ended_at = ?3 WHERE org = ?1 AND okta_id = ?2 AND ended_at IS NULL";
            connection.execute(sql, params![org, okta_id, at.as_millisecond()])?;
            Ok(())
        })
        .await
    }
}
