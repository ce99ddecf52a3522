//! Which operations something is about, as it is written on a command line: names, `reads`, `writes` or `all`.

use std::{fmt, str::FromStr};

use crate::operation::{Operation, Right};

/// A choice of operations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operations(Vec<Scope>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// Every request, even one that is none of the operations.
    All,
    /// Operations that change nothing; signing in is none of them.
    Reads,
    /// Operations that change what is in the org.
    Writes,
    Named(&'static str),
}

/// An operation of a name that is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no operation `{0}`; write names of Okta's description such as createUser, several joined by +, or reads, writes or all"
)]
pub struct UnknownOperation(String);

impl Operations {
    /// Every request.
    pub fn all() -> Self {
        Self(vec![Scope::All])
    }

    /// The operations of these names.
    pub(crate) fn named(names: &[&'static str]) -> Self {
        Self(names.iter().map(|name| Scope::Named(name)).collect())
    }

    /// Whether a request is among them; none is a request that is none of the operations.
    pub(crate) fn cover(&self, operation: Option<&Operation>) -> bool {
        self.0.iter().any(|scope| match (scope, operation) {
            (Scope::All, _) => true,
            (_, None) => false,
            (Scope::Reads, Some(operation)) => matches!(operation.right, Right::Read(_)),
            (Scope::Writes, Some(operation)) => operation.is_write(),
            (Scope::Named(name), Some(operation)) => *name == operation.name,
        })
    }

    /// Their names.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.0.iter().map(|scope| scope.name()).collect()
    }
}

impl Operation {
    /// Whether it changes what is in the org. Signing in does not count.
    pub fn is_write(&self) -> bool {
        matches!(self.right, Right::Manage(_))
    }
}

impl Scope {
    fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Reads => "reads",
            Self::Writes => "writes",
            Self::Named(name) => name,
        }
    }
}

impl FromStr for Scope {
    type Err = UnknownOperation;

    fn from_str(text: &str) -> Result<Self, UnknownOperation> {
        match text {
            "all" => Ok(Self::All),
            "reads" => Ok(Self::Reads),
            "writes" => Ok(Self::Writes),
            name => Operation::named(name)
                .map(|operation| Self::Named(operation.name))
                .ok_or_else(|| UnknownOperation(name.to_owned())),
        }
    }
}

impl FromStr for Operations {
    type Err = UnknownOperation;

    fn from_str(text: &str) -> Result<Self, UnknownOperation> {
        text.split('+').map(|name| name.trim().parse()).collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for Operations {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.names().join("+"))
    }
}
