//! bcrypt, as one text or in two tails.

use crate::fault::Fault;
use crate::secret::Secret;

use super::cell::Cell;
use super::{Notation, OktaHash, Reading};

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
    let (cost, tails) = split(cell.text)
        .ok_or_else(|| cell.bad(format!("a bcrypt hash: found {}, expected {FORM}", cell.shape())))?;
    let (salt, value) = tails
        .split_at_checked(SALT)
        .filter(|(_, value)| value.len() == VALUE)
        .ok_or_else(|| cell.bad(format!("a bcrypt hash: found {}, expected {FORM}", cell.shape())))?;
    if !radix_64(tails) {
        return Err(cell.bad("a bcrypt hash: found a character that is not one of ./A-Za-z0-9"));
    }
    reading(cell, Notation::Bcrypt, cell.part(cost).number()?, salt, value)
}

/// The salt and the value in columns of their own.
pub(super) fn tails(
    value: Cell<'_>,
    salt: Option<Cell<'_>>,
    work_factor: Option<Cell<'_>>,
) -> Result<Reading, Fault> {
    let Some(salt) = salt else {
        return Err(
            Cell { column: "salt", text: "" }.bad("bcrypt needs a salt of 22 characters: the cell is empty")
        );
    };
    for (cell, chars) in [(salt, SALT), (value, VALUE)] {
        if cell.text.len() != chars || !radix_64(cell.text) {
            let found = cell.shape();
            return Err(cell.bad(format!("found {found}, expected bcrypt's {chars} of ./A-Za-z0-9")));
        }
    }
    let Some(cell) = work_factor else {
        return reading(value, Notation::BcryptAssumed10, ASSUMED_COST, salt.text, value.text);
    };
    reading(cell, Notation::Bcrypt, cell.number()?, salt.text, value.text)
}

/// Whether two columns can be nothing but the tails of a bcrypt hash.
pub(super) fn are_tails(salt: &str, value: &str) -> bool {
    salt.len() == SALT && value.len() == VALUE && radix_64(salt) && radix_64(value)
}

/// Okta takes work factors up to 20; bcrypt itself goes up to 31, and the hook can check those.
fn reading(cell: Cell<'_>, notation: Notation, cost: u32, salt: &str, value: &str) -> Result<Reading, Fault> {
    match u8::try_from(cost) {
        Ok(work_factor @ 1..=20) => {
            let (salt, value) = (Secret::new(salt), Secret::new(value));
            Ok(Reading::hash(notation, OktaHash::Bcrypt { work_factor, salt, value }))
        }
        Ok(21..=31) => Ok(Reading::hook(notation)),
        _ => Err(cell.bad(format!("a bcrypt hash: found work factor {cost}, expected 1 to 20"))),
    }
}

/// The cost and the tails of `$2?$CC$…`.
fn split(text: &str) -> Option<(&str, &str)> {
    let (cost, tails) = text.get(4..)?.split_once('$')?;
    (cost.len() == 2).then_some((cost, tails))
}

fn radix_64(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/'))
}
