//! A credential of Keycloak: what everybody may know of it in `credentialData`, salt and hash in `secretData`.

use std::borrow::Cow;

use serde_json::Value;

use crate::fault::Fault;
use crate::stored::{Argon2Variant, Digest, StoredHash};

use super::binary::{self, Bytes};
use super::ceiling::LONGEST_TEXT;
use super::cell::Cell;
use super::json::{number, text};
use super::pbkdf2::Parts;
use super::reading::Reading;
use super::{Notation, StoredPassword};

/// The algorithm of releases that did not write one.
const FIRST_ALGORITHM: &str = "pbkdf2";

/// The reading of the two columns of Keycloak's own table; none where both are empty.
pub(super) fn columns(stored: &StoredPassword<'_>) -> Result<Option<Reading>, Fault> {
    let secret = Cell::new("secretData", stored.secret_data);
    let data = Cell::new("credentialData", stored.credential_data);
    match (secret, data) {
        (None, None) => Ok(None),
        (Some(secret), Some(data)) => credential(secret, &parsed(secret)?, &parsed(data)?).map(Some),
        (Some(_), None) => Err(Cell::missing("credentialData", "is empty, and secretData is not")),
        (None, Some(_)) => Err(Cell::missing("secretData", "is empty, and credentialData is not")),
    }
}

/// The reading of a credential as an export of a realm has it.
pub(super) fn object(cell: Cell<'_>, object: &Value) -> Result<Reading, Fault> {
    if object.get("hashedSaltedValue").is_some() {
        return read(cell, object, object, "hashedSaltedValue");
    }
    let member =
        |name| object.get(name).ok_or_else(|| cell.bad(format!("found no {name} in the credential")));
    credential(cell, &*inner(cell, member("secretData")?)?, &*inner(cell, member("credentialData")?)?)
}

fn parsed(cell: Cell<'_>) -> Result<Value, Fault> {
    if cell.text.len() > LONGEST_TEXT {
        return Err(cell.too_long());
    }
    serde_json::from_str(cell.text).map_err(|_| cell.bad("found no JSON, or JSON that is cut"))
}

/// An object, or the text of one.
fn inner<'a>(cell: Cell<'_>, value: &'a Value) -> Result<Cow<'a, Value>, Fault> {
    match value {
        Value::String(text) => parsed(cell.part(text)).map(Cow::Owned),
        value => Ok(Cow::Borrowed(value)),
    }
}

fn credential(cell: Cell<'_>, secret: &Value, data: &Value) -> Result<Reading, Fault> {
    read(cell, secret, data, "value")
}

fn read(cell: Cell<'_>, secret: &Value, data: &Value, value: &str) -> Result<Reading, Fault> {
    let bytes = |name: &str| {
        let found = text(secret, name).and_then(binary::base64);
        found.ok_or_else(|| cell.bad(format!("found no base64 as {name} of the credential")))
    };
    let iterations = number(cell, data, "hashIterations")?;
    let (salt, value) = (bytes("salt")?, bytes(value)?);
    let digest = match text(data, "algorithm").unwrap_or(FIRST_ALGORITHM) {
        "pbkdf2" => Digest::Sha1,
        "pbkdf2-sha256" => Digest::Sha256,
        "pbkdf2-sha512" => Digest::Sha512,
        "argon2" => return argon2(cell, data, iterations, salt, value),
        _ => {
            return Err(cell.unknown(
                "found a Keycloak credential of another algorithm than argon2, pbkdf2, pbkdf2-sha256 and \
                 pbkdf2-sha512",
            ));
        }
    };
    Parts { digest, iterations, salt, value }.reading(cell)
}

fn argon2(cell: Cell<'_>, data: &Value, passes: u32, salt: Bytes, value: Bytes) -> Result<Reading, Fault> {
    let more = data.get("additionalParameters").unwrap_or(&Value::Null);
    let bad = |what: &str| cell.bad(format!("found a Keycloak credential of argon2 without a known {what}"));
    let number = |name: &str| first(more, name).and_then(|text| text.parse().ok()).ok_or_else(|| bad(name));
    let (variant, notation) = match first(more, "type") {
        Some("id") => (Argon2Variant::Id, Notation::Argon2id),
        Some("i") => (Argon2Variant::I, Notation::Argon2i),
        Some("d") => (Argon2Variant::D, Notation::Argon2d),
        _ => return Err(bad("type")),
    };
    let version = match first(more, "version") {
        Some("1.3") => 0x13,
        Some("1.0") => 0x10,
        _ => return Err(bad("version")),
    };
    if first(more, "hashLength").is_some_and(|length| length.parse() != Ok(value.len())) {
        return Err(cell.bad(format!("{notation}: found another length of the hash than hashLength says")));
    }
    let (memory, lanes) = (number("memory")?, number("parallelism")?);
    let stored = StoredHash::Argon2 { variant, version, memory, passes, lanes, salt, value };
    Reading::checked(cell, notation, stored)
}

/// Keycloak writes every further parameter as a list of one text.
fn first<'a>(more: &'a Value, name: &str) -> Option<&'a str> {
    match more.get(name)? {
        Value::Array(values) => values.first()?.as_str(),
        value => value.as_str(),
    }
}
