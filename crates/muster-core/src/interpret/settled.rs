//! What an import needs to know of the stored passwords to say where each goes. Peppers and project keys are secrets
//! of whoever verifies: the import, and the plan that outlives it, know only that there are such.

use super::Wishes;
use crate::credential::{Notation, Settlement};
use crate::secret::Secret;
use crate::stored::{Bytes, FirebaseProject};

impl Wishes {
    /// What routes the rows. Nothing can be verified with it.
    pub fn settlement(&self) -> Settlement {
        let meant = |name: &String| Notation::ALL.into_iter().find(|notation| notation.as_str() == name);
        Settlement {
            meant: self.meant.iter().filter_map(meant).collect(),
            // An empty pepper would be none, and Okta would be sent what it can't check.
            pepper: self.peppered.then(|| Secret::new("*")),
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
