//! Made-up people with real password hashes, for demos, rehearsals and tests.
//!
//! The same seed gives the same bytes on every machine and in every release: only integer arithmetic is used,
//! and every person has dice of their own, thrown from the seed and the person's number. Nobody is kept in
//! memory, so there can be any number of people. This crate must not know Okta, and it writes where it is told.

mod deal;
mod dice;
mod fault;
mod foreign;
mod hash_kind;
mod hashes;
mod names;
mod people;
mod person;
mod settings;
mod table;

pub use fault::FaultKind;
pub use hash_kind::HashKind;
pub use people::People;
pub use person::Person;
pub use settings::{PeopleSettings, SettingsError};
pub use table::{Column, CsvWriter, KnownWriter, NdjsonWriter, write_csv, write_ndjson};
