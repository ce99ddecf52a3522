//! Which requests are counted together.

use std::{fmt, str::FromStr};

use http::Method;

/// A set of operations that share one quota. The names are those of `--limit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bucket {
    /// `users`: create, list, and every sub-path of a user (lifecycle, groups, credentials).
    Users,
    /// `user-writes`: POST, PUT and DELETE of one user.
    UserWrites,
    /// `user-reads`: GET of one user by id or login.
    UserReads,
    /// `groups`: create, list, and memberships.
    Groups,
    /// `group`: GET, PUT and DELETE of one group.
    Group,
    /// `authn`: sign-ins.
    Authn,
    /// `other`: everything else, such as schemas and user types.
    Other,
}

/// A bucket of a name that is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no bucket `{0}`; the buckets are users, user-writes, user-reads, groups, group, authn and other"
)]
pub struct UnknownBucket(String);

impl Bucket {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Users, Self::UserWrites, Self::UserReads, Self::Groups, Self::Group, Self::Authn, Self::Other];

    /// The name by which a limit is set.
    pub fn name(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::UserWrites => "user-writes",
            Self::UserReads => "user-reads",
            Self::Groups => "groups",
            Self::Group => "group",
            Self::Authn => "authn",
            Self::Other => "other",
        }
    }

    /// The bucket that a request counts against; `path` is what follows `/api/v1`.
    pub(crate) fn of(method: &Method, path: &[&str]) -> Self {
        match path {
            ["users", _] if method == Method::GET => Self::UserReads,
            ["users", _] => Self::UserWrites,
            ["users", ..] => Self::Users,
            ["groups", _] if method != Method::POST => Self::Group,
            ["groups", ..] => Self::Groups,
            ["authn", ..] => Self::Authn,
            _ => Self::Other,
        }
    }
}

impl fmt::Display for Bucket {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl FromStr for Bucket {
    type Err = UnknownBucket;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|bucket| bucket.name() == text)
            .ok_or_else(|| UnknownBucket(text.to_owned()))
    }
}
