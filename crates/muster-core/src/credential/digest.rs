//! Rounds of a digest over salt and password, and the one round of an HMAC.

use crate::fault::Fault;
use crate::stored::{Again, Digest, SaltOrder, StoredHash, TextForm};

use super::Notation;
use super::binary::{self, Bytes};
use super::cell::Cell;
use super::reading::Reading;

/// From this length on, a base64 salt that looks like hex is no chance find.
const LONG_SALT: usize = 16;

/// A digest of the password alone, once; the other forms change what they need.
pub(super) struct Form {
    pub(super) digest: Digest,
    pub(super) order: SaltOrder,
    pub(super) text: TextForm,
    pub(super) rounds: u32,
    pub(super) again: Again,
}

impl Form {
    /// One round of it, the salt before the password.
    pub(super) fn once(digest: Digest) -> Self {
        Self { digest, order: SaltOrder::Prefix, text: TextForm::Utf8, rounds: 1, again: Again::Raw }
    }

    /// The same with the salt after the password.
    pub(super) fn postfix(self) -> Self {
        Self { order: SaltOrder::Postfix, ..self }
    }

    /// The hash of this form.
    pub(super) fn reading(
        self,
        cell: Cell<'_>,
        notation: Notation,
        salt: Bytes,
        value: Bytes,
    ) -> Result<Reading, Fault> {
        let Self { digest, order, text, rounds, again } = self;
        let stored = StoredHash::Digest { digest, salt, order, text, rounds, again, value };
        Reading::checked(cell, notation, stored)
    }
}

/// A raw digest, and whether it was written in hex.
pub(super) struct RawDigest {
    pub(super) bytes: Bytes,
    pub(super) hex: bool,
}

/// A digest alone, in base64 or hex; only one of the two can have the right length.
pub(super) fn read(cell: Cell<'_>, digest: Digest) -> Result<RawDigest, Fault> {
    let (name, size) = (name(digest), digest.size());
    if cell.text.len() == size * 2
        && let Some(bytes) = binary::hex(cell.text)
    {
        return Ok(RawDigest { bytes, hex: true });
    }
    let expected = || format!("expected base64 or hex of {size} bytes");
    match binary::base64(cell.text) {
        Some(bytes) if bytes.len() == size => Ok(RawDigest { bytes, hex: false }),
        Some(bytes) => {
            Err(cell.bad(format!("a {name} digest: found base64 of {} bytes, {}", bytes.len(), expected())))
        }
        None => Err(cell.bad(format!("a {name} digest: found {}, {}", cell.shape(), expected()))),
    }
}

/// A digest without a salt.
pub(super) fn plain(cell: Cell<'_>, digest: Digest) -> Result<Reading, Fault> {
    let value = read(cell, digest)?.bytes;
    Form::once(digest).reading(cell, plain_notation(digest), Bytes::default(), value)
}

/// Digest and salt in one, as LDAP servers store them.
pub(super) fn packed(cell: Cell<'_>, form: Form, notation: Notation) -> Result<Reading, Fault> {
    let size = form.digest.size();
    let bytes = binary::hex(cell.text).or_else(|| binary::base64(cell.text)).ok_or_else(|| {
        cell.bad(format!("{notation}: found {}, expected base64 of digest and salt", cell.shape()))
    })?;
    match bytes.split_at_checked(size) {
        Some((value, salt)) if !salt.is_empty() => {
            form.postfix().reading(cell, notation, Bytes::new(salt.to_vec()), Bytes::new(value.to_vec()))
        }
        _ => Err(cell.bad(format!(
            "{notation}: found {} bytes, expected a digest of {size} and a salt after it",
            bytes.len()
        ))),
    }
}

/// An HMAC over the password with this key.
pub(super) fn hmac(cell: Cell<'_>, digest: Digest, key: Bytes, value: Bytes) -> Result<Reading, Fault> {
    Reading::checked(cell, hmac_notation(digest), StoredHash::Hmac { digest, key, value })
}

/// MD4 over the password as Windows writes it.
pub(super) fn ntlm(cell: Cell<'_>) -> Result<Reading, Fault> {
    let value = binary::hex(cell.text).filter(|bytes| bytes.len() == Digest::Md4.size());
    let value = cell.bytes(Notation::Ntlm, "32 hex digits", value)?;
    let form = Form { text: TextForm::Utf16Le, ..Form::once(Digest::Md4) };
    form.reading(cell, Notation::Ntlm, Bytes::default(), value)
}

