//! bcrypt, as one text or in two tails, and what others have put in front of it.

use zeroize::Zeroizing;

use crate::fault::Fault;
use crate::stored::{BcryptInput, StoredHash};

use super::cell::Cell;
use super::params::Params;
use super::reading::Reading;
use super::{Notation, binary};

/// Characters of a salt.
const SALT: usize = 22;
/// Characters of a value.
const VALUE: usize = 31;
/// The work factor of Okta's own sample, which has no column for it.
const ASSUMED_COST: u32 = 10;
/// What a fault says of the form.
const FORM: &str = "60: $2b$, two digits of work factor, $, 22 of salt, 31 of hash";

/// `$2a$10$` and 53 characters.
pub(super) fn whole(cell: Cell<'_>) -> Result<Reading, Fault> {
    let (make, cost, salt, value) = split(cell, cell.text)?;
    match make {
        // The very first make digested no closing zero; nobody has it any more.
        "2" => Ok(Reading::unverifiable(Notation::Bcrypt2)),
        "2x" => reading(cell, Notation::Bcrypt2x, cost, (salt, value), BcryptInput::SignExtended),
        _ => reading(cell, Notation::Bcrypt, cost, (salt, value), BcryptInput::Password),
    }
}

/// Django's `bcrypt_sha256$` before a bcrypt hash, which stands in `inner`.
pub(super) fn over_hex_sha256(cell: Cell<'_>, inner: &str) -> Result<Reading, Fault> {
    let (_, cost, salt, value) = split(cell, inner)?;
    reading(cell, Notation::BcryptSha256, cost, (salt, value), BcryptInput::HexSha256)
}

/// `$wp$2y$10$…`, of WordPress from 6.8 on; `inner` begins at the second dollar sign.
pub(super) fn word_press(cell: Cell<'_>, inner: &str) -> Result<Reading, Fault> {
    let (_, cost, salt, value) = split(cell, inner)?;
    reading(cell, Notation::WordPressBcrypt, cost, (salt, value), BcryptInput::WordPress)
}

/// What follows passlib's `$bcrypt-sha256$`: `v=2,t=2b,r=12$salt$hash`, and before that `2a,12$salt$hash`.
pub(super) fn passlib_sha256(cell: Cell<'_>, rest: &str) -> Result<Reading, Fault> {
    const NOTATION: Notation = Notation::BcryptSha256;
    let [params, salt, value] = cell.part(rest).fields(NOTATION, "parameters$salt$hash after the name")?;
    if let Some(("2a" | "2b", cost)) = params.split_once(',') {
        let cost = cell.part(cost).number()?;
        return reading(cell, NOTATION, cost, (salt, value), BcryptInput::Base64Sha256);
    }
    let params = Params::of(cell.part(params), NOTATION, &["v", "t", "r"])?;
    match (params.number("v")?, params.text("t")) {
        (2, Some("2b")) => {
            reading(cell, NOTATION, params.number("r")?, (salt, value), BcryptInput::Base64HmacSha256)
        }
        _ => Err(cell.bad(format!("{NOTATION}: found another version than v=2,t=2b"))),
    }
}

/// The salt and the value in columns of their own.
pub(super) fn tails(
    value: Cell<'_>,
    salt: Option<Cell<'_>>,
    work_factor: Option<Cell<'_>>,
) -> Result<Reading, Fault> {
    let salt =
        salt.ok_or_else(|| Cell::missing("salt", "bcrypt needs a salt of 22 characters: the cell is empty"))?;
    for (cell, chars) in [(salt, SALT), (value, VALUE)] {
        if cell.text.len() != chars || !binary::is_crypt64(cell.text) {
            let found = cell.shape();
            return Err(cell.bad(format!("found {found}, expected bcrypt's {chars} of ./A-Za-z0-9")));
        }
    }
    let tails = (salt.text, value.text);
    let Some(cell) = work_factor else {
        return reading(value, Notation::BcryptAssumed10, ASSUMED_COST, tails, BcryptInput::Password);
    };
    reading(cell, Notation::Bcrypt, cell.number()?, tails, BcryptInput::Password)
}

/// Whether two columns can be nothing but the tails of a bcrypt hash.
pub(super) fn are_tails(salt: &str, value: &str) -> bool {
    salt.len() == SALT && value.len() == VALUE && binary::is_crypt64(salt) && binary::is_crypt64(value)
}

fn reading(
    cell: Cell<'_>,
    notation: Notation,
    cost: u32,
    (salt, value): (&str, &str),
    input: BcryptInput,
) -> Result<Reading, Fault> {
    let (salt, value) = (Zeroizing::new(salt.to_owned()), Zeroizing::new(value.to_owned()));
    Reading::checked(cell, notation, StoredHash::Bcrypt { cost, salt, value, input })
}

/// The make, the cost and the tails of `$2?$CC$…`.
fn split<'a>(cell: Cell<'a>, text: &'a str) -> Result<(&'a str, u32, &'a str, &'a str), Fault> {
    let malformed = || cell.bad(format!("a bcrypt hash: found {}, expected {FORM}", cell.part(text).shape()));
    let mut parts = text.strip_prefix('$').unwrap_or_default().splitn(3, '$');
    let (Some(make @ ("2" | "2a" | "2b" | "2x" | "2y")), Some(cost), Some(tails)) =
        (parts.next(), parts.next(), parts.next())
    else {
        return Err(malformed());
    };
    let (salt, value) = tails.split_at_checked(SALT).ok_or_else(malformed)?;
    if cost.len() != 2 || value.len() != VALUE {
        return Err(malformed());
    }
    if !binary::is_crypt64(tails) {
        return Err(cell.bad("a bcrypt hash: found a character that is not one of ./A-Za-z0-9"));
    }
    Ok((make, cell.part(cost).number()?, salt, value))
}
