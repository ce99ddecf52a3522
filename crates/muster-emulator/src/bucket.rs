//! Which requests are counted together.

use std::{fmt, str::FromStr};

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
    /// `token`: access tokens of service apps.
    Token,
    /// `identity-source-sessions`: making, reading and cancelling import sessions.
    IdentitySourceSessions,
    /// `identity-source-bulk`: what is loaded into identity sources, and read of them.
    IdentitySourceBulk,
    /// `apps`: the list of apps, and their users.
    Apps,
    /// `logs`: the System Log.
    Logs,
    /// `realms`: realms.
    Realms,
    /// `principal-rate-limits`: the shares of tokens and apps.
    PrincipalRateLimits,
    /// `other`: everything else, such as schemas, user types and inline hooks.
    Other,
}

/// A bucket of a name that is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no bucket `{0}`; the buckets are users, user-writes, user-reads, groups, group, authn, token, apps, logs, realms, principal-rate-limits, identity-source-sessions, identity-source-bulk and other"
)]
pub struct UnknownBucket(String);

impl Bucket {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Users,
        Self::UserWrites,
        Self::UserReads,
        Self::Groups,
        Self::Group,
        Self::Authn,
        Self::Token,
        Self::Apps,
        Self::Logs,
        Self::Realms,
        Self::PrincipalRateLimits,
        Self::IdentitySourceSessions,
        Self::IdentitySourceBulk,
        Self::Other,
    ];

    /// The name by which a limit is set.
    pub fn name(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::UserWrites => "user-writes",
            Self::UserReads => "user-reads",
            Self::Groups => "groups",
            Self::Group => "group",
            Self::Authn => "authn",
            Self::Token => "token",
            Self::Apps => "apps",
            Self::Logs => "logs",
            Self::Realms => "realms",
            Self::PrincipalRateLimits => "principal-rate-limits",
            Self::IdentitySourceSessions => "identity-source-sessions",
            Self::IdentitySourceBulk => "identity-source-bulk",
            Self::Other => "other",
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
