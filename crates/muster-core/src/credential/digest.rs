//! One round of SHA-512, SHA-256, SHA-1 or MD5, as Okta takes it.

use crate::fault::Fault;

use super::binary::{self, Bytes};
use super::cell::Cell;
use super::{DigestAlgorithm, Notation, OktaHash, Reading, SaltOrder};

/// From this length on, a base64 salt that looks like hex is no chance find.
const LONG_SALT: usize = 16;

/// A raw digest, and whether it was written in hex.
pub(super) struct RawDigest {
    pub(super) bytes: Bytes,
    pub(super) hex: bool,
}

/// A digest alone, in base64 or hex; only one of the two can have the right length.
pub(super) fn read(cell: Cell<'_>, algorithm: DigestAlgorithm) -> Result<RawDigest, Fault> {
    let (name, size) = (algorithm.as_str(), algorithm.size());
    if let Some(bytes) = binary::hex(cell.text).filter(|bytes| bytes.len() == size) {
        return Ok(RawDigest { bytes, hex: true });
    }
    let expected = format!("expected base64 or hex of {size} bytes");
    match binary::base64(cell.text) {
        Some(bytes) if bytes.len() == size => Ok(RawDigest { bytes, hex: false }),
        Some(bytes) => {
            Err(cell.bad(format!("a {name} digest: found base64 of {} bytes, {expected}", bytes.len())))
        }
        None => Err(cell.bad(format!("a {name} digest: found {}, {expected}", cell.shape()))),
    }
}

/// Digest and salt in one, as LDAP servers store them.
pub(super) fn packed(cell: Cell<'_>, algorithm: DigestAlgorithm) -> Result<Reading, Fault> {
    let notation = packed_notation(algorithm);
    let size = algorithm.size();
    let bytes = binary::hex(cell.text).or_else(|| binary::base64(cell.text)).ok_or_else(|| {
        cell.bad(format!("{notation}: found {}, expected base64 of digest and salt", cell.shape()))
    })?;
    match bytes.split_at_checked(size) {
        Some((value, salt)) if !salt.is_empty() => {
            Ok(reading(notation, algorithm, value, Some((salt, SaltOrder::Postfix))))
        }
        _ => Err(cell.bad(format!(
            "{notation}: found {} bytes, expected a digest of {size} and a salt after it",
            bytes.len()
        ))),
    }
}

/// What to send for a raw digest.
pub(super) fn reading(
    notation: Notation,
    algorithm: DigestAlgorithm,
    value: &[u8],
    salt: Option<(&[u8], SaltOrder)>,
) -> Reading {
    let order = salt.map_or(SaltOrder::Prefix, |(_, order)| order);
    let salt = salt.map(|(salt, _)| binary::encode(salt));
    let hash = OktaHash::Digest { algorithm, salt, order, value: binary::encode(value) };
    Reading::hash(notation, hash)
}

/// The bytes of a salt in a column of its own. Base64 is what Okta takes. Hex is read where it can be
/// nothing else, or where the hash beside it is in hex; `hex:`, `base64:` and `text:` settle it.
pub(super) fn read_salt(cell: Cell<'_>, beside_hex: bool) -> Result<Bytes, Fault> {
    let text = cell.text;
    let named = [("hex:", 0), ("base64:", 1), ("text:", 2)]
        .into_iter()
        .find_map(|(prefix, kind)| text.strip_prefix(prefix).map(|rest| (kind, rest)));
    let bytes = match named {
        Some((0, rest)) => binary::hex(rest),
        Some((1, rest)) => binary::base64(rest),
        Some((_, rest)) => Some(Bytes::new(rest.as_bytes().to_vec())).filter(|bytes| !bytes.is_empty()),
        None => match (binary::base64(text), binary::hex(text)) {
            (_, Some(hex)) if beside_hex => Some(hex),
            (Some(_), Some(_)) if text.len() >= LONG_SALT => return Err(cell.bad(EITHER)),
            (base64, hex) => base64.or(hex),
        },
    };
    bytes.ok_or_else(|| cell.bad(format!("found {}, {NOT_BASE64}", cell.shape())))
}

/// The LDAP name of a salted digest.
pub(super) fn packed_notation(algorithm: DigestAlgorithm) -> Notation {
    match algorithm {
        DigestAlgorithm::Sha512 => Notation::Ssha512,
        DigestAlgorithm::Sha256 => Notation::Ssha256,
        DigestAlgorithm::Sha1 => Notation::Ssha,
        DigestAlgorithm::Md5 => Notation::Smd5,
    }
}

/// The name of a plain digest.
pub(super) fn plain_notation(algorithm: DigestAlgorithm) -> Notation {
    match algorithm {
        DigestAlgorithm::Sha512 => Notation::Sha512,
        DigestAlgorithm::Sha256 => Notation::Sha256,
        DigestAlgorithm::Sha1 => Notation::Sha1,
        DigestAlgorithm::Md5 => Notation::Md5,
    }
}

const EITHER: &str = "the salt reads as hex and as base64: write hex: or base64: before it, \
                      or text: if the letters themselves were the salt";
const NOT_BASE64: &str = "which is not base64: Okta takes the salt as base64 of its bytes; \
                          write text: before a salt that was used as it stands";
