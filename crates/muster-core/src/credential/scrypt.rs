//! scrypt, whatever it is written in.

use crate::fault::Fault;
use crate::stored::StoredHash;

use super::Notation;
use super::binary::{self, Bytes};
use super::cell::Cell;
use super::digest::letters;
use super::params::Params;
use super::reading::Reading;

const NOTATION: Notation = Notation::Scrypt;

/// The parts of a scrypt hash.
pub(super) struct Parts {
    pub(super) log_n: u32,
    pub(super) r: u32,
    pub(super) p: u32,
    pub(super) salt: Bytes,
    pub(super) value: Bytes,
}

impl Parts {
    /// The hash, if its costs and lengths are bearable.
    pub(super) fn reading(self, cell: Cell<'_>) -> Result<Reading, Fault> {
        let Self { log_n, r, p, salt, value } = self;
        let log_n = u8::try_from(log_n).unwrap_or(u8::MAX);
        Reading::checked(cell, NOTATION, StoredHash::Scrypt { log_n, r, p, salt, value })
    }
}

/// The exponent of N, which has to be a power of two.
pub(super) fn log_of(cell: Cell<'_>) -> Result<u32, Fault> {
    let n = cell.number()?;
    if n.is_power_of_two() {
        return Ok(n.trailing_zeros());
    }
    Err(cell.bad(format!("{NOTATION}: found an N of {n}, expected a power of two")))
}

/// What follows passlib's `$scrypt$`: `ln=16,r=8,p=1$salt$hash`. Behind Spring's `{scrypt}` and in Java's
/// `$s0$` the parameters are one number in hex: `e0801$salt$hash`.
pub(super) fn modular(cell: Cell<'_>, rest: &str) -> Result<Reading, Fault> {
    let [params, salt, value] = cell.part(rest).fields(NOTATION, "parameters$salt$hash")?;
    let (log_n, r, p) = if params.contains('=') {
        let params = Params::of(cell.part(params), NOTATION, &["ln", "r", "p"])?;
        (params.number("ln")?, params.number("r")?, params.number("p")?)
    } else {
        packed_params(cell, params)?
    };
    let read = |what, text| cell.part(text).bytes(NOTATION, what, binary::base64(text));
    let (salt, value) = (read("a salt in base64", salt)?, read("a hash in base64", value)?);
    Parts { log_n, r, p, salt, value }.reading(cell)
}

/// The exponent of N, r and p in the bytes of a hexadecimal number.
fn packed_params(cell: Cell<'_>, text: &str) -> Result<(u32, u32, u32), Fault> {
    let digits = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let number = if digits { u32::from_str_radix(text, 16).ok() } else { None };
    let number = number.ok_or_else(|| cell.part(text).malformed(NOTATION, "parameters such as e0801"))?;
    Ok((number >> 16, number >> 8 & 0xff, number & 0xff))
}

/// What follows `$7$`: one character of N, five of r, five of p, a salt as it stands, `$` and 43 characters.
pub(super) fn crypt(cell: Cell<'_>, rest: &str) -> Result<Reading, Fault> {
    const FORM: &str = "$7$, 11 characters of parameters, a salt, $ and 43 characters";
    let malformed = || cell.malformed(NOTATION, FORM);
    let [setting, value] = cell.part(rest).fields(NOTATION, FORM)?;
    let (params, salt) = setting.split_at_checked(11).ok_or_else(malformed)?;
    let number = |range| params.get(range).and_then(binary::crypt64_number).ok_or_else(malformed);
    let value = Some(value).filter(|value| value.len() == 43).and_then(binary::crypt64);
    let value = value.ok_or_else(malformed)?;
    let parts =
        Parts { log_n: number(0..1)?, r: number(1..6)?, p: number(6..11)?, salt: letters(salt), value };
    parts.reading(cell)
}

/// Django's `scrypt$N$salt$r$p$hash`, its name taken off.
pub(super) fn django(cell: Cell<'_>, rest: &str) -> Result<Reading, Fault> {
    let [n, salt, r, p, value] = cell.part(rest).fields(NOTATION, "scrypt$N$salt$r$p$hash")?;
    with_text_salt(cell, [n, r, p], salt, value)
}

/// Parameters in plain numbers, a salt that is text, and a hash in base64 (Django) or hex (Werkzeug).
pub(super) fn with_text_salt(
    cell: Cell<'_>,
    [n, r, p]: [&str; 3],
    salt: &str,
    value: &str,
) -> Result<Reading, Fault> {
    let number = |text| cell.part(text).number();
    let value = cell.part(value).bytes(NOTATION, "a hash in base64 or hex", binary::key(value))?;
    let parts =
        Parts { log_n: log_of(cell.part(n))?, r: number(r)?, p: number(p)?, salt: letters(salt), value };
    parts.reading(cell)
}
