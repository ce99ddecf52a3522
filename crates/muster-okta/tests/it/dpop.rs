//! Tokens that are bound to a key, and the proofs that go with them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::Response;
use muster_core::retry::Class;
use muster_emulator::{Emulator, OAuthSettings, OrgSettings};
use muster_okta::{ServiceApp, needs};
use serde_json::Value;
use tokio::time::advance;

use crate::app::{APP, HOUR, Made, Wire, good, okta, okta_of, settings, world};
use crate::candidates::person;
use crate::keys::Key;

/// Header and claims of a proof.
fn proof(made: &Made) -> [Value; 2] {
    let mut parts = made.proof.as_ref().unwrap().split('.').map(|part| {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap_or_default()).unwrap_or_default()
    });
    [parts.next().unwrap(), parts.next().unwrap()]
}

#[tokio::test(start_paused = true)]
async fn what_the_org_demands_is_done_from_then_on() {
    let key = Key::new();
    let oauth = OAuthSettings { token_lifetime: HOUR, dpop_key_apart: true, ..OAuthSettings::default() };
    let wire = Wire::clean(&Emulator::open(OrgSettings { oauth, ..settings(&key, true, HOUR) }).unwrap());
    let okta = okta(&wire, key.signing());
    for _ in 0..5 {
        good(&okta.list_users().await);
        good(&okta.list_groups(None).await);
    }
    assert_eq!(wire.token_requests(), [Some(400), Some(400), Some(200)], "no proof, no nonce, a token");
    advance(HOUR).await;
    good(&okta.list_users().await);
    assert_eq!(wire.token_requests()[3..], [Some(200)], "proof and nonce are known");
    let report = okta.token_report().await.unwrap().unwrap();
    assert!(report.dpop && report.generation == 2 && report.life == HOUR);
}

#[tokio::test(start_paused = true)]
async fn every_request_has_a_fresh_proof_of_its_own() {
    let (wire, okta) = world(true, HOUR);
    good(&okta.list_users().await);
    drop(okta.create_user(&person("kim@example.com"), &[]).await);
    good(&okta.read_group(&okta.list_groups(None).await.result.unwrap()[0].id).await);
    let calls: Vec<Made> = wire.made().into_iter().filter(|made| made.path.starts_with("/api")).collect();
    assert_eq!(calls.len(), 4);
    let mut ids = std::collections::BTreeSet::new();
    for made in &calls {
        let [header, claims] = proof(made);
        assert!(made.authorization.starts_with("DPoP "), "{made:?}");
        assert_eq!(
            (&header["typ"], &header["alg"], header["jwk"].get("d")),
            (&"dpop+jwt".into(), &"ES256".into(), None)
        );
        assert_eq!(claims["htu"], format!("http://org.example{}", made.path), "without its query");
        assert!(claims.get("nonce").is_none() && claims["ath"].is_string(), "{claims}");
        assert!(ids.insert(claims["jti"].to_string()), "used before: {claims}");
    }
    let asked: Vec<Made> = wire.made().into_iter().filter(|made| !made.path.starts_with("/api")).collect();
    assert!(asked[0].proof.is_none() && proof(&asked[2])[1]["nonce"].is_string());
}

#[tokio::test(start_paused = true)]
async fn a_proof_can_be_given_unasked() {
    for bound in [true, false] {
        let key = Key::new();
        let wire = Wire::clean(&Emulator::open(settings(&key, bound, HOUR)).unwrap());
        let app = ServiceApp::new(APP, key.signing(), needs::import()).with_dpop(true);
        let okta = okta_of(&wire, app);
        good(&okta.list_users().await);
        let expected: &[Option<u16>] = if bound { &[Some(400), Some(200)] } else { &[Some(200)] };
        assert_eq!(wire.token_requests(), expected);
        assert_eq!(okta.token_report().await.unwrap().unwrap().dpop, bound, "the answer decides");
    }
}

/// The status of such an answer is not known for sure.
#[tokio::test(start_paused = true)]
async fn a_nonce_for_a_resource_is_taken_and_the_request_repeated() {
    for status in [400, 401] {
        let key = Key::new();
        let seen = AtomicUsize::new(0);
        let org = Emulator::open(settings(&key, true, HOUR)).unwrap();
        let wire = Wire::meddled(
            &org,
            Box::new(move |request| {
                let call = request.uri().path().starts_with("/api");
                (call && seen.fetch_add(1, Ordering::Relaxed) == 1).then(|| {
                    let answer = Response::builder().status(status).header("dpop-nonce", "n-1").header(
                        "www-authenticate",
                        "DPoP error=\"use_dpop_nonce\", error_description=\"a nonce is wanted\"",
                    );
                    Ok(answer.body(Bytes::new()).unwrap())
                })
            }),
        );
        let okta = okta(&wire, key.signing());
        for _ in 0..3 {
            good(&okta.list_users().await);
        }
        assert_eq!(wire.calls(), [Some(200), Some(status), Some(200), Some(200)]);
        assert_eq!(proof(wire.made().last().unwrap())[1]["nonce"], "n-1");
        assert_eq!(wire.tokens(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_bound_token_of_two_seconds_serves_a_long_run() {
    let (wire, okta) = world(true, Duration::from_secs(2));
    for _ in 0..400 {
        good(&okta.list_users().await);
        advance(Duration::from_millis(100)).await;
    }
    assert!(wire.calls().iter().all(|status| *status == Some(200)));
    assert!((36..=44).contains(&wire.tokens()), "{}", wire.tokens());
    assert_eq!(wire.token_requests().len(), wire.tokens() + 2, "a proof and a nonce were demanded once");
}

#[tokio::test(start_paused = true)]
async fn a_proof_that_is_refused_was_refused_before_anything_was_done() {
    let key = Key::new();
    let seen = AtomicUsize::new(0);
    let org = Emulator::open(settings(&key, true, HOUR)).unwrap();
    let wire = Wire::meddled(
        &org,
        Box::new(move |request| {
            let call = request.uri().path().starts_with("/api");
            let refused = call && seen.fetch_add(1, Ordering::Relaxed) == 1;
            refused.then(|| Ok(crate::app::oauth_refusal(400, "invalid_dpop_proof")))
        }),
    );
    let okta = okta(&wire, key.signing());
    good(&okta.list_users().await);
    assert_eq!(okta.list_users().await.class(), Some(Class::TokenSpent));
    good(&okta.list_users().await);
}
