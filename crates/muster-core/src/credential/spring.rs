//! What Spring Security writes behind its `{id}`, where it is not what a directory would write there.

use crate::fault::Fault;
use crate::stored::Digest;

use super::binary::{self, Bytes};
use super::cell::Cell;
use super::digest::{self, Form, letters, plain_notation};
use super::reading::Reading;
use super::{Notation, modular, pbkdf2, scrypt};

/// Bytes of the salt of `StandardPasswordEncoder`, and of `Pbkdf2PasswordEncoder` before release 5.8.
const OLD_SALT: usize = 8;
/// Bytes of the salt of `Pbkdf2PasswordEncoder` since.
const NEW_SALT: usize = 16;
/// Bytes of the key of both.
const KEY: usize = 32;
/// Rounds of `StandardPasswordEncoder`.
const STANDARD_ROUNDS: u32 = 1024;
/// Rounds of `Pbkdf2PasswordEncoder`, over SHA-1, before release 5.8.
const OLD_ROUNDS: u32 = 185_000;
/// Rounds since, over SHA-256.
const NEW_ROUNDS: u32 = 310_000;

/// `{id@SpringSecurity_v5_8}`: newer settings of an encoder that has been there before.
pub(super) fn of_release_5_8(cell: Cell<'_>, name: &str) -> Option<Result<Reading, Fault>> {
    match name {
        "PBKDF2" => Some(pbkdf2_of_release_5_8(cell)),
        "SCRYPT" => Some(scrypt::modular(cell, cell.text.strip_prefix('$').unwrap_or_default())),
        "ARGON2" | "BCRYPT" => modular::recognise(cell),
        _ => None,
    }
}

/// Whether this can be nothing else than what `Pbkdf2PasswordEncoder` writes: hex of salt and key.
pub(super) fn is_pbkdf2(text: &str) -> bool {
    is_hex(text, OLD_SALT + KEY)
}

/// `{pbkdf2}` with the settings before release 5.8 and no secret.
pub(super) fn pbkdf2(cell: Cell<'_>) -> Result<Reading, Fault> {
    let bytes = binary::hex(cell.text).filter(|bytes| bytes.len() == OLD_SALT + KEY);
    let bytes = cell.bytes(Notation::Pbkdf2Sha1, "hex of 40 bytes", bytes)?;
    pbkdf2::packed(cell, Digest::Sha1, OLD_ROUNDS, &bytes, OLD_SALT)
}

fn pbkdf2_of_release_5_8(cell: Cell<'_>) -> Result<Reading, Fault> {
    let bytes = binary::hex(cell.text).filter(|bytes| bytes.len() == NEW_SALT + KEY);
    let bytes = cell.bytes(Notation::Pbkdf2Sha256, "hex of 48 bytes", bytes)?;
    pbkdf2::packed(cell, Digest::Sha256, NEW_ROUNDS, &bytes, NEW_SALT)
}

/// Whether this is what `StandardPasswordEncoder` writes: hex of salt and digest.
pub(super) fn is_standard(text: &str) -> bool {
    is_hex(text, OLD_SALT + KEY)
}

/// `{sha256}`: 1024 rounds over salt and password.
pub(super) fn standard(cell: Cell<'_>) -> Result<Reading, Fault> {
    let bytes = binary::hex(cell.text).unwrap_or_default();
    let (salt, value) = bytes.split_at_checked(OLD_SALT).unwrap_or_default();
    let form = Form { rounds: STANDARD_ROUNDS, ..Form::once(Digest::Sha256) };
    form.reading(cell, Notation::IteratedDigest, Bytes::new(salt.to_vec()), Bytes::new(value.to_vec()))
}

/// `{MD5}`, `{SHA-1}` and their kin with a salt: `{salt}hex`, where the braces are part of what is digested.
pub(super) fn message_digest(cell: Cell<'_>, digest: Digest) -> Result<Reading, Fault> {
    let notation = plain_notation(digest);
    let end = cell.text.find('}').ok_or_else(|| cell.malformed(notation, "{salt} and a digest"))?;
    let (salt, value) = cell.text.split_at_checked(end + 1).unwrap_or_default();
    let value = digest::read(cell.part(value), digest)?.bytes;
    Form::once(digest).postfix().reading(cell, notation, letters(salt), value)
}

fn is_hex(text: &str, bytes: usize) -> bool {
    text.len() == bytes * 2 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
