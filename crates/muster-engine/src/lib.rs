//! Drives a run: plans it, carries it out, and reports on it.
//!
//! The only place where things happen at once. What an answer means for a row, when the next request may go and
//! what a cell says is decided in `muster-core`; this crate moves rows between source, books and org.

mod bookkeeper;
mod breaker;
mod correction;
mod counts;
mod directory;
mod dispatcher;
mod error;
mod feed;
mod footprint;
mod gate;
mod new_groups;
mod patience;
mod plan;
mod planner;
pub mod programme;
mod progress;
mod queue;
pub mod report;
mod request;
mod retry;
mod rights;
mod rows;
mod run;
pub mod sourcing;
mod surroundings;
pub mod wave;

pub use breaker::MaxErrors;
pub use correction::{Correction, Corrections};
pub use counts::Counts;
pub use directory::{Directory, OrgGroup};
pub use error::{EngineError, OrgTrouble};
pub use gate::{Gate, Halt};
pub use new_groups::{create_groups, create_groups_since};
pub use patience::{Attempt, patiently};
pub use plan::{FaultCount, GroupPlan, Plan, PlanCounts};
pub use planner::{PlanSettings, Planner};
pub use progress::{Outage, Phase, Snapshot, Window};
pub use retry::{Entered, Retry, RetryPlan, is_in};
pub use run::{Finish, Pacing, RunContext, StopReason, carry_out};
pub use surroundings::{Clock, Dice, Reading, Surroundings};
