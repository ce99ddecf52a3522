//! What the operator knows about the stored passwords of a source, and no row says.

use super::Notation;
use crate::secret::Secret;
use crate::stored::FirebaseProject;

/// What the operator settled for all rows of a source.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settlement {
    /// The notations that are meant wherever a text reads as several: of its readings, those in here are taken.
    pub meant: Vec<Notation>,
    /// What the old application put after every password before it hashed it.
    pub pepper: Option<Secret>,
    /// The hash parameters of the Firebase project that the rows are from.
    pub firebase: Option<FirebaseProject>,
}
