//! The tables. Migrations are only ever appended.

use std::path::Path;

use rusqlite::Connection;

use crate::error::LedgerError;

/// Each brings the format one further; never edited once released.
const MIGRATIONS: [&str; 1] = ["
    CREATE TABLE run (
        number      INTEGER PRIMARY KEY,
        id          TEXT NOT NULL UNIQUE,
        stage       TEXT NOT NULL,
        org         TEXT NOT NULL,
        source      TEXT NOT NULL,
        sha256      TEXT NOT NULL,
        rows        INTEGER NOT NULL DEFAULT 0,
        plan        TEXT NOT NULL,
        created_at  INTEGER NOT NULL,
        finished_at INTEGER
    );
    CREATE INDEX run_sha256 ON run (sha256);
    -- state: 0 planned, 1 in flight, 2 the user is settled, 3 over. Times are milliseconds since 1970.
    CREATE TABLE row (
        run              INTEGER NOT NULL,
        line             INTEGER NOT NULL,
        state            INTEGER NOT NULL,
        fingerprint      INTEGER,
        login            TEXT,
        external_id      TEXT,
        credential       TEXT NOT NULL DEFAULT '',
        groups_requested INTEGER NOT NULL DEFAULT 0,
        intended_at      INTEGER,
        attempts         INTEGER NOT NULL DEFAULT 0,
        outcome          TEXT,
        okta_id          TEXT,
        okta_status      TEXT,
        groups_joined    INTEGER NOT NULL DEFAULT 0,
        group_outcome    TEXT,
        error_code       TEXT,
        error            TEXT,
        finished_at      INTEGER,
        PRIMARY KEY (run, line)
    ) WITHOUT ROWID;
    CREATE INDEX row_fingerprint ON row (fingerprint); -- SQLite appends the primary key
    CREATE TABLE leg (
        run        INTEGER NOT NULL,
        number     INTEGER NOT NULL,
        started_at INTEGER NOT NULL,
        seen_at    INTEGER NOT NULL,
        counts     TEXT NOT NULL,
        PRIMARY KEY (run, number)
    ) WITHOUT ROWID;
"];

/// Brings the tables to the format of this release.
pub fn migrate(connection: &Connection, path: &Path) -> Result<(), LedgerError> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    // Two processes may open a new ledger at the same time: the format is read under the lock.
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let migrated = migrate_locked(connection, path, known);
    connection.execute_batch(if migrated.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    migrated
}

fn migrate_locked(connection: &Connection, path: &Path, known: i64) -> Result<(), LedgerError> {
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > known {
        return Err(LedgerError::TooNew { path: path.to_owned(), found, known });
    }
    for (at, migration) in MIGRATIONS.iter().enumerate().skip(usize::try_from(found).unwrap_or(0)) {
        connection.execute_batch(&format!("{migration}; PRAGMA user_version = {};", at + 1))?;
    }
    Ok(())
}
