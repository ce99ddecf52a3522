//! A hash whose notation is named by an `algorithm` column.

use crate::fault::Fault;
use crate::stored::{Again, Digest, SaltOrder};

use super::algorithm::{self, Named};
use super::binary::{self, Bytes};
use super::cell::Cell;
use super::digest::{self, Form, packed, packed_notation, plain_notation};
use super::pbkdf2::Parts;
use super::reading::Reading;
use super::{Notation, Settlement, StoredPassword, aspnet, bare, bcrypt, crypt, firebase};

/// The reading of a hash by the name in the algorithm column.
pub(super) fn recognise(
    cell: Cell<'_>,
    algorithm: Cell<'_>,
    stored: &StoredPassword<'_>,
    settlement: &Settlement,
) -> Result<Reading, Fault> {
    let salt = Cell::new("salt", stored.salt);
    match algorithm::read(algorithm)? {
        Named::Bcrypt => bcrypt::tails(cell, salt, Cell::new("workFactor", stored.work_factor)),
        Named::Digest(digest, again) => plain(cell, form(digest, again, stored)?, salt, stored),
        Named::Packed(digest) => with_salt_after(cell, form(digest, Again::Raw, stored)?, salt),
        Named::Hmac(digest) => hmac(cell, digest, salt),
        Named::Pbkdf2(digest) => pbkdf2(cell, digest, salt, stored),
        Named::Ntlm => digest::ntlm(cell),
        Named::Mysql => digest::mysql(cell.part(cell.text.strip_prefix('*').unwrap_or(cell.text))),
        Named::Crypt => crypt::bare(cell),
        Named::Membership(digest) => membership(cell, digest, salt),
        Named::Firebase => firebase::reading(cell, salt, settlement),
        Named::Scrypt if settlement.firebase.is_some() => firebase::reading(cell, salt, settlement),
        Named::Scrypt => Err(marked(cell, Notation::Scrypt)),
        Named::Marked(notation) => by_form(cell, notation, stored, settlement),
    }
}

/// What is still recognised by its form, as it would be without a name: ASP.NET Identity, for one.
fn by_form(
    cell: Cell<'_>,
    notation: Notation,
    stored: &StoredPassword<'_>,
    settlement: &Settlement,
) -> Result<Reading, Fault> {
    let found = bare::by_form(cell, Cell::new("salt", stored.salt), stored, settlement);
    found.unwrap_or_else(|| Err(marked(cell, notation)))
}

fn marked(cell: Cell<'_>, notation: Notation) -> Fault {
    cell.malformed(notation, "its whole text, which begins with a marker such as $id$ or {SCHEME}")
}

/// Okta's digests are of one round; those of more go to the hook.
fn form(digest: Digest, again: Again, stored: &StoredPassword<'_>) -> Result<Form, Fault> {
    let rounds = digest::rounds(Cell::new("iterations", stored.iterations))?;
    Ok(Form { rounds, again, ..Form::once(digest) })
}

fn plain(
    cell: Cell<'_>,
    form: Form,
    salt: Option<Cell<'_>>,
    stored: &StoredPassword<'_>,
) -> Result<Reading, Fault> {
    let notation = if form.rounds > 1 { Notation::IteratedDigest } else { plain_notation(form.digest) };
    let value = digest::read(cell, form.digest)?;
    let Some(salt) = salt else {
        return form.reading(cell, notation, Bytes::default(), value.bytes);
    };
    let order = salt_order(Cell::new("saltOrder", stored.salt_order))?;
    let salt = digest::read_salt(salt, value.hex)?;
    Form { order, ..form }.reading(cell, notation, salt, value.bytes)
}

/// A directory's digest, with its salt behind it or in a column of its own.
fn with_salt_after(cell: Cell<'_>, form: Form, salt: Option<Cell<'_>>) -> Result<Reading, Fault> {
    let notation = if form.rounds > 1 { Notation::IteratedDigest } else { packed_notation(form.digest) };
    let Some(salt) = salt else {
        return packed(cell, form, notation);
    };
    let value = digest::read(cell, form.digest)?;
    let salt = digest::read_salt(salt, value.hex)?;
    form.postfix().reading(cell, notation, salt, value.bytes)
}

