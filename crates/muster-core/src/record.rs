//! A record: one person as the source has them, before any meaning is given to the columns.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::fault::Fault;

/// The line of the source on which a record starts; the first line of the file is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Line(pub u64);

impl fmt::Display for Line {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// What stands in one column of a record. Its `Debug` shows the kind alone, for it may be a password.
#[derive(Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing: an empty CSV cell, a missing or null JSON member.
    #[default]
    Empty,
    /// Text, never empty.
    Text(String),
    /// A JSON value that is not a string: number, boolean or array. Objects are flattened by the reader.
    Json(serde_json::Value),
    /// Bytes that are not valid in the encoding of the source; kept so that a reject file can repeat them.
    Undecodable(Vec<u8>),
}

impl fmt::Debug for Cell {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Empty => "Empty",
            Self::Text(_) => "Text",
            Self::Json(_) => "Json",
            Self::Undecodable(_) => "Undecodable",
        })
    }
}

impl Cell {
    /// Text, or [`Cell::Empty`] when there is none.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// Whether nothing stands here.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// The cell as it is written into a CSV file.
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Empty => Vec::new(),
            Self::Text(text) => text.clone().into_bytes(),
            Self::Json(value) => value.to_string().into_bytes(),
            Self::Undecodable(bytes) => bytes.clone(),
        }
    }
}

/// One person as read: a cell for each column of the source, in the order of its header.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Where it starts.
    pub line: Line,
    /// One per column of the header; a short row is filled up with [`Cell::Empty`].
    pub cells: Vec<Cell>,
    /// What the reader found wrong with the record as such: a short row, a line that is no JSON.
    /// It is still a row that needs an outcome.
    pub fault: Option<Fault>,
}
