//! The books, seen from outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod attended;
mod commits;
mod corrections;
mod desk;
mod formats;
mod mishaps;
mod outcomes;
mod planning;
mod programme;
mod reopening;
mod runs;
mod source;
mod sourcing;
mod sourcing_arming;
mod sourcing_departures;
mod sourcing_sessions;
mod sourcing_settlement;
