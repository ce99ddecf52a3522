//! A hash whose notation is named by an `algorithm` column.

use crate::fault::Fault;

use super::cell::Cell;
use super::digest::{self, packed, packed_notation, plain_notation};
use super::pbkdf2::{self, Parts};
use super::{DigestAlgorithm, Notation, Reading, SaltOrder, StoredPassword, bcrypt};

/// The longest name of an algorithm that a message repeats.
const NAME: usize = 20;

/// What an algorithm column asks for.
enum Named {
    Bcrypt,
    Digest(DigestAlgorithm),
    Packed(DigestAlgorithm),
    Pbkdf2(Option<Notation>),
    Hook(Notation),
}

/// The reading of a hash by the name in the algorithm column.
pub(super) fn recognise(
    cell: Cell<'_>,
    algorithm: Cell<'_>,
    stored: &StoredPassword<'_>,
) -> Result<Reading, Fault> {
    let salt = Cell::new("salt", stored.salt);
    match named(&plain_name(algorithm.text)).ok_or_else(|| unknown(algorithm))? {
        Named::Bcrypt => bcrypt::tails(cell, salt, Cell::new("workFactor", stored.work_factor)),
        Named::Digest(_) | Named::Packed(_) if iterated(stored)? => {
            Ok(Reading::hook(Notation::IteratedDigest))
        }
        Named::Digest(algorithm) => {
            let order = Cell::new("saltOrder", stored.salt_order);
            plain(cell, algorithm, salt, order)
        }
        Named::Packed(algorithm) => match salt {
            None => packed(cell, algorithm),
            Some(salt) => salted(cell, algorithm, salt, packed_notation(algorithm), SaltOrder::Postfix),
        },
        Named::Pbkdf2(notation) => pbkdf2_columns(cell, notation, salt, stored),
        Named::Hook(notation) => Ok(Reading::hook(notation)),
    }
}

fn named(name: &str) -> Option<Named> {
    Some(match name {
        "BCRYPT" => Named::Bcrypt,
        "SHA512" => Named::Digest(DigestAlgorithm::Sha512),
        "SHA256" => Named::Digest(DigestAlgorithm::Sha256),
        "SHA1" | "SHA" => Named::Digest(DigestAlgorithm::Sha1),
        "MD5" => Named::Digest(DigestAlgorithm::Md5),
        "SSHA512" => Named::Packed(DigestAlgorithm::Sha512),
        "SSHA256" => Named::Packed(DigestAlgorithm::Sha256),
        "SSHA" | "SSHA1" => Named::Packed(DigestAlgorithm::Sha1),
        "SMD5" => Named::Packed(DigestAlgorithm::Md5),
        "PBKDF2" => Named::Pbkdf2(None),
        "PBKDF2SHA512" | "PBKDF2HMACSHA512" => Named::Pbkdf2(Some(Notation::Pbkdf2Sha512)),
        "PBKDF2SHA256" | "PBKDF2HMACSHA256" => Named::Pbkdf2(Some(Notation::Pbkdf2Sha256)),
        "PBKDF2SHA1" | "PBKDF2HMACSHA1" => Named::Pbkdf2(Some(Notation::Pbkdf2Sha1)),
        "SHA384" | "SSHA384" => Named::Hook(Notation::Sha384),
        "ARGON2ID" | "ARGON2" => Named::Hook(Notation::Argon2id),
        "ARGON2I" => Named::Hook(Notation::Argon2i),
        "ARGON2D" => Named::Hook(Notation::Argon2d),
        "SCRYPT" => Named::Hook(Notation::Scrypt),
        "YESCRYPT" => Named::Hook(Notation::Yescrypt),
        "SHA512CRYPT" => Named::Hook(Notation::Sha512Crypt),
        "SHA256CRYPT" => Named::Hook(Notation::Sha256Crypt),
        "MD5CRYPT" => Named::Hook(Notation::Md5Crypt),
        "DESCRYPT" | "CRYPT" => Named::Hook(Notation::DesCrypt),
        "PHPASS" => Named::Hook(Notation::Phpass),
        "NTLM" | "NT" | "NTHASH" => Named::Hook(Notation::Ntlm),
        "BCRYPTSHA256" => Named::Hook(Notation::BcryptSha256),
        _ => return None,
    })
}

