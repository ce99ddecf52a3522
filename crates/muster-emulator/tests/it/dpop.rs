use std::time::Duration;

use muster_emulator::{OAuthSettings, OrgSettings};
use serde_json::{Value, json};

use crate::{
    caller::{Caller, Got},
    service::{ENDPOINT, Key, NOW, USERS, app, ask_with, ath, go, settings},
};

const SCOPE: &str = "okta.users.manage";

/// An org with an app that must prove what it holds, and both keys of the app.
struct Desk {
    org: Caller,
    own: Key,
    proving: Key,
}

impl Desk {
    fn new() -> Self {
        let own = Key::new();
        Self { org: Caller::with(settings(app(&[&own], true))), own, proving: Key::new() }
    }

    async fn ask(&self, now: i64, proof: Option<&str>) -> Got {
        ask_with(&self.org, &self.own.assertion(now, &Value::Null), SCOPE, proof).await
    }

    /// Asks with a proof that has these claims.
    async fn ask_proving(&self, now: i64, changes: &Value) -> Got {
        self.ask(now, Some(&self.proving.proof("POST", ENDPOINT, now, changes))).await
    }

    async fn nonce(&self) -> String {
        self.ask_proving(NOW, &Value::Null).await.header("dpop-nonce").to_owned()
    }

    async fn token(&self) -> String {
        let nonce = self.nonce().await;
        self.ask_proving(NOW, &json!({"nonce": nonce})).await.token().to_owned()
    }

    /// A proof for a list of users, with these claims.
    fn proof(&self, token: &str, changes: &Value) -> String {
        self.proving.proof("GET", USERS, NOW, &merged(json!({"ath": ath(token)}), changes))
    }

    async fn list(&self, token: &str, proofs: &[&str]) -> Got {
        go(&self.org, "GET", USERS, &format!("DPoP {token}"), proofs).await
    }
}

/// Both; null stays, and takes a claim away when the proof is made.
fn merged(mut claims: Value, changes: &Value) -> Value {
    for (name, value) in changes.as_object().into_iter().flatten() {
        claims[name] = value.clone();
    }
    claims
}

#[tokio::test(start_paused = true)]
async fn a_bound_token_takes_a_proof_with_a_nonce_and_a_fresh_proof_for_every_call() {
    let desk = Desk::new();
    let bare = desk.ask(NOW, None).await;
    assert_eq!(bare.oauth_error(), (400, "invalid_dpop_proof", "The DPoP proof JWT header is missing."));
    let first = desk.ask_proving(NOW, &Value::Null).await;
    let words = "Authorization server requires nonce in DPoP proof.";
    assert_eq!(first.oauth_error(), (400, "use_dpop_nonce", words));
    let nonce = first.header("dpop-nonce");
    let second = desk.ask_proving(NOW, &json!({"nonce": nonce})).await;
    assert_eq!((second.status, &second.body["token_type"]), (200, &json!("DPoP")), "{}", second.text);
    assert_eq!((second.header("dpop-nonce"), &second.body["scope"]), (nonce, &json!(SCOPE)));

    let token = second.token();
    for nonce in [Value::Null, json!("whatever")] {
        let got = desk.list(token, &[&desk.proof(token, &json!({"nonce": nonce}))]).await;
        assert_eq!(got.status, 200, "a nonce is not looked at here: {}", got.text);
    }
    let groups = "http://org.example/api/v1/groups";
    let proof = desk.proving.proof("GET", groups, NOW, &json!({"ath": ath(token)}));
    let got = go(&desk.org, "GET", groups, &format!("DPoP {token}"), &[&proof]).await;
    assert_eq!((got.status, got.code()), (403, "E0000006"));
    assert!(got.header("www-authenticate").starts_with("DPoP error=\"insufficient_scope\""));
}

