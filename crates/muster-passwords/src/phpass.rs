//! PHPass, and Drupal 7.

use muster_core::stored::{Bytes, Digest};
use zeroize::Zeroizing;

use crate::ceilings::MAX_PHPASS_LOG_ROUNDS;
use crate::{crypt64, digests};

/// The length of a salt.
const SALT: usize = 8;
/// How many characters Drupal keeps.
const KEPT: usize = 43;

/// The characters after the salt: 22, or Drupal's 43.
pub(crate) fn value(
    secret: &str,
    digest: Digest,
    log_rounds: u8,
    salt: &str,
    md5_first: bool,
) -> Option<Bytes> {
    if salt.len() != SALT || log_rounds > MAX_PHPASS_LOG_ROUNDS {
        return None;
    }
    let hashed_first = md5_first.then(|| digests::hex(&digests::of_parts(Digest::Md5, &[secret.as_bytes()])));
    let secret = hashed_first.as_ref().map_or(secret.as_bytes(), |hex| hex.as_slice());
    let parts = [salt.as_bytes(), secret];
    let raw = digests::of_rounds_with_tail(digest, &parts, 1 << log_rounds, secret);
    let text = crypt64::encode(raw.iter().copied());
    Some(Zeroizing::new(text.bytes().take(KEPT).collect()))
}
