//! Hooks of the OAuth kind.

use std::sync::Arc;

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use muster_server::hook::guard::TokenRules;
use muster_server::hook::settings::HookSettings;
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256};
use serde_json::{Value, json};

use crate::places::{Place, Stored};
use crate::world::{Came, World, body, came, settings, world};

async fn served(key: &KeyPair) -> World {
    let rules = TokenRules {
        keys: key.public_key_pem(),
        issuer: "https://example.okta.com/oauth2/default".to_owned(),
        audience: "muster".to_owned(),
        scope: Some("hook".to_owned()),
    };
    let settings = HookSettings { secrets: Vec::new(), token: Some(rules), ..settings() };
    let place = Place::new("old", &[("a@example.com", Stored::Hash("right", 1))]);
    world(settings, vec![Arc::new(place)]).await
}

fn claims() -> Value {
    let now = jiff::Timestamp::now().as_second();
    json!({"iss": "https://example.okta.com/oauth2/default", "aud": "muster", "scp": ["hook"], "exp": now + 300})
}

async fn call(world: &World, token: &str) -> Came {
    let body = body("e1", "a@example.com", "right").to_string();
    let call = world.client.post(&world.running.url).bearer_auth(token).body(body);
    came(call.send().await.unwrap()).await
}

fn signed(key: &KeyPair, claims: &Value) -> String {
    let signing = EncodingKey::from_ec_der(&key.serialize_der());
    encode(&Header::new(Algorithm::ES256), claims, &signing).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_the_issuer_is_taken_and_no_other() {
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    let world = served(&key).await;
    assert_eq!(call(&world, &signed(&key, &claims())).await, Came::Verified);
    let other = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    assert_eq!(call(&world, &signed(&other, &claims())).await, Came::Status(401));
    for (name, value) in [
        ("iss", json!("https://evil.example")),
        ("aud", json!("another")),
        ("scp", json!(["others"])),
        ("exp", json!(1_000)),
        ("nbf", json!(9_000_000_000_u64)),
        ("exp", Value::Null),
    ] {
        let mut claims = claims();
        claims[name] = value;
        assert_eq!(call(&world, &signed(&key, &claims)).await, Came::Status(401), "{name}");
    }
    // Signed with the public key as if it were a shared secret.
    let confused = EncodingKey::from_secret(key.public_key_pem().as_bytes());
    let confused = encode(&Header::new(Algorithm::HS256), &claims(), &confused).unwrap();
    for token in [confused.as_str(), "", "x.y.z"] {
        assert_eq!(call(&world, token).await, Came::Status(401));
    }
}
