//! What is true of a move to Okta without a network.
//!
//! Rows, mapping, profile rules, credential notations, outcomes, the per-row state machine, and the
//! arithmetic of pacing and retrying. Nothing in here reads a file, a socket, a clock or dice: the time
//! and random numbers are arguments.

pub mod answer_code;
pub mod candidate;
pub mod census;
pub mod column;
pub mod compare;
pub mod credential;
pub mod fault;
pub mod firebase;
pub mod flow;
pub mod hook_call;
pub mod interpret;
pub mod login;
pub mod org_clock;
pub mod origin;
pub mod outcome;
pub mod pace;
pub mod profile;
pub mod programme;
pub mod record;
pub mod retry;
pub mod schema;
pub mod secret;
pub mod sourcing;
pub mod stored;
