//! The filter that finds a person.

use ldap3::{ldap_escape, parse_filter};

const PLACEHOLDER: &str = "{login}";

/// A filter with a place for the login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FilterTemplate(String);

impl FilterTemplate {
    /// Takes a filter that asks for a login and can be read.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let template = Self(text.trim().to_owned());
        if !template.0.contains(PLACEHOLDER) {
            return Err("filter has no {login}, so it would find anybody");
        }
        match parse_filter(template.fill("login")) {
            Ok(_) => Ok(template),
            Err(()) => Err("filter is no LDAP filter, such as (uid={login})"),
        }
    }

    /// The filter for a login, in which nothing of it can be anything but a value (RFC 4515, 3).
    pub(super) fn fill(&self, login: &str) -> String {
        self.0.replace(PLACEHOLDER, &ldap_escape(login))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_a_value_and_nothing_else() {
        let template = FilterTemplate::parse("(|(uid={login})(mail={login}))").unwrap();
        assert_eq!(template.fill("ann"), "(|(uid=ann)(mail=ann))");
        let evil = template.fill(r"*)(uid=*))(|(a=\");
        assert_eq!(evil.matches(['(', ')']).count(), 6, "{evil}");
        assert!(!evil.contains('*') && evil.contains(r"\2a\29\28uid=\2a"), "{evil}");
        assert!(template.fill("a\0b").contains(r"a\00b"));
        assert!(parse_filter(evil).is_ok());
    }

    #[test]
    fn filters_that_find_anybody_are_refused() {
        assert!(FilterTemplate::parse("(objectClass=person)").unwrap_err().contains("{login}"));
        assert!(FilterTemplate::parse("(uid={login}").is_err());
    }
}
