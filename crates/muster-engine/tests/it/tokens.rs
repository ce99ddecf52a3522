//! A run that takes longer than the life of its access token.

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::encoding::AsBigEndian;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use muster_core::outcome::Outcome;
use muster_core::secret::Secret;
use muster_emulator::{Emulator, OAuthSettings, OrgSettings};
use muster_engine::{PlanSettings, StopReason};
use muster_okta::{Authorization, Okta, ServiceApp, SigningKey, needs};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::desk::{Desk, plain_people};
use crate::meddling::Line;
use crate::org::{grow_old, settings};

const APP: &str = "0oa1service";

fn key() -> Value {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
    let d = pair.private_key().as_be_bytes().unwrap();
    json!({"kty": "EC", "crv": "P-256", "x": text(x), "y": text(y), "d": text(d.as_ref())})
}

/// A planned run of so many people, and the app that is to carry it out.
async fn desk(count: usize, dpop: bool, life: Duration) -> (Desk, Okta) {
    let jwk = key();
    let scopes = ["okta.users.manage", "okta.groups.manage", "okta.schemas.read"];
    let app = json!({
        "client_id": APP,
        "jwks": {"keys": [jwk]},
        "scopes": scopes,
        "dpop_bound_access_tokens": dpop,
    });
    let mut settings = OrgSettings {
        apps: vec![muster_emulator::ServiceApp::from_json(app.to_string().as_bytes()).unwrap()],
        oauth: OAuthSettings { token_lifetime: life, ..OAuthSettings::default() },
        latency: Duration::from_millis(200),
        ..settings()
    };
    settings.limits.push("token=unlimited".parse().unwrap());
    let org = Emulator::open(settings).unwrap();
    grow_old().await;
    let mut desk = Desk::plan(&org, plain_people(count).as_bytes(), PlanSettings::default()).await;
    // So that the run outlives many tokens.
    desk.pacing.max_in_flight = Some(16);
    let key = SigningKey::read(&Secret::new(jwk.to_string()), None).unwrap();
    let app = Authorization::ServiceApp(ServiceApp::new(APP, key, needs::import()));
    let clean = Arc::new(Line::clean(&org));
    let okta = Okta::new(clean, "http://org.example/".parse().unwrap(), &app).unwrap();
    (desk, okta)
}

/// The desk holds the clock, and the last token may be over.
async fn while_time_passes<T>(work: impl Future<Output = T>) -> T {
    let clock = async {
        loop {
            tokio::time::advance(Duration::from_millis(50)).await;
        }
    };
    tokio::select! {
        biased;
        done = work => done,
        () = clock => unreachable!("time does not end"),
    }
}

#[tokio::test(start_paused = true)]
async fn tokens_of_two_seconds_carry_a_run_of_many() {
    for dpop in [false, true] {
        let (desk, okta) = desk(1000, dpop, Duration::from_secs(2)).await;
        let begin = Instant::now();
        let finish = desk.carry_out_as(okta.clone()).await;
        assert_eq!(finish.stopped, None);
        let stats = desk.org.stats();
        assert_eq!((stats.users, stats.creates_by_login_max), (1000, 1));
        assert!(!finish.counts.requests.contains_key(&Some(401)), "none was refused: {finish:?}");
        let seconds = begin.elapsed().as_secs();
        let tokens = while_time_passes(okta.token_report()).await.unwrap().unwrap().generation;
        assert!(seconds > 8 && tokens <= seconds + 2, "{tokens} tokens in {seconds} s");
    }
}

#[tokio::test(start_paused = true)]
async fn tokens_that_are_revoked_in_mid_run_cost_no_row() {
    let (desk, okta) = desk(300, false, Duration::from_hours(1)).await;
    let meddler = async {
        for _ in 0..4 {
            tokio::time::sleep(Duration::from_secs(1)).await;
            desk.org.expire_access_tokens();
        }
        std::future::pending::<()>().await;
    };
    let finish = tokio::select! {
        finish = desk.carry_out_as(okta.clone()) => finish,
        () = meddler => unreachable!("it goes on for ever"),
    };
    assert_eq!(finish.stopped, None);
    let (stats, summary) = (desk.org.stats(), desk.summary().await);
    assert_eq!((stats.users, stats.creates_by_login_max), (300, 1));
    assert_eq!((summary.outcomes[&Outcome::Created], summary.complete), (300, true), "{summary:?}");
    assert!(finish.counts.requests[&Some(401)] >= 3, "{finish:?}");
    assert!(desk.results().await.iter().all(|row| row.attempts == 1), "a refusal of the token is no attempt");
}

#[tokio::test(start_paused = true)]
async fn an_app_that_is_stopped_stops_the_run_and_burns_no_row() {
    let (desk, okta) = desk(300, false, Duration::from_hours(1)).await;
    let stop = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        desk.org.revoke(APP);
        std::future::pending::<()>().await;
    };
    let finish = tokio::select! {
        finish = desk.carry_out_as(okta.clone()) => finish,
        () = stop => unreachable!("it goes on for ever"),
    };
    let Some(StopReason::Unauthorised(words)) = &finish.stopped else { panic!("{finish:?}") };
    assert!(words.contains("invalid_client") && words.contains("is the app active"), "{words}");
    assert_eq!(desk.summary().await.tally().open(), 300 - u64::try_from(desk.org.stats().users).unwrap());
    desk.org.restore(APP);
    assert_eq!(desk.carry_out_as(okta).await.stopped, None);
    assert_eq!(desk.org.stats().users, 300);
}
