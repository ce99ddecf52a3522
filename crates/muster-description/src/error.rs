//! What may be wrong with a description.

/// Why a document cannot serve as a judge.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DescriptionError {
    /// The file is not JSON. A description in YAML has to be converted first.
    #[error("the description is not JSON: {0}")]
    NotJson(#[from] serde_json::Error),
    /// The document is JSON, but no `OpenAPI` 3.0 document.
    #[error("the description is not an OpenAPI 3.0 document: `openapi` is {found}")]
    NotOpenApi {
        /// What the member `openapi` holds.
        found: String,
    },
    /// A `$ref` that leads out of the document.
    #[error(
        "{place}: the reference `{reference}` leads out of the document; bundle the description into one file"
    )]
    ExternalReference {
        /// Where the reference stands.
        place: String,
        /// The reference as written.
        reference: String,
    },
    /// A `$ref` that leads nowhere, or in a circle without ever reaching anything.
    #[error("{place}: the reference `{reference}` leads to nothing")]
    DanglingReference {
        /// Where the reference stands.
        place: String,
        /// The reference as written.
        reference: String,
    },
    /// A member that has another shape than `OpenAPI` gives it.
    #[error("{place}: expected {expected}")]
    Malformed {
        /// Where the member stands.
        place: String,
        /// What `OpenAPI` wants there.
        expected: &'static str,
    },
}

impl DescriptionError {
    pub(crate) fn malformed(place: impl Into<String>, expected: &'static str) -> Self {
        Self::Malformed { place: place.into(), expected }
    }
}