fn hmac(cell: Cell<'_>, digest: Digest, salt: Option<Cell<'_>>) -> Result<Reading, Fault> {
    let missing = || Cell::missing("salt", "an HMAC needs its key in this column: the cell is empty");
    let value = digest::read(cell, digest)?;
    let key = digest::read_salt(salt.ok_or_else(missing)?, value.hex)?;
    digest::hmac(cell, digest, key, value.bytes)
}

fn membership(cell: Cell<'_>, digest: Digest, salt: Option<Cell<'_>>) -> Result<Reading, Fault> {
    match (salt, aspnet::one_cell(cell)) {
        (Some(salt), _) => aspnet::membership(cell, digest, cell.text, salt),
        (None, Some(found)) => found,
        (None, None) => Err(Cell::missing("salt", "aspnet-membership needs a salt: the cell is empty")),
    }
}

/// There is no usual order: a wrong one would lock the person out without a word from Okta.
fn salt_order(order: Option<Cell<'_>>) -> Result<SaltOrder, Fault> {
    const CHOICE: &str = "PREFIX (salt before the password) or POSTFIX (salt after it)";
    let cell = order.ok_or_else(|| Cell::missing("saltOrder", format!("saltOrder is missing: {CHOICE}")))?;
    match cell.text.to_ascii_uppercase().as_str() {
        "PREFIX" => Ok(SaltOrder::Prefix),
        "POSTFIX" | "SUFFIX" => Ok(SaltOrder::Postfix),
        _ => Err(cell.bad(format!("found {}, expected {CHOICE}", cell.shape()))),
    }
}

fn pbkdf2(
    cell: Cell<'_>,
    digest: Option<Digest>,
    salt: Option<Cell<'_>>,
    stored: &StoredPassword<'_>,
) -> Result<Reading, Fault> {
    let missing =
        |column, what: &str| Cell::missing(column, format!("PBKDF2 needs {what}: the cell is empty"));
    let digest = match digest {
        Some(digest) => digest,
        None => hmac_digest(
            Cell::new("digestAlgorithm", stored.digest_algorithm)
                .ok_or_else(|| missing("digestAlgorithm", "SHA256_HMAC or SHA512_HMAC"))?,
        )?,
    };
    let iterations = Cell::new("iterations", stored.iterations)
        .ok_or_else(|| missing("iterations", "the number of iterations"))?
        .number()?;
    let salt = salt.ok_or_else(|| missing("salt", "a salt"))?;
    let value = binary::key(cell.text)
        .ok_or_else(|| cell.bad(format!("found {}, expected base64 or hex of the key", cell.shape())))?;
    if let Some(size) = Cell::new("keySize", stored.key_size) {
        same_size(size, value.len())?;
    }
    let salt = digest::read_salt(salt, cell.text.len() == value.len() * 2)?;
    Parts { digest, iterations, salt, value }.reading(cell)
}

fn hmac_digest(cell: Cell<'_>) -> Result<Digest, Fault> {
    match algorithm::plain_name(cell.text).replace("HMAC", "").as_str() {
        "SHA512" => Ok(Digest::Sha512),
        "SHA256" => Ok(Digest::Sha256),
        "SHA1" | "SHA" => Ok(Digest::Sha1),
        _ => Err(cell.bad(format!("found {}, expected SHA256_HMAC or SHA512_HMAC", cell.shape()))),
    }
}

fn same_size(cell: Cell<'_>, found: usize) -> Result<(), Fault> {
    let size = cell.number()?;
    if usize::try_from(size).ok() == Some(found) {
        return Ok(());
    }
    Err(cell.bad(format!("the key has {found} bytes, keySize says {size} (it counts bytes, not bits)")))
}
