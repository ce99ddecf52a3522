//! The thinking of Muster, from the outside.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
#![expect(clippy::cast_precision_loss, reason = "counts and times of tests are far below 2^52")]

mod credential_ambiguous;
mod credential_columns;
mod credential_faults;
mod credential_hook;
mod credential_json;
mod credential_okta;
mod credential_page;
mod credential_proof;
mod credential_robustness;
mod pacing_in_flight;
mod pacing_mishaps;
mod pacing_org;
mod pacing_others;
mod pacing_promises;
mod pacing_properties;
mod pacing_run;
mod pacing_sharing;
