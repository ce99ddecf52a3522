//! Auth0's `custom_password_hash`, in all of its algorithms.

use serde_json::Value;

use crate::fault::Fault;
use crate::stored::{Digest, SaltOrder, TextForm};

use super::binary::{self, Bytes};
use super::cell::Cell;
use super::digest::{self, Form, letters, plain_notation};
use super::json::{number, text};
use super::reading::Reading;
use super::{ldap, modular, scrypt};

/// The reading of the object.
pub(super) fn custom(cell: Cell<'_>, object: &Value) -> Result<Reading, Fault> {
    let hash = object.get("hash").unwrap_or(&Value::Null);
    // Many write the text of the hash where its object should be.
    let value = hash.as_str().or_else(|| text(hash, "value"));
    let value = value.ok_or_else(|| cell.bad("found a custom_password_hash without hash.value"))?;
    let form = text_form(cell, object)?;
    let algorithm = text(object, "algorithm").unwrap_or_default();
    match algorithm {
        "bcrypt" | "argon2" | "pbkdf2" => self_contained(cell, modular::recognise(cell.part(value)), form),
        "ldap" => self_contained(cell, ldap::recognise(cell.part(value)), form),
        "scrypt" => scrypt(cell, object, value, form),
        "hmac" => hmac(cell, object, value, form),
        _ => match digest::named(algorithm) {
            Some(digest) => salted(cell, object, digest, value, form),
            None => Err(cell.unknown("found a custom_password_hash of an algorithm that is not Auth0's")),
        },
    }
}

fn self_contained(
    cell: Cell<'_>,
    found: Option<Result<Reading, Fault>>,
    form: TextForm,
) -> Result<Reading, Fault> {
    utf8_only(cell, form)?;
    found.unwrap_or_else(|| {
        Err(cell.bad("found a custom_password_hash whose hash.value is not of its algorithm"))
    })
}

fn salted(
    cell: Cell<'_>,
    object: &Value,
    digest: Digest,
    value: &str,
    text: TextForm,
) -> Result<Reading, Fault> {
    let value = raw_digest(cell, object, digest, value)?;
    let form = Form { text, ..Form::once(digest) };
    match salt(cell, object)? {
        None => form.reading(cell, plain_notation(digest), Bytes::default(), value),
        Some((salt, SaltOrder::Prefix)) => form.reading(cell, plain_notation(digest), salt, value),
        Some((salt, SaltOrder::Postfix)) => form.postfix().reading(cell, plain_notation(digest), salt, value),
    }
}

fn hmac(cell: Cell<'_>, object: &Value, value: &str, form: TextForm) -> Result<Reading, Fault> {
    utf8_only(cell, form)?;
    let hash = object.get("hash").unwrap_or(&Value::Null);
    let digest = text(hash, "digest").and_then(digest::named);
    let digest = digest.filter(|digest| *digest != Digest::Md4);
    let digest =
        digest.ok_or_else(|| cell.unknown("found an HMAC of no digest that is known (hash.digest)"))?;
    if object.get("salt").is_some() {
        return Err(cell.unknown("found an HMAC with a salt beside its key, which is not known"));
    }
    let key = hash.get("key").unwrap_or(&Value::Null);
    let key = text(key, "value").and_then(|value| decoded(value, text(key, "encoding")));
    let key = key.ok_or_else(|| cell.bad("found an HMAC without a readable hash.key"))?;
    digest::hmac(cell, digest, key, raw_digest(cell, object, digest, value)?)
}

fn scrypt(cell: Cell<'_>, object: &Value, value: &str, form: TextForm) -> Result<Reading, Fault> {
    utf8_only(cell, form)?;
    let encoding = object.get("hash").and_then(|hash| text(hash, "encoding"));
    let value = decoded(value, Some(encoding.unwrap_or("base64")))
        .ok_or_else(|| cell.bad("scrypt: found a hash.value that is not of its encoding"))?;
    let (key, at) = (object.get("salt").unwrap_or(&Value::Null), |name| number(cell, object, name));
    let salt = text(key, "value").and_then(|value| decoded(value, text(key, "encoding")));
    let salt = salt.ok_or_else(|| cell.bad("scrypt: found no readable salt"))?;
    if at("keylen").is_ok_and(|size| usize::try_from(size).ok() != Some(value.len())) {
        return Err(cell.bad("scrypt: found a hash of another length than keylen says"));
    }
    let n = at("cost")?.to_string();
    let log_n = scrypt::log_of(cell.part(&n))?;
    scrypt::Parts { log_n, r: at("blockSize")?, p: at("parallelization")?, salt, value }.reading(cell)
}

fn raw_digest(cell: Cell<'_>, object: &Value, digest: Digest, value: &str) -> Result<Bytes, Fault> {
    let encoding = object.get("hash").and_then(|hash| text(hash, "encoding"));
    match encoding {
        Some(encoding @ ("hex" | "base64")) => {
            let bytes = decoded(value, Some(encoding));
            cell.part(value).bytes(plain_notation(digest), "a digest in its encoding", bytes)
        }
        _ => Ok(digest::read(cell.part(value), digest)?.bytes),
    }
}

/// The salt and its side; there is no usual side, and a wrong one would lock the person out.
fn salt(cell: Cell<'_>, object: &Value) -> Result<Option<(Bytes, SaltOrder)>, Fault> {
    let Some(salt) = object.get("salt").filter(|salt| !salt.is_null()) else { return Ok(None) };
    let bytes = text(salt, "value").and_then(|value| decoded(value, text(salt, "encoding")));
    let bytes = bytes.ok_or_else(|| cell.bad("found a salt.value that is not of its encoding"))?;
    match text(salt, "position") {
        Some("prefix") => Ok(Some((bytes, SaltOrder::Prefix))),
        Some("suffix") => Ok(Some((bytes, SaltOrder::Postfix))),
        _ => Err(cell.bad("found a salt without its position, expected prefix or suffix")),
    }
}

fn decoded(value: &str, encoding: Option<&str>) -> Option<Bytes> {
    match encoding.unwrap_or("utf8") {
        "base64" => binary::base64(value),
        "hex" => binary::hex(value),
        "utf8" => Some(letters(value)).filter(|bytes| !bytes.is_empty()),
        _ => None,
    }
}

/// How the password was written before it was hashed.
fn text_form(cell: Cell<'_>, object: &Value) -> Result<TextForm, Fault> {
    match object.get("password").and_then(|password| text(password, "encoding")).unwrap_or("utf8") {
        "utf8" => Ok(TextForm::Utf8),
        "utf16le" | "ucs2" => Ok(TextForm::Utf16Le),
        _ => Err(cell.unknown("found a password.encoding that is neither utf8 nor utf16le")),
    }
}

fn utf8_only(cell: Cell<'_>, form: TextForm) -> Result<(), Fault> {
    match form {
        TextForm::Utf8 => Ok(()),
        TextForm::Utf16Le => {
            Err(cell.unknown("found a password.encoding of utf16le with other than a digest"))
        }
    }
}
