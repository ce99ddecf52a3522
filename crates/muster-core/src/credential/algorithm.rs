//! The names that an `algorithm` column may have.

use crate::fault::Fault;
use crate::stored::{Again, Digest};

use super::Notation;
use super::cell::Cell;
use super::digest::{hmac_notation, plain_notation};
use super::pbkdf2::notation;

/// The longest name of an algorithm that a message repeats.
const NAME: usize = 20;

/// What an algorithm column asks for.
pub(super) enum Named {
    Bcrypt,
    Digest(Digest, Again),
    Packed(Digest),
    Hmac(Digest),
    Pbkdf2(Option<Digest>),
    Ntlm,
    Mysql,
    Crypt,
    Membership(Digest),
    Firebase,
    /// `scrypt` is Firebase's word for its own, and everybody's for theirs.
    Scrypt,
    /// A notation whose text is its own marker, and which this text is not.
    Marked(Notation),
}

/// What the column names.
pub(super) fn read(algorithm: Cell<'_>) -> Result<Named, Fault> {
    named(&plain_name(algorithm.text)).ok_or_else(|| unknown(algorithm))
}

/// The notation that an algorithm column names, to settle a text that could be several.
pub(super) fn notation_named(algorithm: Cell<'_>) -> Option<Notation> {
    match named(&plain_name(algorithm.text))? {
        Named::Digest(digest, _) => Some(plain_notation(digest)),
        Named::Hmac(digest) => Some(hmac_notation(digest)),
        Named::Ntlm => Some(Notation::Ntlm),
        Named::Mysql => Some(Notation::Mysql41),
        Named::Marked(notation) => Some(notation),
        _ => None,
    }
}

fn named(name: &str) -> Option<Named> {
    if let Some(digest) = digest(name) {
        return Some(Named::Digest(digest, Again::Raw));
    }
    if let Some(digest) = name.strip_suffix("HEX").and_then(digest) {
        return Some(Named::Digest(digest, Again::Hex));
    }
    if let Some(digest) = name.strip_prefix("HMAC").and_then(digest).filter(|digest| *digest != Digest::Md4) {
        return Some(Named::Hmac(digest));
    }
    match name.strip_prefix("PBKDF2") {
        Some(rest) => pbkdf2(rest),
        None => other(name),
    }
}

/// What follows PBKDF2: nothing, or the digest of its HMAC.
fn pbkdf2(rest: &str) -> Option<Named> {
    let rest = rest.strip_prefix("WITH").unwrap_or(rest);
    let rest = rest.strip_prefix("HMAC").unwrap_or(rest);
    let digest = digest(rest).filter(|digest| notation(*digest).is_some());
    (rest.is_empty() || digest.is_some()).then_some(Named::Pbkdf2(digest))
}

fn digest(name: &str) -> Option<Digest> {
    Some(match name {
        "SHA512" => Digest::Sha512,
        "SHA384" => Digest::Sha384,
        "SHA256" => Digest::Sha256,
        "SHA1" | "SHA" => Digest::Sha1,
        "MD5" => Digest::Md5,
        "MD4" => Digest::Md4,
        _ => return None,
    })
}

fn other(name: &str) -> Option<Named> {
    Some(match name {
        "BCRYPT" => Named::Bcrypt,
        "SMD5" => Named::Packed(Digest::Md5),
        "NTLM" | "NT" | "NTHASH" => Named::Ntlm,
        "MYSQL41" | "MYSQL" => Named::Mysql,
        "DESCRYPT" | "BSDICRYPT" | "CRYPT" => Named::Crypt,
        "ASPNETMEMBERSHIP" | "ASPNETMEMBERSHIPSHA1" | "SQLMEMBERSHIP" => Named::Membership(Digest::Sha1),
        "ASPNETMEMBERSHIPSHA256" => Named::Membership(Digest::Sha256),
        "ASPNETMEMBERSHIPSHA512" => Named::Membership(Digest::Sha512),
        "FIREBASESCRYPT" | "FIREBASE" => Named::Firebase,
        "SCRYPT" => Named::Scrypt,
        "ARGON2" => Named::Marked(Notation::Argon2id),
        "WORDPRESS" => Named::Marked(Notation::Phpass),
        _ => match name.strip_prefix("SSHA") {
            Some("") => Named::Packed(Digest::Sha1),
            Some(size) => Named::Packed(digest(&format!("SHA{size}"))?),
            None => Named::Marked(Notation::from_name(name)?),
        },
    })
}

/// Without case, dashes, underscores, slashes and blanks.
pub(super) fn plain_name(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect()
}

/// A name is repeated only if it can't be a hash that slipped into the wrong column.
fn unknown(algorithm: Cell<'_>) -> Fault {
    let name = algorithm.text;
    let harmless = name.len() <= NAME
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b' ' | b'/'));
    let found = if harmless { format!("\"{name}\"") } else { algorithm.shape() };
    algorithm.unknown(format!(
        "found {found}, expected BCRYPT, SHA-512, SHA-256, SHA-1, MD5 or PBKDF2, or a notation for the hook such as argon2id"
    ))
}
