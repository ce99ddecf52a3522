-- A ledger as releases of the second format wrote it: one complete run, its people armed.
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
CREATE TABLE leg (
    run        INTEGER NOT NULL,
    number     INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    counts     TEXT NOT NULL,
    PRIMARY KEY (run, number)
) WITHOUT ROWID;
CREATE TABLE planned (
    id               INTEGER PRIMARY KEY,
    fingerprint      INTEGER,
    login            TEXT,
    external_id      TEXT,
    credential       NOT NULL,
    groups_requested INTEGER NOT NULL,
    footprint        INTEGER NOT NULL,
    correction       INTEGER,
    correction_line  INTEGER
);
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
INSERT INTO run VALUES
    (1, 'r1', 'complete', 'https://example.okta.com/', 'people.csv', 'ab', 5, '{}', 1795255200000, 1795255260000);
-- 9 is the hook, 3 is bcrypt, 1 is none.
INSERT INTO planned (id, fingerprint, login, external_id, credential, groups_requested, footprint) VALUES
    (1099511627778, 11, 'a@example.com', 'E1', 9, 0, 0),
    (1099511627779, 12, 'b@example.com', NULL, 9, 0, 0),
    (1099511627780, 13, 'c@example.com', NULL, 3, 0, 0),
    (1099511627781, 14, 'd@example.com', NULL, 1, 0, 0),
    (1099511627782, 15, 'e@example.com', NULL, 9, 0, 0);
-- created, updated, created, created and staged, skipped
INSERT INTO ended (id, stage, outcome, group_outcome, okta_status, finished_at, okta_id) VALUES
    (1099511627778, 2, 0, 0, 3, 1795255210000, '00ua'),
    (1099511627779, 2, 2, 0, 3, 1795255220000, '00ub'),
    (1099511627780, 2, 0, 0, 3, 1795255230000, '00uc'),
    (1099511627781, 2, 0, 0, 1, 1795255240000, '00ud'),
    (1099511627782, 2, 4, 0, 3, 1795255250000, '00ue');
PRAGMA user_version = 2;
