//! The 31 attributes that every user has, as an org's schema shows them.

use std::collections::BTreeMap;

use serde_json::json;

use super::attribute::{Attribute, Kind};

struct Row(&'static str, &'static str, Option<(usize, usize)>, Option<&'static str>, &'static str);

const READ_ONLY: &str = "READ_ONLY";
const READ_WRITE: &str = "READ_WRITE";
const HIDE: &str = "HIDE";

static ROWS: [Row; 31] = [
    Row("login", "Username", Some((5, 100)), None, READ_ONLY),
    Row("firstName", "First name", Some((1, 50)), None, READ_WRITE),
    Row("lastName", "Last name", Some((1, 50)), None, READ_WRITE),
    Row("email", "Primary email", Some((5, 100)), Some("email"), READ_WRITE),
    Row("secondEmail", "Secondary email", Some((0, 100)), Some("email"), READ_WRITE),
    Row("mobilePhone", "Mobile phone", Some((0, 100)), None, READ_WRITE),
    Row("primaryPhone", "Primary phone", Some((0, 100)), None, HIDE),
    Row("middleName", "Middle name", None, None, READ_ONLY),
    Row("honorificPrefix", "Honorific prefix", None, None, READ_ONLY),
    Row("honorificSuffix", "Honorific suffix", None, None, READ_ONLY),
    Row("title", "Title", None, None, READ_ONLY),
    Row("displayName", "Display name", None, None, READ_ONLY),
    Row("nickName", "Nickname", None, None, READ_ONLY),
    Row("profileUrl", "Profile Url", None, Some("uri"), READ_ONLY),
    Row("streetAddress", "Street address", None, None, HIDE),
    Row("city", "City", None, None, HIDE),
    Row("state", "State", None, None, HIDE),
    Row("zipCode", "Zip code", None, None, HIDE),
    Row("countryCode", "Country code", None, Some("country-code"), HIDE),
    Row("postalAddress", "Postal Address", None, None, HIDE),
    Row("preferredLanguage", "Preferred language", None, Some("language-code"), READ_ONLY),
    Row("locale", "Locale", None, Some("locale"), READ_ONLY),
    Row("timezone", "Time zone", None, Some("timezone"), READ_ONLY),
    Row("userType", "User type", None, None, READ_ONLY),
    Row("employeeNumber", "Employee number", None, None, READ_ONLY),
    Row("costCenter", "Cost center", None, None, READ_ONLY),
    Row("organization", "Organization", None, None, READ_ONLY),
    Row("division", "Division", None, None, READ_ONLY),
    Row("department", "Department", None, None, READ_ONLY),
    Row("managerId", "ManagerId", None, None, READ_ONLY),
    Row("manager", "Manager", None, None, READ_ONLY),
];

/// Attributes whose numbers and booleans are taken as text.
pub(crate) const COERCED: [&str; 6] =
    ["firstName", "lastName", "email", "login", "mobilePhone", "secondEmail"];

/// The attributes that must be there unless the schema has been changed.
pub(crate) const REQUIRED: [&str; 4] = ["login", "firstName", "lastName", "email"];

/// The base part of a new org's schema.
pub(crate) fn base_attributes() -> BTreeMap<String, Attribute> {
    ROWS.iter().map(|row| (row.0.to_owned(), attribute(row))).collect()
}

/// A small number for the name of a base attribute. It holds for this run of the program alone.
pub(super) fn code_of(name: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.0 == name)
}

/// The name for which a number stands.
pub(super) fn name_of(code: usize) -> Option<&'static str> {
    ROWS.get(code).map(|row| row.0)
}

fn attribute(Row(name, title, lengths, format, own): &Row) -> Attribute {
    Attribute {
        title: Some((*title).to_owned()),
        kind: Some(Kind::String),
        format: format.map(str::to_owned),
        required: REQUIRED.contains(name).then_some(true),
        mutability: Some(READ_WRITE.to_owned()),
        scope: Some("NONE".to_owned()),
        min_length: lengths.map(|(min, _)| min).filter(|min| *min > 0),
        max_length: lengths.map(|(_, max)| max),
        permissions: Some(json!([{"principal": "SELF", "action": own}])),
        master: Some(json!({"type": "PROFILE_MASTER"})),
        ..Attribute::default()
    }
}