/// SHA-1 of SHA-1: MySQL's `PASSWORD()`, its asterisk taken off.
pub(super) fn mysql(cell: Cell<'_>) -> Result<Reading, Fault> {
    let value = binary::hex(cell.text).filter(|bytes| bytes.len() == Digest::Sha1.size());
    let value = cell.bytes(Notation::Mysql41, "an asterisk and 40 hex digits", value)?;
    let form = Form { rounds: 2, ..Form::once(Digest::Sha1) };
    form.reading(cell, Notation::Mysql41, Bytes::default(), value)
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
        Some((_, rest)) => Some(letters(rest)).filter(|bytes| !bytes.is_empty()),
        None => match (binary::base64(text), binary::hex(text)) {
            (_, Some(hex)) if beside_hex => Some(hex),
            (Some(_), Some(_)) if text.len() >= LONG_SALT => return Err(cell.bad(EITHER)),
            // Who writes the hash in hex mostly took the letters of the salt, and letters read as base64 by chance.
            (Some(_), None) if beside_hex && !text.ends_with('=') => return Err(cell.bad(LETTERS)),
            (base64, hex) => base64.or(hex),
        },
    };
    bytes.ok_or_else(|| cell.bad(format!("found {}, {NOT_BASE64}", cell.shape())))
}

/// A salt whose letters are taken as they stand.
pub(super) fn letters(text: &str) -> Bytes {
    Bytes::new(text.as_bytes().to_vec())
}

/// A number of rounds in a column of its own.
pub(super) fn rounds(cell: Option<Cell<'_>>) -> Result<u32, Fault> {
    // Both 0 and 1 are written for a digest that is taken once.
    Ok(cell.map(Cell::number).transpose()?.unwrap_or(1).max(1))
}

/// What faults call it; Okta's name where it has one.
pub(super) fn name(digest: Digest) -> &'static str {
    match digest {
        Digest::Md4 => "MD4",
        Digest::Md5 => "MD5",
        Digest::Sha1 => "SHA-1",
        Digest::Sha256 => "SHA-256",
        Digest::Sha384 => "SHA-384",
        Digest::Sha512 => "SHA-512",
    }
}

/// The digest that Python, Node and others know by this name.
pub(super) fn named(name: &str) -> Option<Digest> {
    Some(match name {
        "md4" => Digest::Md4,
        "md5" => Digest::Md5,
        "sha1" => Digest::Sha1,
        "sha256" => Digest::Sha256,
        "sha384" => Digest::Sha384,
        "sha512" => Digest::Sha512,
        _ => return None,
    })
}

/// The LDAP name of a salted digest.
pub(super) fn packed_notation(digest: Digest) -> Notation {
    match digest {
        Digest::Sha512 => Notation::Ssha512,
        Digest::Sha384 => Notation::Ssha384,
        Digest::Sha256 => Notation::Ssha256,
        Digest::Sha1 => Notation::Ssha,
        Digest::Md5 => Notation::Smd5,
        Digest::Md4 => Notation::Md4,
    }
}

/// The name of a plain digest.
pub(super) fn plain_notation(digest: Digest) -> Notation {
    match digest {
        Digest::Sha512 => Notation::Sha512,
        Digest::Sha384 => Notation::Sha384,
        Digest::Sha256 => Notation::Sha256,
        Digest::Sha1 => Notation::Sha1,
        Digest::Md5 => Notation::Md5,
        Digest::Md4 => Notation::Md4,
    }
}

/// The name of an HMAC; that of MD4 was never in use.
pub(super) fn hmac_notation(digest: Digest) -> Notation {
    match digest {
        Digest::Sha512 => Notation::HmacSha512,
        Digest::Sha384 => Notation::HmacSha384,
        Digest::Sha256 => Notation::HmacSha256,
        Digest::Sha1 => Notation::HmacSha1,
        Digest::Md5 | Digest::Md4 => Notation::HmacMd5,
    }
}

const EITHER: &str = "the salt reads as hex and as base64: write hex: or base64: before it, \
                      or text: if the letters themselves were the salt";
const LETTERS: &str = "the hash is in hex, and the salt reads as base64 and as plain letters: write text: or \
                       base64: before it";
const NOT_BASE64: &str = "which is not base64: Okta takes the salt as base64 of its bytes; \
                          write text: before a salt that was used as it stands";
