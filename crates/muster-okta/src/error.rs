//! What can go wrong with one call.

use std::fmt;

use serde::Deserialize;

/// How a request failed to bring an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransportFailure {
    /// The name could not be resolved, or nobody listens: the request never left.
    Connect,
    /// The certificate was not accepted: the request never left.
    Tls,
    /// No answer in time; the request may have been carried out.
    TimedOut,
    /// The connection broke after the request went out; it may have been carried out.
    Broken,
    /// The request could not be built.
    Unsendable,
}

impl TransportFailure {
    /// Whether the request surely did not reach the org.
    pub fn never_arrived(self) -> bool {
        matches!(self, Self::Connect | Self::Tls | Self::Unsendable)
    }
}

/// A request that brought no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct TransportError {
    /// How.
    pub failure: TransportFailure,
    /// The whole chain of causes, in words.
    pub text: String,
}

/// Okta's error body (API.md §4).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OktaError {
    /// The only contractual part.
    pub error_code: String,
    /// The summary.
    #[serde(default)]
    pub error_summary: String,
    /// For Okta's support.
    #[serde(default)]
    pub error_id: String,
    /// One entry per cause.
    #[serde(default)]
    pub error_causes: Vec<OktaCause>,
}

/// One cause of an error.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OktaCause {
    /// The cause in words.
    #[serde(default)]
    pub error_summary: String,
}

impl fmt::Display for OktaError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.error_code, self.error_summary)?;
        for cause in &self.error_causes {
            write!(out, "; {}", cause.error_summary)?;
        }
        Ok(())
    }
}

/// Why a call did not bring what it was made for.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CallError {
    /// Okta refused, in its own words.
    #[error("{error} (HTTP {status})")]
    Okta {
        /// The HTTP status.
        status: u16,
        /// The body.
        error: OktaError,
    },
    /// Something in between answered, or a server that is no Okta org.
    #[error("HTTP {status} with a body that is not Okta's: {excerpt}")]
    NotOkta {
        /// The HTTP status.
        status: u16,
        /// The beginning of the body as text.
        excerpt: String,
    },
    /// The status says that it worked, the body can't be read.
    #[error("HTTP {status}, but the body can't be read: {reason}")]
    Malformed {
        /// The HTTP status.
        status: u16,
        /// What is wrong with it.
        reason: String,
    },
    /// The org gives no access token, so that nothing was sent.
    #[error("{words}")]
    NoToken {
        /// Why, and below that what to do.
        words: String,
    },
    /// No answer came.
    #[error(transparent)]
    Transport(#[from] TransportError),
}

impl CallError {
    /// The HTTP status, if there was an answer.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Okta { status, .. } | Self::NotOkta { status, .. } | Self::Malformed { status, .. } => {
                Some(*status)
            }
            Self::NoToken { .. } | Self::Transport(_) => None,
        }
    }

    /// Okta's code, if the body was Okta's.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Okta { error, .. } => Some(&error.error_code),
            _ => None,
        }
    }
}
