//! A hash as a JSON object in one cell: a credential of Keycloak, or Auth0's `custom_password_hash`.

use serde_json::Value;

use crate::fault::Fault;

use super::cell::Cell;
use super::reading::Reading;
use super::{auth0, keycloak};

/// Whether a text is an object rather than a `{SCHEME}`, or the list of objects that Keycloak has for a user.
pub(super) fn is_object(text: &str) -> bool {
    let object = text.strip_prefix('[').map_or(text, str::trim_start);
    object.strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with('"'))
}

/// The reading of an object.
pub(super) fn recognise(cell: Cell<'_>) -> Result<Reading, Fault> {
    let found: Value =
        serde_json::from_str(cell.text).map_err(|_| cell.bad("found JSON that is cut or torn"))?;
    let object = match &found {
        Value::Array(all) => only_password(cell, all)?,
        object => object,
    };
    let custom = object.get("custom_password_hash").unwrap_or(object);
    if object.get("secretData").is_some() || object.get("hashedSaltedValue").is_some() {
        keycloak::object(cell, object)
    } else if custom.get("hash").is_some() {
        auth0::custom(cell, custom)
    } else {
        Err(cell.unknown(
            "found a JSON object that is neither Keycloak's credential nor Auth0's custom_password_hash",
        ))
    }
}

/// The one password among the credentials of a user; others are one-time passwords and keys.
fn only_password<'a>(cell: Cell<'_>, all: &'a [Value]) -> Result<&'a Value, Fault> {
    let mut passwords = all.iter().filter(|one| text(one, "type").is_none_or(|kind| kind == "password"));
    match (passwords.next(), passwords.next()) {
        (Some(password), None) => Ok(password),
        _ => Err(cell.bad("found a list of credentials with no password in it, or with several")),
    }
}

/// A text of an object.
pub(super) fn text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object.get(name)?.as_str()
}

/// A whole number of an object, as a number or as text.
pub(super) fn number(cell: Cell<'_>, object: &Value, name: &str) -> Result<u32, Fault> {
    let found = match object.get(name) {
        Some(Value::Number(number)) => number.as_u64().and_then(|number| u32::try_from(number).ok()),
        Some(Value::String(text)) => text.parse().ok(),
        _ => None,
    };
    found.ok_or_else(|| cell.bad(format!("found no whole number as {name}")))
}
