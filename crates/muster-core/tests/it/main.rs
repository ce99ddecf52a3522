//! The thinking of Muster, from the outside.

mod pacing_in_flight;
mod pacing_mishaps;
mod pacing_org;
mod pacing_others;
mod pacing_promises;
mod pacing_properties;
mod pacing_run;
mod pacing_sharing;
