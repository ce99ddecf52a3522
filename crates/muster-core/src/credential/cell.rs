//! One cell of a row, with the name of its column for the messages.

use crate::fault::{Fault, FaultCode};

use super::Notation;
use super::binary::Bytes;
use super::ceiling::LONGEST_TEXT;

/// The longest `$id$` or `{SCHEME}` that a message shows.
const MARKER: usize = 20;

/// A cell, or a part of one, under the name of its column.
#[derive(Clone, Copy)]
pub(super) struct Cell<'a> {
    pub(super) column: &'static str,
    pub(super) text: &'a str,
    /// Whether it is a part, which may begin with a salt and therefore shows no marker.
    part: bool,
}

impl<'a> Cell<'a> {
    /// The cell without the blanks around it; none when nothing is left.
    pub(super) fn new(column: &'static str, text: Option<&'a str>) -> Option<Self> {
        let text = text?.trim();
        (!text.is_empty()).then_some(Self::whole(column, text))
    }

    /// A cell as it stands.
    pub(super) fn whole(column: &'static str, text: &'a str) -> Self {
        Self { column, text, part: false }
    }

    /// A part of the same cell.
    pub(super) fn part(self, text: &str) -> Cell<'_> {
        Cell { column: self.column, text, part: true }
    }

    /// A text beyond all notations.
    pub(super) fn too_long(self) -> Fault {
        self.bad(format!("found {} bytes, no notation has more than {LONGEST_TEXT}", self.text.len()))
    }

    /// A known notation, malformed.
    pub(super) fn bad(self, reason: impl Into<String>) -> Fault {
        Fault::of_field(FaultCode::BadCredential, self.column, reason)
    }

    /// A notation that is not known.
    pub(super) fn unknown(self, reason: impl Into<String>) -> Fault {
        Fault::of_field(FaultCode::UnknownNotation, self.column, reason)
    }

    /// A column that is empty and must not be.
    pub(super) fn missing(column: &'static str, reason: impl Into<String>) -> Fault {
        Fault::of_field(FaultCode::BadCredential, column, reason)
    }

    /// The parts between dollar signs, exactly as many as the notation has.
    pub(super) fn fields<const N: usize>(
        self,
        notation: Notation,
        form: &str,
    ) -> Result<[&'a str; N], Fault> {
        parts(self.text, '$').ok_or_else(|| self.malformed(notation, form))
    }

    /// A text that is not of the form of its notation.
    pub(super) fn malformed(self, notation: Notation, form: &str) -> Fault {
        self.bad(format!("{notation}: found {}, expected {form}", self.shape()))
    }

    /// A part of a hash that has to be read as bytes.
    pub(super) fn bytes(self, notation: Notation, what: &str, bytes: Option<Bytes>) -> Result<Bytes, Fault> {
        bytes.ok_or_else(|| self.bad(format!("{notation}: found {}, expected {what}", self.shape())))
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
        if self.part {
            return None;
        }
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

/// The parts of a text, if there are exactly as many.
pub(super) fn parts<const N: usize>(text: &str, between: char) -> Option<[&str; N]> {
    let mut found = [""; N];
    let mut parts = text.split(between);
    for part in &mut found {
        *part = parts.next()?;
    }
    parts.next().is_none().then_some(found)
}
