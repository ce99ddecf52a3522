//! The people of the programme: who was armed and where each stands, what was asked of Okta for them, the groups
//! they are counted by, and how far the System Log has been read.
//!
//! None of it is written while an import runs: people are taken over from the rows when somebody asks for them.

mod arming;
mod arrivals;
mod crowd;
mod enrolling;
mod errands;
mod groups;
mod log;
mod people;
mod tables;

pub use arming::{ArmingCounts, NotArmed};
pub use arrivals::{Arrival, Finding, Sighting};
pub use crowd::{Crowd, PersonKind};
pub use enrolling::Enrolled;
pub use errands::{Bound, ErrandCount, ErrandEnd, ErrandKind, OpenErrand};
pub use groups::{WatchedGroup, WatchedKey};
pub use log::RegisteredHook;
pub use people::{Evidence, Person, PersonTally};
pub(crate) use tables::TABLES;
