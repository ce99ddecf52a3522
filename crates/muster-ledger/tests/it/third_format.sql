-- A ledger as releases of the third format wrote it: one complete run whose people are in the programme, one that is
-- under way with a correction, one that was being planned.
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
CREATE TABLE enrolled (
    run         INTEGER PRIMARY KEY,
    finished_at INTEGER NOT NULL
);
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
INSERT INTO run VALUES
    (1, 'r1', 'complete', 'https://example.okta.com/', 'people.csv', 'ab', 3, '{}', 1795255200000, 1795255260000),
    (2, 'r2', 'open', 'https://example.okta.com/', 'more.csv', 'cd', 4, '{"a":1}', 1795255300000, NULL),
    (3, 'r3', 'planning', 'https://example.okta.com/', 'last.csv', 'ef', 0, '', 1795255400000, NULL);
INSERT INTO leg VALUES (2, 0, 1795255300000, 1795255310000, '{"creates":2}');
-- 9 is the hook, 3 is bcrypt, 1 is none, 0 is a faulty row.
INSERT INTO planned (id, fingerprint, login, external_id, credential, groups_requested, footprint, correction,
    correction_line) VALUES
    (1099511627778, 11, 'a@example.com', 'E1', 9, 0, 0, NULL, NULL),
    (1099511627779, 12, 'b@example.com', NULL, 9, 0, 0, NULL, NULL),
    (1099511627780, 13, 'c@example.com', NULL, 3, 0, 0, NULL, NULL),
    (2199023255554, 21, 'd@example.com', 'E4', 1, 1, 0, NULL, NULL),
    (2199023255555, 22, 'e@example.com', 'E5', 1, 2, 0, NULL, NULL),
    (2199023255556, 23, 'f@example.com', 'E6', 1, 0, 0, 1, 7),
    (2199023255557, NULL, 'g', 'E7', 0, 0, 0, NULL, NULL),
    (3298534883330, 31, 'h@example.com', 'E8', 1, 0, 0, NULL, NULL);
-- created, created, created; settled, opened again, invalid
INSERT INTO ended (id, stage, outcome, group_outcome, groups_requested, groups_joined, attempts, okta_status,
    finished_at, okta_id) VALUES
    (1099511627778, 2, 0, 0, 0, 0, 1, 3, 1795255210000, '00ua'),
    (1099511627779, 2, 0, 0, 0, 0, 1, 3, 1795255220000, '00ub'),
    (1099511627780, 2, 0, 0, 0, 0, 1, 3, 1795255230000, '00uc'),
    (2199023255555, 1, 1, NULL, 2, 0, 2, 1, NULL, '00ue'),
    (2199023255556, 0, NULL, NULL, 0, 0, 3, NULL, NULL, NULL),
    (2199023255557, 2, 5, 0, 0, 0, 0, NULL, 1795255305000, NULL);
INSERT INTO trouble VALUES (2199023255557, 'bad_email', 'login: "g" is no address');
-- Line 2, by the first chunk of the run: two bytes, low byte first.
INSERT INTO intent VALUES (2147483648, 1, 1795255201000, x'0200');
INSERT INTO correction VALUES (2, 1, 'rejects.csv', 12, 'ef', 1795255306000);
-- One has come over, one has got a mail.
INSERT INTO person (okta_id, place, fingerprint, kind, state, since, armed_at, over_at, over_by, reset_at) VALUES
    ('00ua', 1099511627778, 11, 0, 2, 0, 1795255210000, 1795255240000, 0, NULL),
    ('00ub', 1099511627779, 12, 0, 3, 0, 1795255220000, NULL, NULL, 1795255250000),
    ('00uc', 1099511627780, 13, 1, 0, 0, 1795255230000, NULL, NULL, NULL);
INSERT INTO enrolled VALUES (1, 1795255260000);
INSERT INTO errand VALUES (0, '00ub', 1099511627779, 1, 1795255249000, 1795255250000, NULL);
INSERT INTO watched_group VALUES (1, '00g1', 'Sales', 1795255255000);
INSERT INTO watched_member VALUES (1, '00ua');
INSERT INTO log_read VALUES ('https://example.okta.com/', 1795255256000);
INSERT INTO registered_hook VALUES ('https://example.okta.com/', 'cal1', 'Old', 1795255199000, NULL);
PRAGMA user_version = 3;
