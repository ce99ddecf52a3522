//! The org's user schema, as far as it says what a profile may hold (API.md §5.2, §8.1).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The type of an attribute's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Text.
    String,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
}

impl Kind {
    /// The word of the schema.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
        }
    }
}

/// One attribute of the schema, with the rules that can be checked here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attribute {
    /// Its name, in the spelling of the org.
    pub name: String,
    /// The type of its value, or of its values.
    pub kind: Kind,
    /// Whether it holds a list of such values.
    #[serde(default, skip_serializing_if = "is_false")]
    pub array: bool,
    /// Whether a user can't be without it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// Whether the org fills it in where nothing is sent.
    #[serde(default, skip_serializing_if = "is_false")]
    pub has_default: bool,
    /// Fewest characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u64>,
    /// Most characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u64>,
    /// Least number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<f64>,
    /// Greatest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<f64>,
    /// The only values allowed, if not empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<Value>,
    /// The regular expression that the value must match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// The format word, such as `email`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

impl Attribute {
    /// A text attribute without rules.
    pub fn text(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind: Kind::String,
            array: false,
            required: false,
            has_default: false,
            min_length: None,
            max_length: None,
            minimum: None,
            maximum: None,
            allowed: Vec::new(),
            pattern: None,
            format: None,
        }
    }

    fn required(mut self, min: u64, max: u64) -> Self {
        (self.required, self.min_length, self.max_length) = (true, Some(min), Some(max));
        self
    }

    fn at_most(mut self, max: u64) -> Self {
        self.max_length = Some(max);
        self
    }

    fn email(mut self) -> Self {
        self.format = Some("email".to_owned());
        self
    }

    /// The type as the schema words it.
    pub fn type_name(&self) -> String {
        if self.array { format!("array of {}", self.kind.as_str()) } else { self.kind.as_str().to_owned() }
    }
}

/// The attributes that a user's profile may have in one org.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProfileSchema {
    attributes: BTreeMap<String, Attribute>,
}

/// The base attributes without a rule of their own, in the order of API.md §5.2.
const PLAIN_BASE: [&str; 20] = [
    "middleName",
    "honorificPrefix",
    "honorificSuffix",
    "title",
    "displayName",
    "nickName",
    "profileUrl",
    "streetAddress",
    "city",
    "state",
    "zipCode",
    "countryCode",
    "postalAddress",
    "preferredLanguage",
    "locale",
    "timezone",
    "userType",
    "employeeNumber",
    "costCenter",
    "organization",
];

impl ProfileSchema {
    /// A schema of these attributes.
    pub fn new(attributes: impl IntoIterator<Item = Attribute>) -> Self {
        Self {
            attributes: attributes.into_iter().map(|attribute| (attribute.name.clone(), attribute)).collect(),
        }
    }

    /// The 31 attributes that every org has, with their default rules: for an org whose schema can't be read.
    pub fn base() -> Self {
        let ruled = [
            Attribute::text("login").required(5, 100),
            Attribute::text("email").required(5, 100).email(),
            Attribute::text("firstName").required(1, 50),
            Attribute::text("lastName").required(1, 50),
            Attribute::text("secondEmail").at_most(100).email(),
            Attribute::text("mobilePhone").at_most(100),
            Attribute::text("primaryPhone").at_most(100),
        ];
        let rest = ["division", "department", "managerId", "manager"];
        Self::new(ruled.into_iter().chain(PLAIN_BASE.into_iter().chain(rest).map(Attribute::text)))
    }

    /// The attribute of exactly this name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.get(name)
    }

    /// The attribute whose name is this one but for case. Custom names are unique in that way (API.md §8.1).
    pub fn find(&self, name: &str) -> Option<&Attribute> {
        self.attribute(name)
            .or_else(|| self.attributes.values().find(|attribute| attribute.name.eq_ignore_ascii_case(name)))
    }

    /// All attributes, by name.
    pub fn attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.attributes.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_has_31_attributes() {
        assert_eq!(ProfileSchema::base().attributes().count(), 31);
        assert_eq!(
            ProfileSchema::base().find("FIRSTNAME").map(|found| found.name.as_str()),
            Some("firstName")
        );
    }

    #[test]
    fn a_schema_survives_the_plan_file() {
        let schema = ProfileSchema::base();
        let text = serde_json::to_string(&schema).unwrap();
        assert_eq!(serde_json::from_str::<ProfileSchema>(&text).unwrap(), schema);
    }
}
