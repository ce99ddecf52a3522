//! A service app, as a client of an org: it has keys, signs, and asks for access tokens.

use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use bytes::Bytes;
use http::Request;
use jsonwebtoken::{Algorithm, EncodingKey, crypto, jwk::Jwk};
use muster_emulator::{OrgSettings, ServiceApp};
use rcgen::{KeyPair, RsaKeySize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::caller::{Caller, Got, unlimited};

pub const APP: &str = "0oa1service";
pub const ENDPOINT: &str = "http://org.example/oauth2/v1/token";
pub const USERS: &str = "http://org.example/api/v1/users";
pub const KIND: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// 2025-09-29T04:00:54Z.
pub const NOW: i64 = 1_759_118_454;

type Sign = Box<dyn Fn(&[u8]) -> String + Send + Sync>;

/// A key pair.
pub struct Key {
    pub alg: &'static str,
    pub jwk: Value,
    sign: Sign,
}

impl Key {
    /// The usual one.
    pub fn new() -> Self {
        Self::of("ES256")
    }

    /// A key for an algorithm.
    pub fn of(alg: &'static str) -> Self {
        let rsa = || KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, RsaKeySize::_2048).expect("a key");
        let ec = |kind| KeyPair::generate_for(kind).expect("a key").serialize_pem();
        let ec = |kind| EncodingKey::from_ec_pem(ec(kind).as_bytes()).expect("a key");
        let rsa = || EncodingKey::from_rsa_pem(rsa().serialize_pem().as_bytes()).expect("a key");
        let (key, algorithm) = match alg {
            "RS256" => (rsa(), Algorithm::RS256),
            "RS384" => (rsa(), Algorithm::RS384),
            "RS512" => (rsa(), Algorithm::RS512),
            "ES256" => (ec(&rcgen::PKCS_ECDSA_P256_SHA256), Algorithm::ES256),
            "ES384" => (ec(&rcgen::PKCS_ECDSA_P384_SHA384), Algorithm::ES384),
            _ => return Self::es512(),
        };
        let jwk = Jwk::from_encoding_key(&key, algorithm).expect("a JWK");
        let sign = move |message: &[u8]| crypto::sign(message, &key, algorithm).expect("a signature");
        Self { alg, jwk: serde_json::to_value(jwk).expect("JSON"), sign: Box::new(sign) }
    }

    fn es512() -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P521_SHA512_FIXED_SIGNING).expect("a key");
        let (x, y) = key.public_key().as_ref()[1..].split_at(66);
        let jwk = json!({"kty": "EC", "crv": "P-521", "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y)});
        let sign = move |message: &[u8]| {
            URL_SAFE_NO_PAD.encode(key.sign(&SystemRandom::new(), message).expect("a signature"))
        };
        Self { alg: "ES512", jwk, sign: Box::new(sign) }
    }

    /// This key, with an id.
    pub fn named(mut self, kid: &str) -> Self {
        self.jwk["kid"] = json!(kid);
        self
    }

    /// A signed document.
    pub fn signed(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let signature = (self.sign)(message.as_bytes());
        format!("{message}.{signature}")
    }

    /// An assertion, with other claims in the place of the usual ones; null takes one away.
    pub fn assertion(&self, now: i64, changes: &Value) -> String {
        let claims =
            json!({"iss": APP, "sub": APP, "aud": ENDPOINT, "iat": now, "exp": now + 300, "jti": fresh()});
        self.signed(&json!({"alg": self.alg, "kid": self.jwk.get("kid")}), &changed(claims, changes))
    }

    /// A proof for a request, with other claims in the place of the usual ones.
    pub fn proof(&self, method: &str, url: &str, now: i64, changes: &Value) -> String {
        let claims = json!({"htm": method, "htu": url, "iat": now, "jti": fresh()});
        let header = json!({"typ": "dpop+jwt", "alg": self.alg, "jwk": self.jwk});
        self.signed(&header, &changed(claims, changes))
    }
}

/// The hash of an access token, as a proof has it.
pub fn ath(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(token))
}

/// These members, with others in their place; null takes one away.
pub fn changed(mut members: Value, changes: &Value) -> Value {
    for (name, value) in changes.as_object().into_iter().flatten() {
        members[name] = value.clone();
    }
    if let Some(members) = members.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    members
}

fn fresh() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("id-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// An app with these keys, as its file has it.
pub fn app(keys: &[&Key], dpop: bool) -> ServiceApp {
    let keys: Vec<_> = keys.iter().map(|key| &key.jwk).collect();
    let scopes = ["okta.users.manage", "okta.groups.read", "okta.logs.read"];
    let app =
        json!({"client_id": APP, "jwks": {"keys": keys}, "scopes": scopes, "dpop_bound_access_tokens": dpop});
    ServiceApp::from_json(app.to_string().as_bytes()).expect("an app")
}

/// The settings of an org that knows an app.
pub fn settings(app: ServiceApp) -> OrgSettings {
    let start = Some("2025-09-29T04:00:54Z".parse().expect("a time"));
    OrgSettings { apps: vec![app], limits: unlimited(), start, ..OrgSettings::default() }
}

/// Asks for a token with these fields.
pub async fn ask(org: &Caller, fields: &[(&str, &str)], proof: Option<&str>) -> Got {
    let fields: Vec<_> =
        fields.iter().map(|(name, value)| format!("{name}={}", value.replace(' ', "+"))).collect();
    let mut request = Request::post("/oauth2/v1/token")
        .header("host", "org.example")
        .header("content-type", "application/x-www-form-urlencoded");
    if let Some(proof) = proof {
        request = request.header("dpop", proof);
    }
    org.call(request.body(Bytes::from(fields.join("&"))).expect("a request")).await
}

/// Asks for a token as it should be done.
pub async fn ask_with(org: &Caller, assertion: &str, scope: &str, proof: Option<&str>) -> Got {
    let fields = [
        ("grant_type", "client_credentials"),
        ("scope", scope),
        ("client_assertion_type", KIND),
        ("client_assertion", assertion),
    ];
    ask(org, &fields, proof).await
}

/// Calls with an `Authorization` header, and perhaps with proofs.
pub async fn go(org: &Caller, method: &str, url: &str, authorization: &str, proofs: &[&str]) -> Got {
    let path = url.trim_start_matches("http://org.example");
    let mut request = Request::builder().method(method).uri(path).header("host", "org.example");
    request = request.header("authorization", authorization);
    for proof in proofs {
        request = request.header("dpop", *proof);
    }
    org.call(request.body(Bytes::new()).expect("a request")).await
}

impl Got {
    /// The access token.
    pub fn token(&self) -> &str {
        self.body["access_token"].as_str().unwrap_or_else(|| panic!("a token: {}", self.text))
    }

    /// Status, error and description of an answer of the token endpoint.
    pub fn oauth_error(&self) -> (u16, &str, &str) {
        let text = |name: &str| self.body[name].as_str().unwrap_or_default();
        assert!(self.body.get("errorCode").is_none(), "{}", self.text);
        (self.status, text("error"), text("error_description"))
    }
}
