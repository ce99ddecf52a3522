//! Whole runs against an emulated org in the same process, with faults: what was promised holds afterwards.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod again;
mod arming;
mod books;
mod clockwork;
mod desk;
mod files;
mod meddling;
mod office;
mod org;
mod outages;
mod pressure;
mod programme;
mod refusals;
mod rights;
mod sourcing_report;
mod stops;
mod tokens;
mod waves;
mod waves_again;
