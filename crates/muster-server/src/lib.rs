//! The doors: what Okta calls, and what the people who run it look at.
//!
//! The hook itself is judged in [`hook`]; how its calls come in, how they are made safe and how the server ends is
//! in the modules beside it. Where the old passwords are is behind `muster_legacy::truth`, and how they are verified
//! behind [`hook::verifier::Verifier`]. The environment is not read, and nothing is printed but by `tracing`.

pub mod admin;
pub mod door;
pub mod drain;
pub mod error;
pub mod hook;
pub mod programme_page;
pub mod seclusion;
pub mod server;
pub mod tls;

pub use error::ServerError;
pub use server::{Listen, Running, Safety, open};
