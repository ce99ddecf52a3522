//! The tables. Migrations are only ever appended.

use std::path::Path;

use rusqlite::Connection;

use crate::error::LedgerError;
use crate::programme::TABLES as PROGRAMME;
use crate::sourcing::TABLES as SOURCING;

/// Each brings the format one further; never edited once released.
const MIGRATIONS: [&str; 4] = [FIRST, NARROW, PROGRAMME, SOURCING];

/// One table with a row per row.
const FIRST: &str = "
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
";

/// What is planned, what became of it and what is in flight stand apart, each written in the order of the source.
/// A row's id is its run * 2^40 + its line; a chunk is 1,024 of them.
const NARROW: &str = "
    CREATE TABLE planned (
        id               INTEGER PRIMARY KEY,
        fingerprint      INTEGER, -- of a good row's login
        login            TEXT,
        external_id      TEXT,
        credential       NOT NULL, -- a number of `word.rs`, or a word
        groups_requested INTEGER NOT NULL,
        footprint        INTEGER NOT NULL,
        correction       INTEGER, -- where its record is, when not in the source
        correction_line  INTEGER
    );
    -- stage: 0 opened again, 1 the user is settled, 2 over. Times are milliseconds since 1970.
    CREATE TABLE ended (
        id               INTEGER PRIMARY KEY,
        stage            INTEGER NOT NULL,
        outcome          INTEGER,
        group_outcome    INTEGER,
        groups_requested INTEGER NOT NULL DEFAULT 0,
        groups_joined    INTEGER NOT NULL DEFAULT 0,
        attempts         INTEGER NOT NULL DEFAULT 0,
        okta_status,
        finished_at      INTEGER,
        okta_id          TEXT
    );
    CREATE TABLE trouble (
        id    INTEGER PRIMARY KEY,
        code  TEXT NOT NULL,
        error TEXT NOT NULL
    );
    -- at: nothing when these never left. lines: two bytes each, from the start of the chunk, low byte first.
    CREATE TABLE intent (
        chunk  INTEGER NOT NULL,
        number INTEGER NOT NULL,
        at     INTEGER,
        lines  BLOB NOT NULL,
        PRIMARY KEY (chunk, number)
    ) WITHOUT ROWID;
    CREATE TABLE correction (
        run      INTEGER NOT NULL,
        number   INTEGER NOT NULL,
        path     TEXT NOT NULL,
        size     INTEGER NOT NULL,
        sha256   TEXT NOT NULL,
        added_at INTEGER NOT NULL,
        PRIMARY KEY (run, number)
    ) WITHOUT ROWID;
    INSERT INTO planned (id, fingerprint, login, external_id, credential, groups_requested, footprint)
        SELECT run * 1099511627776 + line, fingerprint, login, external_id, credential, groups_requested, 0
        FROM row ORDER BY run, line;
    INSERT INTO ended
        SELECT run * 1099511627776 + line, state - 1,
            CASE outcome WHEN 'created' THEN 0 WHEN 'adopted' THEN 1 WHEN 'updated' THEN 2 WHEN 'unchanged' THEN 3
                WHEN 'skipped' THEN 4 WHEN 'invalid' THEN 5 WHEN 'rejected' THEN 6 WHEN 'failed' THEN 7 END,
            CASE group_outcome WHEN 'none' THEN 0 WHEN 'joined' THEN 1 WHEN 'partial' THEN 2 WHEN 'failed' THEN 3 END,
            groups_requested, groups_joined, attempts, okta_status, finished_at, okta_id
        FROM row WHERE state >= 2 ORDER BY run, line;
    INSERT INTO trouble
        SELECT run * 1099511627776 + line, error_code, COALESCE(error, '') FROM row
        WHERE error_code IS NOT NULL ORDER BY run, line;
    INSERT INTO intent
        SELECT (run * 1099511627776 + line) / 1024,
            ROW_NUMBER() OVER (PARTITION BY run, line / 1024 ORDER BY line),
            intended_at, UNHEX(PRINTF('%02x%02x', line % 256, line % 1024 / 256))
        FROM row WHERE intended_at IS NOT NULL ORDER BY run, line;
    DROP TABLE row;
";

/// Brings the tables to the format of this release.
pub fn migrate(connection: &Connection, path: &Path) -> Result<(), LedgerError> {
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    // The usual case takes no lock: whoever only reads waits for nobody.
    if format(connection).map_err(|error| LedgerError::opening(path, &error))? == known {
        return Ok(());
    }
    // Two processes may open a new ledger at the same time: the format is read under the lock.
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let migrated = migrate_locked(connection, path, known);
    connection.execute_batch(if migrated.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    migrated
}

fn format(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

fn migrate_locked(connection: &Connection, path: &Path, known: i64) -> Result<(), LedgerError> {
    let found = format(connection)?;
    if found > known {
        return Err(LedgerError::TooNew { path: path.to_owned(), found, known });
    }
    for (at, migration) in MIGRATIONS.iter().enumerate().skip(usize::try_from(found).unwrap_or(0)) {
        connection.execute_batch(&format!("{migration}; PRAGMA user_version = {};", at + 1))?;
    }
    Ok(())
}