#[tokio::test(start_paused = true)]
async fn a_proof_for_a_token_must_be_right_in_every_part() {
    let desk = Desk::new();
    let nonce = desk.nonce().await;
    for (changes, word) in [
        (json!({"htm": "GET"}), "htm"),
        (json!({"htm": "post"}), "htm"),
        (json!({"htu": format!("{ENDPOINT}?a=b")}), "htu"),
        (json!({"htu": "https://org.example/oauth2/v1/token"}), "htu"),
        (json!({"htu": null}), "htu"),
        (json!({"iat": NOW - 301}), "iat"),
        (json!({"iat": NOW + 301}), "iat"),
        (json!({"iat": null}), "iat"),
        (json!({"jti": null}), "jti"),
    ] {
        let got = desk.ask_proving(NOW, &merged(json!({"nonce": nonce}), &changes)).await;
        let (status, error, description) = got.oauth_error();
        assert_eq!((status, error), (400, "invalid_dpop_proof"), "{changes}");
        assert!(description.contains(word), "{changes}: {description}");
    }
    for wrong in [json!("other"), json!("")] {
        let got = desk.ask_proving(NOW, &json!({"nonce": wrong})).await;
        assert_eq!((got.oauth_error().1, got.header("dpop-nonce")), ("use_dpop_nonce", nonce.as_str()));
    }
}

