//! `$sha1$`, of NetBSD: HMAC-SHA-1, again and again.

use hmac::{Hmac, KeyInit as _, Mac as _};
use muster_core::stored::Bytes;
use sha1::Sha1;
use zeroize::{Zeroize as _, Zeroizing};

use crate::ceilings::MAX_DIGEST_ROUNDS;
use crate::crypt64;

/// The longest salt.
const SALT: usize = 64;
/// The order in which the bytes are written; the first one comes once more at the end.
const ORDER: [u8; 21] = [2, 1, 0, 5, 4, 3, 8, 7, 6, 11, 10, 9, 14, 13, 12, 17, 16, 15, 0, 19, 18];

/// The 28 characters after the salt.
pub(crate) fn value(secret: &str, rounds: u32, salt: &str) -> Option<Bytes> {
    if salt.len() > SALT || !(1..=MAX_DIGEST_ROUNDS).contains(&rounds) {
        return None;
    }
    let keyed = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).ok()?;
    let begin = format!("{salt}$sha1${rounds}");
    let mut last = keyed.clone().chain_update(begin).finalize().into_bytes();
    for _ in 1..rounds {
        last = keyed.clone().chain_update(last).finalize().into_bytes();
    }
    let text = crypt64::encode_in_order(&last, &ORDER);
    last.zeroize();
    Some(Zeroizing::new(text.as_bytes().to_vec()))
}
