//! `$id$…`: the notations of crypt(3), of passlib and of the password hashing competition.

use crate::fault::Fault;

use super::cell::Cell;
use super::{Notation, Reading, bcrypt, pbkdf2};

/// The form of a notation that Okta can't check: enough of it is looked at to find a hash that was cut.
struct Form {
    id: &'static str,
    notation: Notation,
    /// How many parts follow the id, at least.
    parts: usize,
    /// The length of the last part, where it is always the same.
    last: Option<usize>,
}

/// The shortest hash of a notation without a fixed length.
const SHORTEST: usize = 16;

const fn form(id: &'static str, notation: Notation, parts: usize, last: Option<usize>) -> Form {
    Form { id, notation, parts, last }
}

const FORMS: &[Form] = &[
    form("2", Notation::Bcrypt2x, 2, Some(53)),
    form("2x", Notation::Bcrypt2x, 2, Some(53)),
    form("bcrypt-sha256", Notation::BcryptSha256, 3, Some(31)),
    form("argon2id", Notation::Argon2id, 3, None),
    form("argon2i", Notation::Argon2i, 3, None),
    form("argon2d", Notation::Argon2d, 3, None),
    form("scrypt", Notation::Scrypt, 3, None),
    form("s0", Notation::Scrypt, 3, None),
    form("7", Notation::Scrypt, 2, Some(43)),
    form("y", Notation::Yescrypt, 3, Some(43)),
    form("gy", Notation::GostYescrypt, 3, Some(43)),
    form("6", Notation::Sha512Crypt, 2, Some(86)),
    form("5", Notation::Sha256Crypt, 2, Some(43)),
    form("sha1", Notation::Sha1Crypt, 3, Some(28)),
    form("1", Notation::Md5Crypt, 2, Some(22)),
    form("apr1", Notation::Apr1, 2, Some(22)),
    form("md5", Notation::SunMd5, 2, Some(22)),
    form("P", Notation::Phpass, 1, Some(31)),
    form("H", Notation::Phpass, 1, Some(31)),
    form("S", Notation::Drupal7, 1, Some(52)),
    form("3", Notation::Ntlm, 2, Some(32)),
    form("NT", Notation::Ntlm, 1, Some(32)),
];

/// The reading of a text with a known id; none where the id is not known.
pub(super) fn recognise(cell: Cell<'_>) -> Option<Result<Reading, Fault>> {
    let mut fields = cell.text.strip_prefix('$')?.split('$');
    let id = fields.next()?;
    let fields: Vec<&str> = fields.collect();
    match id {
        "2a" | "2b" | "2y" => Some(bcrypt::whole(cell)),
        "pbkdf2" | "pbkdf2-sha1" => Some(pbkdf2::modular(cell, Notation::Pbkdf2Sha1, &fields)),
        "pbkdf2-sha256" => Some(pbkdf2::modular(cell, Notation::Pbkdf2Sha256, &fields)),
        "pbkdf2-sha512" => Some(pbkdf2::modular(cell, Notation::Pbkdf2Sha512, &fields)),
        _ => {
            // Solaris writes the rounds into the id: `$md5,rounds=904$…`.
            let id = id.split(',').next()?;
            let form = FORMS.iter().find(|form| form.id == id)?;
            Some(check(cell, form, &fields))
        }
    }
}

/// scrypt of any make: behind `{SCRYPT}`, Spring has its parameters where the id would be.
pub(super) fn scrypt(cell: Cell<'_>) -> Result<Reading, Fault> {
    let fields: Vec<&str> = cell.text.split('$').collect();
    check(cell, &form("scrypt", Notation::Scrypt, 3, None), &fields)
}

fn check(cell: Cell<'_>, form: &Form, fields: &[&str]) -> Result<Reading, Fault> {
    let notation = form.notation;
    let Some(last) = fields.last().filter(|_| fields.len() >= form.parts) else {
        let (found, expected) = (fields.len(), form.parts);
        return Err(
            cell.bad(format!("{notation}: found {found} parts between $, expected {expected} or more"))
        );
    };
    let found = last.chars().count();
    let fits = form.last.map_or(found >= SHORTEST, |expected| found == expected);
    if fits && last.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(Reading::hook(notation));
    }
    let expected = form.last.map_or_else(|| format!("{SHORTEST} or more"), |expected| expected.to_string());
    Err(cell.bad(format!("{notation}: found {found} characters after the last $, expected {expected}")))
}
