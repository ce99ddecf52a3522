//! The tables of the third format.

/// Times are milliseconds since 1970.
pub const TABLES: &str = "
    -- kind: 0 armed for the hook, 1 with an imported hash. state: 0 armed, 1 verified, 2 come over, 3 reset, 4 gone,
    -- 5 cannot. over_by: 0 the System Log, 1 a look at the user. place: of the row in planned.
    CREATE TABLE person (
        okta_id     TEXT PRIMARY KEY,
        place       INTEGER NOT NULL,
        fingerprint INTEGER, -- of the login
        kind        INTEGER NOT NULL,
        state       INTEGER NOT NULL,
        since       INTEGER NOT NULL, -- sign-ins before this say nothing
        armed_at    INTEGER NOT NULL,
        verified_at INTEGER,
        wrong_at    INTEGER,
        over_at     INTEGER,
        over_by     INTEGER,
        reset_at    INTEGER,
        seen_at     INTEGER,
        why         TEXT
    ) WITHOUT ROWID;
    -- Runs whose people were all taken over, as of the end of the run.
    CREATE TABLE enrolled (
        run         INTEGER PRIMARY KEY,
        finished_at INTEGER NOT NULL
    );
    -- A mail or a link for one person. kind: 0 a reset, 1 an activation. stage: 0 intended, 1 done, 2 in vain,
    -- 3 not needed.
    CREATE TABLE errand (
        kind     INTEGER NOT NULL,
        okta_id  TEXT NOT NULL,
        place    INTEGER NOT NULL,
        stage    INTEGER NOT NULL,
        at       INTEGER NOT NULL,
        ended_at INTEGER,
        why      TEXT,
        PRIMARY KEY (kind, okta_id)
    ) WITHOUT ROWID;
    CREATE INDEX errand_at ON errand (kind, at);
    -- taken_at: nothing while the members are being read.
    CREATE TABLE watched_group (
        number   INTEGER PRIMARY KEY,
        okta_id  TEXT NOT NULL,
        name     TEXT NOT NULL,
        taken_at INTEGER
    );
    CREATE TABLE watched_member (
        number  INTEGER NOT NULL,
        okta_id TEXT NOT NULL,
        PRIMARY KEY (number, okta_id)
    ) WITHOUT ROWID;
    -- How far the System Log of an org was read.
    CREATE TABLE log_read (
        org     TEXT PRIMARY KEY,
        read_to INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE registered_hook (
        org           TEXT NOT NULL,
        okta_id       TEXT NOT NULL,
        name          TEXT NOT NULL,
        registered_at INTEGER NOT NULL,
        ended_at      INTEGER,
        PRIMARY KEY (org, okta_id)
    ) WITHOUT ROWID;
";
