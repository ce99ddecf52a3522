//! What an import needs to know of the stored passwords to say where each goes. Peppers and project keys are secrets
//! of whoever verifies: the import, and the plan that outlives it, know only that there are such.

use super::Wishes;
use crate::credential::{Notation, Settlement};
use crate::secret::Secret;
use crate::stored::{Bytes, FirebaseProject};

/// Stands for any pepper: an empty one is none.
const SOME_PEPPER: &str = "some pepper";

impl Wishes {
    /// What routes the rows. Nothing can be verified with it.
    pub fn settlement(&self) -> Settlement {
        Settlement {
            meant: self.meant.iter().filter_map(|name| Notation::from_name(name)).collect(),
            pepper: self.peppered.then(|| Secret::new(SOME_PEPPER)),
            firebase: Some(FirebaseProject {
                // A key of zeros stands for a project that nobody has named.
                signer_key: Bytes::new(vec![u8::from(self.firebase); 64]),
                salt_separator: Bytes::new(vec![0]),
                rounds: 8,
                memory_cost: 14,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::{StoredPassword, Verdict, recognise};

    #[test]
    fn what_was_peppered_is_for_the_hook() {
        let hash = "{SSHA}5en6G6MezRroT3XKqkdPOmY/BfQAAAAA";
        let stored = StoredPassword { password_hash: Some(hash), ..StoredPassword::default() };
        for (peppered, to_the_hook) in [(false, false), (true, true)] {
            let wishes = Wishes { peppered, ..Wishes::default() };
            let verdict = recognise(&stored, &wishes.settlement()).unwrap();
            assert_eq!(matches!(verdict, Verdict::Hook { .. }), to_the_hook, "{verdict:?}");
        }
    }
}
