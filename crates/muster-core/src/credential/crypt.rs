//! crypt(3) before yescrypt, and PHPass, which is built like one.

use zeroize::Zeroizing;

use crate::fault::Fault;
use crate::stored::{Digest, StoredHash};

use super::Notation;
use super::binary::crypt64_digit;
use super::cell::Cell;
use super::reading::Reading;

/// Rounds of SHA-crypt where none are written.
const ROUNDS: u32 = 5000;
/// Characters of the first crypt.
const DES: usize = 13;
/// Characters of the crypt of BSDi, with its underscore.
const BSDI: usize = 20;
/// Characters of the salt of PHPass.
const PHPASS_SALT: usize = 8;

fn owned(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.to_owned())
}

/// What follows `$1$` or `$apr1$`: `salt$hash`.
pub(super) fn md5(cell: Cell<'_>, apache: bool, rest: &str) -> Result<Reading, Fault> {
    let notation = if apache { Notation::Apr1 } else { Notation::Md5Crypt };
    let [salt, value] = cell.part(rest).fields(notation, "salt$hash after the id")?;
    Reading::checked(cell, notation, StoredHash::Md5Crypt { apache, salt: owned(salt), value: owned(value) })
}

/// What follows `$5$` or `$6$`: `salt$hash`, or `rounds=5000$salt$hash`.
pub(super) fn sha(cell: Cell<'_>, digest: Digest, rest: &str) -> Result<Reading, Fault> {
    let notation = if digest == Digest::Sha512 { Notation::Sha512Crypt } else { Notation::Sha256Crypt };
    let (rounds, rest) = match rest.strip_prefix("rounds=").and_then(|rest| rest.split_once('$')) {
        Some((rounds, rest)) => (cell.part(rounds).number()?, rest),
        None => (ROUNDS, rest),
    };
    let [salt, value] = cell.part(rest).fields(notation, "salt$hash after the id")?;
    let stored = StoredHash::ShaCrypt { digest, rounds, salt: owned(salt), value: owned(value) };
    Reading::checked(cell, notation, stored)
}

/// What follows `$sha1$`: `rounds$salt$hash`.
pub(super) fn sha1(cell: Cell<'_>, rest: &str) -> Result<Reading, Fault> {
    const NOTATION: Notation = Notation::Sha1Crypt;
    let [rounds, salt, value] = cell.part(rest).fields(NOTATION, "rounds$salt$hash after the id")?;
    let rounds = cell.part(rounds).number()?;
    Reading::checked(cell, NOTATION, StoredHash::Sha1Crypt { rounds, salt: owned(salt), value: owned(value) })
}

/// `$y$`, whole.
pub(super) fn yescrypt(cell: Cell<'_>) -> Result<Reading, Fault> {
    Reading::checked(cell, Notation::Yescrypt, StoredHash::Yescrypt(owned(cell.text)))
}

/// A notation that is named and nothing more: its hash is looked at to find one that was cut.
pub(super) fn unverifiable(cell: Cell<'_>, notation: Notation, chars: usize) -> Result<Reading, Fault> {
    let found = cell.text.rsplit('$').next().unwrap_or_default().chars().count();
    if found == chars {
        return Ok(Reading::unverifiable(notation));
    }
    Err(cell.bad(format!("{notation}: found {found} characters after the last $, expected {chars}")))
}

/// A crypt without an id.
pub(super) fn bare(cell: Cell<'_>) -> Result<Reading, Fault> {
    match cell.text.len() {
        BSDI if cell.text.starts_with('_') => {
            Reading::checked(cell, Notation::BsdiCrypt, StoredHash::BsdiCrypt(owned(cell.text)))
        }
        DES => Reading::checked(cell, Notation::DesCrypt, StoredHash::DesCrypt(owned(cell.text))),
        _ => {
            let found = cell.shape();
            Err(cell.bad(format!("found {found} of crypt(3), expected $ and an id, or {DES} characters")))
        }
    }
}

/// What follows `$P$`, `$H$` or Drupal's `$S$`: a character of rounds, 8 of salt, the hash.
/// `md5_first` is for hashes that Drupal 7 made of the plain MD5 of older versions.
pub(super) fn phpass(cell: Cell<'_>, digest: Digest, md5_first: bool, rest: &str) -> Result<Reading, Fault> {
    let notation = if digest == Digest::Sha512 { Notation::Drupal7 } else { Notation::Phpass };
    let malformed = || cell.malformed(notation, "a character of rounds, 8 of salt and the hash");
    let log_rounds = rest.bytes().next().and_then(crypt64_digit).ok_or_else(malformed)?;
    let rest = rest.get(1..).ok_or_else(malformed)?;
    let (salt, value) = rest.split_at_checked(PHPASS_SALT).ok_or_else(malformed)?;
    let stored = StoredHash::Phpass {
        digest,
        log_rounds: u8::try_from(log_rounds).unwrap_or(u8::MAX),
        salt: owned(salt),
        value: owned(value),
        md5_first,
    };
    Reading::checked(cell, notation, stored)
}
