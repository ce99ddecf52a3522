//! The two tails of a bcrypt string: 22 characters of salt, 31 of value, in bcrypt's own base 64.

use base64::Engine as _;
use base64::alphabet::BCRYPT;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Characters of a salt tail.
const SALT_CHARS: usize = 22;
/// Characters of a value tail.
const VALUE_CHARS: usize = 31;

/// The tails end within a character. The reference implementation ignores the bits left over, and salts
/// that were made from random text have them set, so they are ignored here too.
const RADIX_64: GeneralPurpose = GeneralPurpose::new(
    &BCRYPT,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// The sixteen bytes of a salt tail.
pub(crate) fn decode_salt(tail: &str) -> Option<[u8; 16]> {
    decode(tail, SALT_CHARS)?.try_into().ok()
}

/// The 23 bytes of a value tail.
pub(crate) fn decode_value(tail: &str) -> Option<[u8; 23]> {
    decode(tail, VALUE_CHARS)?.try_into().ok()
}

/// Bytes as a tail.
pub(crate) fn encode(bytes: &[u8]) -> String {
    RADIX_64.encode(bytes)
}

fn decode(tail: &str, chars: usize) -> Option<Vec<u8>> {
    if tail.len() == chars { RADIX_64.decode(tail).ok() } else { None }
}
