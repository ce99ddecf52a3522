//! Bytes written as text: base64 in its dialects, and hex.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use zeroize::Zeroizing;

use crate::secret::Secret;

/// Bytes of a hash or a salt, wiped when dropped.
pub(super) type Bytes = Zeroizing<Vec<u8>>;

/// Base64 of the standard or the URL-safe alphabet, with or without padding.
pub(super) fn base64(text: &str) -> Option<Bytes> {
    if text.contains(['-', '_']) {
        return decode(&text.replace('-', "+").replace('_', "/"));
    }
    decode(text)
}

/// Base64 as passlib writes it: a full stop for the plus sign, no padding.
pub(super) fn adapted_base64(text: &str) -> Option<Bytes> {
    decode(&text.replace('.', "+"))
}

/// Hex, in either case.
pub(super) fn hex(text: &str) -> Option<Bytes> {
    if text.is_empty() || !text.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, _) = text.as_bytes().as_chunks::<2>();
    let bytes: Option<Vec<u8>> =
        pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect();
    bytes.map(Zeroizing::new)
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
