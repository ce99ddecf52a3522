//! What the run loop enters: many changes in one commit.

use jiff::Timestamp;
use muster_core::flow::SettledUser;
use muster_core::record::Line;

use crate::error::LedgerError;
use crate::row::FinishedRow;
use crate::run::{Leg, RunKey};
use crate::writer::Ledger;

/// One change to the books of a run.
#[derive(Clone, Debug)]
pub enum Entry {
    /// A request for this row is about to leave.
    Intend {
        /// The row.
        line: Line,
        /// When, by the org's clock.
        at: Timestamp,
    },
    /// The intended request never left, for sure: the row is planned again.
    TakeBack {
        /// The row.
        line: Line,
    },
    /// The user of this row is settled; memberships follow.
    Settle {
        /// The row.
        line: Line,
        /// Its user.
        user: SettledUser,
        /// Writes of the user since the last entry.
        attempts: u32,
    },
    /// This row has its outcome.
    Finish(FinishedRow),
    /// Counts of this leg.
    Leg {
        /// The leg.
        number: i64,
        /// Its counts.
        leg: Leg,
    },
}

impl Ledger {
    /// Enters all of them in one commit, in this order; ready when they are durable.
    pub fn enter(
        &self,
        run: RunKey,
        entries: Vec<Entry>,
    ) -> impl Future<Output = Result<(), LedgerError>> + Send + use<> {
        let ledger = self.clone();
        async move {
            for entry in entries {
                match entry {
                    Entry::Intend { line, at } => ledger.intend(run, vec![line], at).await?,
                    Entry::TakeBack { line } => ledger.take_back(run, vec![line]).await?,
                    Entry::Settle { line, user, attempts } => {
                        ledger.settle_user(run, line, user, attempts).await?;
                    }
                    Entry::Finish(row) => ledger.finish(run, row).await?,
                    Entry::Leg { number, leg } => ledger.note_leg(run, number, leg).await?,
                }
            }
            Ok(())
        }
    }
}
