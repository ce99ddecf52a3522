//! `$id$…`: the notations of crypt(3), of passlib and of the password hashing competition.

use crate::fault::Fault;
use crate::stored::Digest;

use super::cell::Cell;
use super::reading::Reading;
use super::{Notation, argon2, bcrypt, crypt, digest, pbkdf2, scrypt};

/// The reading of a text with a known id; none where the id is not known.
pub(super) fn recognise(cell: Cell<'_>) -> Option<Result<Reading, Fault>> {
    let (id, rest) = cell.text.strip_prefix('$')?.split_once('$')?;
    Some(match id {
        "2a" | "2b" | "2y" | "2x" | "2" => bcrypt::whole(cell),
        "wp" => bcrypt::word_press(cell, cell.text.get(3..)?),
        "bcrypt-sha256" => bcrypt::passlib_sha256(cell, rest),
        "pbkdf2" | "pbkdf2-sha1" => pbkdf2::modular(cell, Digest::Sha1, rest),
        "pbkdf2-sha256" => pbkdf2::modular(cell, Digest::Sha256, rest),
        "pbkdf2-sha512" => pbkdf2::modular(cell, Digest::Sha512, rest),
        "scrypt" | "s0" => scrypt::modular(cell, rest),
        "7" => scrypt::crypt(cell, rest),
        "1" => crypt::md5(cell, false, rest),
        "apr1" => crypt::md5(cell, true, rest),
        "5" => crypt::sha(cell, Digest::Sha256, rest),
        "6" => crypt::sha(cell, Digest::Sha512, rest),
        "sha1" => crypt::sha1(cell, rest),
        "y" => crypt::yescrypt(cell),
        "gy" => crypt::unverifiable(cell, Notation::GostYescrypt, 43),
        "P" | "H" => crypt::phpass(cell, Digest::Md5, false, rest),
        "S" => crypt::phpass(cell, Digest::Sha512, false, rest),
        "3" => digest::ntlm(cell.part(rest.strip_prefix('$').unwrap_or(rest))),
        "NT" => digest::ntlm(cell.part(rest)),
        // Solaris writes the rounds into the id: `$md5,rounds=904$…`.
        _ if id.split(',').next() == Some("md5") => crypt::unverifiable(cell, Notation::SunMd5, 22),
        _ => argon2::modular(cell, argon2::variant(id)?, rest),
    })
}
