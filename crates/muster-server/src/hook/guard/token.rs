//! Access tokens of OAuth 2.0, for hooks of that kind: signed by the issuer that the hook's channel names.

use std::collections::HashSet;

use http::{HeaderMap, header};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;

use crate::error::ServerError;

/// What a token must say.
#[derive(Clone, Debug)]
pub struct TokenRules {
    /// A set of JSON Web Keys, one key, or a public key in PEM.
    pub keys: String,
    /// Who signed it.
    pub issuer: String,
    /// For whom it is.
    pub audience: String,
    /// What it must allow.
    pub scope: Option<String>,
}

/// Checks tokens.
pub struct Tokens {
    keys: Vec<Key>,
    scope: Option<String>,
}

struct Key {
    id: Option<String>,
    decoding: DecodingKey,
    validation: Validation,
}

#[derive(Deserialize)]
struct Claims {
    /// As Okta writes them.
    #[serde(default)]
    scp: Vec<String>,
    /// As RFC 9068 has them.
    #[serde(default)]
    scope: String,
}

impl Tokens {
    /// A check by these rules.
    pub fn new(rules: &TokenRules) -> Result<Self, ServerError> {
        let bare =
            if rules.keys.trim_start().starts_with('{') { of_json(&rules.keys) } else { of_pem(&rules.keys) };
        let bare = bare.map_err(ServerError::TokenKeys)?;
        let keys = bare.into_iter().map(|(id, key)| {
            let validation = validation(&key, rules)?;
            Ok(Key { id, decoding: key, validation })
        });
        let keys: Vec<Key> = keys.collect::<Result<_, String>>().map_err(ServerError::TokenKeys)?;
        if keys.is_empty() {
            return Err(ServerError::TokenKeys("there is none".to_owned()));
        }
        Ok(Self { keys, scope: rules.scope.clone() })
    }

    /// Whether a call has a token that holds.
    pub fn hold(&self, headers: &HeaderMap) -> bool {
        let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = value.and_then(|value| value.split_once(' '));
        let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        token.is_some_and(|(_, token)| self.holds(token.trim()))
    }

    fn holds(&self, token: &str) -> bool {
        let Ok(head) = decode_header(token) else { return false };
        let fits = |key: &&Key| {
            let same_id = key.id.is_none() || head.kid.is_none() || key.id == head.kid;
            same_id && key.validation.algorithms.contains(&head.alg)
        };
        self.keys.iter().filter(fits).any(|key| {
            let claims = decode::<Claims>(token, &key.decoding, &key.validation);
            claims.is_ok_and(|token| self.allows(&token.claims))
        })
    }

    fn allows(&self, claims: &Claims) -> bool {
        let Some(scope) = &self.scope else { return true };
        claims.scp.contains(scope) || claims.scope.split(' ').any(|given| given == scope)
    }
}

type BareKeys = Result<Vec<(Option<String>, DecodingKey)>, String>;

fn of_json(text: &str) -> BareKeys {
    let wrong = |error: serde_json::Error| format!("line {}: {}", error.line(), "not a JSON Web Key");
    let keys = match serde_json::from_str::<JwkSet>(text) {
        Ok(set) => set.keys,
        Err(_) => vec![serde_json::from_str::<Jwk>(text).map_err(wrong)?],
    };
    let key = |jwk: Jwk| {
        let key = DecodingKey::from_jwk(&jwk).map_err(|error| error.to_string())?;
        Ok((jwk.common.key_id.clone(), key))
    };
    keys.into_iter().map(key).collect()
}

fn of_pem(text: &str) -> BareKeys {
    let pem = text.as_bytes();
    let key = DecodingKey::from_rsa_pem(pem)
        .or_else(|_| DecodingKey::from_ec_pem(pem))
        .or_else(|_| DecodingKey::from_ed_pem(pem));
    let key = key.map_err(|_| "it is neither JSON nor a public key in PEM".to_owned())?;
    Ok(vec![(None, key)])
}

/// A key is used with algorithms of its own family alone, and never with a shared secret.
fn validation(key: &DecodingKey, rules: &TokenRules) -> Result<Validation, String> {
    let algorithms = match key.family() {
        AlgorithmFamily::Rsa => vec![
            Algorithm::RS256,
            Algorithm::RS384,
            Algorithm::RS512,
            Algorithm::PS256,
            Algorithm::PS384,
            Algorithm::PS512,
        ],
        AlgorithmFamily::Ec => vec![Algorithm::ES256, Algorithm::ES384],
        AlgorithmFamily::Ed => vec![Algorithm::EdDSA],
        AlgorithmFamily::Hmac => return Err("a shared secret is no public key".to_owned()),
    };
    let mut validation = Validation::new(algorithms.first().copied().unwrap_or(Algorithm::RS256));
    validation.algorithms = algorithms;
    validation.set_issuer(&[&rules.issuer]);
    validation.set_audience(&[&rules.audience]);
    validation.required_spec_claims = HashSet::from(["exp", "iss", "aud"].map(str::to_owned));
    validation.validate_nbf = true;
    Ok(validation)
}
