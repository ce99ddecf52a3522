//! Refusals in the words of OAuth 2.0: at the token endpoint in OAuth's own form, elsewhere in Okta's, with a challenge.

use http::StatusCode;
use serde::Serialize;

use crate::refusal::Refusal;

/// What a refusal says aside from the body that Okta's errors have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Aside {
    /// OAuth's error code. The body has the form of OAuth then.
    pub error: Option<&'static str>,
    /// More headers.
    pub headers: Vec<(&'static str, String)>,
}

#[derive(Serialize)]
struct OAuthBody<'a> {
    error: &'a str,
    error_description: &'a str,
}

impl Aside {
    /// The body in OAuth's form, if that is asked for.
    pub fn body(&self, description: &str) -> Option<Vec<u8>> {
        let body = OAuthBody { error: self.error?, error_description: description };
        Some(serde_json::to_vec(&body).unwrap_or_default())
    }
}

impl Refusal {
    /// An error of the token endpoint.
    pub fn oauth(status: StatusCode, error: &'static str, description: &str) -> Self {
        let mut refusal = Self::new(status, error, description);
        refusal.aside.error = Some(error);
        refusal
    }

    /// `invalid_client`.
    pub fn invalid_client(description: &str) -> Self {
        Self::oauth(StatusCode::UNAUTHORIZED, "invalid_client", description)
    }

    /// `invalid_request`.
    pub fn invalid_request(description: &str) -> Self {
        Self::oauth(StatusCode::BAD_REQUEST, "invalid_request", description)
    }

    /// `invalid_scope`.
    pub fn invalid_scope(description: &str) -> Self {
        Self::oauth(StatusCode::BAD_REQUEST, "invalid_scope", description)
    }

    /// `unsupported_grant_type`.
    pub fn unsupported_grant_type() -> Self {
        let description = "The authorization grant type is not supported by the authorization server. Configured \
                           grant types: [client_credentials].";
        Self::oauth(StatusCode::BAD_REQUEST, "unsupported_grant_type", description)
    }

    /// `invalid_dpop_proof`, at the token endpoint.
    pub fn invalid_proof(description: &str) -> Self {
        Self::oauth(StatusCode::BAD_REQUEST, "invalid_dpop_proof", description)
    }

    /// `use_dpop_nonce`, with the nonce to be used.
    pub fn use_nonce(nonce: String) -> Self {
        let description = "Authorization server requires nonce in DPoP proof.";
        Self::oauth(StatusCode::BAD_REQUEST, "use_dpop_nonce", description).with_header("dpop-nonce", nonce)
    }

    /// E0000006.
    pub fn not_permitted() -> Self {
        let summary = "You do not have permission to perform the requested action";
        Self::new(StatusCode::FORBIDDEN, "E0000006", summary)
    }

    /// E0000011 for an access token, with the challenge of OAuth. The exact words of Okta's are not known.
    pub fn invalid_access_token(scheme: &str) -> Self {
        let words = "The access token is invalid or has expired.";
        Self::invalid_token().challenged(scheme, "invalid_token", words)
    }

    /// E0000006 for an access token that lacks a scope.
    pub fn insufficient_scope(scheme: &str, scope: &str) -> Self {
        let words = "The access token provided does not contain the required scopes.";
        let challenge = challenge(scheme, "insufficient_scope", words);
        Self::not_permitted().with_header("www-authenticate", format!("{challenge}, scope=\"{scope}\""))
    }

    /// A bound access token without a good proof. Okta's status is not known for sure: it is taken to be 400, and the
    /// body to have the form of Okta's other errors, with OAuth's code.
    pub fn unproven(description: &str) -> Self {
        let error = "invalid_dpop_proof";
        Self::new(StatusCode::BAD_REQUEST, error, description).challenged("DPoP", error, description)
    }

    fn challenged(self, scheme: &str, error: &str, words: &str) -> Self {
        self.with_header("www-authenticate", challenge(scheme, error, words))
    }

    fn with_header(mut self, name: &'static str, value: String) -> Self {
        self.aside.headers.push((name, value));
        self
    }
}

/// A `WWW-Authenticate` header. Okta's own has the address of the org in it, too.
fn challenge(scheme: &str, error: &str, words: &str) -> String {
    format!("{scheme} error=\"{error}\", error_description=\"{words}\"")
}
