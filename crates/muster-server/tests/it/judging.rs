//! The way of a call, on a clock that stands still while nothing happens.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use muster_core::credential::Notation;
use muster_core::secret::Secret;
use muster_core::stored::StoredHash;
use muster_legacy::truth::{Asking, Known, Truth};
use muster_server::admin::Metrics;
use muster_server::hook::Hook;
use muster_server::hook::settings::HookSettings;
use tokio::time::{Instant, advance};
use zeroize::Zeroizing;

use crate::places::{Manner, Place, Stored, verified, verifier};
use crate::world::{Came, SECRET, body, settings};

const PEER: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn hook_of(settings: HookSettings, places: Vec<Arc<dyn Truth>>) -> Arc<Hook> {
    let mut settings = settings;
    // The workers have a clock of their own: here all is done at once.
    settings.pool.at_once_below = Duration::from_secs(10);
    Arc::new(Hook::new(settings, places, verifier(), Arc::new(Metrics::default())).unwrap())
}

fn place() -> Place {
    Place::new(
        "old",
        &[("a@example.com", Stored::Hash("right", 1)), ("told@example.com", Stored::Told("right"))],
    )
}

async fn call(hook: &Hook, event: &str, login: &str, password: &str) -> Came {
    let body = Full::new(Bytes::from(body(event, login, password).to_string()));
    let request = Request::post("/okta/password-import").header("authorization", SECRET).body(body).unwrap();
    let answer = hook.answer(request, PEER, Instant::now()).await;
    let status = answer.status().as_u16();
    let text = answer.into_body().collect().await.unwrap().to_bytes();
    match status {
        200 if text.ends_with(b"\"VERIFIED\"}}]}") => Came::Verified,
        200 => Came::Unverified,
        status => Came::Status(status),
    }
}

