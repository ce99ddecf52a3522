//! One departure from the description.

use std::fmt;

use serde::Serialize;

/// Who departed from the description.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The client, with what it asked.
    Request,
    /// The server, with what it answered.
    Answer,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Request => "request",
            Self::Answer => "answer",
        })
    }
}

/// One departure of a request or an answer from the description. It never holds the text of a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Who departed.
    pub side: Side,
    /// The `operationId`, or method and path where there is none.
    pub operation: String,
    /// Where, such as `body /profile/email`, `query limit`, `status 201` or `header content-type`.
    pub place: String,
    /// What stood there, described and not repeated.
    pub found: String,
    /// What the description wants there.
    pub expected: String,
    /// Why the description is wrong about this, if that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excuse: Option<&'static str>,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { side, operation, place, found, expected, excuse } = self;
        write!(f, "{side} of {operation}: {place}: found {found}, expected {expected}")?;
        match excuse {
            Some(reason) => write!(f, " (excused: {reason})"),
            None => Ok(()),
        }
    }
}
