//! The hook over real sockets of this machine, with places that are slow, away, or lie.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod admin;
mod answers;
mod audit;
mod certificates;
mod doubts;
mod draining;
mod guards;
mod judging;
mod load;
mod places;
mod queue;
mod requests;
mod tokens;
mod world;
