//! Calls over real sockets, against servers that do what servers and networks do.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod addresses;
mod bodies;
mod candidates;
mod failures;
mod hosts;
mod requests;
mod server;
