//! Taking people over from the rows of a run.

use muster_core::outcome::Outcome;
use muster_core::record::Line;
use rusqlite::{Connection, OptionalExtension, params};

use crate::error::LedgerError;
use crate::keeper::{Care, Ledger};
use crate::place::Place;
use crate::run::RunKey;
use crate::word::{self, CREDENTIALS, Written};

/// Credentials whose first sign-in the System Log tells of as an import.
const HASHES: [&str; 6] = ["bcrypt", "pbkdf2", "sha-512", "sha-256", "sha-1", "md5"];
const HOOK: &str = "hook";

/// This machine's clock may be so many milliseconds away from the org's. Of who was armed again, a sign-in within that
/// time after it says nothing: it may be one of before, and nobody looks again at who is known to have come over.
const SKEW: i64 = 300_000;

/// When the person of a row was armed by an errand of that row, after the row had its outcome.
const BY_ERRAND: &str = "(SELECT errand.ended_at FROM errand
    WHERE errand.kind = 2 AND errand.okta_id = ended.okta_id AND errand.stage = 1 AND errand.place = ended.id)";

/// What came of taking people over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Enrolled {
    /// People who were not known before, or were armed anew.
    pub people: u64,
}

impl Ledger {
    /// Takes over the people of these runs who were armed or have an imported hash. The same again changes nothing.
    /// Who was armed by several runs belongs to the last one. For the sake of who is new, the System Log has to be
    /// read again from the beginning of their run.
    pub async fn enrol(&self, runs: Vec<RunKey>) -> Result<Enrolled, LedgerError> {
        self.call(Care::Durable, move |connection| {
            let mut all = Enrolled::default();
            for run in runs {
                all.people += enrol(connection, run)?;
            }
            Ok(all)
        })
        .await
    }
}

fn enrol(connection: &Connection, run: RunKey) -> Result<u64, LedgerError> {
    let sql = "SELECT created_at, CASE stage WHEN 'complete' THEN finished_at END,
               (SELECT finished_at FROM enrolled WHERE enrolled.run = number) FROM run WHERE number = ?1";
    let known: Option<(i64, Option<i64>, Option<i64>)> =
        connection.query_row(sql, [run.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
    let Some((created_at, finished, enrolled)) = known else { return Ok(0) };
    if finished.is_some() && finished == enrolled {
        return Ok(0);
    }
    let people = take_over(connection, run)?;
    if let Some(finished) = finished {
        let sql = "INSERT OR REPLACE INTO enrolled (run, finished_at) VALUES (?1, ?2)";
        connection.execute(sql, params![run.0, finished])?;
    }
    if people > 0 {
        let sql = "UPDATE log_read SET read_to = MIN(read_to, ?2) WHERE org = (SELECT org FROM run WHERE number = ?1)";
        connection.execute(sql, params![run.0, created_at.saturating_sub(SKEW)])?;
    }
    Ok(people)
}

/// In the order of their ids, so that the table is written from its beginning to its end.
fn take_over(connection: &Connection, run: RunKey) -> Result<u64, LedgerError> {
    let hashes: Vec<String> = HASHES.iter().map(|word| number(word)).collect();
    // Who was there before keeps the password, unless the run was told to arm such people, too.
    let armed = u8::from(arms_existing(connection, run)?);
    let sql = format!(
        "INSERT INTO person (okta_id, place, fingerprint, kind, state, since, armed_at)
         SELECT ended.okta_id, ended.id, fingerprint, credential <> {hook}, 0,
             CASE WHEN outcome = {updated} OR outcome IN ({adopted}, {unchanged}) AND {BY_ERRAND} IS NOT NULL
                 THEN COALESCE({BY_ERRAND}, finished_at, 0) + {SKEW} ELSE 0 END,
             COALESCE({BY_ERRAND}, finished_at, 0)
         FROM ended CROSS JOIN planned ON planned.id = ended.id
         WHERE ended.id BETWEEN ?1 AND ?2 AND stage = 2 AND ended.okta_id IS NOT NULL
             AND (outcome IN ({created}, {adopted}) AND credential IN ({hook}, {hashes})
                 OR outcome = {updated} AND credential = {hook} AND {armed}
                 OR outcome IN ({updated}, {unchanged}) AND credential = {hook} AND {BY_ERRAND} IS NOT NULL)
         ORDER BY ended.okta_id, ended.id
         ON CONFLICT (okta_id) DO UPDATE SET place = excluded.place, fingerprint = excluded.fingerprint,
             kind = excluded.kind, state = 0, since = excluded.since, armed_at = excluded.armed_at, verified_at = NULL,
             wrong_at = NULL, over_at = NULL, over_by = NULL, reset_at = NULL, seen_at = NULL, why = NULL
         WHERE excluded.place > person.place",
        hook = number(HOOK),
        hashes = hashes.join(", "),
        created = word::outcome(Outcome::Created),
        adopted = word::outcome(Outcome::Adopted),
        updated = word::outcome(Outcome::Updated),
        unchanged = word::outcome(Outcome::Unchanged),
    );
    let (first, last) = (Place::of(run, Line(0)), Place::last(run));
    let changed = connection.execute(&sql, [first.0, last.0])?;
    Ok(u64::try_from(changed).unwrap_or_default())
}

pub(super) fn arms_existing(connection: &Connection, run: RunKey) -> rusqlite::Result<bool> {
    let sql = "SELECT json_valid(plan) AND COALESCE(json_extract(plan, '$.wishes.arm_existing'), 0) FROM run WHERE number = ?1";
    connection.query_row(sql, [run.0], |row| row.get(0))
}

/// The number of a credential's word, as SQL.
fn number(credential: &str) -> String {
    match CREDENTIALS.written(credential) {
        Written::Number(number) => number.to_string(),
        Written::Word(word) => format!("'{word}'"),
    }
}
