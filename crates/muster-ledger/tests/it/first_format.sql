-- The tables as the first release made them, and a run with rows in every state.

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

PRAGMA journal_mode = WAL;
PRAGMA user_version = 1;

INSERT INTO run VALUES (1, 'old', 'complete', 'https://example.okta.com/', 'old.csv', 'cd', 1, '{"old":1}', 1000, 2000);
INSERT INTO run VALUES (2, 'r1', 'open', 'https://example.okta.com/', 'people.csv', 'ab', 9, '{"a":1}', 1795255200000, NULL);
INSERT INTO leg VALUES (2, 0, 1795255200000, 1795255202000, '{"creates":4}');
INSERT INTO row (run, line, state, fingerprint, login, credential, outcome, group_outcome, okta_id, okta_status, finished_at)
    VALUES (1, 2, 3, 77, 'old@example.com', 'md5', 'created', 'none', '00uOld', 'ACTIVE', 2000);
-- planned, and planned with words that have no number
INSERT INTO row (run, line, state, fingerprint, login, external_id, credential, groups_requested)
    VALUES (2, 2, 0, 1, 'p2@example.com', 'E2', 'bcrypt', 2), (2, 3, 0, 2, 'p3@example.com', NULL, 'rot13', 0);
-- in flight, also beyond one chunk of lines
INSERT INTO row (run, line, state, fingerprint, login, credential, groups_requested, intended_at)
    VALUES (2, 4, 1, 3, 'p4@example.com', 'none', 1, 1795255201000),
           (2, 1023, 1, 4, 'p1023@example.com', 'none', 1, 1795255201000),
           (2, 3333, 1, 5, 'p3333@example.com', 'none', 1, 1795255207000);
-- the user is settled
INSERT INTO row (run, line, state, fingerprint, login, credential, groups_requested, intended_at, attempts, outcome, okta_id, okta_status)
    VALUES (2, 5, 2, 6, 'p5@example.com', 'hook', 30, 1795255201000, 2, 'adopted', '00u5', 'STAGED');
-- over: well, refused, faulty
INSERT INTO row VALUES
    (2, 6, 3, 7, 'p6@example.com', 'E6', 'sha-512', 2, 1795255201000, 1, 'updated', '00u6', 'ODD_STATUS', 1, 'partial', 'E0000007', 'no such group', 1795255205000),
    (2, 7, 3, 8, 'p7@example.com', 'E7', 'pbkdf2', 2, 1795255201000, 3, 'rejected', NULL, NULL, 0, 'none', 'E0000001', 'no', 1795255205000),
    (2, 8, 3, NULL, NULL, NULL, '', 0, NULL, 0, 'invalid', NULL, NULL, 0, 'none', 'required', 'login is empty', 1795255200000);
