//! The media types that a body may have.

use std::collections::BTreeMap;

use crate::parameter::TextType;
use crate::shape::Shape;

/// One media type of a body and the schema that goes with it.
#[derive(Debug)]
pub(crate) struct MediaType {
    /// A media type or a range of them, in lower case and without parameters.
    pub(crate) range: String,
    pub(crate) shape: Option<Shape>,
    /// What the fields of a form stand for.
    pub(crate) fields: BTreeMap<String, TextType>,
}

/// How the content of a media type is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notation {
    Json,
    Form,
    Opaque,
}

impl MediaType {
    pub(crate) fn covers(&self, essence: &str) -> bool {
        match self.range.strip_suffix("/*") {
            Some("*") => true,
            Some(family) => essence.split('/').next() == Some(family),
            None => self.range == essence,
        }
    }
}

/// A media type without its parameters, in lower case.
pub(crate) fn essence(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

impl Notation {
    pub(crate) fn of(essence: &str) -> Self {
        match essence {
            "application/json" => Self::Json,
            "application/x-www-form-urlencoded" => Self::Form,
            other if other.ends_with("+json") => Self::Json,
            _ => Self::Opaque,
        }
    }
}
