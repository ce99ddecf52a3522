//! What an attribute must be like to be taken into a schema (API.md §8.1). The texts are UNCONFIRMED.

use serde_json::{Number, Value};

use super::attribute::{Attribute, Choice, Items, Kind};
use crate::refusal::Refusal;

const FORMATS: [&str; 10] = [
    "uri",
    "date-time",
    "email",
    "ref-id",
    "encrypted",
    "hashed",
    "country-code",
    "language-code",
    "locale",
    "timezone",
];
const SCOPES: [&str; 2] = ["NONE", "SELF"];
const MUTABILITIES: [&str; 4] = ["READ_WRITE", "READ_ONLY", "IMMUTABLE", "WRITE_ONLY"];
const MASTERS: [&str; 3] = ["PROFILE_MASTER", "OKTA", "OVERRIDE"];
const ACTIONS: [&str; 3] = ["HIDE", "READ_ONLY", "READ_WRITE"];

const BLANK: &str = "The field cannot be left blank";
const UNKNOWN: &str = "The value is not one of those that the field can have";

/// Refuses an attribute that can't be taken; `present` is the one that it would take the place of. Its pattern must
/// be ready for use.
pub(super) fn check(name: &str, attribute: &Attribute, present: Option<&Attribute>) -> Result<(), Refusal> {
    if attribute.title.as_deref().is_none_or(str::is_empty) {
        return Err(Refusal::field("title", BLANK));
    }
    let kind = attribute.kind.ok_or_else(|| Refusal::field("type", BLANK))?;
    if present.is_some_and(|present| present.kind != Some(kind)) {
        return Err(Refusal::field(name, "The type of an attribute cannot be changed"));
    }
    check_words(attribute)?;
    check_bounds(kind, attribute)?;
    check_items(kind, attribute.items.as_ref())?;
    check_choices(attribute)?;
    if kind == Kind::Array && attribute.is_unique() {
        return Err(Refusal::field("unique", "An attribute of this type cannot be unique"));
    }
    let fault = attribute.default.as_ref().and_then(|default| attribute.fault_of(name, default));
    fault.map_or(Ok(()), |wrong| Err(Refusal::field("default", wrong)))
}

/// The members that can have certain words only.
fn check_words(attribute: &Attribute) -> Result<(), Refusal> {
    let among = |name: &str, word: Option<&str>, words: &[&str]| {
        let known = word.is_none_or(|word| words.contains(&word));
        if known { Ok(()) } else { Err(Refusal::field(name, UNKNOWN)) }
    };
    among("format", attribute.format.as_deref(), &FORMATS)?;
    among("scope", attribute.scope.as_deref(), &SCOPES)?;
    among("mutability", attribute.mutability.as_deref(), &MUTABILITIES)?;
    let word =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let master = attribute.master.as_ref().map(|master| word(master, "type"));
    among("master", master.as_deref(), &MASTERS)?;
    let Some(permissions) = &attribute.permissions else { return Ok(()) };
    let permissions = permissions.as_array().ok_or_else(Refusal::malformed)?;
    permissions.iter().try_for_each(|permission| {
        among("permissions", Some(&word(permission, "principal")), &["SELF"])?;
        among("permissions", Some(&word(permission, "action")), &ACTIONS)
    })
}

/// Texts have lengths and patterns, numbers have bounds, and the lower one is not above the upper one.
fn check_bounds(kind: Kind, attribute: &Attribute) -> Result<(), Refusal> {
    let lengths = [attribute.min_length, attribute.max_length];
    if kind != Kind::String && (lengths.iter().any(Option::is_some) || attribute.pattern.is_some()) {
        return Err(Refusal::field("type", "Only a string has a length or a pattern"));
    }
    let bounds = [&attribute.minimum, &attribute.maximum];
    if !matches!(kind, Kind::Number | Kind::Integer) && bounds.iter().any(|bound| bound.is_some()) {
        return Err(Refusal::field("type", "Only a number has a minimum or a maximum"));
    }
    if let [Some(least), Some(most)] = lengths
        && least > most
    {
        return Err(Refusal::field("minLength", "The minimum is above the maximum"));
    }
    let number = |bound: &Option<Number>| bound.as_ref().and_then(Number::as_f64);
    let crossed = number(bounds[0]).zip(number(bounds[1])).is_some_and(|(least, most)| least > most);
    if crossed { Err(Refusal::field("minimum", "The minimum is above the maximum")) } else { Ok(()) }
}

fn check_items(kind: Kind, items: Option<&Items>) -> Result<(), Refusal> {
    match (kind, items) {
        (Kind::Array, None) => Err(Refusal::field("items", BLANK)),
        (Kind::Array, Some(items)) if matches!(items.kind, Kind::Array | Kind::Boolean) => {
            Err(Refusal::field("items", "The elements must be strings, numbers or integers"))
        }
        (Kind::Array, Some(_)) | (_, None) => Ok(()),
        (_, Some(_)) => Err(Refusal::field("items", "Only an array has items")),
    }
}

/// The values of an enumeration are those of its titled choices, each once, and of the attribute's type.
fn check_choices(attribute: &Attribute) -> Result<(), Refusal> {
    let own = (attribute.choices.as_deref(), attribute.one_of.as_deref(), attribute.kind);
    let items = attribute.items.as_ref();
    let inner = items.map(|items| (items.choices.as_deref(), items.one_of.as_deref(), Some(items.kind)));
    [Some(own), inner].into_iter().flatten().try_for_each(|(choices, titled, kind)| {
        if !agree(choices, titled) {
            return Err(Refusal::choices());
        }
        let kind = kind.unwrap_or(Kind::String);
        let mistyped = choices.unwrap_or_default().iter().any(|choice| !kind.is_kind_of(choice));
        if mistyped {
            Err(Refusal::field("enum", "A value is not of the type of the attribute"))
        } else {
            Ok(())
        }
    })
}

fn agree(choices: Option<&[Value]>, titled: Option<&[Choice]>) -> bool {
    match (choices, titled) {
        (Some(choices), Some(titled)) => titled.iter().map(|choice| &choice.value).eq(choices.iter()),
        (None, None) => true,
        _ => false,
    }
}
