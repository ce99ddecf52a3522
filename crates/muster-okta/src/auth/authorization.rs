//! The credentials of a run, as the settings name them.

use ::http::HeaderValue;
use muster_core::secret::Secret;

use super::service_app::ServiceApp;

/// The credentials of a run.
#[derive(Clone, Debug)]
pub enum Authorization {
    /// An API token, sent as `SSWS`.
    ApiToken(Secret),
    /// An OAuth access token, sent as `Bearer`.
    AccessToken(Secret),
    /// A service app, which gets access tokens for a key of its own.
    ServiceApp(ServiceApp),
}

impl Authorization {
    /// The header, marked sensitive; none when the token has characters that no header can have, and none of a
    /// service app, whose header changes.
    pub fn header(&self) -> Option<HeaderValue> {
        match self {
            Self::ApiToken(token) => header("SSWS", token),
            Self::AccessToken(token) => header("Bearer", token),
            Self::ServiceApp(_) => None,
        }
    }

    /// What kind it is, for people.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::ApiToken(_) => "API token (SSWS)",
            Self::AccessToken(_) => "OAuth access token (Bearer)",
            Self::ServiceApp(_) => "OAuth service app (private_key_jwt)",
        }
    }
}

/// The header of a token under a scheme.
pub(super) fn header(scheme: &str, token: &Secret) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("{scheme} {}", token.reveal())).ok()?;
    value.set_sensitive(true);
    Some(value)
}
