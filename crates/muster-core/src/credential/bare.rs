//! A hash without a marker and without an `algorithm` column.

use crate::fault::Fault;

use super::binary::{self, Bytes};
use super::cell::Cell;
use super::pbkdf2::Parts;
use super::{Notation, Reading, StoredPassword, bcrypt};

/// What is recognised by its form alone; everything else has to be named.
pub(super) fn recognise(cell: Cell<'_>, stored: &StoredPassword<'_>) -> Result<Reading, Fault> {
    let salt = Cell::new("salt", stored.salt);
    if salt.is_some_and(|salt| bcrypt::are_tails(salt.text, cell.text)) {
        return bcrypt::tails(cell, salt, Cell::new("workFactor", stored.work_factor));
    }
    if cell.text.starts_with('!') || matches!(cell.text, "*" | "*LK*" | "*NP*" | "x") {
        return Err(cell.bad(
            "found the mark of an account without a usable password: empty the cell to import it without one",
        ));
    }
    if let Some(parts) = aspnet(cell.text) {
        return parts.reading(cell);
    }
    if mysql(cell.text) {
        return Ok(Reading::hook(Notation::Mysql41));
    }
    Err(ambiguous(cell, salt))
}

fn ambiguous(cell: Cell<'_>, salt: Option<Cell<'_>>) -> Fault {
    let digits = cell.text.len();
    let (written, bytes) = match (binary::hex(cell.text), binary::base64(cell.text)) {
        (Some(bytes), _) => (format!("{digits} hex digits"), bytes.len()),
        (None, Some(bytes)) => (format!("base64 of {} bytes", bytes.len()), bytes.len()),
        (None, None) => (cell.shape(), 0),
    };
    let could_be = match bytes {
        16 => "MD5 or NTLM",
        20 => "SHA-1",
        32 => "SHA-256, or a PBKDF2 key",
        48 => "SHA-384",
        64 => "SHA-512, or a PBKDF2 key",
        _ => {
            let beside = salt.map(|salt| format!(" beside a salt of {}", salt.shape())).unwrap_or_default();
            return cell.unknown(format!(
                "found {written}{beside}, which is no known notation; name it in an algorithm column if it is one"
            ));
        }
    };
    cell.unknown(format!("found {written}, which could be {could_be}: name it in an algorithm column"))
}

/// MySQL's `PASSWORD()`: an asterisk and 40 hex digits.
fn mysql(text: &str) -> bool {
    text.strip_prefix('*').and_then(binary::hex).is_some_and(|bytes| bytes.len() == 20)
}

/// ASP.NET Core Identity, version 3: base64 of a one, then the HMAC, the iterations and the length of the
/// salt in four bytes each, the salt and the key.
fn aspnet(text: &str) -> Option<Parts> {
    let bytes = binary::base64(text)?;
    let (&version, rest) = bytes.split_first()?;
    let (hmac, rest) = number(rest)?;
    let (iterations, rest) = number(rest)?;
    let (salt_size, rest) = number(rest)?;
    let notation = match (version, hmac) {
        (1, 0) => Notation::Pbkdf2Sha1,
        (1, 1) => Notation::Pbkdf2Sha256,
        (1, 2) => Notation::Pbkdf2Sha512,
        _ => return None,
    };
    let (salt, value) = rest.split_at_checked(usize::try_from(salt_size).ok()?)?;
    if salt.is_empty() || value.is_empty() {
        return None;
    }
    Some(Parts { notation, iterations, salt: Bytes::new(salt.to_vec()), value: Bytes::new(value.to_vec()) })
}

fn number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_be_bytes(*number), rest))
}
