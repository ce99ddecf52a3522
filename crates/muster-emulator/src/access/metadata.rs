//! What the authorization server says of itself. None of it is counted against a limit (API.md §3.1).

use serde_json::json;

use crate::{
    api::call::{Answer, Reply},
    operation::OperationId,
};

/// Answers a request for metadata; none if it is for something else.
pub(crate) fn answer(base: &str, wanted: OperationId) -> Option<Answer> {
    match wanted {
        // Access tokens are opaque here, and there are no ID tokens: nobody has a signature to verify.
        OperationId::OAuthKeys => Some(Reply::json(&json!({"keys": []}))),
        OperationId::OpenIdConfiguration | OperationId::OAuthMetadata => Some(Reply::json(&json!({
            "issuer": base,
            "token_endpoint": format!("{base}/oauth2/v1/token"),
            "jwks_uri": format!("{base}/oauth2/v1/keys"),
            "response_types_supported": [],
            "subject_types_supported": ["public"],
            "grant_types_supported": ["client_credentials"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": SIGNATURES,
            "dpop_signing_alg_values_supported": SIGNATURES,
        }))),
        _ => None,
    }
}

const SIGNATURES: [&str; 6] = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"];
