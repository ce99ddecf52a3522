//! What the token endpoint answers (API.md §2.2): a token, or why there is none.

use std::time::Duration;

use ::http::{HeaderMap, Response};
use bytes::Bytes;
use muster_core::secret::Secret;
use serde::Deserialize;
use tokio::time::Instant;

use super::scopes::ScopeNeed;
use crate::error::{TransportError, TransportFailure};
use crate::exchange::{Exchange, excerpt};

/// A token as it was given out.
pub struct Grant {
    /// The token.
    pub token: Secret,
    /// Whether it is bound to the key of the proofs.
    pub bound: bool,
    /// How long it is good, from when it was asked for.
    pub life: Duration,
    /// What it was given for; none when the answer does not say, and then it is what was asked for.
    pub scopes: Option<Vec<String>>,
    /// When it was asked for.
    pub asked_at: Instant,
}

/// Why there is no token.
#[derive(Clone, Debug)]
pub enum TokenFailure {
    /// The endpoint can't be reached or can't answer now.
    Away {
        /// Why.
        error: TransportError,
        /// How long it told to wait.
        wait: Option<Duration>,
    },
    /// It answers that there will be none.
    Refused {
        /// The HTTP status.
        status: u16,
        /// OAuth's code.
        error: String,
        /// OAuth's words.
        description: String,
    },
    /// Scopes without which there is nothing to be done.
    Missing(Vec<ScopeNeed>),
}

#[derive(Deserialize)]
struct Good {
    access_token: String,
    token_type: String,
    expires_in: Option<u64>,
    scope: Option<String>,
}

/// In OAuth's form, or in the form of Okta's other errors.
#[derive(Deserialize)]
struct Bad {
    #[serde(alias = "errorCode")]
    error: String,
    #[serde(default, alias = "errorSummary")]
    error_description: String,
}

/// Okta's tokens last an hour (API.md §2.2).
const USUAL_LIFE: u64 = 3600;

impl TokenFailure {
    /// OAuth's code.
    pub fn code(&self) -> &str {
        match self {
            Self::Refused { error, .. } => error,
            _ => "",
        }
    }

    /// The endpoint is away, in these words.
    pub fn away(text: impl Into<String>) -> Self {
        let error = TransportError { failure: TransportFailure::Connect, text: text.into() };
        Self::Away { error, wait: None }
    }

    /// The endpoint could not be reached. The request that the token is for did not leave at all.
    pub fn unreached(error: &TransportError) -> Self {
        let failure = match error.failure {
            TransportFailure::TimedOut | TransportFailure::Broken => TransportFailure::Connect,
            other => other,
        };
        let text = format!("no access token could be had: {}", error.text);
        Self::Away { error: TransportError { failure, text }, wait: None }
    }
}

/// Reads an answer to a request that was made at this time.
pub fn read(answer: &Response<Bytes>, asked_at: Instant) -> Result<Grant, TokenFailure> {
    let status = answer.status().as_u16();
    if answer.status().is_success() {
        return good(answer.body(), asked_at);
    }
    let refusal = serde_json::from_slice::<Bad>(answer.body()).ok();
    match refusal {
        Some(Bad { error, error_description }) if (400..500).contains(&status) && status != 429 => {
            let description = excerpt(&Bytes::from(error_description));
            Err(TokenFailure::Refused { status, error, description })
        }
        _ => Err(unanswered(status, answer)),
    }
}

fn good(body: &Bytes, asked_at: Instant) -> Result<Grant, TokenFailure> {
    let Ok(good) = serde_json::from_slice::<Good>(body) else {
        return Err(TokenFailure::away("no access token could be had: the answer can't be read"));
    };
    Ok(Grant {
        token: Secret::new(good.access_token),
        bound: good.token_type.eq_ignore_ascii_case("DPoP"),
        life: Duration::from_secs(good.expires_in.unwrap_or(USUAL_LIFE)),
        scopes: good.scope.map(|scope| scope.split_ascii_whitespace().map(str::to_owned).collect()),
        asked_at,
    })
}

fn unanswered(status: u16, answer: &Response<Bytes>) -> TokenFailure {
    let said = excerpt(answer.body());
    let text = format!("no access token could be had: the token endpoint answered HTTP {status}: {said}");
    let error = TransportError { failure: TransportFailure::Connect, text };
    TokenFailure::Away { error, wait: (status == 429).then(|| window(answer)).flatten() }
}

/// How long the window of the limit lasts.
fn window(answer: &Response<Bytes>) -> Option<Duration> {
    let mut bare = Response::new(Bytes::new());
    *bare.status_mut() = answer.status();
    *bare.headers_mut() = HeaderMap::clone(answer.headers());
    Exchange::of(bare, |_| Ok(())).window_ends_in()
}
