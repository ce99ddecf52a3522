//! The notations of Django and Werkzeug: a name, then parts between dollar signs.

use crate::fault::Fault;

use super::cell::Cell;
use super::{Notation, Reading, modular, pbkdf2};

/// The reading of a text that starts with a framework's name for a notation.
pub(super) fn recognise(cell: Cell<'_>) -> Option<Result<Reading, Fault>> {
    let (name, rest) = cell.text.split_once('$')?;
    let mut method = name.split(':');
    match (method.next()?, method.next(), method.next(), method.next()) {
        ("pbkdf2", Some(digest), iterations, None) => Some(werkzeug_pbkdf2(cell, digest, iterations, rest)),
        ("scrypt", Some(_), Some(_), Some(_)) => Some(hashed(cell, Notation::Scrypt, rest)),
        (name, None, None, None) => django(cell, name, rest),
        _ => None,
    }
}

fn django<'a>(cell: Cell<'a>, name: &str, rest: &'a str) -> Option<Result<Reading, Fault>> {
    if let Some(digest) = name.strip_prefix("pbkdf2_") {
        let notation = pbkdf2::notation_of(digest)?;
        let (iterations, fields) = rest.split_once('$').unwrap_or((rest, ""));
        return Some(pbkdf2::with_text_salt(
            cell,
            notation,
            iterations,
            &fields.split('$').collect::<Vec<_>>(),
        ));
    }
    match name {
        // Django puts its own name and a dollar sign before the notation of the library.
        "bcrypt" => modular::recognise(cell.part(rest)),
        "bcrypt_sha256" => Some(hashed(cell, Notation::BcryptSha256, rest)),
        "scrypt" => Some(hashed(cell, Notation::Scrypt, rest)),
        "argon2" => argon2(cell, rest),
        "md5" | "sha1" | "sha256" | "sha512" => Some(Err(cell.unknown(EITHER))),
        _ => None,
    }
}

/// `argon2$argon2id$…`.
fn argon2(cell: Cell<'_>, rest: &str) -> Option<Result<Reading, Fault>> {
    let notation = match rest.split('$').next()? {
        "argon2id" => Notation::Argon2id,
        "argon2i" => Notation::Argon2i,
        "argon2d" => Notation::Argon2d,
        _ => return None,
    };
    Some(hashed(cell, notation, rest))
}

/// `pbkdf2:sha256:260000$salt$hex`.
fn werkzeug_pbkdf2(
    cell: Cell<'_>,
    digest: &str,
    iterations: Option<&str>,
    rest: &str,
) -> Result<Reading, Fault> {
    let notation = pbkdf2::notation_of(digest)
        .ok_or_else(|| cell.unknown("PBKDF2 over a digest other than sha1, sha256 and sha512"))?;
    // The default changed with almost every release, so none is assumed.
    let iterations = iterations.ok_or_else(|| {
        cell.bad(format!("{notation}: found no iterations, expected pbkdf2:digest:iterations"))
    })?;
    pbkdf2::with_text_salt(cell, notation, iterations, &rest.split('$').collect::<Vec<_>>())
}

/// A notation that only the hook can check: parts, the last of them long enough to be a hash.
fn hashed(cell: Cell<'_>, notation: Notation, rest: &str) -> Result<Reading, Fault> {
    let last = rest.rsplit('$').next().unwrap_or_default();
    if rest.contains('$') && last.len() >= SHORTEST {
        return Ok(Reading::hook(notation));
    }
    Err(cell.bad(format!("{notation}: found {}, which ends before the hash", cell.shape())))
}

/// The shortest hash that any of them writes.
const SHORTEST: usize = 16;

const EITHER: &str = "it could be Django's (the salt before the password) or Werkzeug's (an HMAC keyed by the \
                      salt): give hashedPassword, salt, saltOrder and algorithm as columns of their own";
