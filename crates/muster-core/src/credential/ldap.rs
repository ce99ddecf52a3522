//! `{SCHEME}…`: the notations of directories, of Dovecot and of Spring.

use std::borrow::Cow;

use crate::fault::Fault;
use crate::stored::Digest;

use super::cell::Cell;
use super::digest::{self, Form, packed, packed_notation};
use super::reading::Reading;
use super::{Notation, bare, binary, crypt, modular, pbkdf2, scrypt, spring};

/// The reading of a text with a known scheme; none where the scheme is not known.
pub(super) fn recognise(cell: Cell<'_>) -> Option<Result<Reading, Fault>> {
    // Spring marks with it what another directory wrote.
    let text = cell.text.strip_prefix("{ldap}").unwrap_or(cell.text);
    let (scheme, value) = text.strip_prefix('{')?.split_once('}')?;
    let (scheme, value) = (plain_name(scheme), cell.part(value));
    if let Some((name, _)) = scheme.split_once('@') {
        return spring::of_release_5_8(value, name);
    }
    if scheme == "CRYPT" && is_mark(value.text) {
        return Some(Ok(Reading::unverifiable(Notation::Unusable)));
    }
    if value.text.starts_with('$') && WRAPPERS.contains(&&*scheme) {
        return modular::recognise(value);
    }
    if let Some(digest) = digest_of(&scheme) {
        return Some(plain(value, digest));
    }
    if let Some(digest) = scheme.strip_prefix('S').and_then(digest_of) {
        return Some(packed(value, Form::once(digest), packed_notation(digest)));
    }
    Some(match &*scheme {
        "PBKDF2" if spring::is_pbkdf2(value.text) => spring::pbkdf2(value),
        "PBKDF2" | "PBKDF2SHA1" => pbkdf2::scheme(value, Digest::Sha1),
        "PBKDF2SHA256" => pbkdf2::scheme(value, Digest::Sha256),
        "PBKDF2SHA512" => pbkdf2::scheme(value, Digest::Sha512),
        "PKCS5S2" => pbkdf2::atlassian(value),
        "NT" | "NTLM" => digest::ntlm(value),
        "SCRYPT" => modular::recognise(value)
            .unwrap_or_else(|| scrypt::modular(value, value.text.strip_prefix('$').unwrap_or_default())),
        "CRYPT" | "DESCRYPT" => crypt::bare(value),
        "CLEAR" | "CLEARTEXT" | "PLAIN" | "NOOP" => {
            Err(cell.bad("found a password in clear: move it to the password column, without the braces"))
        }
        wrapper if WRAPPERS.contains(&wrapper) => {
            Err(cell.bad(format!("found {}, expected $ after the braces", cell.shape())))
        }
        _ => return None,
    })
}

/// How directories lock an entry: the mark of a shadow file stands behind the scheme, at times with the hash after it.
fn is_mark(text: &str) -> bool {
    bare::is_unusable(text) || text.starts_with("*LK*")
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

/// The digest that a scheme names; with an S before it, a salt follows the digest.
fn digest_of(scheme: &str) -> Option<Digest> {
    Some(match scheme {
        "SHA512" => Digest::Sha512,
        "SHA384" => Digest::Sha384,
        "SHA256" => Digest::Sha256,
        "SHA" | "SHA1" => Digest::Sha1,
        "MD5" | "PLAINMD5" | "LDAPMD5" => Digest::Md5,
        "MD4" | "PLAINMD4" => Digest::Md4,
        _ => return None,
    })
}

/// A digest alone, or one of Spring's encoders, which write other things behind the same names.
fn plain(cell: Cell<'_>, digest: Digest) -> Result<Reading, Fault> {
    if cell.text.starts_with('{') {
        return spring::message_digest(cell, digest);
    }
    if digest == Digest::Sha256 && spring::is_standard(cell.text) {
        return spring::standard(cell);
    }
    digest::plain(cell, digest)
}

/// The scheme and hash behind LDIF's `::`, which is base64 of the whole value.
pub(super) fn decoded(text: &str) -> Option<String> {
    // The first six bits of an opening brace.
    let bytes = text.starts_with('e').then(|| binary::base64(text)).flatten()?;
    let scheme = bytes.starts_with(b"{") && bytes.contains(&b'}') && bytes.iter().all(u8::is_ascii_graphic);
    if scheme { String::from_utf8(bytes.to_vec()).ok() } else { None }
}
