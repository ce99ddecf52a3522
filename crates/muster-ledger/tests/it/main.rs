//! The books, seen from outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod commits;
mod desk;
mod outcomes;
mod planning;
mod reopening;
mod runs;
