//! What the kinds of Okta orgs allow: requests per minute by bucket, and requests at once.
//! The figures are the org's; a token sees half of them.

use std::{fmt, str::FromStr};

use crate::bucket::Bucket;

/// The kind of org that is emulated; it decides on the rate limits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OrgPlan {
    /// A free Integrator org.
    Integrator,
    /// Customer identity, One App.
    OneApp,
    /// Customer identity, Enterprise.
    Enterprise,
    /// Workforce identity.
    #[default]
    Workforce,
}

/// A plan of a name that is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no plan `{0}`; the plans are integrator, one-app, enterprise and workforce")]
pub struct UnknownPlan(String);

impl OrgPlan {
    const ALL: [Self; 4] = [Self::Integrator, Self::OneApp, Self::Enterprise, Self::Workforce];

    /// The name by which it is chosen.
    pub fn name(self) -> &'static str {
        match self {
            Self::Integrator => "integrator",
            Self::OneApp => "one-app",
            Self::Enterprise => "enterprise",
            Self::Workforce => "workforce",
        }
    }

    /// Requests per minute that the whole org may make of a bucket.
    pub(crate) fn quota(self, bucket: Bucket) -> u32 {
        let by_plan = match bucket {
            Bucket::Users | Bucket::UserWrites => [100, 600, 600, 600],
            Bucket::UserReads => [100, 1000, 1000, 2000],
            Bucket::Groups | Bucket::Authn => [100, 600, 600, 500],
            Bucket::Group => [100, 600, 600, 1000],
            Bucket::Token => [300, 1200, 1200, 2000],
            Bucket::Apps => [20, 100, 100, 100],
            Bucket::Logs => [20, 50, 50, 120],
            // Recorded once each, as the half that a token sees: 500 and 100.
            Bucket::Realms => [1000; 4],
            Bucket::PrincipalRateLimits => [200; 4],
            // Recorded as 15, the half that a token sees. That of uploads is UNCONFIRMED.
            Bucket::IdentitySourceSessions => [30; 4],
            Bucket::IdentitySourceBulk => [600; 4],
            Bucket::Other => [100, 600, 600, 1200],
        };
        by_plan[self as usize]
    }

    /// Requests that the whole org may have running at once.
    pub(crate) fn concurrency(self) -> u32 {
        match self {
            Self::Integrator => 35,
            Self::OneApp | Self::Enterprise | Self::Workforce => 75,
        }
    }
}

impl fmt::Display for OrgPlan {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl FromStr for OrgPlan {
    type Err = UnknownPlan;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|plan| plan.name() == text).ok_or_else(|| UnknownPlan(text.to_owned()))
    }
}
