//! `$5$` and `$6$`, by Ulrich Drepper.

use ::sha_crypt::{Params, sha256_crypt, sha512_crypt};
use muster_core::stored::{Bytes, Digest};
use zeroize::Zeroizing;

use crate::ceilings::MAX_CRYPT_ROUNDS;
use crate::crypt64;

/// The longest salt.
const SALT: usize = 16;
/// The order in which the bytes of `$5$` are written.
const ORDER_256: [u8; 32] = [
    20, 10, 0, 11, 1, 21, 2, 22, 12, 23, 13, 3, 14, 4, 24, 5, 25, 15, 26, 16, 6, 17, 7, 27, 8, 28, 18, 29,
    19, 9, 30, 31,
];
/// The order in which the bytes of `$6$` are written.
const ORDER_512: [u8; 64] = [
    42, 21, 0, 1, 43, 22, 23, 2, 44, 45, 24, 3, 4, 46, 25, 26, 5, 47, 48, 27, 6, 7, 49, 28, 29, 8, 50, 51,
    30, 9, 10, 52, 31, 32, 11, 53, 54, 33, 12, 13, 55, 34, 35, 14, 56, 57, 36, 15, 16, 58, 37, 38, 17, 59,
    60, 39, 18, 19, 61, 40, 41, 20, 62, 63,
];

/// The characters after the salt: 43 or 86.
pub(crate) fn value(secret: &str, digest: Digest, rounds: u32, salt: &str) -> Option<Bytes> {
    if salt.len() > SALT || rounds > MAX_CRYPT_ROUNDS {
        return None;
    }
    let params = Params::new(rounds).ok()?;
    let (secret, salt) = (secret.as_bytes(), salt.as_bytes());
    let text = match digest {
        Digest::Sha256 => {
            crypt64::encode_in_order(&*Zeroizing::new(sha256_crypt(secret, salt, params)), &ORDER_256)
        }
        Digest::Sha512 => {
            crypt64::encode_in_order(&*Zeroizing::new(sha512_crypt(secret, salt, params)), &ORDER_512)
        }
        Digest::Md4 | Digest::Md5 | Digest::Sha1 | Digest::Sha384 => return None,
    };
    Some(Zeroizing::new(text.as_bytes().to_vec()))
}
