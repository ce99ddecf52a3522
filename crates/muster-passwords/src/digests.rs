//! The digests, chosen while the program runs: plain, repeated, as HMAC, as PBKDF2.

use hmac::{Hmac, KeyInit as _, Mac as _};
use md4::Md4;
use md5::Md5;
use muster_core::stored::{Again, Bytes, Digest};
use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;
use sha2::{Digest as Hasher, Sha256, Sha384, Sha512};
use zeroize::{Zeroize as _, Zeroizing};

/// Does `$body` with `$Chosen` as the type of the digest.
macro_rules! with_digest {
    ($digest:expr, $Chosen:ident => $body:expr) => {
        match $digest {
            Digest::Md4 => {
                type $Chosen = Md4;
                $body
            }
            Digest::Md5 => {
                type $Chosen = Md5;
                $body
            }
            Digest::Sha1 => {
                type $Chosen = Sha1;
                $body
            }
            Digest::Sha256 => {
                type $Chosen = Sha256;
                $body
            }
            Digest::Sha384 => {
                type $Chosen = Sha384;
                $body
            }
            Digest::Sha512 => {
                type $Chosen = Sha512;
                $body
            }
        }
    };
}

/// The digest of several parts, one after the other.
pub(crate) fn of_parts(digest: Digest, parts: &[&[u8]]) -> Bytes {
    with_digest!(digest, Chosen => Zeroizing::new(one::<Chosen>(parts).to_vec()))
}

/// The digest of the parts, digested again until there were as many rounds.
pub(crate) fn of_rounds(digest: Digest, parts: &[&[u8]], rounds: u32, again: Again) -> Bytes {
    with_digest!(digest, Chosen => repeated::<Chosen>(parts, rounds, again))
}

/// The digest of the parts, digested again and again with `tail` after it.
pub(crate) fn of_rounds_with_tail(digest: Digest, parts: &[&[u8]], rounds: u32, tail: &[u8]) -> Bytes {
    with_digest!(digest, Chosen => with_tail::<Chosen>(parts, rounds, tail))
}

/// One HMAC.
pub(crate) fn hmac(digest: Digest, key: &[u8], message: &[u8]) -> Bytes {
    with_digest!(digest, Chosen => {
        let mac = Hmac::<Chosen>::new_from_slice(key).map(|mac| mac.chain_update(message));
        // Any key fits an HMAC; an empty value would match nothing.
        Zeroizing::new(mac.map(|mac| mac.finalize().into_bytes().to_vec()).unwrap_or_default())
    })
}

/// The key that PBKDF2 derives.
pub(crate) fn pbkdf2(digest: Digest, secret: &[u8], salt: &[u8], iterations: u32, size: usize) -> Bytes {
    let mut key = Zeroizing::new(vec![0; size]);
    with_digest!(digest, Chosen => pbkdf2_hmac::<Chosen>(secret, salt, iterations, &mut key));
    key
}

/// Bytes as lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> Bytes {
    let digit = |bits: u8| if bits < 10 { b'0' + bits } else { b'a' + bits - 10 };
    Zeroizing::new(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect())
}

fn one<D: Hasher>(parts: &[&[u8]]) -> sha2::digest::Output<D> {
    parts.iter().fold(D::new(), D::chain_update).finalize()
}

fn repeated<D: Hasher>(parts: &[&[u8]], rounds: u32, again: Again) -> Bytes {
    let mut last = one::<D>(parts);
    for _ in 1..rounds {
        last = match again {
            Again::Raw => D::digest(&last),
            Again::Hex => D::digest(hex(&last).as_slice()),
        };
    }
    let value = Zeroizing::new(last.to_vec());
    last.zeroize();
    value
}

fn with_tail<D: Hasher>(parts: &[&[u8]], rounds: u32, tail: &[u8]) -> Bytes {
    let mut last = one::<D>(parts);
    for _ in 0..rounds {
        last = one::<D>(&[last.as_slice(), tail]);
    }
    let value = Zeroizing::new(last.to_vec());
    last.zeroize();
    value
}
