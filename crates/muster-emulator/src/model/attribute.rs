//! One attribute of a user schema, and what it says about a value.

use regex::Regex;
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

use super::formats;

/// The types that an attribute can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    String,
    Boolean,
    Number,
    Integer,
    Array,
}

/// Whether values must differ from user to user: written as a boolean, read back as a state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Unique {
    Wanted(bool),
    State(String),
}

/// The members of an attribute, as in the schema's JSON.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Attribute {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<Items>,
    #[serde(rename = "enum", skip_serializing_if = "Option::is_none")]
    pub choices: Option<Vec<Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub one_of: Option<Vec<Choice>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mutability: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unique: Option<Unique>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permissions: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub master: Option<Value>,
    #[serde(skip)]
    pub(crate) compiled: Option<Regex>,
}

/// What the elements of an array attribute are.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Items {
    #[serde(rename = "type")]
    pub kind: Kind,
    #[serde(rename = "enum", skip_serializing_if = "Option::is_none")]
    pub choices: Option<Vec<Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub one_of: Option<Vec<Choice>>,
}

/// One value of an enumeration, with its title.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Choice {
    #[serde(rename = "const")]
    pub value: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

impl Kind {
    /// Whether a value is of this type.
    pub fn is_kind_of(self, value: &Value) -> bool {
        match self {
            Self::String => value.is_string(),
            Self::Boolean => value.is_boolean(),
            Self::Number => value.is_number(),
            Self::Integer => value.is_i64() || value.is_u64(),
            Self::Array => value.is_array(),
        }
    }
}

impl Attribute {
    /// Whether a user must have it.
    pub fn is_required(&self) -> bool {
        self.required == Some(true)
    }

    /// Whether no two users may have the same value.
    pub fn is_unique(&self) -> bool {
        match &self.unique {
            Some(Unique::Wanted(wanted)) => *wanted,
            Some(Unique::State(state)) => state != "NOT_UNIQUE",
            None => false,
        }
    }

    /// Makes the pattern ready for use. False if it is no pattern.
    pub fn compile(&mut self) -> bool {
        self.compiled = None;
        let Some(pattern) = &self.pattern else { return true };
        // One whose parentheses fit only together with those around it is none.
        let whole = Regex::new(pattern).and_then(|_| Regex::new(&format!("^(?:{pattern})$")));
        self.compiled = whole.ok();
        self.compiled.is_some()
    }

    /// What is wrong with a value, in the words of the API.
    pub fn fault_of(&self, name: &str, value: &Value) -> Option<&'static str> {
        let kind = self.kind.unwrap_or(Kind::String);
        if !kind.is_kind_of(value) {
            return Some(type_fault(kind));
        }
        let fault = match value {
            Value::String(text) => self.text_fault(name, text),
            Value::Number(number) => self.range_fault(number),
            Value::Array(elements) => self.element_fault(elements),
            _ => None,
        };
        fault.or_else(|| choice_fault(self.choices.as_deref(), value))
    }

    fn text_fault(&self, name: &str, text: &str) -> Option<&'static str> {
        if text.trim().is_empty() {
            return self.is_required().then_some("The field cannot be left blank");
        }
        let length = text.chars().count();
        if self.max_length.is_some_and(|max| length > max) {
            return Some("The field is too long");
        }
        self.shape_fault(name, text)
            .or_else(|| self.min_length.is_some_and(|min| length < min).then_some("The field is too short"))
    }

    fn shape_fault(&self, name: &str, text: &str) -> Option<&'static str> {
        if self.pattern.is_some() {
            let fits = self.compiled.as_ref().is_none_or(|pattern| pattern.is_match(text));
            return (!fits).then_some("Does not match required pattern");
        }
        if name == "login" {
            let shaped = formats::is_email(text);
            return (!shaped).then_some("Username must be in the form of an email address");
        }
        let fits = self.format.as_deref().is_none_or(|format| formats::fits(format, text));
        (!fits).then_some("Does not match required pattern")
    }

    fn range_fault(&self, number: &Number) -> Option<&'static str> {
        let value = number.as_f64()?;
        let bound = |bound: &Option<Number>| bound.as_ref().and_then(Number::as_f64);
        let below = bound(&self.minimum).is_some_and(|minimum| value < minimum);
        let above = bound(&self.maximum).is_some_and(|maximum| value > maximum);
        (below || above).then_some("The field is out of range")
    }

    fn element_fault(&self, elements: &[Value]) -> Option<&'static str> {
        let items = self.items.as_ref()?;
        elements.iter().find_map(|element| {
            let mistyped = !items.kind.is_kind_of(element);
            mistyped
                .then_some(type_fault(items.kind))
                .or_else(|| choice_fault(items.choices.as_deref(), element))
        })
    }
}

fn choice_fault(choices: Option<&[Value]>, value: &Value) -> Option<&'static str> {
    let fits = choices.is_none_or(|choices| choices.contains(value));
    (!fits).then_some("The field must be one of the values of its enum")
}

fn type_fault(kind: Kind) -> &'static str {
    match kind {
        Kind::String => "The field must be of type string",
        Kind::Boolean => "The field must be of type boolean",
        Kind::Number => "The field must be of type number",
        Kind::Integer => "The field must be of type integer",
        Kind::Array => "The field must be of type array",
    }
}
