//! Parameters of the query, the path and the headers, and how text becomes a value.
//!
//! Parameters that are objects are accepted as they come: Okta has none.

use percent_encoding::percent_decode_str;
use serde_json::{Number, Value};

use crate::definitions::Definitions;
use crate::document::Document;
use crate::fault::{Fault, Kind};
use crate::shape::Shape;
use crate::wording::counted;

/// One parameter of an operation, or one header of an answer.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) location: Location,
    pub(crate) is_required: bool,
    pub(crate) may_be_empty: bool,
    /// Whether each item of an array is given as a parameter of its own.
    pub(crate) explodes: bool,
    pub(crate) text_type: TextType,
    pub(crate) shape: Option<Shape>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Location {
    Query,
    Path,
    Header,
}

/// What a text stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TextType {
    Text,
    Integer,
    Number,
    Boolean,
    Array(Box<TextType>),
    Object,
}

impl TextType {
    pub(crate) fn of(document: &Document, schema: &Value) -> Self {
        match document.type_of(schema).as_deref() {
            Some("integer") => Self::Integer,
            Some("number") => Self::Number,
            Some("boolean") => Self::Boolean,
            Some("object") => Self::Object,
            Some("array") => {
                let items = document.items_of(schema).and_then(|items| document.type_of(&items));
                Self::Array(Box::new(Self::of_item(items.as_deref())))
            }
            _ => Self::Text,
        }
    }

    fn of_item(name: Option<&str>) -> Self {
        match name {
            Some("integer") => Self::Integer,
            Some("number") => Self::Number,
            Some("boolean") => Self::Boolean,
            _ => Self::Text,
        }
    }

    /// The value of a text. What does not read as its type stays a string, and the schema then complains.
    pub(crate) fn read(&self, text: &str) -> Value {
        let as_it_is = || Value::String(text.to_owned());
        match self {
            Self::Text | Self::Object => as_it_is(),
            Self::Integer => integer(text).map_or_else(as_it_is, Value::Number),
            Self::Number => {
                let number = integer(text).or_else(|| text.parse().ok().and_then(Number::from_f64));
                number.map_or_else(as_it_is, Value::Number)
            }
            Self::Boolean => text.parse().map_or_else(|_| as_it_is(), Value::Bool),
            Self::Array(item) => text.split(',').map(|part| item.read(part)).collect(),
        }
    }

    /// The value of a parameter that was given once or several times; nothing if several make no sense.
    pub(crate) fn read_all(&self, texts: &[&str], explodes: bool) -> Option<Value> {
        match (self, texts) {
            (Self::Array(item), _) if explodes => Some(texts.iter().map(|text| item.read(text)).collect()),
            (_, [text]) => Some(self.read(text)),
            _ => None,
        }
    }
}

fn integer(text: &str) -> Option<Number> {
    text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from)).ok()
}

impl Parameter {
    /// What the parameter is called in reports.
    pub(crate) fn label(&self) -> String {
        let location = match self.location {
            Location::Query => "query",
            Location::Path => "path",
            Location::Header => "header",
        };
        format!("{location} {}", self.name)
    }

    /// Judges the texts that were given under the parameter's name, and hands what it finds to `note`.
    pub(crate) fn judge(
        &self,
        texts: &[&str],
        definitions: &Definitions,
        note: &mut dyn FnMut(Vec<Fault<'_>>),
    ) {
        if texts.is_empty() {
            if self.is_required {
                let expected = format!("`{}`, which is required", self.name);
                note(vec![Fault::new(Kind::Required, self.label(), "nothing".to_owned(), expected)]);
            }
            return;
        }
        if self.text_type == TextType::Object || (self.may_be_empty && texts == [""]) {
            return;
        }
        match (self.text_type.read_all(texts, self.explodes), &self.shape) {
            (None, _) => {
                let found = counted("", texts.len(), "value").trim_start().to_owned();
                note(vec![Fault::new(Kind::Other, self.label(), found, "one value")]);
            }
            (Some(value), Some(shape)) => note(shape.faults(&value, &self.label(), definitions)),
            (Some(_), None) => {}
        }
    }
}

/// The names and values of a query or a form, decoded.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    let parts = text.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (decoded(name), decoded(value))
        })
        .collect()
}

fn decoded(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}
