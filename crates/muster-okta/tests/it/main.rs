//! Calls over real sockets, against servers that do what servers and networks do.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod addresses;
mod app;
mod bodies;
mod bulk_bodies;
mod candidates;
mod dpop;
mod failures;
mod hosts;
mod identity_sources;
mod import_outcomes;
mod keys;
mod official;
mod requests;
mod scopes;
mod server;
mod signing_keys;
mod source_ids;
mod stale;
mod tokens;
