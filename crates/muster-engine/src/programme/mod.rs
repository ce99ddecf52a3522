//! The weeks in which people come over at their own sign-ins: who has, who has not, and the end of it.
//!
//! What is known stands in the books, by person. The System Log says who has come over; the hook's audit files say
//! whose password was right or wrong; a look at the user decides where it matters.

mod active_hook;
mod audits;
mod groups;
mod hook_end;
pub(crate) mod look;
mod report;
mod stragglers;
mod system_log;

use std::sync::Arc;

use muster_ledger::{Crowd, Ledger, RunRecord};
use muster_okta::{CallError, Okta};

pub use audits::Audits;
pub use hook_end::{HookEnd, OrgHook};
pub use look::Looked;
pub use report::{
    AuditReport, DayReport, GroupReport, HashReport, HourReport, ProgrammeReport, ReportWish, UntilReport,
};

use crate::error::{EngineError, OrgTrouble};
use crate::gate::{Gate, Halt};
use crate::run::StopReason;
use crate::surroundings::Clock;

/// The programme of some runs into one org.
#[derive(Clone, Debug)]
pub struct Programme {
    ledger: Ledger,
    runs: Vec<RunRecord>,
    org: String,
    clock: Clock,
}

/// The org, and the pace at which it is asked.
#[derive(Clone)]
pub struct Contact {
    pub(crate) okta: Okta,
    pub(crate) gate: Arc<Gate>,
}

impl Contact {
    /// The org behind this gate.
    pub fn new(okta: Okta, gate: Gate) -> Self {
        Self { okta, gate: Arc::new(gate) }
    }

    /// Why a call that is not about a single person did not work.
    pub(crate) fn trouble(&self, error: &CallError, what: &str, scope: &'static str) -> Halt {
        Halt::Failed(OrgTrouble::of(error, self.okta.base().as_str(), what, scope).into())
    }
}

impl Programme {
    /// The programme of these runs, all of which are into the same org.
    pub fn new(ledger: Ledger, runs: Vec<RunRecord>, clock: Clock) -> Self {
        let org = runs.first().map(|run| run.org.clone()).unwrap_or_default();
        Self { ledger, runs, org, clock }
    }

    /// Everybody in it.
    pub fn crowd(&self) -> Crowd {
        Crowd::of(self.runs.iter().map(|run| run.key).collect::<Vec<_>>())
    }

    /// The books.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The time of day.
    pub(crate) fn clock(&self) -> Clock {
        self.clock
    }

    /// Takes the people of the runs over from their rows.
    pub async fn enrol(&self) -> Result<(), EngineError> {
        self.ledger.enrol(self.runs.iter().map(|run| run.key).collect()).await?;
        Ok(())
    }
}

/// The reason of a call that was forbidden, in words.
pub(crate) fn forbidden(words: &str, scope: &str) -> Halt {
    Halt::Stopped(StopReason::Forbidden(format!("{words} (scope {scope})")))
}
