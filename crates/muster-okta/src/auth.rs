//! What stands in the `Authorization` header (API.md §2).

use ::http::HeaderValue;
use muster_core::secret::Secret;

/// The credentials of a run.
#[derive(Clone, Debug)]
pub enum Authorization {
    /// An API token, sent as `SSWS`.
    ApiToken(Secret),
    /// An OAuth access token, sent as `Bearer`.
    AccessToken(Secret),
}

impl Authorization {
    /// The header, marked sensitive; none when the token has characters that no header can have.
    pub fn header(&self) -> Option<HeaderValue> {
        let text = match self {
            Self::ApiToken(token) => format!("SSWS {}", token.reveal()),
            Self::AccessToken(token) => format!("Bearer {}", token.reveal()),
        };
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// What kind it is, for people.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::ApiToken(_) => "API token (SSWS)",
            Self::AccessToken(_) => "OAuth access token (Bearer)",
        }
    }
}
