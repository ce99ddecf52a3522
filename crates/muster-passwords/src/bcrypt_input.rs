//! bcrypt, and what it is given in place of the password.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use muster_core::stored::{BcryptInput, Bytes, Digest};
use zeroize::Zeroizing;

use crate::ceilings::MAX_BCRYPT_COST;
use crate::{bcrypt_tails, digests};

/// What bcrypt looks at, at most: anything longer is cut.
const KEY: usize = 72;
/// The words that a key is stretched to; four bytes each, so they are as long as the longest key.
const WORDS: usize = KEY / 4;
/// The key of WordPress's HMAC.
const WORDPRESS: &[u8] = b"wp-sha384";
/// What PHP's `trim` takes away.
const BLANKS: [char; 6] = [' ', '\t', '\n', '\r', '\x0b', '\0'];

/// The 23 bytes that bcrypt makes of a password and a salt tail; none if the salt or the cost is none.
pub(crate) fn value(secret: &str, cost: u32, salt: &str, input: BcryptInput) -> Option<Bytes> {
    let raw = bcrypt_tails::decode_salt(salt)?;
    if !(1..=MAX_BCRYPT_COST).contains(&cost) {
        return None;
    }
    let given = match input {
        BcryptInput::Password => return Some(of_text(secret.as_bytes(), cost, raw)),
        BcryptInput::SignExtended => return Some(of_key(&sign_extended(secret)[..], cost, raw)),
        BcryptInput::HexSha256 => digests::hex(&digests::of_parts(Digest::Sha256, &[secret.as_bytes()])),
        BcryptInput::Base64Sha256 => base64(&digests::of_parts(Digest::Sha256, &[secret.as_bytes()])),
        BcryptInput::Base64HmacSha256 => {
            base64(&digests::hmac(Digest::Sha256, salt.as_bytes(), secret.as_bytes()))
        }
        BcryptInput::WordPress => {
            base64(&digests::hmac(Digest::Sha384, WORDPRESS, secret.trim_matches(BLANKS).as_bytes()))
        }
    };
    Some(of_text(&given, cost, raw))
}

/// The key is the text with a closing zero, cut at 72 bytes. The reference stops at a zero within the text; it
/// is taken as it stands here, as Java and Go do, so that no part of a password is left out of sight.
pub(crate) fn of_text(text: &[u8], cost: u32, salt: [u8; 16]) -> Bytes {
    let mut key = Zeroizing::new([0; KEY]);
    for (place, byte) in key.iter_mut().zip(text) {
        *place = *byte;
    }
    let used = (text.len() + 1).min(KEY);
    of_key(key.get(..used).unwrap_or(&key[..]), cost, salt)
}

fn of_key(key: &[u8], cost: u32, salt: [u8; 16]) -> Bytes {
    let output = Zeroizing::new(bcrypt::bcrypt(cost, salt, key));
    Zeroizing::new(output.iter().take(23).copied().collect())
}

/// The faulty make filled the upper bits of a word whenever it read a byte above 127. The words that it came to
/// are a key of 72 bytes that the right make reads as they are.
fn sign_extended(secret: &str) -> Zeroizing<[u8; KEY]> {
    let mut key = Zeroizing::new([0; KEY]);
    let mut letters = secret.bytes().chain([0]).cycle();
    for place in key.as_chunks_mut::<4>().0.iter_mut().take(WORDS) {
        let word =
            letters.by_ref().take(4).fold(0_i32, |word, byte| word << 8 | i32::from(byte.cast_signed()));
        *place = word.to_be_bytes();
    }
    key
}

fn base64(bytes: &[u8]) -> Bytes {
    Zeroizing::new(STANDARD.encode(bytes).into_bytes())
}
