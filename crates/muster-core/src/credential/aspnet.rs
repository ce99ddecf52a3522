//! What ASP.NET has written: Identity in both versions, and Membership before it.

use crate::fault::Fault;
use crate::stored::{Digest, TextForm};

use super::Notation;
use super::binary::{self, Bytes};
use super::cell::{Cell, parts};
use super::digest::Form;
use super::pbkdf2::Parts;
use super::reading::Reading;

/// Identity, version 2: a zero, 16 bytes of salt, 32 of key.
const VERSION_2: usize = 1 + 16 + 32;
/// The rounds of version 2, over SHA-1.
const ROUNDS_OF_VERSION_2: u32 = 1000;

/// ASP.NET Identity, whose base64 says by its first byte which version it is.
pub(super) fn identity(text: &str) -> Option<Parts> {
    // No first byte but 0 and 1 is known, so no other first letter is.
    let bytes = text.starts_with('A').then(|| binary::base64(text)).flatten()?;
    match bytes.split_first()? {
        (0, rest) if bytes.len() == VERSION_2 => {
            let (salt, value) = rest.split_at_checked(16)?;
            Some(of(Digest::Sha1, ROUNDS_OF_VERSION_2, salt, value))
        }
        (1, rest) => version_3(rest),
        _ => None,
    }
}

/// The HMAC, the iterations and the length of the salt in four bytes each, the salt and the key.
fn version_3(bytes: &[u8]) -> Option<Parts> {
    let (hmac, rest) = number(bytes)?;
    let (iterations, rest) = number(rest)?;
    let (salt_size, rest) = number(rest)?;
    let digest = match hmac {
        0 => Digest::Sha1,
        1 => Digest::Sha256,
        2 => Digest::Sha512,
        _ => return None,
    };
    let (salt, value) = rest.split_at_checked(usize::try_from(salt_size).ok()?)?;
    (!salt.is_empty() && !value.is_empty()).then(|| of(digest, iterations, salt, value))
}

fn of(digest: Digest, iterations: u32, salt: &[u8], value: &[u8]) -> Parts {
    Parts { digest, iterations, salt: Bytes::new(salt.to_vec()), value: Bytes::new(value.to_vec()) }
}

fn number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_first_chunk::<4>()?;
    Some((u32::from_be_bytes(*number), rest))
}

/// Membership: a digest over the bytes of the salt and the password as Windows writes it, both base64.
pub(super) fn membership(
    cell: Cell<'_>,
    digest: Digest,
    value: &str,
    salt: Cell<'_>,
) -> Result<Reading, Fault> {
    const NOTATION: Notation = Notation::AspnetMembership;
    let salt = salt.bytes(NOTATION, "a salt in base64", binary::base64(salt.text))?;
    let value = cell.part(value).bytes(NOTATION, "a hash in base64", binary::base64(value))?;
    let form = Form { text: TextForm::Utf16Le, ..Form::once(digest) };
    form.reading(cell, NOTATION, salt, value)
}

/// Membership in one cell, as its migration to Identity leaves it: `hash|format|salt`.
pub(super) fn one_cell(cell: Cell<'_>) -> Option<Result<Reading, Fault>> {
    let [value, format, salt] = parts(cell.text, '|')?;
    Some(match format {
        "0" => {
            Err(cell.bad("found a password in clear: move it to the password column, without what follows"))
        }
        "1" => hashed(cell, value, salt),
        // Encrypted with the key of the old server.
        "2" => Ok(Reading::unverifiable(Notation::AspnetMembership)),
        _ => return None,
    })
}

fn hashed(cell: Cell<'_>, value: &str, salt: &str) -> Result<Reading, Fault> {
    if binary::base64(value).is_some_and(|bytes| bytes.len() != Digest::Sha1.size()) {
        // .NET 4 may have keyed an HMAC-SHA-256 with the salt, and nothing in the cell tells it from SHA-256.
        return Err(cell.bad(
            "aspnet-membership: found another digest than SHA-1; give hashedPassword, salt and an algorithm \
             of aspnet-membership-sha256 as columns of their own if it is plain SHA-256",
        ));
    }
    membership(cell, Digest::Sha1, value, cell.part(salt))
}
