//! The token of an OAuth hook: fetched with a secret, or with a signed assertion (API.md §9.1).

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, header};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::{
    api::call::encoded,
    hook_call,
    hook_service::{HookFailure, HookRequest, HookService},
    model::hooks::Config,
};

/// How long an assertion can be used.
const ASSERTION_SECONDS: i64 = 300;
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Fetches a token from the hook's token endpoint.
pub(crate) async fn fetch(
    service: &dyn HookService,
    config: &Config,
    key: Option<&str>,
) -> Result<String, HookFailure> {
    let mut fields = vec![("grant_type", "client_credentials".to_owned())];
    if let Some(scope) = config.scope.as_ref().filter(|scope| !scope.is_empty()) {
        fields.push(("scope", scope.clone()));
    }
    fields.extend(proof(config, key)?);
    let form: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    let uri = config.token_url.clone().unwrap_or_default();
    let request = HookRequest { uri, headers, body: Bytes::from(form.join("&")) };
    let answer =
        hook_call::once(service, request).await.map_err(|failure| HookFailure::Token(failure.to_string()))?;
    if answer.status != 200 {
        return Err(HookFailure::Token(format!("the token endpoint answered {}", answer.status)));
    }
    let value: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let token = value.get("access_token").and_then(Value::as_str);
    token.map(ToOwned::to_owned).ok_or_else(|| HookFailure::Token("there is none in the answer".to_owned()))
}

/// By what the token endpoint knows the client.
fn proof(config: &Config, key: Option<&str>) -> Result<Vec<(&'static str, String)>, HookFailure> {
    let client = config.client_id.clone().unwrap_or_default();
    if config.auth_type.as_deref() == Some("private_key_jwt") {
        let assertion = assertion(config, key)?;
        return Ok(vec![
            ("client_id", client),
            ("client_assertion_type", JWT_BEARER.to_owned()),
            ("client_assertion", assertion),
        ]);
    }
    Ok(vec![("client_id", client), ("client_secret", config.client_secret.clone().unwrap_or_default())])
}

fn assertion(config: &Config, key: Option<&str>) -> Result<String, HookFailure> {
    let failed = |why: &str| HookFailure::Token(why.to_owned());
    let key = key.ok_or_else(|| failed("the emulated org was given no key to sign with"))?;
    let key =
        EncodingKey::from_rsa_pem(key.as_bytes()).map_err(|_| failed("the key is not an RSA key in PEM"))?;
    let mut head = Header::new(Algorithm::RS256);
    head.kid.clone_from(&config.hook_key_id);
    // The service goes by the real time, whatever time it is in the rehearsal.
    let now = Timestamp::now().as_second();
    let claims = json!({
        "iss": config.client_id,
        "sub": config.client_id,
        "aud": config.token_url,
        "iat": now,
        "exp": now.saturating_add(ASSERTION_SECONDS),
        "jti": format!("{:032x}", rand::random::<u128>()),
    });
    jsonwebtoken::encode(&head, &claims, &key).map_err(|_| failed("the assertion cannot be signed"))
}
