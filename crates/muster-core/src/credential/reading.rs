//! What a text reads as: surely, or as one of several.

use crate::fault::{Fault, FaultCode};
use crate::stored::StoredHash;

use super::cell::Cell;
use super::{Notation, ceiling};

/// A stored hash by its notation.
pub(super) struct Reading {
    /// How it was written in the source.
    pub(super) notation: Notation,
    /// The hash, taken apart; none where nobody can verify it.
    pub(super) stored: Option<StoredHash>,
}

impl Reading {
    /// A hash whose lengths and costs are those of its notation; any other is a fault of the cell.
    pub(super) fn checked(cell: Cell<'_>, notation: Notation, stored: StoredHash) -> Result<Self, Fault> {
        match ceiling::fault_of(&stored) {
            None => Ok(Self { notation, stored: Some(stored) }),
            Some(reason) => Err(cell.bad(format!("{notation}: {reason}"))),
        }
    }

    /// A notation that nobody can verify.
    pub(super) fn unverifiable(notation: Notation) -> Self {
        Self { notation, stored: None }
    }
}

/// What was found in the cells of a row.
pub(super) enum Found {
    /// One reading, and no other.
    Sure(Reading),
    /// The text does not say itself what it is.
    Unsure(Unsure),
}

impl From<Reading> for Found {
    fn from(reading: Reading) -> Self {
        Self::Sure(reading)
    }
}

impl Found {
    /// What is left when the readings of an unsure text are narrowed down to those that are meant.
    pub(super) fn narrowed(self, meant: impl Fn(Notation) -> bool) -> Self {
        let Self::Unsure(mut unsure) = self else { return self };
        if !unsure.readings.iter().any(|reading| meant(reading.notation)) {
            return Self::Unsure(unsure);
        }
        unsure.readings.retain(|reading| meant(reading.notation));
        if unsure.readings.len() > 1 {
            return Self::Unsure(unsure);
        }
        match unsure.readings.pop() {
            Some(reading) => Self::Sure(reading),
            None => Self::Unsure(unsure),
        }
    }
}

/// A text that could be several notations, or one that it does not name.
pub(super) struct Unsure {
    /// The column.
    pub(super) column: &'static str,
    /// What it looks like; nothing of the hash itself.
    pub(super) written: String,
    /// What it could be, at least one.
    pub(super) readings: Vec<Reading>,
}

impl Unsure {
    /// What it could be, and how to settle it.
    pub(super) fn fault(&self) -> Fault {
        let names: Vec<&str> = self.readings.iter().map(|reading| reading.notation.as_str()).collect();
        let reason = format!(
            "found {}, which could be {}: name it in an algorithm column, or for all rows by --notation NAME, \
             or let known passwords prove it (muster hashes FILE --known known.csv)",
            self.written,
            names.join(" or ")
        );
        Fault::of_field(FaultCode::AmbiguousNotation, self.column, reason)
    }
}
