//! Makes hashes. The salt is an argument: whoever wants a random one brings the dice.

use md5::Md5;
use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use zeroize::Zeroizing;

use crate::bcrypt_tails;
use crate::stored::{Digest, Pbkdf2Digest, SaltOrder};
use crate::verify::MAX_BCRYPT_COST;

/// What bcrypt looks at, at most: anything longer is cut.
const BCRYPT_KEY: usize = 72;

/// The salt tail (22 characters) and the value tail (31 characters) of a bcrypt string. The cost is held
/// within 1 and [`MAX_BCRYPT_COST`].
pub fn bcrypt_hash(secret: &str, cost: u32, salt: [u8; 16]) -> (String, String) {
    let value = bcrypt_value(secret, cost.clamp(1, MAX_BCRYPT_COST), salt);
    (bcrypt_tails::encode(&salt), bcrypt_tails::encode(&value))
}

/// The raw digest of a password and its salt.
pub fn digest_hash(digest: Digest, secret: &str, salt: &[u8], order: SaltOrder) -> Vec<u8> {
    match digest {
        Digest::Sha512 => one_round::<Sha512>(secret, salt, order),
        Digest::Sha256 => one_round::<Sha256>(secret, salt, order),
        Digest::Sha1 => one_round::<Sha1>(secret, salt, order),
        Digest::Md5 => one_round::<Md5>(secret, salt, order),
    }
}

/// The raw key of `key_size` bytes that PBKDF2 derives from a password.
pub fn pbkdf2_hash(
    digest: Pbkdf2Digest,
    secret: &str,
    salt: &[u8],
    iterations: u32,
    key_size: usize,
) -> Vec<u8> {
    let mut key = vec![0; key_size];
    match digest {
        Pbkdf2Digest::Sha256 => pbkdf2_hmac::<Sha256>(secret.as_bytes(), salt, iterations, &mut key),
        Pbkdf2Digest::Sha512 => pbkdf2_hmac::<Sha512>(secret.as_bytes(), salt, iterations, &mut key),
    }
    key
}

/// The 23 bytes that bcrypt keeps of its 24. The cost must have been checked.
pub(crate) fn bcrypt_value(secret: &str, cost: u32, salt: [u8; 16]) -> [u8; 23] {
    // The key is the password with a closing zero, cut at 72 bytes.
    let mut key = Zeroizing::new([0; BCRYPT_KEY]);
    for (place, byte) in key.iter_mut().zip(secret.bytes()) {
        *place = byte;
    }
    let used = (secret.len() + 1).min(BCRYPT_KEY);
    let output = bcrypt::bcrypt(cost, salt, &key[..used]);
    let mut value = [0; 23];
    value.copy_from_slice(&output[..23]);
    value
}

fn one_round<D: sha2::Digest>(secret: &str, salt: &[u8], order: SaltOrder) -> Vec<u8> {
    let (first, second) = match order {
        SaltOrder::Prefix => (salt, secret.as_bytes()),
        SaltOrder::Postfix => (secret.as_bytes(), salt),
    };
    D::new().chain_update(first).chain_update(second).finalize().to_vec()
}
