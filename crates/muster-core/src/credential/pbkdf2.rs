//! PBKDF2, whatever it is written in.

use crate::fault::Fault;

use super::binary::{self, Bytes};
use super::cell::Cell;
use super::{Notation, OktaHash, Pbkdf2Digest, Reading};

/// The fewest rounds that Okta takes.
const FEWEST_ROUNDS: u32 = 4096;
/// No one derives shorter keys: a shorter one was cut.
const SHORTEST_KEY: usize = 16;
/// The older 389 Directory Server: four bytes of rounds, 64 of salt, 256 of key.
const PACKED_389: usize = 4 + 64 + 256;

/// The parts of a PBKDF2 hash.
pub(super) struct Parts {
    pub(super) notation: Notation,
    pub(super) iterations: u32,
    pub(super) salt: Bytes,
    pub(super) value: Bytes,
}

impl Parts {
    /// What to do with them. The cell is where faults are reported.
    pub(super) fn reading(self, cell: Cell<'_>) -> Result<Reading, Fault> {
        let Self { notation, iterations, salt, value } = self;
        if iterations == 0 {
            return Err(cell.bad(format!("{notation}: found 0 iterations")));
        }
        if value.len() < SHORTEST_KEY {
            let found = value.len();
            return Err(cell
                .bad(format!("{notation}: found a key of {found} bytes, expected {SHORTEST_KEY} or more")));
        }
        let key_size = u32::try_from(value.len()).map_err(|_| cell.bad("the key is too long"))?;
        Ok(match digest(notation) {
            Some(digest) if iterations >= FEWEST_ROUNDS => {
                let (salt, value) = (binary::encode(&salt), binary::encode(&value));
                let hash = OktaHash::Pbkdf2 { digest, iterations, key_size, salt, value };
                Reading::hash(notation, hash)
            }
            _ => Reading::hook(notation),
        })
    }
}

/// `ROUNDS$SALT$KEY`, as passlib and OpenLDAP write it, or `i=ROUNDS,l=SIZE$SALT$KEY`, as the PHC does.
pub(super) fn modular(cell: Cell<'_>, notation: Notation, fields: &[&str]) -> Result<Reading, Fault> {
    let &[params, salt, value] = fields else {
        return Err(wrong_form(cell, notation, "iterations$salt$hash"));
    };
    let (iterations, size) = rounds(cell, notation, params)?;
    let read = |text| {
        binary::adapted_base64(text)
            .ok_or_else(|| cell.bad(format!("{notation}: found a salt or a hash that is not base64")))
    };
    let parts = Parts { notation, iterations, salt: read(salt)?, value: read(value)? };
    match size {
        Some(size) if usize::try_from(size).ok() != Some(parts.value.len()) => {
            let found = parts.value.len();
            Err(cell.bad(format!("{notation}: found a key of {found} bytes, expected l={size}")))
        }
        _ => parts.reading(cell),
    }
}

/// What follows `{PBKDF2-SHA256}` and its kin.
pub(super) fn scheme(cell: Cell<'_>, notation: Notation) -> Result<Reading, Fault> {
    if cell.text.starts_with("$1$") {
        // Dovecot's own order of the parts; it has HMAC-SHA-1 alone.
        return Ok(Reading::hook(Notation::Pbkdf2Sha1));
    }
    let packed = binary::base64(cell.text).is_some_and(|bytes| bytes.len() == PACKED_389);
    if packed {
        // Its key is eight times the digest: what Okta makes of such a key is not known.
        return Ok(Reading::hook(notation));
    }
    let fields: Vec<&str> = cell.text.split('$').collect();
    modular(cell, notation, &fields)
}

/// Salts that are text: `salt$key`, the key in base64 (Django) or hex (Werkzeug).
pub(super) fn with_text_salt(
    cell: Cell<'_>,
    notation: Notation,
    iterations: &str,
    fields: &[&str],
) -> Result<Reading, Fault> {
    let iterations = cell.part(iterations).number()?;
    let &[salt, value] = fields else {
        return Err(wrong_form(cell, notation, "iterations$salt$hash"));
    };
    if salt.is_empty() {
        return Err(cell.bad(format!("{notation}: found an empty salt")));
    }
    let value = value_bytes(value)
        .ok_or_else(|| cell.bad(format!("{notation}: found a hash that is neither base64 nor hex")))?;
    Parts { notation, iterations, salt: Bytes::new(salt.as_bytes().to_vec()), value }.reading(cell)
}

/// A derived key. As long as a key is, base64 never looks like hex by chance.
pub(super) fn value_bytes(text: &str) -> Option<Bytes> {
    binary::hex(text).filter(|bytes| bytes.len() >= SHORTEST_KEY).or_else(|| binary::base64(text))
}

/// The notation of an HMAC by the name of its digest.
pub(super) fn notation_of(digest: &str) -> Option<Notation> {
    match digest {
        "sha1" => Some(Notation::Pbkdf2Sha1),
        "sha256" => Some(Notation::Pbkdf2Sha256),
        "sha512" => Some(Notation::Pbkdf2Sha512),
        _ => None,
    }
}

/// The digest, where Okta takes it.
fn digest(notation: Notation) -> Option<Pbkdf2Digest> {
    match notation {
        Notation::Pbkdf2Sha256 => Some(Pbkdf2Digest::Sha256),
        Notation::Pbkdf2Sha512 => Some(Pbkdf2Digest::Sha512),
        _ => None,
    }
}

/// The rounds, and the size of the key where it is said.
fn rounds(cell: Cell<'_>, notation: Notation, params: &str) -> Result<(u32, Option<u32>), Fault> {
    if !params.contains('=') {
        return Ok((cell.part(params).number()?, None));
    }
    let named = |name: &str| {
        let mut values = params.split(',').filter_map(|param| param.split_once('='));
        values.find(|(key, _)| *key == name).map(|(_, value)| cell.part(value).number()).transpose()
    };
    let iterations =
        named("i")?.ok_or_else(|| cell.bad(format!("{notation}: found no i= for the iterations")))?;
    Ok((iterations, named("l")?))
}

fn wrong_form(cell: Cell<'_>, notation: Notation, form: &str) -> Fault {
    cell.bad(format!("{notation}: found {}, expected {form}", cell.shape()))
}
