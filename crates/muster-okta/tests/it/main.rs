//! Calls over real sockets, against servers that do what servers and networks do.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod addresses;
mod app;
mod bodies;
mod candidates;
mod dpop;
mod failures;
mod hosts;
mod keys;
mod requests;
mod scopes;
mod server;
mod signing_keys;
mod stale;
mod tokens;
