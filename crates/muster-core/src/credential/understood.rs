//! A stored hash, understood: what it was written like, and what a verifier needs of it.

use super::{Notation, OktaHash, Settlement, StoredPassword, read_hash};
use crate::fault::Fault;
use crate::stored::StoredHash;

/// One reading of a stored hash.
#[derive(Clone, Debug, PartialEq)]
pub struct Understood {
    /// How it was written in the source.
    pub notation: Notation,
    /// The hash, taken apart; none where nobody can verify the notation.
    pub stored: Option<StoredHash>,
    /// What to send to Okta; none where Okta can't check it.
    pub okta: Option<OktaHash>,
}

/// All readings of the hash of a row: none where it has no hash, several where the text is ambiguous and
/// `settlement` does not say which notation is meant.
pub fn understand(stored: &StoredPassword<'_>, _settlement: &Settlement) -> Result<Vec<Understood>, Fault> {
    let reading = read_hash(stored)?;
    Ok(reading
        .map(|found| Understood { notation: found.notation, stored: None, okta: found.hash })
        .into_iter()
        .collect())
}
