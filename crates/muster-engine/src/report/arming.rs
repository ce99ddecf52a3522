//! How far the people of a run are armed who were to be armed once they are loaded.

use std::collections::BTreeMap;

use muster_ledger::{Ledger, RunRecord};
use serde::{Deserialize, Serialize};

use crate::error::EngineError;
use crate::plan::Plan;
use crate::wave::IS_GONE;

/// How far the people of a run are armed. `people` is the sum of the five that follow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArmingReport {
    /// People who were loaded, and are to be armed.
    pub people: u64,
    /// They are armed.
    pub armed: u64,
    /// It was not needed.
    pub not_needed: u64,
    /// Their user is deactivated or deleted.
    pub gone: u64,
    /// It can't be done.
    pub refused: u64,
    /// Still to be armed.
    pub open: u64,
    /// Why it was not needed, and how many each time.
    pub not_needed_because: BTreeMap<String, u64>,
    /// Why it can't be done, and how many each time.
    pub refused_because: BTreeMap<String, u64>,
}

impl ArmingReport {
    /// Of this run, from the books; nothing for runs that arm nobody afterwards.
    pub async fn of(ledger: &Ledger, record: &RunRecord) -> Result<Option<Self>, EngineError> {
        let plan = serde_json::from_str::<Plan>(&record.plan).ok();
        if !plan.is_some_and(|plan| plan.arms_afterwards()) {
            return Ok(None);
        }
        let counts = ledger.arming_counts(record.key).await?;
        let mut why = ledger.not_armed(record.key).await?;
        let gone = why.not_needed.remove(IS_GONE).unwrap_or_default();
        Ok(Some(Self {
            people: counts.done + counts.not_needed + counts.refused + counts.open,
            armed: counts.done,
            not_needed: counts.not_needed.saturating_sub(gone),
            gone,
            refused: counts.refused,
            open: counts.open,
            not_needed_because: why.not_needed,
            refused_because: why.refused,
        }))
    }
}
