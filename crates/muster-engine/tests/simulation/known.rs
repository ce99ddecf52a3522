//! Worlds in which something broke once.

/// A seed, and what it found.
pub const KNOWN: &[(u64, &str)] = &[];
