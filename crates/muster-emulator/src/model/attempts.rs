//! How often somebody has given a wrong password in a row.

use std::collections::HashMap;

use super::{change::ChangeRef, org::Org};

/// Failed sign-ins since the last good one, by the user's place. Nobody with none is in here.
#[derive(Default)]
pub(crate) struct Attempts(HashMap<u64, u32>);

impl Attempts {
    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = (u64, u32)> {
        self.0.iter().map(|(user, count)| (*user, *count))
    }

    /// Sets the number of a user.
    pub fn set(&mut self, user: u64, count: u32) {
        if count == 0 {
            self.0.remove(&user);
        } else {
            self.0.insert(user, count);
        }
    }
}

impl Org {
    /// One more failed sign-in; how many there are now.
    pub fn count_failure(&mut self, user: u64) -> u32 {
        let count = self.attempts.0.get(&user).copied().unwrap_or_default().saturating_add(1);
        self.changes.note(&ChangeRef::Attempts(user, count));
        self.attempts.set(user, count);
        count
    }

    /// Begins anew: after a good sign-in, and once somebody is locked out.
    pub fn forget_failures(&mut self, user: u64) {
        if self.attempts.0.remove(&user).is_some() {
            self.changes.note(&ChangeRef::Attempts(user, 0));
        }
    }
}
