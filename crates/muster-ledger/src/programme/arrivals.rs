//! What is learned about people: from the System Log, from the hook's audit, by looking at a user.

use jiff::Timestamp;
use muster_core::login::Fingerprint;
use rusqlite::{Connection, params};

use super::people::{Evidence, state_number as number};
use crate::error::LedgerError;
use crate::keeper::{Care, Ledger};
use muster_core::programme::PersonState;

/// Somebody has come over, as the System Log tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The user's id, where it tells it.
    pub okta_id: Option<String>,
    /// The login.
    pub login: Option<Fingerprint>,
    /// When.
    pub at: Timestamp,
    /// Whether it went well: else it was a wrong password.
    pub good: bool,
}

/// Somebody was seen by the hook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Who.
    pub login: Fingerprint,
    /// When their password was right.
    pub verified_at: Option<Timestamp>,
    /// When it was wrong.
    pub wrong_at: Option<Timestamp>,
}

/// What a look at a user shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// The password has not come over.
    Waits,
    /// It has, at this time.
    ComeOver(Timestamp),
    /// Somebody has sent a mail for a new one.
    Reset,
    /// The user is deactivated or deleted.
    Gone,
    /// The user can't be reset, and why.
    Cannot(String),
}

impl Ledger {
    /// Enters what the System Log tells; how many have newly come over. The same again changes nothing.
    pub async fn arrived(&self, arrivals: Vec<Arrival>) -> Result<u64, LedgerError> {
        self.call(Care::Durable, move |connection| {
            let mut new = 0;
            for arrival in &arrivals {
                new += arrive(connection, arrival)?;
            }
            Ok(new)
        })
        .await
    }

    /// Keeps what the hook has seen, until [`Self::recognise`] finds out who it was. Of several, the last is kept.
    pub async fn sighted(&self, sightings: Vec<Sighting>) -> Result<(), LedgerError> {
        self.call(Care::Whole, move |connection| {
            sightings.iter().try_for_each(|seen| {
                let time = |at: Option<Timestamp>| at.map(Timestamp::as_millisecond);
                keep(connection, seen.login, [None, time(seen.verified_at), time(seen.wrong_at)])
            })
        })
        .await
    }

    /// Finds out whom the hook has seen: one pass over the people.
    pub async fn recognise(&self) -> Result<(), LedgerError> {
        self.call(Care::Durable, |connection| {
            make_room(connection)?;
            connection.execute_batch(
                &RECOGNISE.replace("{came_over}", &number(PersonState::ComeOver).to_string()),
            )?;
            Ok(())
        })
        .await
    }

    /// Enters what a look at a user has shown, and when it was.
    pub async fn looked_at(
        &self,
        okta_id: String,
        finding: Finding,
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        self.call(Care::Durable, move |connection| enter(connection, &okta_id, &finding, at)).await
    }
}

/// Who has got a mail stays with that: they are to follow it, whatever was found later.
const RECOGNISE: &str = "
    UPDATE person SET state = {came_over}, over_by = 0, why = NULL,
        over_at = (SELECT s.over_at FROM temp.sighting s WHERE s.fingerprint = person.fingerprint)
        WHERE state NOT IN (2, 3) AND EXISTS (SELECT 1 FROM temp.sighting s
            WHERE s.fingerprint = person.fingerprint AND s.over_at >= since);
    UPDATE person SET state = MAX(state, 1),
        verified_at = (SELECT s.verified_at FROM temp.sighting s WHERE s.fingerprint = person.fingerprint)
        WHERE state IN (0, 1) AND EXISTS (SELECT 1 FROM temp.sighting s
            WHERE s.fingerprint = person.fingerprint AND s.verified_at >= since
                AND s.verified_at > COALESCE(person.verified_at, 0));
    UPDATE person SET
        wrong_at = (SELECT s.wrong_at FROM temp.sighting s WHERE s.fingerprint = person.fingerprint)
        WHERE EXISTS (SELECT 1 FROM temp.sighting s
            WHERE s.fingerprint = person.fingerprint AND s.wrong_at >= since
                AND s.wrong_at > COALESCE(person.wrong_at, 0));
    DELETE FROM temp.sighting;
