//! `{SCHEME}…`: the notations of directories, of Dovecot and of Spring.

use std::borrow::Cow;

use crate::fault::Fault;

use super::cell::Cell;
use super::digest::{packed, plain_notation, read, reading};
use super::{DigestAlgorithm, Notation, Reading, binary, modular, pbkdf2};

/// Characters of the first crypt.
const DES: usize = 13;
/// Characters of the crypt of BSDi, with its underscore.
const BSDI: usize = 20;
/// Bytes of the digest that Okta has not got.
const SHA384: usize = 48;

/// The reading of a text with a known scheme; none where the scheme is not known.
pub(super) fn recognise(cell: Cell<'_>) -> Option<Result<Reading, Fault>> {
    let (scheme, value) = cell.text.strip_prefix('{')?.split_once('}')?;
    let scheme = plain_name(scheme);
    let value = cell.part(value);
    if value.text.starts_with('$') && WRAPPERS.contains(&&*scheme) {
        return modular::recognise(value);
    }
    Some(match &*scheme {
        "SHA512" => plain(value, DigestAlgorithm::Sha512),
        "SHA256" => plain(value, DigestAlgorithm::Sha256),
        "SHA" | "SHA1" => plain(value, DigestAlgorithm::Sha1),
        "MD5" | "PLAINMD5" | "LDAPMD5" => plain(value, DigestAlgorithm::Md5),
        "SSHA512" => packed(value, DigestAlgorithm::Sha512),
        "SSHA256" => packed(value, DigestAlgorithm::Sha256),
        "SSHA" | "SSHA1" => packed(value, DigestAlgorithm::Sha1),
        "SMD5" => packed(value, DigestAlgorithm::Md5),
        "SHA384" | "SSHA384" => sha384(value),
        "PBKDF2" | "PBKDF2SHA1" => pbkdf2::scheme(value, Notation::Pbkdf2Sha1),
        "PBKDF2SHA256" => pbkdf2::scheme(value, Notation::Pbkdf2Sha256),
        "PBKDF2SHA512" => pbkdf2::scheme(value, Notation::Pbkdf2Sha512),
        "NT" | "NTLM" => ntlm(value),
        "SCRYPT" => modular::scrypt(value),
        "CRYPT" => crypt(value),
        "CLEAR" | "CLEARTEXT" | "PLAIN" | "NOOP" => {
            Err(cell.bad("found a password in clear: move it to the password column, without the braces"))
        }
        wrapper if WRAPPERS.contains(&wrapper) => {
            Err(cell.bad(format!("found {}, expected $ after the braces", cell.shape())))
        }
        _ => return None,
    })
}

/// Schemes around a `$id$` notation.
const WRAPPERS: &[&str] = &[
    "CRYPT",
    "BCRYPT",
    "BLFCRYPT",
    "MD5",
    "MD5CRYPT",
    "SHA256CRYPT",
    "SHA512CRYPT",
    "ARGON2",
    "ARGON2I",
    "ARGON2D",
    "ARGON2ID",
];

/// Without case, dashes and Dovecot's suffix for the encoding.
fn plain_name(scheme: &str) -> Cow<'_, str> {
    if scheme.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
        return Cow::Borrowed(scheme);
    }
    let name = scheme.to_ascii_uppercase().replace(['-', '_'], "");
    Cow::Owned(name.trim_end_matches(".B64").trim_end_matches(".BASE64").trim_end_matches(".HEX").to_owned())
}

fn plain(cell: Cell<'_>, algorithm: DigestAlgorithm) -> Result<Reading, Fault> {
    let digest = read(cell, algorithm)?;
    Ok(reading(plain_notation(algorithm), algorithm, &digest.bytes, None))
}

fn sha384(cell: Cell<'_>) -> Result<Reading, Fault> {
    let bytes = binary::hex(cell.text).or_else(|| binary::base64(cell.text)).map_or(0, |bytes| bytes.len());
    if bytes >= SHA384 {
        return Ok(Reading::hook(Notation::Sha384));
    }
    Err(cell.bad(format!("sha384: found {}, expected base64 of {SHA384} bytes or more", cell.shape())))
}

fn ntlm(cell: Cell<'_>) -> Result<Reading, Fault> {
    match binary::hex(cell.text) {
        Some(bytes) if bytes.len() == 16 => Ok(Reading::hook(Notation::Ntlm)),
        _ => Err(cell.bad(format!("ntlm: found {}, expected 32 hex digits", cell.shape()))),
    }
}

/// A crypt without an id.
fn crypt(cell: Cell<'_>) -> Result<Reading, Fault> {
    let alphabet =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/'));
    let notation = match cell.text.strip_prefix('_') {
        Some(rest) if rest.len() == BSDI - 1 && alphabet(rest) => Notation::BsdiCrypt,
        None if cell.text.len() == DES && alphabet(cell.text) => Notation::DesCrypt,
        _ => {
            let found = cell.shape();
            return Err(
                cell.bad(format!("found {found} after {{CRYPT}}, expected $ and an id, or {DES} characters"))
            );
        }
    };
    Ok(Reading::hook(notation))
}
