//! Checks a password against what is stored.

use subtle::ConstantTimeEq as _;

use crate::bcrypt_tails;
use crate::make::{bcrypt_value, digest_hash, pbkdf2_hash};
use crate::stored::StoredHash;

/// The highest bcrypt cost that is tried; Okta's own limit. Each step doubles the time.
pub const MAX_BCRYPT_COST: u32 = 20;
/// The most PBKDF2 iterations that are tried, so that a planted number can't stall a server.
pub const MAX_PBKDF2_ITERATIONS: u32 = 10_000_000;
/// The longest PBKDF2 key in bytes that is tried: the time grows with it as with the iterations.
pub const MAX_PBKDF2_KEY: usize = 128;

/// Whether `secret` is the password behind `stored`. Anything malformed, and any work factor beyond the
/// ceilings, is a plain no. The comparison takes the same time wherever the first difference is.
pub fn verify(secret: &str, stored: &StoredHash) -> bool {
    match stored {
        StoredHash::Bcrypt { cost, salt, value } => {
            bcrypt_matches(secret, *cost, salt, value).unwrap_or(false)
        }
        StoredHash::Digest { digest, salt, order, value } => {
            value.len() == digest.size() && same(&digest_hash(*digest, secret, salt, *order), value)
        }
        StoredHash::Pbkdf2 { digest, salt, iterations, value } => {
            (1..=MAX_PBKDF2_ITERATIONS).contains(iterations)
                && (1..=MAX_PBKDF2_KEY).contains(&value.len())
                && same(&pbkdf2_hash(*digest, secret, salt, *iterations, value.len()), value)
        }
    }
}

fn bcrypt_matches(secret: &str, cost: u32, salt: &str, value: &str) -> Option<bool> {
    let salt = bcrypt_tails::decode_salt(salt)?;
    let value = bcrypt_tails::decode_value(value)?;
    (1..=MAX_BCRYPT_COST).contains(&cost).then(|| same(&bcrypt_value(secret, cost, salt), &value))
}

fn same(computed: &[u8], stored: &[u8]) -> bool {
    computed.ct_eq(stored).into()
}
