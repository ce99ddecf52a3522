//! Logins, and when two of them are one to Okta.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The name a person signs in with, trimmed and never empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Login(String);

impl Login {
    /// The login in `text`, unless it is blank.
    pub fn parse(text: &str) -> Option<Self> {
        let trimmed = text.trim();
        (!trimmed.is_empty()).then(|| Self(trimmed.to_owned()))
    }

    /// The login as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What Okta compares: case and diacritics make no difference (API.md §5.3).
    pub fn folded(&self) -> String {
        fold(&self.0)
    }

    /// A number that two logins share when Okta takes them for one, and practically never otherwise.
    /// Stable for all time: ledgers keep it.
    pub fn fingerprint(&self) -> Fingerprint {
        let digest = Sha256::digest(self.folded().as_bytes());
        let mut head = [0_u8; 8];
        head.copy_from_slice(&digest[..8]);
        Fingerprint(i64::from_be_bytes(head))
    }

    /// Whether Okta can find the user by this login in a path; those with a slash or a question mark can be
    /// read by id only (API.md §5.4).
    pub fn readable_by_path(&self) -> bool {
        !self.0.contains(['/', '?'])
    }
}

impl fmt::Display for Login {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The first eight bytes of the SHA-256 of a folded login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub i64);

/// Case and diacritics taken off.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_diacritics_make_no_difference() {
        let (one, other) =
            (Login::parse("isáàc.bröck@example.com"), Login::parse(" Isaac.Brock@Example.com "));
        assert_eq!(one.unwrap().fingerprint(), other.unwrap().fingerprint());
        assert_ne!(fold("a@b.c"), fold("a@b.d"));
        assert_eq!(Login::parse("  "), None);
    }

    #[test]
    fn the_fingerprint_is_the_same_on_every_release() {
        assert_eq!(
            Login::parse("Isaac.Brock@example.com").unwrap().fingerprint(),
            Fingerprint(-173_752_625_451_379_397)
        );
    }
}
