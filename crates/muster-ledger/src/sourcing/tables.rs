//! The tables of the fourth format.

/// Times are milliseconds since 1970. Groups are names as a JSON array; nothing when there are none.
pub const TABLES: &str = "
    CREATE TABLE identity_source (
        number  INTEGER PRIMARY KEY,
        org     TEXT NOT NULL,
        okta_id TEXT NOT NULL,
        UNIQUE (org, okta_id)
    );
    -- What Okta was last told of each person, and confirmed. digest: nothing when the person is to be sent again.
    CREATE TABLE sourced_person (
        source      INTEGER NOT NULL,
        external_id TEXT NOT NULL,
        present     INTEGER NOT NULL,
        digest      BLOB,
        groups      TEXT,
        login       TEXT,
        okta_id     TEXT,
        PRIMARY KEY (source, external_id)
    ) WITHOUT ROWID;
    -- What a row is to tell the source. id: its place, as in planned.
    CREATE TABLE sourced (
        id     INTEGER PRIMARY KEY,
        digest BLOB NOT NULL,
        groups TEXT
    );
    -- People of a source who are in no row of a run. stage: nothing while it is open, 0 listed, 1 deactivated,
    -- 2 not there, 3 failed.
    CREATE TABLE departure (
        run         INTEGER NOT NULL,
        number      INTEGER NOT NULL,
        external_id TEXT NOT NULL,
        login       TEXT,
        okta_id     TEXT,
        stage       INTEGER,
        why         TEXT,
        ended_at    INTEGER,
        PRIMARY KEY (run, number)
    ) WITHOUT ROWID;
    -- stage: 0 intended, 1 loading, 2 triggering, 3 triggered, 4 settled, 5 void.
    CREATE TABLE import_session (
        run          INTEGER NOT NULL,
        number       INTEGER NOT NULL,
        source       INTEGER NOT NULL,
        okta_id      TEXT,
        stage        INTEGER NOT NULL,
        status       TEXT,
        intended_at  INTEGER NOT NULL,
        created_at   INTEGER,
        triggered_at INTEGER,
        ended_at     INTEGER,
        PRIMARY KEY (run, number)
    ) WITHOUT ROWID;
    CREATE INDEX import_session_source ON import_session (source, stage);
    -- kind: 0 users, 1 deletions, 2 departures, 3 groups, 4 joins, 5 leaves. lines: see `sourcing/lines.rs`; carried:
    -- how many they are.
    CREATE TABLE upload (
        run         INTEGER NOT NULL,
        session     INTEGER NOT NULL,
        number      INTEGER NOT NULL,
        kind        INTEGER NOT NULL,
        carried     INTEGER NOT NULL,
        entities    INTEGER NOT NULL,
        bytes       INTEGER NOT NULL,
        at          INTEGER NOT NULL,
        accepted_at INTEGER,
        lines       BLOB NOT NULL,
        PRIMARY KEY (run, session, number)
    ) WITHOUT ROWID;
";
