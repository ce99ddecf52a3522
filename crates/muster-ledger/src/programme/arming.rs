//! Arming people after they were loaded: whom the hook is still to be set for.

use std::collections::BTreeMap;

use muster_core::outcome::Outcome;
use muster_core::record::Line;
use rusqlite::{Connection, params};

use super::enrolling::arms_existing;
use super::errands::{Bound, ErrandKind, bound};
use crate::error::LedgerError;
use crate::keeper::{Care, Ledger};
use crate::place::Place;
use crate::run::RunKey;
use crate::word::{self, CREDENTIALS};

/// How far the arming of a run's people has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ArmingCounts {
    /// They are armed.
    pub done: u64,
    /// Okta refused it.
    pub refused: u64,
    /// There was no need.
    pub not_needed: u64,
    /// Still to be armed.
    pub open: u64,
}

impl Ledger {
    /// The next people of a run to be armed, in the order of the source: those who were loaded and have a user, and
    /// for whom no arming has ended. Who was armed by an earlier run is armed; who was refused then is tried again, and
    /// so is who did not need it then, if they have changed since or the run arms people with passwords, too.
    pub async fn to_arm(&self, run: RunKey, after: Line, most: u32) -> Result<Vec<Bound>, LedgerError> {
        self.call(Care::Read, move |connection| {
            let sql = format!(
                "SELECT ended.okta_id, login, ended.id FROM ended CROSS JOIN planned ON planned.id = ended.id
                 WHERE ended.id > ?3 AND {} AND NOT EXISTS (SELECT 1 FROM errand WHERE {OF_THEM} AND {})
                 ORDER BY ended.id LIMIT ?4",
                loaded(),
                over(connection, run)?
            );
            let (first, last) = (Place::of(run, Line(0)).0, Place::last(run).0);
            let mut statement = connection.prepare_cached(&sql)?;
            let page = params![first, last, Place::of(run, after).0, most];
            let people = statement.query_map(page, bound)?;
            Ok(people.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// How far the arming of a run's people has come.
    pub async fn arming_counts(&self, run: RunKey) -> Result<ArmingCounts, LedgerError> {
        self.call(Care::Read, move |connection| {
            let sql = format!(
                "SELECT COUNT(*) FILTER (WHERE errand.stage = 1), COUNT(*) FILTER (WHERE errand.stage = 2),
                 COUNT(*) FILTER (WHERE errand.stage = 3), COUNT(*) FILTER (WHERE errand.stage IS NULL)
                 FROM ended LEFT JOIN errand ON {OF_THEM} AND {} WHERE {}",
                over(connection, run)?,
                loaded()
            );
            Ok(connection.query_row(&sql, [Place::of(run, Line(0)).0, Place::last(run).0], |row| {
                let count =
                    |at| row.get::<_, i64>(at).map(|people| u64::try_from(people).unwrap_or_default());
                Ok(ArmingCounts {
                    done: count(0)?,
                    refused: count(1)?,
                    not_needed: count(2)?,
                    open: count(3)?,
                })
            })?)
        })
        .await
    }
}

/// Why people of a run were not armed, and how many each time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NotArmed {
    /// Okta refused it.
    pub refused: BTreeMap<String, u64>,
    /// There was no need.
    pub not_needed: BTreeMap<String, u64>,
}

impl Ledger {
    /// Why people of a run were not armed.
    pub async fn not_armed(&self, run: RunKey) -> Result<NotArmed, LedgerError> {
        self.call(Care::Read, move |connection| {
            let sql = format!(
                "SELECT errand.stage, COALESCE(errand.why, ''), COUNT(*) FROM ended CROSS JOIN errand ON {OF_THEM} AND {}
                 WHERE {} AND errand.stage IN (2, 3) GROUP BY 1, 2",
                over(connection, run)?,
                loaded()
            );
            let mut statement = connection.prepare_cached(&sql)?;
            let mut rows = statement.query([Place::of(run, Line(0)).0, Place::last(run).0])?;
            let mut not_armed = NotArmed::default();
            while let Some(row) = rows.next()? {
                let (stage, why): (i64, String) = (row.get(0)?, row.get(1)?);
                let people = u64::try_from(row.get::<_, i64>(2)?).unwrap_or_default();
                let reasons = if stage == 2 { &mut not_armed.refused } else { &mut not_armed.not_needed };
                reasons.insert(why, people);
            }
            Ok(not_armed)
        })
        .await
    }

    /// People of a run whose arming was refused are open again; how many they are.
    pub async fn reopen_refused_armings(&self, run: RunKey) -> Result<u64, LedgerError> {
        self.call(Care::Durable, move |connection| {
            let sql = "DELETE FROM errand WHERE kind = ?1 AND stage = 2 AND place BETWEEN ?2 AND ?3";
            let (first, last) = (Place::of(run, Line(0)).0, Place::last(run).0);
            let kind = ErrandKind::Arming.number();
            let reopened = connection.prepare_cached(sql)?.execute(params![kind, first, last])?;
            Ok(u64::try_from(reopened).unwrap_or_default())
        })
        .await
    }
}

/// Their errand; 2 is the number of the kind.
const OF_THEM: &str = "errand.kind = 2 AND errand.okta_id = ended.okta_id";

/// Who is armed is armed. What else became of them holds for that run, and for those before it; that there was no need
/// holds as well for later runs in which nothing was new of them, unless those arm people with passwords, too.
fn over(connection: &Connection, run: RunKey) -> Result<String, LedgerError> {
    let unchanged = word::outcome(Outcome::Unchanged);
    let spared = u8::from(!arms_existing(connection, run)?);
    Ok(format!(
        "(errand.stage = 1 OR errand.stage IN (2, 3) AND errand.place >= ?1
          OR errand.stage = 3 AND ended.outcome = {unchanged} AND {spared})"
    ))
}

/// Rows of a run whose people are loaded, with its stretch as the first two parameters.
fn loaded() -> String {
    let outcomes = [Outcome::Created, Outcome::Adopted, Outcome::Updated, Outcome::Unchanged];
    let numbers: Vec<String> = outcomes.map(|outcome| word::outcome(outcome).to_string()).to_vec();
    format!(
        "ended.id BETWEEN ?1 AND ?2 AND ended.stage = 2 AND ended.okta_id IS NOT NULL AND ended.outcome IN ({})",
        numbers.join(", ")
    )
}

/// The row has the hook for its credential from now on, and its run has people who were not taken over.
pub(super) fn armed(connection: &Connection, place: Place) -> Result<(), LedgerError> {
    let sql = "UPDATE planned SET credential = ?2 WHERE id = ?1";
    connection.prepare_cached(sql)?.execute(params![place.0, CREDENTIALS.written("hook")])?;
    connection.prepare_cached("DELETE FROM enrolled WHERE run = ?1")?.execute([place.run().0])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{ErrandKind, OF_THEM};

    #[test]
    fn the_number_in_the_text_is_that_of_the_kind() {
        assert!(OF_THEM.contains(&format!("kind = {} ", ErrandKind::Arming.number())));
    }
}
