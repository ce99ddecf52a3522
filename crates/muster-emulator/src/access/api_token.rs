//! API tokens, as the settings name them.

use std::{fmt, str::FromStr};

use super::scope::{Scope, UnknownScope};

/// An API token: `NAME` with every right, or `NAME=okta.users.read,okta.groups.manage` with these alone. At Okta a
/// token has the rights of the administrator who made it; here they are named as the OAuth scopes are.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiToken {
    pub(crate) name: String,
    /// None: every right.
    pub(crate) rights: Option<Vec<Scope>>,
}

/// An API token that cannot be understood. Its name, which is a secret, is not told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadApiToken {
    /// There is no name.
    #[error("an API token has no name; write it as NAME, or as NAME=okta.users.read,okta.groups.manage")]
    NoName,
    /// There is a `=`, and no rights behind it.
    #[error(
        "an API token has a `=` and no rights; write NAME alone for every right, or NAME=okta.users.read,okta.groups.manage"
    )]
    NoRights,
    /// A right is not known.
    #[error("a right of an API token is not known: {0}")]
    Scope(#[from] UnknownScope),
}

impl FromStr for ApiToken {
    type Err = BadApiToken;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, rights) = text.split_once('=').map_or((text, None), |(name, rights)| (name, Some(rights)));
        if name.trim().is_empty() {
            return Err(BadApiToken::NoName);
        }
        Ok(Self { name: name.trim().to_owned(), rights: rights.map(scopes).transpose()? })
    }
}

impl ApiToken {
    /// What stands behind `SSWS`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The names of its rights; none if it has every right.
    pub fn rights(&self) -> Option<Vec<&str>> {
        self.rights.as_ref().map(|rights| rights.iter().map(|scope| &*scope.name).collect())
    }
}

fn scopes(text: &str) -> Result<Vec<Scope>, BadApiToken> {
    let names: Vec<_> = text.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return Err(BadApiToken::NoRights);
    }
    names.into_iter().map(|name| name.parse().map_err(BadApiToken::Scope)).collect()
}

impl fmt::Debug for ApiToken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("ApiToken").field("rights", &self.rights()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_read() {
        let read = |text: &str| text.parse::<ApiToken>();
        let plain = read("test").expect("a token");
        assert_eq!((plain.name(), plain.rights()), ("test", None));
        let held = read("reader = okta.users.read, okta.groups.manage").expect("a token");
        assert_eq!(held.name(), "reader");
        assert_eq!(held.rights(), Some(vec!["okta.users.read", "okta.groups.manage"]));
        assert_eq!(read(""), Err(BadApiToken::NoName));
        assert_eq!(read("=okta.users.read"), Err(BadApiToken::NoName));
        assert_eq!(read("test="), Err(BadApiToken::NoRights));
        let refused = read("hush=okta.user.read").expect_err("no such scope").to_string();
        assert!(refused.contains("okta.user.read") && refused.contains("okta.users.manage"), "{refused}");
        assert!(!refused.contains("hush") && !format!("{held:?}").contains("reader"));
    }
}
