//! The notations of Django, Werkzeug and Drupal: a name, then parts between dollar signs.

use crate::fault::Fault;
use crate::stored::Digest;

use super::binary::{self, Bytes};
use super::cell::Cell;
use super::digest::{self, Form, letters, plain_notation};
use super::reading::{Found, Reading, Unsure};
use super::{Notation, argon2, bcrypt, crypt, modular, pbkdf2, scrypt};

/// The reading of a text that starts with a framework's name for a notation.
pub(super) fn recognise(cell: Cell<'_>) -> Option<Result<Found, Fault>> {
    let (name, rest) = cell.text.split_once('$')?;
    if let Some(digest @ (Digest::Md5 | Digest::Sha1 | Digest::Sha256 | Digest::Sha384 | Digest::Sha512)) =
        digest::named(name)
    {
        return Some(salted(cell, digest, rest));
    }
    let mut method = name.split(':');
    let reading = match (method.next()?, method.next(), method.next(), method.next(), method.next()) {
        ("pbkdf2", Some(digest), iterations, None, None) => werkzeug_pbkdf2(cell, digest, iterations, rest),
        ("scrypt", Some(n), Some(r), Some(p), None) => werkzeug_scrypt(cell, [n, r, p], rest),
        (name, None, None, None, None) => django(cell, name, rest)?,
        _ => return None,
    };
    Some(reading.map(Found::Sure))
}

fn django<'a>(cell: Cell<'a>, name: &str, rest: &'a str) -> Option<Result<Reading, Fault>> {
    if let Some(digest) = name.strip_prefix("pbkdf2_") {
        let digest = pbkdf2::digest_of(digest)?;
        let (iterations, rest) = rest.split_once('$').unwrap_or((rest, ""));
        return Some(pbkdf2::with_text_salt(cell, digest, iterations, rest));
    }
    Some(match name {
        // Django puts its own name and a dollar sign before the notation of the library.
        "bcrypt" => return modular::recognise(cell.part(rest)),
        "bcrypt_sha256" => bcrypt::over_hex_sha256(cell, rest),
        "scrypt" => scrypt::django(cell, rest),
        "argon2" => {
            let (name, rest) = rest.split_once('$')?;
            argon2::modular(cell, argon2::variant(name)?, rest)
        }
        // Some have the salt written once more between the two dollar signs.
        "crypt" => crypt::bare(cell.part(rest.split_once('$')?.1)),
        "plain" => {
            Err(cell.bad("found a password in clear: move it to the password column, without the name"))
        }
        // Drupal's mark of a hash that was made of the MD5 of an older version.
        "U" => return drupal(cell, rest),
        _ => return None,
    })
}

/// `md5$salt$hex` and its kin. Django puts the salt before the password, and had MD5 and SHA-1 only; Werkzeug
/// takes the salt for the key of an HMAC. Without a salt both digest the password alone.
fn salted(cell: Cell<'_>, digest: Digest, rest: &str) -> Result<Found, Fault> {
    let notation = plain_notation(digest);
    let [salt, value] = cell.part(rest).fields(notation, "salt$hex after the name")?;
    let read = || {
        let bytes = binary::hex(value).filter(|bytes| bytes.len() == digest.size());
        cell.part(value).bytes(notation, "hex of the digest at the end", bytes)
    };
    if salt.is_empty() {
        return Form::once(digest).reading(cell, notation, Bytes::default(), read()?).map(Found::Sure);
    }
    let of_werkzeug = digest::hmac(cell, digest, letters(salt), read()?)?;
    if !matches!(digest, Digest::Md5 | Digest::Sha1) {
        return Ok(Found::Sure(of_werkzeug));
    }
    let of_django = Form::once(digest).reading(cell, notation, letters(salt), read()?)?;
    let name = notation.as_str();
    Ok(Found::Unsure(Unsure {
        column: cell.column,
        written: format!("{name}$salt$hex, which Django writes as well as old Werkzeug (an HMAC)"),
        readings: vec![of_django, of_werkzeug],
    }))
}

/// `U$S$…`, `U$P$…` and `U$H$…`.
fn drupal(cell: Cell<'_>, rest: &str) -> Option<Result<Reading, Fault>> {
    let (id, rest) = rest.split_once('$')?;
    match id {
        "S" => Some(crypt::phpass(cell, Digest::Sha512, true, rest)),
        "P" | "H" => Some(crypt::phpass(cell, Digest::Md5, true, rest)),
        _ => None,
    }
}

/// `pbkdf2:sha256:260000$salt$hex`.
fn werkzeug_pbkdf2(
    cell: Cell<'_>,
    digest: &str,
    iterations: Option<&str>,
    rest: &str,
) -> Result<Reading, Fault> {
    let digest = pbkdf2::digest_of(digest)
        .ok_or_else(|| cell.unknown("PBKDF2 over a digest other than sha1, sha256 and sha512"))?;
    // The default changed with almost every release, so none is assumed.
    let iterations = iterations
        .ok_or_else(|| cell.bad("PBKDF2: found no iterations, expected pbkdf2:digest:iterations"))?;
    pbkdf2::with_text_salt(cell, digest, iterations, rest)
}

/// `scrypt:32768:8:1$salt$hex`.
fn werkzeug_scrypt(cell: Cell<'_>, numbers: [&str; 3], rest: &str) -> Result<Reading, Fault> {
    let [salt, value] = cell.part(rest).fields(Notation::Scrypt, "scrypt:N:r:p$salt$hex")?;
    scrypt::with_text_salt(cell, numbers, salt, value)
}
