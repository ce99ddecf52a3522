//! A hash without a marker and without an `algorithm` column.

use crate::fault::Fault;
use crate::stored::{Digest, TextForm};

use super::binary::{self, Bytes};
use super::cell::{Cell, parts};
use super::digest::{self, Form, plain_notation};
use super::reading::{Found, Reading, Unsure};
use super::{Notation, Settlement, StoredPassword, aspnet, bcrypt, columns, firebase};

/// Whether this is a mark that stands where a hash would, so that no password ever matches: Django's, those of
/// shadow files, and those of Solaris.
pub(super) fn is_unusable(text: &str) -> bool {
    text.starts_with('!') || matches!(text, "*" | "*LK*" | "*NP*" | "NP" | "x")
}

/// What is recognised by its form alone; everything else has to be named.
pub(super) fn recognise(
    cell: Cell<'_>,
    stored: &StoredPassword<'_>,
    settlement: &Settlement,
) -> Result<Found, Fault> {
    let salt = Cell::new("salt", stored.salt);
    if let Some(found) = by_form(cell, salt, stored, settlement) {
        return found.map(Found::Sure);
    }
    let unsure = if salt.is_none() { digests(cell)? } else { None };
    match (unsure, settlement.meant.as_slice()) {
        (Some(unsure), meant) if meant.iter().any(|notation| unsure.names(*notation)) => {
            Ok(Found::Unsure(unsure))
        }
        // One notation for all rows is what a column with its name would be.
        (_, [notation]) => {
            let algorithm = Cell::whole("algorithm", notation.as_str());
            columns::recognise(cell, algorithm, stored, settlement).map(Found::Sure)
        }
        (Some(unsure), _) => Ok(Found::Unsure(unsure)),
        (None, _) => Err(unknown(cell, salt)),
    }
}

/// Forms that can't be anything else.
pub(super) fn by_form(
    cell: Cell<'_>,
    salt: Option<Cell<'_>>,
    stored: &StoredPassword<'_>,
    settlement: &Settlement,
) -> Option<Result<Reading, Fault>> {
    if salt.is_some_and(|salt| bcrypt::are_tails(salt.text, cell.text)) {
        return Some(bcrypt::tails(cell, salt, Cell::new("workFactor", stored.work_factor)));
    }
    if salt.is_some() && firebase::fits(cell, settlement) {
        return Some(firebase::reading(cell, salt, settlement));
    }
    if let Some(digits) = cell.text.strip_prefix('*').filter(|digits| binary::hex(digits).is_some()) {
        return Some(digest::mysql(cell.part(digits)));
    }
    if let Some(parts) = aspnet::identity(cell.text) {
        return Some(parts.reading(cell));
    }
    aspnet::one_cell(cell).or_else(|| pwdump(cell))
}

/// A line of pwdump: user, number, LM, NT and three empty parts.
fn pwdump(cell: Cell<'_>) -> Option<Result<Reading, Fault>> {
    let [_, _, lm, nt, ..] = parts::<7>(cell.text, ':')?;
    (lm.len() == nt.len()).then(|| digest::ntlm(cell.part(nt)))
}

impl Unsure {
    fn names(&self, notation: Notation) -> bool {
        self.readings.iter().any(|reading| reading.notation == notation)
    }
}

/// The digests that a hex or base64 text of this length could be.
fn digests(cell: Cell<'_>) -> Result<Option<Unsure>, Fault> {
    let digits = cell.text.len();
    let (written, bytes) = match (binary::hex(cell.text), binary::base64(cell.text)) {
        (Some(bytes), _) => (format!("{digits} hex digits"), bytes),
        (None, Some(bytes)) => (format!("base64 of {} bytes", bytes.len()), bytes),
        (None, None) => return Ok(None),
    };
    let of = |form: Form, notation| form.reading(cell, notation, Bytes::default(), bytes.clone());
    let plain = |digest| of(Form::once(digest), plain_notation(digest));
    let readings = match bytes.len() {
        16 => {
            let ntlm = Form { text: TextForm::Utf16Le, ..Form::once(Digest::Md4) };
            vec![plain(Digest::Md5)?, of(ntlm, Notation::Ntlm)?]
        }
        20 => {
            let mysql = Form { rounds: 2, ..Form::once(Digest::Sha1) };
            vec![plain(Digest::Sha1)?, of(mysql, Notation::Mysql41)?]
        }
        32 => vec![plain(Digest::Sha256)?],
        48 => vec![plain(Digest::Sha384)?],
        64 => vec![plain(Digest::Sha512)?],
        _ => return Ok(None),
    };
    Ok(Some(Unsure { column: cell.column, written, readings }))
}

fn unknown(cell: Cell<'_>, salt: Option<Cell<'_>>) -> Fault {
    let beside = salt.map(|salt| format!(" beside a salt of {}", salt.shape())).unwrap_or_default();
    cell.unknown(format!(
        "found {}{beside}, which is no known notation; name it in an algorithm column if it is one",
        cell.shape()
    ))
}