";

fn arrive(connection: &Connection, arrival: &Arrival) -> Result<u64, LedgerError> {
    let at = arrival.at.as_millisecond();
    if let Some(id) = &arrival.okta_id {
        if !arrival.good {
            let sql = "UPDATE person SET wrong_at = MAX(COALESCE(wrong_at, 0), ?2) WHERE okta_id = ?1 AND since <= ?2";
            connection.prepare_cached(sql)?.execute(params![id, at])?;
            return Ok(0);
        }
        let sql = "UPDATE person SET state = 2, over_at = ?2, over_by = ?3, why = NULL
                   WHERE okta_id = ?1 AND since <= ?2 AND state NOT IN (2, 3)";
        let changed = connection.prepare_cached(sql)?.execute(params![id, at, Evidence::Log.number()])?;
        return Ok(u64::try_from(changed).unwrap_or_default());
    }
    if let Some(login) = arrival.login {
        let times = if arrival.good { [Some(at), None, None] } else { [None, None, Some(at)] };
        keep(connection, login, times)?;
    }
    Ok(0)
}

/// On disk, as all temporary tables are: there may be many.
fn make_room(connection: &Connection) -> Result<(), LedgerError> {
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS temp.sighting
         (fingerprint INTEGER PRIMARY KEY, over_at INTEGER, verified_at INTEGER, wrong_at INTEGER)",
    )?;
    Ok(())
}

fn keep(connection: &Connection, login: Fingerprint, times: [Option<i64>; 3]) -> Result<(), LedgerError> {
    make_room(connection)?;
    let mut statement = connection.prepare_cached(
        "INSERT INTO temp.sighting (fingerprint, over_at, verified_at, wrong_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (fingerprint) DO UPDATE SET
             over_at = MAX(COALESCE(over_at, excluded.over_at), COALESCE(excluded.over_at, over_at)),
             verified_at = MAX(COALESCE(verified_at, excluded.verified_at), COALESCE(excluded.verified_at, verified_at)),
             wrong_at = MAX(COALESCE(wrong_at, excluded.wrong_at), COALESCE(excluded.wrong_at, wrong_at))",
    )?;
    let [over_at, verified_at, wrong_at] = times;
    statement.execute(params![login.0, over_at, verified_at, wrong_at])?;
    Ok(())
}

/// Who has come over stays so. Who was gone may have been brought back.
pub(super) fn enter(
    connection: &Connection,
    okta_id: &str,
    finding: &Finding,
    at: Timestamp,
) -> Result<(), LedgerError> {
    let now = at.as_millisecond();
    let (state, why) = match finding {
        Finding::Waits => {
            let sql =
                "UPDATE person SET state = CASE WHEN state IN (4, 5) THEN 0 ELSE state END, why = NULL, seen_at = ?2
                       WHERE okta_id = ?1 AND state IN (0, 1, 4, 5)";
            connection.prepare_cached(sql)?.execute(params![okta_id, now])?;
            return Ok(());
        }
        Finding::ComeOver(over_at) => {
            let sql = "UPDATE person SET state = 2, over_at = ?2, over_by = ?3, why = NULL, seen_at = ?4
                       WHERE okta_id = ?1 AND state NOT IN (2, 3)";
            let by = Evidence::Look.number();
            connection.prepare_cached(sql)?.execute(params![okta_id, over_at.as_millisecond(), by, now])?;
            return Ok(());
        }
        Finding::Reset => (PersonState::Reset, None),
        Finding::Gone => (PersonState::Gone, None),
        Finding::Cannot(why) => (PersonState::Cannot, Some(why)),
    };
    let sql = "UPDATE person SET state = ?2, why = ?3, seen_at = ?4,
               reset_at = CASE ?2 WHEN 3 THEN COALESCE(reset_at, ?4) ELSE reset_at END
               WHERE okta_id = ?1 AND state NOT IN (2, 3)";
    connection.prepare_cached(sql)?.execute(params![okta_id, number(state), why, now])?;
    Ok(())
}
