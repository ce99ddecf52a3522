//! The thinking of Muster, from the outside.

mod pacing_org;
mod pacing_others;
mod pacing_promises;
mod pacing_run;
