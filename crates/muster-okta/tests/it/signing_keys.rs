//! The keys of service apps, in every form.

use muster_core::secret::Secret;
use muster_emulator::Emulator;
use muster_okta::{BadSigningKey, SigningKey};
use serde_json::json;

use crate::app::{HOUR, Wire, app, good, okta, settings, words};
use crate::keys::{Key, read};

#[tokio::test(start_paused = true)]
async fn every_algorithm_signs_in_every_form() {
    for alg in ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"] {
        let key = Key::of(alg);
        let escaped = key.pkcs8.replace('\n', "\\n");
        for text in [key.jwk(alg), key.pkcs8.clone(), key.own_form.clone(), escaped] {
            let signing = read(&text, None);
            // PEM does not tell the algorithm, and RSA keys can do all three.
            let expected = if alg.starts_with("RS") && !text.starts_with('{') { "RS256" } else { alg };
            assert_eq!(signing.algorithm(), expected);
            let wire = Wire::clean(&Emulator::open(settings(&key, false, HOUR)).unwrap());
            good(&okta(&wire, signing).list_users().await);
            assert_eq!(wire.token_requests(), [Some(200)]);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn among_several_keys_the_right_one_is_named() {
    let (one, two) = (Key::new(), Key::of("RS256"));
    let keys = [one.public(Some("one")), two.public(Some("two"))];
    let mut settings = settings(&one, false, HOUR);
    settings.apps = vec![app(&keys, &crate::app::ALL, false)];
    let wire = Wire::clean(&Emulator::open(settings).unwrap());
    let mut jwk = one.jwk.clone();
    jwk["kid"] = json!("one");
    good(&okta(&wire, read(&jwk.to_string(), None)).list_users().await);
    good(&okta(&wire, read(&two.pkcs8, Some("two"))).list_users().await);
    jwk["kid"] = json!("another");
    good(&okta(&wire, read(&jwk.to_string(), Some("one"))).list_users().await);
    let set = json!({"keys": [jwk, {"kty": "EC", "kid": "two"}]}).to_string();
    assert_eq!(read(&set, Some("another")).id(), Some("another"));
    assert_eq!(SigningKey::read(&Secret::new(set), None).unwrap_err(), BadSigningKey::Set);
    for (key, word) in [
        (read(&one.pkcs8, None), "must be named: set OKTA_KEY_ID"),
        (read(&one.pkcs8, Some("three")), "no key of the id \"three\""),
        (read(&one.pkcs8, Some("two")), "not the other half"),
    ] {
        let said = words(&okta(&wire, key).list_users().await);
        assert!(said.contains("invalid_client") && said.contains(word) && said.contains('\n'), "{said}");
    }
}

#[test]
fn what_is_no_signing_key_is_told_without_its_text() {
    let key = Key::new();
    let mut half = key.jwk.clone();
    half.as_object_mut().unwrap().remove("d");
    let with = |name: &str, value: &str| {
        let mut jwk = key.jwk.clone();
        jwk[name] = json!(value);
        jwk.to_string()
    };
    let encrypted = key.pkcs8.replace("PRIVATE", "ENCRYPTED PRIVATE");
    let public = key.pkcs8.replace("PRIVATE", "PUBLIC");
    let damaged = key.pkcs8.replacen("MIG", "MIH", 1);
    let cases = [
        ("hunter2".to_owned(), BadSigningKey::Unknown),
        ("{\"d\": \"hunter2\"".to_owned(), BadSigningKey::Unknown),
        ("{\"d\": \"hunter2\"}".to_owned(), BadSigningKey::Unknown),
        (encrypted, BadSigningKey::Encrypted),
        (public, BadSigningKey::Public),
        (half.to_string(), BadSigningKey::Public),
        (with("kty", "oct"), BadSigningKey::Kind),
        (with("crv", "secp256k1"), BadSigningKey::Kind),
        (with("alg", "ES384"), BadSigningKey::Algorithm("ES384".to_owned())),
        (with("alg", "RS256"), BadSigningKey::Algorithm("RS256".to_owned())),
        (with("x", "!"), BadSigningKey::Member("x")),
        (with("x", "AAAA"), BadSigningKey::Rejected),
        (with("d", "AAAA"), BadSigningKey::Rejected),
        (damaged, BadSigningKey::Kind),
    ];
    for (text, expected) in cases {
        let error = SigningKey::read(&Secret::new(text.clone()), None).unwrap_err();
        assert_eq!(error, expected, "{text}");
        assert!(!error.to_string().contains("hunter2"));
    }
    let mut rsa = Key::of("RS256").jwk;
    rsa.as_object_mut().unwrap().remove("qi");
    let error = SigningKey::read(&Secret::new(rsa.to_string()), None).unwrap_err();
    assert_eq!(error, BadSigningKey::Member("qi"));
}

#[tokio::test(start_paused = true)]
async fn neither_key_nor_assertion_nor_token_is_shown() {
    let key = Key::new();
    let wire = Wire::clean(&Emulator::open(settings(&key, false, HOUR)).unwrap());
    let okta = okta(&wire, read(&key.jwk("ES256"), None));
    good(&okta.list_users().await);
    let token = wire.made()[1].authorization.clone();
    let token = token.strip_prefix("Bearer ").unwrap();
    let report = okta.token_report().await.unwrap().unwrap();
    let d = key.jwk["d"].as_str().unwrap();
    let stranger = okta_with(&wire, &Key::new());
    let refused = stranger.list_users().await;
    let assertion = wire.made().last().unwrap().body.rsplit('=').next().unwrap().to_owned();
    let shown = format!("{okta:?} {report:?} {:?} {refused:?}", key.signing());
    for secret in [d, token, &assertion] {
        assert!(secret.len() > 20 && !shown.contains(secret), "{shown}");
    }
}

fn okta_with(wire: &std::sync::Arc<Wire>, key: &Key) -> muster_okta::Okta {
    okta(wire, key.signing())
}
