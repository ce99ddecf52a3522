//! Reading people from files, from the outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod compression;
mod csv;
mod desk;
mod encodings;
mod faults;
mod ndjson;
mod property;
mod truth;
