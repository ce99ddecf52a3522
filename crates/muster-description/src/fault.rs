//! A departure as the schemas see it, with what the excuses need to know about it.

use serde_json::Value;

use crate::schema_place::SchemaPlace;

/// One departure, before it is known whose it is.
#[derive(Debug)]
pub(crate) struct Fault<'a> {
    pub(crate) place: String,
    pub(crate) found: String,
    pub(crate) expected: String,
    pub(crate) kind: Kind,
    /// The rule that was broken, where it belongs to a named schema.
    pub(crate) schema: Option<SchemaPlace>,
    /// The value that broke it.
    pub(crate) value: Option<&'a Value>,
    /// What holds the value.
    pub(crate) parent: Option<&'a Value>,
}

/// The kinds of departure that excuses tell apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Type,
    Enum,
    Required,
    Minimum,
    MinLength,
    Format(String),
    /// More than one of the choices of a `oneOf` fits.
    ManyChoices,
    /// The answer's status is not documented.
    Status,
    /// There is a body where none is documented.
    ExtraBody,
    /// The description has no such path.
    Path,
    Other,
}

impl Fault<'_> {
    pub(crate) fn new(
        kind: Kind,
        place: impl Into<String>,
        found: String,
        expected: impl Into<String>,
    ) -> Self {
        let (place, expected) = (place.into(), expected.into());
        Self { place, found, expected, kind, schema: None, value: None, parent: None }
    }
}