/// Without case, dashes, underscores, slashes and blanks.
fn plain_name(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect()
}

/// A name is repeated only if it can't be a hash that slipped into the wrong column.
fn unknown(algorithm: Cell<'_>) -> Fault {
    let name = algorithm.text;
    let harmless = name.len() <= NAME
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b' ' | b'/'));
    let found = if harmless { format!("\"{name}\"") } else { algorithm.shape() };
    algorithm.unknown(format!(
        "found {found}, expected BCRYPT, SHA-512, SHA-256, SHA-1, MD5 or PBKDF2, or a notation for the hook such as argon2id"
    ))
}

/// Okta's digests are of one round.
fn iterated(stored: &StoredPassword<'_>) -> Result<bool, Fault> {
    Ok(Cell::new("iterations", stored.iterations)
        .map(Cell::number)
        .transpose()?
        .is_some_and(|rounds| rounds > 1))
}

fn plain(
    cell: Cell<'_>,
    algorithm: DigestAlgorithm,
    salt: Option<Cell<'_>>,
    order: Option<Cell<'_>>,
) -> Result<Reading, Fault> {
    let notation = plain_notation(algorithm);
    match salt {
        Some(salt) => salted(cell, algorithm, salt, notation, salt_order(order)?),
        None => Ok(digest::reading(notation, algorithm, &digest::read(cell, algorithm)?.bytes, None)),
    }
}

fn salted(
    cell: Cell<'_>,
    algorithm: DigestAlgorithm,
    salt: Cell<'_>,
    notation: Notation,
    order: SaltOrder,
) -> Result<Reading, Fault> {
    let value = digest::read(cell, algorithm)?;
    let salt = digest::read_salt(salt, value.hex)?;
    Ok(digest::reading(notation, algorithm, &value.bytes, Some((&salt, order))))
}

/// There is no usual order: a wrong one would lock the person out without a word from Okta.
fn salt_order(order: Option<Cell<'_>>) -> Result<SaltOrder, Fault> {
    const CHOICE: &str = "PREFIX (salt before the password) or POSTFIX (salt after it)";
    let Some(cell) = order else {
        let cell = Cell { column: "saltOrder", text: "" };
        return Err(cell.bad(format!("saltOrder is missing: {CHOICE}")));
    };
    match cell.text.to_ascii_uppercase().as_str() {
        "PREFIX" => Ok(SaltOrder::Prefix),
        "POSTFIX" | "SUFFIX" => Ok(SaltOrder::Postfix),
        _ => Err(cell.bad(format!("found {}, expected {CHOICE}", cell.shape()))),
    }
}

fn pbkdf2_columns(
    cell: Cell<'_>,
    notation: Option<Notation>,
    salt: Option<Cell<'_>>,
    stored: &StoredPassword<'_>,
) -> Result<Reading, Fault> {
    let missing =
        |column, what: &str| Cell { column, text: "" }.bad(format!("PBKDF2 needs {what}: the cell is empty"));
    let notation = match notation {
        Some(notation) => notation,
        None => hmac(
            Cell::new("digestAlgorithm", stored.digest_algorithm)
                .ok_or_else(|| missing("digestAlgorithm", "SHA256_HMAC or SHA512_HMAC"))?,
        )?,
    };
    let iterations = Cell::new("iterations", stored.iterations)
        .ok_or_else(|| missing("iterations", "the number of iterations"))?
        .number()?;
    let salt = salt.ok_or_else(|| missing("salt", "a salt"))?;
    let value = pbkdf2::value_bytes(cell.text)
        .ok_or_else(|| cell.bad(format!("found {}, expected base64 or hex of the key", cell.shape())))?;
    if let Some(size) = Cell::new("keySize", stored.key_size) {
        same_size(size, value.len())?;
    }
    let salt = digest::read_salt(salt, cell.text.len() == value.len() * 2)?;
    Parts { notation, iterations, salt, value }.reading(cell)
}

fn hmac(cell: Cell<'_>) -> Result<Notation, Fault> {
    match plain_name(cell.text).replace("HMAC", "").as_str() {
        "SHA512" => Ok(Notation::Pbkdf2Sha512),
        "SHA256" => Ok(Notation::Pbkdf2Sha256),
        "SHA1" | "SHA" => Ok(Notation::Pbkdf2Sha1),
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
