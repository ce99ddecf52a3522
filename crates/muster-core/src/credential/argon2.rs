//! Argon2, in the notation of the password hashing competition.

use crate::fault::Fault;
use crate::stored::{Argon2Variant, StoredHash};

use super::cell::Cell;
use super::params::Params;
use super::reading::Reading;
use super::{Notation, binary};

/// The version where none is written.
const FIRST_VERSION: u32 = 0x10;

/// Which of the three has this name.
pub(super) fn variant(name: &str) -> Option<(Argon2Variant, Notation)> {
    match name {
        "argon2id" => Some((Argon2Variant::Id, Notation::Argon2id)),
        "argon2i" => Some((Argon2Variant::I, Notation::Argon2i)),
        "argon2d" => Some((Argon2Variant::D, Notation::Argon2d)),
        _ => None,
    }
}

/// What follows `$argon2id$`: `v=19$m=65536,t=3,p=4$salt$hash`, the version left out in old ones.
pub(super) fn modular(
    cell: Cell<'_>,
    (variant, notation): (Argon2Variant, Notation),
    rest: &str,
) -> Result<Reading, Fault> {
    let (version, rest) = match rest.strip_prefix("v=").and_then(|rest| rest.split_once('$')) {
        Some((version, rest)) => (cell.part(version).number()?, rest),
        None => (FIRST_VERSION, rest),
    };
    let [params, salt, value] =
        cell.part(rest).fields(notation, "m=memory,t=passes,p=lanes$salt$hash after the version")?;
    let params = Params::of(cell.part(params), notation, &["m", "t", "p"])?;
    let read = |what, text| cell.part(text).bytes(notation, what, binary::base64(text));
    let stored = StoredHash::Argon2 {
        variant,
        version,
        memory: params.number("m")?,
        passes: params.number("t")?,
        lanes: params.number("p")?,
        salt: read("a salt in base64", salt)?,
        value: read("a hash in base64", value)?,
    };
    Reading::checked(cell, notation, stored)
}
