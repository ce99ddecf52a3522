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
use crate::meddling::{Line, Meddling, refusal};
use crate::org::{add_group, grow_old, settings};

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
    let (org, jwk) = org(dpop, life);
    grow_old().await;
    let mut desk = Desk::plan(&org, plain_people(count).as_bytes(), PlanSettings::default()).await;
    // So that the run outlives many tokens.
    desk.pacing.max_in_flight = Some(16);
    let okta = client(Line::clean(&org), &jwk);
    (desk, okta)
}

/// The app with this key, on this line.
fn client(line: Line, jwk: &Value) -> Okta {
    let key = SigningKey::read(&Secret::new(jwk.to_string()), None).unwrap();
    let app = Authorization::ServiceApp(ServiceApp::new(APP, key, needs::import()));
    Okta::new(Arc::new(line), "http://org.example/".parse().unwrap(), &app).unwrap()
}

/// An org with the app, and the key of that.
fn org(dpop: bool, life: Duration) -> (Emulator, Value) {
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
    (Emulator::open(settings).unwrap(), jwk)
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

#[tokio::test(start_paused = true)]
async fn an_app_that_was_stopped_before_the_run_is_no_outage() {
    let (desk, okta) = desk(10, false, Duration::from_hours(1)).await;
    desk.org.revoke(APP);
    let begin = Instant::now();
    let finish = desk.carry_out_as(okta).await;
    assert!(matches!(&finish.stopped, Some(StopReason::Unauthorised(_))), "{finish:?}");
    assert!(begin.elapsed() < Duration::from_mins(5), "{:?}", begin.elapsed());
    assert_eq!(desk.summary().await.tally().open(), 10);
}

/// Every token is taken for creates and refused for memberships: another one is no help, however often it is had.
#[tokio::test(start_paused = true)]
async fn tokens_that_one_endpoint_never_takes_end_the_run() {
    let (org, jwk) = org(false, Duration::from_hours(1));
    let names: Vec<String> = (0..21).map(|number| format!("G{number}")).collect();
    for name in &names {
        add_group(&org, name).await;
    }
    grow_old().await;
    let rows = (0..400).map(|at| match at {
        0..1 => format!("p{at}@example.com,A,B,{}\n", names.join(";")),
        _ => format!("p{at}@example.com,A,B,\n"),
    });
    let csv: String = std::iter::once("email,firstName,lastName,groups\n".to_owned()).chain(rows).collect();
    let mut desk = Desk::plan(&org, csv.as_bytes(), PlanSettings::default()).await;
    desk.pacing.max_in_flight = Some(4);
    let line = Line::meddled(&org, |request| {
        if request.method() == http::Method::PUT {
            return Meddling::AnswerInstead(refusal(401, "E0000011", "made up for a test"));
        }
        Meddling::None
    });
    let okta = client(line, &jwk);
    let finish = desk.carry_out_as(okta.clone()).await;
    let Some(StopReason::Unauthorised(words)) = &finish.stopped else { panic!("{finish:?}") };
    assert!(words.contains("E0000011"), "{words}");
    assert!(finish.counts.requests[&Some(401)] < 50, "{finish:?}");
    assert_eq!(desk.summary().await.tally().needing_attention(), 0);
    assert_eq!(desk.carry_out_as(client(Line::clean(&org), &jwk)).await.stopped, None);
    assert_eq!((desk.org.stats().users, desk.org.stats().creates_by_login_max), (400, 1));
}