#[tokio::test(start_paused = true)]
async fn a_place_that_hangs_is_cut_off_and_the_next_one_asked_in_time() {
    let hangs = || Arc::new(Place::new("hangs", &[]).with(Manner::Hangs));
    let hook = hook_of(settings(), vec![hangs(), Arc::new(place())]);
    let start = Instant::now();
    assert_eq!(call(&hook, "e1", "a@example.com", "right").await, Came::Verified);
    assert_eq!(start.elapsed().as_millis(), 1_500);
    let hook = hook_of(settings(), vec![hangs(), hangs(), hangs()]);
    let start = Instant::now();
    assert_eq!(call(&hook, "e1", "a@example.com", "right").await, Came::Status(503));
    assert!(start.elapsed() <= Duration::from_millis(2_501), "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_place_that_keeps_failing_is_left_alone_and_found_again() {
    let away = Arc::new(place().with(Manner::Away));
    let hook = hook_of(settings(), vec![Arc::clone(&away) as Arc<dyn Truth>]);
    for number in 0..20 {
        let came = call(&hook, &format!("e{number}"), "a@example.com", "right").await;
        assert_eq!(came, Came::Status(503));
    }
    assert_eq!(away.asked(), 5);
    away.behave(Manner::Well);
    assert_eq!(call(&hook, "e1", "a@example.com", "right").await, Came::Status(503), "not yet");
    advance(Duration::from_secs(5)).await;
    assert_eq!(call(&hook, "e1", "a@example.com", "right").await, Came::Verified);
}

#[tokio::test(start_paused = true)]
async fn the_same_event_is_decided_once() {
    let place = Arc::new(place().with(Manner::Slowly(Duration::from_millis(100))));
    let hook = hook_of(settings(), vec![Arc::clone(&place) as Arc<dyn Truth>]);
    let ten = (0..10).map(|_| {
        let hook = Arc::clone(&hook);
        tokio::spawn(async move { call(&hook, "e1", "a@example.com", "right").await })
    });
    for answer in ten.collect::<Vec<_>>() {
        assert_eq!(answer.await.unwrap(), Came::Verified);
    }
    assert_eq!(call(&hook, "e1", "a@example.com", "right").await, Came::Verified);
    assert_eq!(place.asked(), 1);
    assert_eq!(call(&hook, "e1", "a@example.com", "wrong").await, Came::Unverified, "a forged event");
    assert_eq!(call(&hook, "e1", "told@example.com", "wrong").await, Came::Unverified);
    assert_eq!(place.asked(), 3);
    advance(Duration::from_mins(1)).await;
    assert_eq!(call(&hook, "e1", "a@example.com", "right").await, Came::Verified);
    assert_eq!(place.asked(), 4, "after a minute it is forgotten");
}

#[tokio::test(start_paused = true)]
async fn what_was_not_decided_is_tried_anew() {
    let place = Arc::new(place().with(Manner::Away));
    let hook = hook_of(settings(), vec![Arc::clone(&place) as Arc<dyn Truth>]);
    assert_eq!(call(&hook, "e1", "a@example.com", "right").await, Came::Status(503));
    place.behave(Manner::Well);
    assert_eq!(call(&hook, "e1", "a@example.com", "right").await, Came::Verified);
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_goes_away_does_not_end_the_judgement() {
    let place = Arc::new(place().with(Manner::Slowly(Duration::from_millis(500))));
    let hook = hook_of(settings(), vec![Arc::clone(&place) as Arc<dyn Truth>]);
    let gone = call(&hook, "e1", "a@example.com", "right");
    assert!(tokio::time::timeout(Duration::from_millis(100), gone).await.is_err());
    let start = Instant::now();
    assert_eq!(call(&hook, "e1", "a@example.com", "right").await, Came::Verified);
    assert_eq!((start.elapsed().as_millis(), place.asked()), (400, 1));
}

#[tokio::test(start_paused = true)]
async fn too_many_wrong_passwords_and_the_right_one_does_not_help_for_a_while() {
    let place = Arc::new(place().with(Manner::Slowly(Duration::from_millis(20))));
    let hook = hook_of(settings(), vec![Arc::clone(&place) as Arc<dyn Truth>]);
    for number in 0..10 {
        // Accents and case are nothing to Okta: it is one user.
        let login = if number % 2 == 0 { "A@example.com" } else { "ä@example.com" };
        assert_eq!(call(&hook, &format!("e{number}"), login, "wrong").await, Came::Unverified);
    }
    let start = Instant::now();
    assert_eq!(call(&hook, "e10", "a@example.com", "right").await, Came::Unverified);
    assert_eq!(
        (start.elapsed().as_millis(), place.asked()),
        (20, 10),
        "as long as ever, and nobody was asked"
    );
    assert_eq!(call(&hook, "e11", "told@example.com", "right").await, Came::Verified, "another user");
    advance(Duration::from_mins(15)).await;
    assert_eq!(call(&hook, "e12", "a@example.com", "right").await, Came::Verified);
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_not_held_against_the_user() {
    let place = Arc::new(place().with(Manner::Away));
    let hook = hook_of(settings(), vec![Arc::clone(&place) as Arc<dyn Truth>]);
    for number in 0..30 {
        let came = call(&hook, &format!("e{number}"), "a@example.com", "right").await;
        assert_eq!(came, Came::Status(503));
    }
    place.behave(Manner::Well);
    advance(Duration::from_secs(5)).await;
    assert_eq!(call(&hook, "e30", "a@example.com", "right").await, Came::Verified);
}

#[tokio::test(start_paused = true)]
async fn a_wrong_password_takes_as_long_as_a_user_that_nobody_knows() {
    let slow = |place: Place, time| Arc::new(place.with(Manner::Slowly(Duration::from_millis(time))));
    let second = Place::new("second", &[("b@example.com", Stored::Hash("right", 1))]);
    let hook = hook_of(settings(), vec![slow(place(), 100), slow(second, 200)]);
    let mut taken = Vec::new();
    for (number, login) in ["nobody", "a", "b", "told", "somebody"].iter().enumerate() {
        let start = Instant::now();
        let login = format!("{login}@example.com");
        assert_eq!(call(&hook, &format!("e{number}"), &login, "wrong").await, Came::Unverified);
        taken.push(start.elapsed().as_millis());
    }
    assert!(taken.iter().all(|time| (300..=303).contains(time)), "{taken:?}");
    let start = Instant::now();
    assert_eq!(call(&hook, "e9", "a@example.com", "right").await, Came::Verified);
    assert_eq!(start.elapsed().as_millis(), 100, "a right one need not wait");
}

#[tokio::test(start_paused = true)]
async fn whoever_asks_for_whomever_one_hash_of_the_same_cost_is_verified() {
    let people = [("a@example.com", Stored::Hash("right", 3)), ("garbage@example.com", Stored::Garbage)];
    let hook = hook_of(settings(), vec![Arc::new(Place::new("old", &people))]);
    call(&hook, "before", "nobody@example.com", "wrong").await;
    assert_eq!(verified(), [1], "nothing was seen: the one that is set");
    for (number, login) in ["a", "nobody", "garbage", "somebody"].iter().enumerate() {
        call(&hook, &format!("e{number}"), &format!("{login}@example.com"), "wrong").await;
        assert_eq!(verified(), [3], "{login}");
    }
    for number in 10..30 {
        call(&hook, &format!("e{number}"), "a@example.com", "wrong").await;
        call(&hook, &format!("n{number}"), "nobody@example.com", "wrong").await;
        assert_eq!(verified(), [3, 3], "too many tries or not");
    }
}

#[tokio::test(start_paused = true)]
async fn a_verification_that_breaks_down_is_no_wrong_password() {
    struct Strange;
    impl Truth for Strange {
        fn name(&self) -> &'static str {
            "strange"
        }
        fn ask<'a>(&'a self, _: &'a str, _: &'a Secret) -> Asking<'a> {
            let stored = StoredHash::DesCrypt(Zeroizing::new(String::new()));
            Box::pin(async { Ok(Known::Hash { notation: Notation::DesCrypt, stored }) })
        }
    }
    let hook = hook_of(settings(), vec![Arc::new(Strange)]);
    assert_eq!(call(&hook, "e1", "a@example.com", "right").await, Came::Status(503));
}
