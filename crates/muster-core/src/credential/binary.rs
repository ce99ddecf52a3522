//! Bytes written as text: base64 in its dialects, and hex.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use zeroize::Zeroizing;

use crate::secret::Secret;

pub(super) use crate::stored::Bytes;

/// Base64 of the standard or the URL-safe alphabet, with or without padding.
pub(super) fn base64(text: &str) -> Option<Bytes> {
    if text.contains(['-', '_']) {
        return decode(&Zeroizing::new(text.replace('-', "+").replace('_', "/")));
    }
    decode(text)
}

/// Base64 as passlib writes it: a full stop for the plus sign, no padding.
pub(super) fn adapted_base64(text: &str) -> Option<Bytes> {
    if text.contains('.') { decode(&Zeroizing::new(text.replace('.', "+"))) } else { decode(text) }
}

/// Hex, in either case.
pub(super) fn hex(text: &str) -> Option<Bytes> {
    if text.is_empty() || !text.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, _) = text.as_bytes().as_chunks::<2>();
    let mut bytes = Bytes::new(Vec::with_capacity(pairs.len()));
    for [high, low] in pairs {
        bytes.push(digit(*high)? << 4 | digit(*low)?);
    }
    Some(bytes)
}

/// A derived key, in hex or base64. As long as a key is, base64 never looks like hex by chance.
pub(super) fn key(text: &str) -> Option<Bytes> {
    hex(text).filter(|bytes| bytes.len() >= SHORTEST_HEX_KEY).or_else(|| base64(text))
}

/// The shortest key that is read as hex.
const SHORTEST_HEX_KEY: usize = 16;

/// The number that a character of crypt's own base 64 stands for.
pub(super) fn crypt64_digit(byte: u8) -> Option<u32> {
    Some(u32::from(match byte {
        b'.' => 0,
        b'/' => 1,
        b'0'..=b'9' => byte - b'0' + 2,
        b'A'..=b'Z' => byte - b'A' + 12,
        b'a'..=b'z' => byte - b'a' + 38,
        _ => return None,
    }))
}

/// Whether a text is of the characters of crypt's own base 64, which bcrypt uses in another order.
pub(super) fn is_crypt64(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/'))
}

/// A number in crypt's own base 64, its lowest digit first.
pub(super) fn crypt64_number(text: &str) -> Option<u32> {
    let mut number = 0u32;
    for (at, byte) in (0u32..).zip(text.bytes()) {
        number |= crypt64_digit(byte)?.checked_shl(6 * at)?;
    }
    Some(number)
}

/// Bytes in crypt's own base 64, the low bits first.
pub(super) fn crypt64(text: &str) -> Option<Bytes> {
    let mut bytes = Bytes::new(Vec::with_capacity(text.len() / 4 * 3 + 2));
    for group in text.as_bytes().chunks(4) {
        let mut word = 0u32;
        for (at, byte) in (0u32..).zip(group) {
            word |= crypt64_digit(*byte)? << (6 * at);
        }
        let count = group.len().checked_sub(1).filter(|count| *count > 0)?;
        bytes.extend_from_slice(word.to_le_bytes().get(..count)?);
    }
    Some(bytes)
}

/// Base64 as Okta takes it.
pub(super) fn encode(bytes: &[u8]) -> Secret {
    Secret::new(STANDARD.encode(bytes))
}

fn decode(text: &str) -> Option<Bytes> {
    let padded = text.ends_with('=');
    let bytes = if padded { STANDARD.decode(text) } else { STANDARD_NO_PAD.decode(text) };
    bytes.ok().filter(|bytes| !bytes.is_empty()).map(Zeroizing::new)
}
