//! The one place that knows who verifies.

use muster_core::stored::StoredHash;

/// Verifies passwords, and makes hashes that no password matches.
#[derive(Clone, Copy)]
pub struct Verifier {
    /// Whether the password is the one behind the hash.
    pub verify: fn(&str, &StoredHash) -> bool,
    /// A hash of the same form and cost that no password matches.
    pub dummy: fn(&StoredHash) -> StoredHash,
}

impl Default for Verifier {
    fn default() -> Self {
        Self { verify: muster_passwords::verify, dummy: muster_passwords::dummy }
    }
}
