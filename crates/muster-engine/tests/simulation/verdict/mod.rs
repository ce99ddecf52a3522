//! What was promised, held against what happened. Each breach says what was promised, and of which row.

mod accounts;
mod requests;
mod rows;
mod shares;

use muster_ledger::ResultRow;

use crate::evidence::{Evidence, Leg};
use crate::world::World;

/// Every breach.
pub fn of(world: &World, evidence: &Evidence) -> Vec<String> {
    let mut broken = accounts::check(world, evidence);
    broken.extend(requests::check(evidence));
    broken.extend(shares::check(world, evidence));
    if broken.is_empty() {
        // Rows are told apart only where the books are whole.
        broken.extend(rows::check(world, evidence));
    }
    broken
}

/// What a row ended as in one process, it is in all later ones.
pub fn nothing_is_taken_back(before: &Leg, after: &Leg) -> Result<(), String> {
    let ended = |row: &&ResultRow| row.outcome.is_some();
    if before.rows.is_empty() {
        return Ok(());
    }
    if before.rows.len() != after.rows.len() {
        return Err(format!("rows came or went: {} before, {} after", before.rows.len(), after.rows.len()));
    }
    for (was, is) in before.rows.iter().zip(&after.rows).filter(|(was, _)| ended(was)) {
        if (was.outcome, &was.okta_id, was.group_outcome) != (is.outcome, &is.okta_id, is.group_outcome) {
            return Err(format!("an outcome was changed: it was {was:?}, and is {is:?}"));
        }
    }
    Ok(())
}
