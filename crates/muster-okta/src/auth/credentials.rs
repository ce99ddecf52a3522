//! How a request shows who makes it, and what an answer says about that.

use std::fmt;
use std::sync::Arc;

use ::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use ::http::{HeaderMap, HeaderValue, Request, Response};
use bytes::Bytes;
use url::Url;

use super::access_token::AccessToken;
use super::authorization::Authorization;
use super::dpop::Proved;
use super::keeper::{TokenKeeper, TokenReport};
use super::refusal::call_error;
use crate::error::{CallError, TransportError};
use crate::exchange::Exchange;
use crate::transport::Transport;

/// What an answer says about the access token of its request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenVerdict {
    /// Nothing, or nothing that could be helped.
    #[default]
    None,
    /// It was refused before anything was done, and another one can be had.
    Spent,
    /// It was refused, as others before it that were new: no other one will do.
    Refused,
}

/// What requests are signed with.
#[derive(Clone)]
pub enum Credentials {
    /// The same header for all.
    Fixed(HeaderValue),
    /// A token that is renewed.
    Renewed(Arc<TokenKeeper>),
}

impl Credentials {
    /// For an org at this address; none when a token can't stand in a header.
    pub fn new(authorization: &Authorization, base: &Url) -> Option<Self> {
        match authorization {
            Authorization::ServiceApp(app) => {
                let endpoint = base.join("/oauth2/v1/token").ok()?;
                Some(Self::Renewed(Arc::new(TokenKeeper::new(app.clone(), endpoint))))
            }
            _ => authorization.header().map(Self::Fixed),
        }
    }

    /// What is known of the access token; none when there is none that is renewed.
    pub async fn report(&self, transport: &dyn Transport) -> Option<Result<TokenReport, CallError>> {
        let Self::Renewed(keeper) = self else { return None };
        Some(keeper.report(transport).await.map_err(|failure| call_error(&keeper.app, failure)))
    }

    /// Sends a request that needs nothing but its credentials.
    pub async fn send<T>(
        &self,
        transport: &dyn Transport,
        mut request: Request<Bytes>,
        read: impl FnOnce(&Bytes) -> Result<T, String>,
    ) -> Exchange<T> {
        match self {
            Self::Fixed(header) => {
                request.headers_mut().insert(AUTHORIZATION, header.clone());
                match transport.send(request).await {
                    Ok(response) => Exchange::of(response, read),
                    Err(error) => Exchange::unanswered(error),
                }
            }
            Self::Renewed(keeper) => keeper.send(transport, request, read).await,
        }
    }
}

impl TokenKeeper {
    async fn send<T>(
        &self,
        transport: &dyn Transport,
        request: Request<Bytes>,
        read: impl FnOnce(&Bytes) -> Result<T, String>,
    ) -> Exchange<T> {
        let token = match self.token(transport).await {
            Ok(token) => token,
            Err(failure) => return Exchange::without_token(call_error(&self.app, failure)),
        };
        match self.carry(transport, request, &token).await {
            Ok(response) => {
                let verdict = self.judge(&token, &response);
                Exchange { token: verdict, ..Exchange::of(response, read) }
            }
            Err(error) => Exchange::unanswered(error),
        }
    }

    /// Sends a request; once more where the org wishes for another nonce, for then nothing was done.
    async fn carry(
        &self,
        transport: &dyn Transport,
        request: Request<Bytes>,
        token: &AccessToken,
    ) -> Result<Response<Bytes>, TransportError> {
        let again = token.bound.is_some().then(|| request.clone());
        let response = transport.send(self.signed(request, token)).await?;
        self.clock.hear(response.headers());
        let wished = refusal_of(&response) == Some(Unproven::Nonce);
        if let Some(again) = again.filter(|_| wished && self.keep_resource_nonce(response.headers())) {
            return transport.send(self.signed(again, token)).await;
        }
        Ok(response)
    }

    fn signed(&self, mut request: Request<Bytes>, token: &AccessToken) -> Request<Bytes> {
        if let Some(hash) = &token.bound {
            let url = request.uri().to_string();
            let nonce = self.resource_nonce();
            let method = request.method().as_str();
            let (token_hash, now) = (Some(hash.as_str()), self.clock.now());
            let proof = self.proof(&Proved { method, url: &url, token_hash, nonce: nonce.as_deref(), now });
            // Without a proof the org refuses the request, and says so.
            if let Some(proof) = proof.and_then(|proof| HeaderValue::try_from(proof).ok()) {
                request.headers_mut().insert("dpop", proof);
            }
        }
        request.headers_mut().insert(AUTHORIZATION, token.header.clone());
        request
    }

    fn judge(&self, token: &AccessToken, response: &Response<Bytes>) -> TokenVerdict {
        if refusal_of(response).is_some() {
            return if self.refused(token) { TokenVerdict::Spent } else { TokenVerdict::Refused };
        }
        // Whoever is told that something is there, or is not, was let in.
        if matches!(response.status().as_u16(), 200..=299 | 403 | 404 | 409) {
            self.worked(token);
        }
        TokenVerdict::None
    }
}

/// How an org refuses what a request shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unproven {
    /// The token, or its proof.
    Token,
    /// The nonce of its proof.
    Nonce,
}

/// How the token of a request was refused, if it was. Status and form of these answers are not known for sure
/// (API.md §2.2, §2.3): the challenge and the body are looked at.
fn refusal_of(response: &Response<Bytes>) -> Option<Unproven> {
    if !matches!(response.status().as_u16(), 400 | 401) {
        return None;
    }
    let code = code(response.body());
    let says = |word: &str| code.as_deref() == Some(word) || challenges(response.headers(), word);
    if says("use_dpop_nonce") {
        Some(Unproven::Nonce)
    } else if says("E0000011") || says("invalid_token") || says("invalid_dpop_proof") {
        Some(Unproven::Token)
    } else {
        None
    }
}

fn challenges(headers: &HeaderMap, word: &str) -> bool {
    let challenges = headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
    challenges.into_iter().any(|challenge| challenge.contains(&format!("error=\"{word}\"")))
}

/// The code of a body in Okta's form or in OAuth's.
fn code(body: &Bytes) -> Option<String> {
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    let code = body.get("errorCode").or_else(|| body.get("error"))?;
    code.as_str().map(str::to_owned)
}

impl fmt::Debug for Credentials {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Fixed(_) => "Fixed(***)",
            Self::Renewed(_) => "Renewed(***)",
        })
    }
}
