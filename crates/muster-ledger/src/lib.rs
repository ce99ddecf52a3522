//! The books of every run: what was intended, what was sent, what became of each row.
//!
//! An intent is durable before its request leaves; intents and outcomes are committed in groups. Only this crate
//! holds SQL of ours. It knows nothing of Okta.

mod entry;
mod error;
mod lock;
mod row;
mod run;
mod schema;
mod writer;

pub use entry::Entry;
pub use error::LedgerError;
pub use lock::RunLock;
pub use row::{ErrorCount, FinishedRow, OpenRow, PlannedRow, ResultRow, RowState};
pub use run::{Leg, NewRun, RunKey, RunRecord, RunStage};
pub use writer::Ledger;
