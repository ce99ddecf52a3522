//! A member of a group (API.md §7); of all that Okta sends, the id alone is read.

use serde::Deserialize;

/// A member of a group.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Member {
    /// The user's id.
    pub id: String,
}
