//! When two logins are the same to Okta: without regard to case and diacritics.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The form in which equal logins are equal.
pub(crate) fn folded(login: &str) -> String {
    if login.is_ascii() {
        return login.to_ascii_lowercase();
    }
    login.nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect()
}

/// The part of a folded login before its `@`, by which a person can be found while nobody else has it.
pub(crate) fn short_name(folded: &str) -> Option<&str> {
    folded.split_once('@').map(|(short, _)| short).filter(|short| !short.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_diacritics_make_no_difference() {
        assert_eq!(folded("isáàc.bröck@Example.com"), folded("Isaac.Brock@example.COM"));
        assert_ne!(folded("isaak@example.com"), folded("isaac@example.com"));
        assert_eq!(short_name("isaac@example.com"), Some("isaac"));
        assert_eq!(short_name("4711"), None);
    }
}
