//! How the org treats its service apps.

use std::time::Duration;

/// What holds for all service apps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthSettings {
    /// How long an access token is good: an hour, at Okta. A shorter one lets a rehearsal see it run out.
    pub token_lifetime: Duration,
    /// What becomes of a scope that exists and was not granted to the app.
    pub ungranted: Ungranted,
    /// Whether a DPoP proof signed with the key of the client is refused. Okta's guide wants two keys, and Okta's own
    /// SDK for Node uses one, so that it is taken unless the operator wishes otherwise.
    pub dpop_key_apart: bool,
}

/// What becomes of a scope that was not granted. Okta is known to do both; a refusal is what shows a mistake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ungranted {
    /// The request is refused (`invalid_scope`).
    #[default]
    Refused,
    /// The token comes without it, and only its `scope` tells. If none is left, the request is refused.
    Dropped,
}

impl Default for OAuthSettings {
    fn default() -> Self {
        Self {
            token_lifetime: Duration::from_hours(1),
            ungranted: Ungranted::default(),
            dpop_key_apart: false,
        }
    }
}
