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
        Self { verify: interim::verify, dummy: interim::dummy }
    }
}

/// Until `muster_passwords` takes hashes of `muster_core`: bcrypt alone.
mod interim {
    use muster_core::stored::{BcryptInput, StoredHash};
    use zeroize::Zeroizing;

    pub(super) fn verify(secret: &str, stored: &StoredHash) -> bool {
        match stored {
            StoredHash::Bcrypt { cost, salt, value, input: BcryptInput::Password } => {
                let stored = muster_passwords::StoredHash::Bcrypt {
                    cost: *cost,
                    salt: String::clone(salt),
                    value: String::clone(value),
                };
                muster_passwords::verify(secret, &stored)
            }
            _ => false,
        }
    }

    pub(super) fn dummy(like: &StoredHash) -> StoredHash {
        match like {
            StoredHash::Bcrypt { cost, input, .. } => StoredHash::Bcrypt {
                cost: *cost,
                salt: Zeroizing::new("abcdefghijklmnopqrstuu".to_owned()),
                value: Zeroizing::new("abcdefghijklmnopqrstuvwxyzabcde".to_owned()),
                input: *input,
            },
            other => other.clone(),
        }
    }
}
