//! The names of the rights: OAuth scopes, as Okta calls them (API.md §2.4). API tokens may be held to them, too.

use std::str::FromStr;

use crate::operation::{Area, Right};

/// Scopes that exist at Okta, and that nothing here asks for: an app may well have them.
const ELSEWHERE: [&str; 24] = [
    "agentPools",
    "appGrants",
    "authenticators",
    "authorizationServers",
    "behaviors",
    "brands",
    "clients",
    "deviceAssurance",
    "devices",
    "domains",
    "emailDomains",
    "eventHooks",
    "factors",
    "features",
    "idps",
    "linkedObjects",
    "networkZones",
    "oauthIntegrations",
    "policies",
    "profileMappings",
    "roles",
    "sessions",
    "templates",
    "trustedOrigins",
];

/// One scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scope {
    /// Its name, such as `okta.users.read`.
    pub name: Box<str>,
    /// What it allows; nothing, if nothing here asks for it.
    right: Option<Right>,
}

/// A name that is not one of Okta's scopes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no scope `{0}`; scopes are named okta.AREA.read or okta.AREA.manage, such as okta.users.manage, and the areas are users, groups, schemas, userTypes, inlineHooks, identitySources, realms, principalRateLimits, rateLimits, apps, logs (to read) and orgs"
)]
pub struct UnknownScope(pub(crate) String);

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownScope(name.to_owned());
        let (area, manages) = split(name).ok_or_else(unknown)?;
        let known = Area::ALL.into_iter().find(|known| known.name() == area);
        let right = known.map(|area| if manages { Right::Manage(area) } else { Right::Read(area) });
        // Nobody writes the System Log.
        if right == Some(Right::Manage(Area::Logs)) || (right.is_none() && !ELSEWHERE.contains(&area)) {
            return Err(unknown());
        }
        Ok(Self { name: name.into(), right })
    }
}

/// The area of a scope, and whether it is to be managed or to be read.
fn split(name: &str) -> Option<(&str, bool)> {
    let (area, kind) = name.strip_prefix("okta.")?.rsplit_once('.')?;
    match kind {
        "manage" => Some((area, true)),
        "read" => Some((area, false)),
        _ => None,
    }
}

/// Whether these scopes give a right. `.manage` includes `.read`.
pub(crate) fn allow(scopes: &[Scope], wanted: Right) -> bool {
    let has = |right| scopes.iter().any(|scope| scope.right == Some(right));
    match wanted {
        Right::Open => true,
        Right::Manage(_) => has(wanted),
        Right::Read(area) => has(wanted) || has(Right::Manage(area)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_right_has_its_scope_and_managing_includes_reading() {
        for area in Area::ALL {
            let read: Scope = Right::Read(area).scope().expect("a name").parse().expect("a scope");
            assert!(allow(std::slice::from_ref(&read), Right::Read(area)));
            assert!(!allow(&[read], Right::Manage(area)));
            let Ok(manage) = Right::Manage(area).scope().expect("a name").parse::<Scope>() else {
                assert_eq!(area, Area::Logs);
                continue;
            };
            assert!(allow(std::slice::from_ref(&manage), Right::Read(area)));
            assert!(allow(&[manage], Right::Manage(area)));
        }
        assert!(allow(&[], Right::Open));
        let elsewhere: Scope = "okta.policies.manage".parse().expect("a scope of Okta");
        assert!(!allow(&[elsewhere], Right::Read(Area::Users)));
    }

    #[test]
    fn misspelt_scopes_are_told() {
        for name in
            ["okta.user.read", "users.read", "okta.users.write", "okta.users", "openid", "", "okta..read"]
        {
            assert_eq!(name.parse::<Scope>(), Err(UnknownScope(name.to_owned())));
        }
    }
}
