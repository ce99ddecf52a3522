//! `$1$` and `$apr1$`, by Poul-Henning Kamp.

use md5::{Digest as _, Md5};
use muster_core::stored::Bytes;
use zeroize::{Zeroize as _, Zeroizing};

use crate::crypt64;

/// The longest salt.
const SALT: usize = 8;
/// The order in which the bytes are written.
const ORDER: [u8; 16] = [12, 6, 0, 13, 7, 1, 14, 8, 2, 15, 9, 3, 5, 10, 4, 11];

/// The 22 characters after the salt.
pub(crate) fn value(secret: &str, salt: &str, apache: bool) -> Option<Bytes> {
    if salt.len() > SALT {
        return None;
    }
    let (secret, salt) = (secret.as_bytes(), salt.as_bytes());
    let mut last = first(secret, salt, if apache { b"$apr1$" } else { b"$1$" });
    for round in 0..1000 {
        last = next(&last, round, secret, salt);
    }
    let text = crypt64::encode_in_order(&last, &ORDER);
    last.zeroize();
    Some(Zeroizing::new(text.as_bytes().to_vec()))
}

fn first(secret: &[u8], salt: &[u8], magic: &[u8]) -> [u8; 16] {
    let between = Md5::new().chain_update(secret).chain_update(salt).chain_update(secret).finalize();
    let mut hasher = Md5::new().chain_update(secret).chain_update(magic).chain_update(salt);
    for piece in secret.chunks(between.len()) {
        hasher.update(between.get(..piece.len()).unwrap_or(&between));
    }
    let mut bits = secret.len();
    while bits > 0 {
        // The first version meant to take a byte of the digest here, which it had just wiped.
        hasher.update(if bits & 1 == 1 { &[0] } else { secret.get(..1).unwrap_or_default() });
        bits >>= 1;
    }
    hasher.finalize().into()
}

fn next(last: &[u8; 16], round: u32, secret: &[u8], salt: &[u8]) -> [u8; 16] {
    let odd = round & 1 == 1;
    let mut hasher = Md5::new().chain_update(if odd { secret } else { last });
    if !round.is_multiple_of(3) {
        hasher.update(salt);
    }
    if !round.is_multiple_of(7) {
        hasher.update(secret);
    }
    hasher.chain_update(if odd { last } else { secret }).finalize().into()
}
