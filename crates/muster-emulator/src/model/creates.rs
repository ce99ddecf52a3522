//! How many creates were accepted, login by login, over all time. A login outlives its user here, so that a login
//! that was created twice is seen; what is kept of it is a digest.

use std::{collections::HashMap, fmt::Write as _};

use sha2::{Digest, Sha256};

/// What stands for a login: the beginning of its SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct LoginMark([u8; 16]);

/// The counts.
#[derive(Default)]
pub(crate) struct Creates(HashMap<LoginMark, u32>);

impl LoginMark {
    /// The mark of a folded login.
    pub fn of(login: &str) -> Self {
        let digest: [u8; 32] = Sha256::digest(login).into();
        Self(digest.first_chunk().copied().unwrap_or_default())
    }

    /// The mark that was written so.
    pub fn read(hex: &str) -> Option<Self> {
        let number = u128::from_str_radix(hex, 16).ok()?;
        Some(Self(number.to_be_bytes()))
    }

    /// The mark, in hex.
    pub fn written(self) -> String {
        let mut hex = String::with_capacity(32);
        let _ = write!(hex, "{:032x}", u128::from_be_bytes(self.0));
        hex
    }
}

impl Creates {
    /// Counts one more create; how many there are now.
    pub fn count(&mut self, login: LoginMark) -> u32 {
        let count = self.0.entry(login).or_default();
        *count = count.saturating_add(1);
        *count
    }

    /// Takes over a count that is known.
    pub fn set(&mut self, login: LoginMark, count: u32) {
        self.0.insert(login, count);
    }

    /// All counts.
    pub fn iter(&self) -> impl Iterator<Item = (LoginMark, u32)> {
        self.0.iter().map(|(login, count)| (*login, *count))
    }

    /// How many logins there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// How many creates there were, and how many at most for one login.
    pub fn totals(&self) -> (u64, u32) {
        let counts = || self.0.values().copied();
        (counts().map(u64::from).sum(), counts().max().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_survive_being_written_and_counts_add_up() {
        let mut creates = Creates::default();
        let ada = LoginMark::of("ada@example.com");
        assert!(LoginMark::read(&ada.written()) == Some(ada) && LoginMark::read("somebody").is_none());
        creates.set(ada, 2);
        assert_eq!((creates.count(ada), creates.count(LoginMark::of("bob@example.com"))), (3, 1));
        assert_eq!((creates.totals(), creates.len()), ((4, 3), 2));
    }
}
