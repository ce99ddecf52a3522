//! Makes hashes that Okta takes. The salt is an argument: whoever wants a random one brings the dice. Every
//! other form is made by [`crate::value_of`], from a hash of the wanted form.

use muster_core::stored::{Digest, SaltOrder};

use crate::bcrypt_input;
use crate::bcrypt_tails;
use crate::ceilings::MAX_BCRYPT_COST;
use crate::digests;

/// The salt tail (22 characters) and the value tail (31 characters) of a bcrypt string. The cost is held
/// within 1 and [`MAX_BCRYPT_COST`].
pub fn bcrypt_hash(secret: &str, cost: u32, salt: [u8; 16]) -> (String, String) {
    let value = bcrypt_input::of_text(secret.as_bytes(), cost.clamp(1, MAX_BCRYPT_COST), salt);
    (bcrypt_tails::encode(&salt), bcrypt_tails::encode(&value))
}

/// The raw digest of a password and its salt.
pub fn digest_hash(digest: Digest, secret: &str, salt: &[u8], order: SaltOrder) -> Vec<u8> {
    let parts = match order {
        SaltOrder::Prefix => [salt, secret.as_bytes()],
        SaltOrder::Postfix => [secret.as_bytes(), salt],
    };
    digests::of_parts(digest, &parts).to_vec()
}

/// The raw key of `key_size` bytes that PBKDF2 derives from a password.
pub fn pbkdf2_hash(digest: Digest, secret: &str, salt: &[u8], iterations: u32, key_size: usize) -> Vec<u8> {
    digests::pbkdf2(digest, secret.as_bytes(), salt, iterations, key_size).to_vec()
}
