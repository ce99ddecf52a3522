//! The API tokens and service apps, as those whom limits are set for. They are made of the settings at every start;
//! their ids come from the seed, so that they stay the same.

use crate::ids::Ids;

/// Draws ids apart from those of entities, so that a token more changes no id to come.
const STREAM: u64 = u64::MAX - 1;

/// What a principal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PrincipalKind {
    ApiToken,
    ServiceApp,
}

/// One principal, and the limit that is set for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LimitedPrincipal {
    pub kind: PrincipalKind,
    /// The id of the token or app.
    pub id: String,
    /// The id of the limit.
    pub limit_id: String,
}

impl PrincipalKind {
    /// The name as in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::ApiToken => "SSWS_TOKEN",
            Self::ServiceApp => "OAUTH_CLIENT",
        }
    }
}

impl LimitedPrincipal {
    /// The principals of an org with so many tokens and these service apps.
    pub fn of(seed: u64, tokens: usize, apps: &[String]) -> Vec<Self> {
        let mut ids = Ids::new(seed, STREAM);
        let mut principals = Vec::new();
        for _ in 0..tokens {
            let (id, limit_id) = (ids.id("00T"), ids.id("prl"));
            principals.push(Self { kind: PrincipalKind::ApiToken, id, limit_id });
        }
        for app in apps {
            let limit_id = ids.id("prl");
            principals.push(Self { kind: PrincipalKind::ServiceApp, id: app.clone(), limit_id });
        }
        principals
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn principals_stay_the_same_from_start_to_start() {
        let apps = ["0oa1".to_owned()];
        let some = LimitedPrincipal::of(7, 2, &apps);
        assert_eq!(some, LimitedPrincipal::of(7, 2, &apps));
        assert_eq!(some.iter().filter(|one| one.kind == PrincipalKind::ApiToken).count(), 2);
    }
}