#[tokio::test(start_paused = true)]
async fn the_header_of_a_proof_must_be_right() {
    let desk = Desk::new();
    let (key, nonce) = (&desk.proving, desk.nonce().await);
    let mut private = key.jwk.clone();
    private["d"] = json!("AQAB");
    let claims = |jti: usize| json!({"htm": "POST", "htu": ENDPOINT, "iat": NOW, "jti": jti.to_string(), "nonce": nonce});
    for (place, (header, word)) in [
        (json!({"typ": "JWT", "alg": "ES256", "jwk": key.jwk}), "typ"),
        (json!({"alg": "ES256", "jwk": key.jwk}), "typ"),
        (json!({"typ": "dpop+jwt", "alg": "ES256"}), "jwk"),
        (json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": private}), "private"),
        (json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": {"kty": "oct"}}), "jwk"),
        (json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": Key::new().jwk}), "signature"),
        (json!({"typ": "dpop+jwt", "alg": "none", "jwk": key.jwk}), "signature"),
        (json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": key.jwk, "crit": ["x"]}), "malformed"),
    ]
    .into_iter()
    .enumerate()
    {
        let got = desk.ask(NOW, Some(&key.signed(&header, &claims(place)))).await;
        assert_eq!((got.oauth_error().0, got.oauth_error().1), (400, "invalid_dpop_proof"), "{header}");
        assert!(got.oauth_error().2.contains(word), "{header}: {}", got.text);
    }
}

#[tokio::test(start_paused = true)]
async fn a_proof_is_good_for_once() {
    let desk = Desk::new();
    let nonce = desk.nonce().await;
    let proof = desk.proving.proof("POST", ENDPOINT, NOW, &json!({"nonce": nonce}));
    let token = desk.ask(NOW, Some(&proof)).await.token().to_owned();
    let again = desk.ask(NOW, Some(&proof)).await;
    assert_eq!(again.oauth_error(), (400, "invalid_dpop_proof", "The DPoP proof JWT has already been used."));
    let proof = desk.proof(&token, &Value::Null);
    assert_eq!(desk.list(&token, &[&proof]).await.status, 200);
    let again = desk.list(&token, &[&proof]).await;
    assert_eq!((again.status, again.code()), (400, "invalid_dpop_proof"));
    tokio::time::advance(Duration::from_secs(301)).await;
    assert_eq!(desk.list(&token, &[&proof]).await.status, 400, "forgotten, and too old");
}

#[tokio::test(start_paused = true)]
async fn a_call_with_a_bound_token_needs_the_proof_of_its_holder() {
    let desk = Desk::new();
    let token = desk.token().await;
    let plain = go(&desk.org, "GET", USERS, &format!("Bearer {token}"), &[]).await;
    assert_eq!((plain.status, plain.code()), (400, "invalid_dpop_proof"));
    assert!(plain.header("www-authenticate").starts_with("DPoP error=\"invalid_dpop_proof\""));
    let stolen = Key::new().proof("GET", USERS, NOW, &json!({"ath": ath(&token)}));
    let (one, two) = (desk.proof(&token, &Value::Null), desk.proof(&token, &Value::Null));
    for (proofs, word) in [
        (vec![], "missing"),
        (vec![one.as_str(), two.as_str()], "one DPoP proof"),
        (vec!["a.b.c"], "malformed"),
        (vec![stolen.as_str()], "not signed with the key"),
        (vec![&desk.proof(&token, &json!({"ath": ath("other")}))], "ath"),
        (vec![&desk.proof(&token, &json!({"ath": null}))], "ath"),
        (vec![&desk.proof(&token, &json!({"htm": "POST"}))], "htm"),
        (vec![&desk.proof(&token, &json!({"htu": format!("{USERS}/x")}))], "htu"),
        (vec![&desk.proof(&token, &json!({"htu": format!("{USERS}?limit=1")}))], "htu"),
        (vec![&desk.proof(&token, &json!({"iat": NOW - 301}))], "iat"),
    ] {
        let got = desk.list(&token, &proofs).await;
        assert_eq!((got.status, got.code()), (400, "invalid_dpop_proof"), "{word}");
        assert!(got.body["errorSummary"].as_str().is_some_and(|said| said.contains(word)), "{}", got.text);
    }
    let paged = format!("{USERS}?limit=1");
    let got = go(&desk.org, "GET", &paged, &format!("DPoP {token}"), &[&one]).await;
    assert_eq!(got.status, 200, "the query of the call does not count: {}", got.text);
    assert_eq!(desk.list("unknown", &[&two]).await.code(), "E0000011");
}

#[tokio::test(start_paused = true)]
async fn an_app_without_proofs_gets_a_plain_token_whatever_it_sends() {
    let key = Key::new();
    let org = Caller::with(settings(app(&[&key], false)));
    let proof = key.proof("POST", ENDPOINT, NOW, &Value::Null);
    for proof in [proof.as_str(), "nonsense"] {
        let got = ask_with(&org, &key.assertion(NOW, &Value::Null), SCOPE, Some(proof)).await;
        assert_eq!(
            (&got.body["token_type"], got.header("dpop-nonce")),
            (&json!("Bearer"), ""),
            "{}",
            got.text
        );
        let token = got.token().to_owned();
        assert_eq!(go(&org, "GET", USERS, &format!("Bearer {token}"), &[]).await.status, 200);
        assert_eq!(go(&org, "GET", USERS, &format!("DPoP {token}"), &[]).await.code(), "E0000011");
    }
}

#[tokio::test(start_paused = true)]
async fn nonces_change_every_day_and_the_former_ones_stay_good_for_a_while() {
    let desk = Desk::new();
    let first = desk.nonce().await;
    let day = 86_400;
    tokio::time::advance(Duration::from_hours(24)).await;
    let got = desk.ask_proving(NOW + day, &json!({"nonce": first})).await;
    let second = got.header("dpop-nonce");
    assert!(got.status == 200 && !second.is_empty() && second != first, "{}", got.text);
    tokio::time::advance(Duration::from_hours(48)).await;
    let late = desk.ask_proving(NOW + 3 * day, &json!({"nonce": first})).await;
    assert_eq!(late.oauth_error().1, "use_dpop_nonce");
    assert_eq!(desk.ask_proving(NOW + 3 * day, &json!({"nonce": second})).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn one_key_for_both_is_taken_unless_the_operator_wishes_otherwise() {
    for apart in [false, true] {
        let key = Key::new();
        let oauth = OAuthSettings { dpop_key_apart: apart, ..OAuthSettings::default() };
        let org = Caller::with(OrgSettings { oauth, ..settings(app(&[&key], true)) });
        let proof = key.proof("POST", ENDPOINT, NOW, &Value::Null);
        let got = ask_with(&org, &key.assertion(NOW, &Value::Null), SCOPE, Some(&proof)).await;
        let expected = if apart { "invalid_dpop_proof" } else { "use_dpop_nonce" };
        assert_eq!(got.oauth_error().1, expected);
    }
}
