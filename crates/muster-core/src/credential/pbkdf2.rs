//! PBKDF2, whatever it is written in.

use crate::fault::Fault;
use crate::stored::{Digest, StoredHash};

use super::binary::{self, Bytes};
use super::cell::Cell;
use super::digest::letters;
use super::params::Params;
use super::reading::Reading;
use super::{Notation, digest};

/// 389 Directory Server: four bytes of rounds, 64 of salt, 256 of key.
const PACKED_389: (usize, usize) = (64, 256);
/// Atlassian's `{PKCS5S2}`: 16 bytes of salt, 32 of key.
const PACKED_ATLASSIAN: (usize, usize) = (16, 32);
/// What Atlassian never changed.
const ROUNDS_OF_ATLASSIAN: u32 = 10_000;

/// The parts of a PBKDF2 hash.
pub(super) struct Parts {
    pub(super) digest: Digest,
    pub(super) iterations: u32,
    pub(super) salt: Bytes,
    pub(super) value: Bytes,
}

impl Parts {
    /// The hash, if its costs and lengths are bearable. The cell is where faults are reported.
    pub(super) fn reading(self, cell: Cell<'_>) -> Result<Reading, Fault> {
        let Self { digest, iterations, salt, value } = self;
        let notation = notation(digest)
            .ok_or_else(|| cell.unknown(format!("PBKDF2 over {} is not known", digest::name(digest))))?;
        Reading::checked(cell, notation, StoredHash::Pbkdf2 { digest, salt, iterations, value })
    }
}

/// `ROUNDS$SALT$KEY`, as passlib and OpenLDAP write it, or `i=ROUNDS,l=SIZE$SALT$KEY`, as the PHC does.
pub(super) fn modular(cell: Cell<'_>, digest: Digest, rest: &str) -> Result<Reading, Fault> {
    let notation = notation_or_sha1(digest);
    let [params, salt, value] = cell.part(rest).fields(notation, "iterations$salt$hash")?;
    let (iterations, size) = rounds(cell, notation, params)?;
    let read = |text| {
        binary::adapted_base64(text)
            .ok_or_else(|| cell.bad(format!("{notation}: found a salt or a hash that is not base64")))
    };
    let parts = Parts { digest, iterations, salt: read(salt)?, value: read(value)? };
    match size {
        Some(size) if usize::try_from(size).ok() != Some(parts.value.len()) => {
            let found = parts.value.len();
            Err(cell.bad(format!("{notation}: found a key of {found} bytes, expected l={size}")))
        }
        _ => parts.reading(cell),
    }
}

/// What follows `{PBKDF2-SHA256}` and its kin in a directory.
pub(super) fn scheme(cell: Cell<'_>, digest: Digest) -> Result<Reading, Fault> {
    if let Some(rest) = cell.text.strip_prefix("$1$") {
        return dovecot(cell, rest);
    }
    if cell.text.contains('$') {
        return modular(cell, digest, cell.text);
    }
    let (salt, key) = PACKED_389;
    let bytes = binary::base64(cell.text).filter(|bytes| bytes.len() == 4 + salt + key);
    let bytes =
        cell.bytes(notation_or_sha1(digest), "iterations$salt$hash, or base64 of 324 bytes", bytes)?;
    let iterations = bytes.first_chunk().map(|number| u32::from_be_bytes(*number)).unwrap_or_default();
    packed(cell, digest, iterations, bytes.get(4..).unwrap_or_default(), salt)
}

/// `{PKCS5S2}` of Jira, Confluence and Crowd.
pub(super) fn atlassian(cell: Cell<'_>) -> Result<Reading, Fault> {
    let (salt, key) = PACKED_ATLASSIAN;
    let bytes = binary::base64(cell.text).filter(|bytes| bytes.len() == salt + key);
    let bytes = cell.bytes(Notation::Pbkdf2Sha1, "base64 of 48 bytes", bytes)?;
    packed(cell, Digest::Sha1, ROUNDS_OF_ATLASSIAN, &bytes, salt)
}

/// Salt and key in one, the salt of this length.
pub(super) fn packed(
    cell: Cell<'_>,
    digest: Digest,
    iterations: u32,
    bytes: &[u8],
    salt: usize,
) -> Result<Reading, Fault> {
    let (salt, value) = bytes.split_at_checked(salt).unwrap_or_default();
    let (salt, value) = (Bytes::new(salt.to_vec()), Bytes::new(value.to_vec()));
    Parts { digest, iterations, salt, value }.reading(cell)
}

/// Dovecot's own order of the parts, `SALT$ROUNDS$HEX`; it has HMAC-SHA-1 alone.
fn dovecot(cell: Cell<'_>, rest: &str) -> Result<Reading, Fault> {
    let [salt, iterations, value] = cell.part(rest).fields(Notation::Pbkdf2Sha1, "$1$salt$iterations$hex")?;
    let value = cell.bytes(Notation::Pbkdf2Sha1, "hex at the end", binary::hex(value))?;
    let iterations = cell.part(iterations).number()?;
    Parts { digest: Digest::Sha1, iterations, salt: letters(salt), value }.reading(cell)
}

/// Salts that are text: `salt$key`, the key in base64 (Django) or hex (Werkzeug).
pub(super) fn with_text_salt(
    cell: Cell<'_>,
    digest: Digest,
    iterations: &str,
    rest: &str,
) -> Result<Reading, Fault> {
    let notation = notation_or_sha1(digest);
    let iterations = cell.part(iterations).number()?;
    let [salt, value] = cell.part(rest).fields(notation, "iterations$salt$hash")?;
    if salt.is_empty() {
        return Err(cell.bad(format!("{notation}: found an empty salt")));
    }
    let value = binary::key(value)
        .ok_or_else(|| cell.bad(format!("{notation}: found a hash that is neither base64 nor hex")))?;
    Parts { digest, iterations, salt: letters(salt), value }.reading(cell)
}

/// The notation of PBKDF2 over the HMAC of a digest.
pub(super) fn notation(digest: Digest) -> Option<Notation> {
    match digest {
        Digest::Sha1 => Some(Notation::Pbkdf2Sha1),
        Digest::Sha256 => Some(Notation::Pbkdf2Sha256),
        Digest::Sha512 => Some(Notation::Pbkdf2Sha512),
        Digest::Md4 | Digest::Md5 | Digest::Sha384 => None,
    }
}

/// The digest of an HMAC by its name.
pub(super) fn digest_of(name: &str) -> Option<Digest> {
    digest::named(name).filter(|digest| notation(*digest).is_some())
}

/// The name for faults of a text whose marker has named the digest.
fn notation_or_sha1(digest: Digest) -> Notation {
    notation(digest).unwrap_or(Notation::Pbkdf2Sha1)
}

/// The rounds, and the size of the key where it is said.
fn rounds(cell: Cell<'_>, notation: Notation, params: &str) -> Result<(u32, Option<u32>), Fault> {
    if !params.contains('=') {
        return Ok((cell.part(params).number()?, None));
    }
    let params = Params::of(cell.part(params), notation, &["i", "l"])?;
    Ok((params.number("i")?, params.optional("l")?))
}
