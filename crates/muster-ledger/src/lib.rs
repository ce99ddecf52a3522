//! The books of every run: what was intended, what was sent, what became of each row.
//!
//! An intent is durable before its request leaves; intents and outcomes are committed in groups. Only this crate
//! holds SQL of ours. It knows nothing of Okta.

mod correction;
mod entry;
mod error;
mod intents;
mod keeper;
mod lock;
mod pages;
mod place;
mod planning;
mod programme;
mod run;
mod schema;
mod single;
mod sourcing;
mod store;
mod word;

pub use correction::{CorrectedRow, CorrectionRecord, Origin, Reopened};
pub use entry::{Entry, FinishedRow};
pub use error::LedgerError;
pub use keeper::{Keeper, Ledger};
pub use lock::RunLock;
pub use pages::{ErrorCount, OpenRow, ResultRow, RowState};
pub use planning::{Doubles, PlannedRow};
pub use programme::{
    ArmingCounts, Arrival, Bound, Crowd, Enrolled, ErrandCount, ErrandEnd, ErrandKind, Evidence, Finding,
    NotArmed, OpenErrand, Person, PersonKind, PersonTally, RegisteredHook, Sighting, WatchedGroup,
    WatchedKey,
};
pub use run::{Leg, NewRun, RunKey, RunRecord, RunStage};
pub use sourcing::{
    Departure, DepartureCounts, DepartureEnd, LoadedRow, MissingCount, SessionRecord, SessionStage,
    SettledRow, SourceKey, SourceTally, SourcedRow, Standing, UploadKind, UploadRecord,
};
pub use store::Store;
