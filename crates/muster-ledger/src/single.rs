//! One entry at a time, for a run loop that does not gather its entries. To go with it: `Ledger::enter` does all this.

use jiff::Timestamp;
use muster_core::flow::SettledUser;
use muster_core::record::Line;

use crate::entry::{Entry, FinishedRow};
use crate::error::LedgerError;
use crate::keeper::Ledger;
use crate::run::{Leg, RunKey};

impl Ledger {
    /// Requests for these rows are about to leave. Once this returns, the intent is durable.
    pub fn intend(
        &self,
        run: RunKey,
        lines: Vec<Line>,
        at: Timestamp,
    ) -> impl Future<Output = Result<(), LedgerError>> + Send + use<> {
        self.enter(run, lines.into_iter().map(|line| Entry::Intend { line, at }).collect())
    }

    /// The requests for these rows never left, for sure: they are planned again.
    pub fn take_back(
        &self,
        run: RunKey,
        lines: Vec<Line>,
    ) -> impl Future<Output = Result<(), LedgerError>> + Send + use<> {
        self.enter(run, lines.into_iter().map(|line| Entry::TakeBack { line }).collect())
    }

    /// The user of this row is settled; memberships follow.
    pub fn settle_user(
        &self,
        run: RunKey,
        line: Line,
        user: SettledUser,
        attempts: u32,
    ) -> impl Future<Output = Result<(), LedgerError>> + Send + use<> {
        self.enter(run, vec![Entry::Settle { line, user, attempts }])
    }

    /// This row has its outcome.
    pub fn finish(
        &self,
        run: RunKey,
        row: FinishedRow,
    ) -> impl Future<Output = Result<(), LedgerError>> + Send + use<> {
        self.enter(run, vec![Entry::Finish(row)])
    }

    /// Keeps the counts of a leg, which is made when its number is new.
    pub fn note_leg(
        &self,
        run: RunKey,
        number: i64,
        leg: Leg,
    ) -> impl Future<Output = Result<(), LedgerError>> + Send + use<> {
        self.enter(run, vec![Entry::Leg { number, leg }])
    }
}
