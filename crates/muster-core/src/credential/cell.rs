//! One cell of a row, with the name of its column for the messages.

use crate::fault::{Fault, FaultCode};

/// The longest `$id$` or `{SCHEME}` that a message shows.
const MARKER: usize = 20;

/// A cell, or a part of one, under the name of its column.
#[derive(Clone, Copy)]
pub(super) struct Cell<'a> {
    pub(super) column: &'static str,
    pub(super) text: &'a str,
}

impl<'a> Cell<'a> {
    /// The cell without the blanks around it; none when nothing is left.
    pub(super) fn new(column: &'static str, text: Option<&'a str>) -> Option<Self> {
        let text = text?.trim();
        (!text.is_empty()).then_some(Self { column, text })
    }

    /// A part of the same cell.
    pub(super) fn part(self, text: &'a str) -> Self {
        Self { text, ..self }
    }

    /// A known notation, malformed.
    pub(super) fn bad(self, reason: impl Into<String>) -> Fault {
        Fault::of_field(FaultCode::BadCredential, self.column, reason)
    }

    /// A notation that is not known.
    pub(super) fn unknown(self, reason: impl Into<String>) -> Fault {
        Fault::of_field(FaultCode::UnknownNotation, self.column, reason)
    }

    /// A whole number.
    pub(super) fn number(self) -> Result<u32, Fault> {
        let digits = !self.text.is_empty() && self.text.bytes().all(|byte| byte.is_ascii_digit());
        let number = if digits { self.text.parse().ok() } else { None };
        number.ok_or_else(|| self.bad(format!("found {}, expected a whole number", self.shape())))
    }

    /// How many characters.
    pub(super) fn chars(self) -> usize {
        self.text.chars().count()
    }

    /// What a message may say of a text that could be a secret: its length and its marker.
    pub(super) fn shape(self) -> String {
        let noun = if self.chars() == 1 { "character" } else { "characters" };
        match self.marker() {
            Some(marker) => format!("{} {noun} starting with {marker}", self.chars()),
            None => format!("{} {noun}", self.chars()),
        }
    }

    /// The `$id$` or `{SCHEME}` in front.
    fn marker(self) -> Option<&'a str> {
        let closing = match self.text.chars().next()? {
            '$' => '$',
            '{' => '}',
            _ => return None,
        };
        let end = self.text.get(1..)?.find(closing)?;
        let harmless = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let name = self.text.get(1..=end)?;
        let shown = (1..=MARKER).contains(&name.len()) && name.bytes().all(harmless);
        if shown { self.text.get(..=end + 1) } else { None }
    }
}
