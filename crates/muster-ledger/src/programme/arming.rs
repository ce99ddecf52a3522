//! Arming people after they were loaded: whom the hook is still to be set for.

use muster_core::outcome::Outcome;
use muster_core::record::Line;
use rusqlite::{Connection, params};

use super::errands::{Bound, bound};
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
    /// for whom no arming has ended. Who was armed by an earlier run is armed; who was refused then is tried again.
    pub async fn to_arm(&self, run: RunKey, after: Line, most: u32) -> Result<Vec<Bound>, LedgerError> {
        self.call(Care::Read, move |connection| {
            let sql = format!(
                "SELECT ended.okta_id, login, ended.id FROM ended CROSS JOIN planned ON planned.id = ended.id
                 WHERE ended.id > ?3 AND {} AND NOT EXISTS (SELECT 1 FROM errand WHERE {OF_THEM} AND {OVER})
                 ORDER BY ended.id LIMIT ?4",
                loaded()
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
                 FROM ended LEFT JOIN errand ON {OF_THEM} AND {OVER} WHERE {}",
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

/// Their errand; 2 is the number of the kind.
const OF_THEM: &str = "errand.kind = 2 AND errand.okta_id = ended.okta_id";

/// What ended well holds for later runs, too. A refusal holds for its run, and for those before it.
const OVER: &str = "(errand.stage IN (1, 3) OR errand.stage = 2 AND errand.place >= ?1)";

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
    use super::super::errands::ErrandKind;
    use super::OF_THEM;

    #[test]
    fn the_number_in_the_text_is_that_of_the_kind() {
        assert!(OF_THEM.contains(&format!("kind = {} ", ErrandKind::Arming.number())));
    }
}
