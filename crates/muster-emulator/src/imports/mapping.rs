//! From the attributes of a source to those of the org. The mapping is fixed: at Okta it is set in the console, and
//! no API shows it.

use serde_json::{Map, Number, Value};

use crate::{
    model::{
        attribute::{Attribute, Kind},
        org::Org,
        profile::Profile,
        schema::Schema,
    },
    refusal::Refusal,
};

/// What the source calls something, and what the org calls it.
const MAPPED: [(&str, &str); 6] = [
    ("userName", "login"),
    ("email", "email"),
    ("firstName", "firstName"),
    ("lastName", "lastName"),
    ("secondEmail", "secondEmail"),
    ("mobilePhone", "mobilePhone"),
];

/// What the org's profile gets from that of the source. What was there and is no longer is cleared.
pub(super) fn mapped(
    schema: &Schema,
    former: &Profile,
    profile: &Profile,
) -> Result<Map<String, Value>, Refusal> {
    let mut values = Map::new();
    for (name, _) in former.iter().filter(|(name, _)| !profile.contains(name)) {
        if let Some((okta_name, _)) = target(schema, name) {
            values.insert(okta_name.to_owned(), Value::Null);
        }
    }
    for (name, value) in profile.iter() {
        let Some((okta_name, attribute)) = target(schema, name) else { continue };
        values.insert(okta_name.to_owned(), converted(okta_name, attribute, value)?);
    }
    Ok(values)
}

/// Refuses to change what comes from the source of a user. Okta's catalogue has three errors for it (API.md §5.5);
/// which of them is for identity sources is UNCONFIRMED.
pub(crate) fn check_mastered(org: &Org, user: u64, former: &Profile, next: &Profile) -> Result<(), Refusal> {
    let Some((source, person)) = org.resources.sources.origin(user) else { return Ok(()) };
    let is_mastered = |name: &str| {
        MAPPED.iter().any(|(_, okta_name)| *okta_name == name)
            || person.profile.contains(name)
            || source.head.attributes.iter().any(|declared| declared == name)
    };
    let names = former.iter().chain(next.iter()).map(|(name, _)| name);
    let mut changed = names.filter(|name| is_mastered(name) && former.get(name) != next.get(name));
    changed.next().map_or(Ok(()), |name| Err(Refusal::read_only_attribute(name)))
}

/// The attribute that gets a value of the source. The home address stays in the source, unless the org has an
/// attribute of its own for it; no array can be filled.
fn target<'a>(schema: &'a Schema, name: &'a str) -> Option<(&'a str, &'a Attribute)> {
    let mapped = MAPPED.iter().find(|(from, _)| *from == name).map(|(_, okta_name)| *okta_name);
    let okta_name = mapped.or_else(|| (name != "login").then_some(name))?;
    let attribute = schema.attribute(okta_name)?;
    (attribute.kind != Some(Kind::Array)).then_some((okta_name, attribute))
}

/// Sources have nothing but text: what is something else in the org is read from it.
fn converted(name: &str, attribute: &Attribute, value: Value) -> Result<Value, Refusal> {
    let text = value.as_str().unwrap_or_default().trim();
    let read = match attribute.kind.unwrap_or(Kind::String) {
        Kind::String | Kind::Array => return Ok(value),
        Kind::Boolean => text.to_ascii_lowercase().parse().ok().map(Value::Bool),
        Kind::Integer => text.parse::<i64>().ok().map(Value::from),
        Kind::Number => text.parse().ok().and_then(Number::from_f64).map(Value::Number),
    };
    read.ok_or_else(|| Refusal::field(name, attribute.fault_of(name, &value).unwrap_or_default()))
}
