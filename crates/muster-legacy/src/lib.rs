//! Reads people from where they live today.
//!
//! Everything that talks to the old world stands here, one module per kind of source. A source hands out
//! [`Record`](muster_core::record::Record)s: raw cells with the line they came from. What a column means,
//! and whether a person is fit for Okta, is not known in here.

pub mod files;
pub mod truth;
