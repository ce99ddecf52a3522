//! What a place that does not know, or is not asked, may lead to, on a clock that stands still.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use muster_core::secret::Secret;
use muster_legacy::truth::{Asking, Known, Truth};
use muster_server::admin::Metrics;
use muster_server::hook::Hook;
use tokio::time::Instant;

use crate::places::{Manner, Place, Stored, verifier};
use crate::world::{Came, SECRET, body, settings};

const PEER: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

fn hook_of(places: Vec<Arc<dyn Truth>>) -> Hook {
    let mut settings = settings();
    settings.pool.at_once_below = Duration::from_secs(10);
    Hook::new(settings, places, verifier(), Arc::new(Metrics::default())).unwrap()
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

/// A directory: it looks people up in 10 ms, compares a password in 40, and has locked one account.
#[derive(Default)]
struct Directory(AtomicUsize);

impl Truth for Directory {
    fn name(&self) -> &'static str {
        "directory"
    }

    fn ask<'a>(&'a self, login: &'a str, password: &'a Secret) -> Asking<'a> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(10)).await;
            if !login.starts_with("known") && !login.starts_with("locked") {
                return Ok(Known::Nobody);
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
            Ok(match password.reveal() {
                _ if login.starts_with("locked") => Known::Undecided("locked".to_owned()),
                "right" => Known::Matches,
                _ => Known::Differs,
            })
        })
    }
}

#[tokio::test(start_paused = true)]
async fn one_locked_account_does_not_shut_the_directory_for_all() {
    let hook = hook_of(vec![Arc::new(Directory::default())]);
    for number in 0..20 {
        let came = call(&hook, &format!("e{number}"), "locked@example.com", "guess").await;
        assert_eq!(came, Came::Status(503));
        assert_eq!(call(&hook, &format!("k{number}"), "known@example.com", "right").await, Came::Verified);
    }
    for number in 20..40 {
        call(&hook, &format!("e{number}"), "locked@example.com", "guess").await;
    }
    assert_eq!(call(&hook, "last", "known@example.com", "right").await, Came::Verified);
}

#[tokio::test(start_paused = true)]
async fn a_directory_that_compares_nothing_for_strangers_takes_as_long_for_them() {
    let hook = hook_of(vec![Arc::new(Directory::default())]);
    call(&hook, "before", "nobody@example.com", "wrong").await;
    call(&hook, "and", "known@example.com", "wrong").await;
    let mut taken = Vec::new();
    for (number, login) in ["known", "nobody", "known1", "somebody"].iter().enumerate() {
        let start = Instant::now();
        let login = format!("{login}@example.com");
        assert_eq!(call(&hook, &format!("e{number}"), &login, "wrong").await, Came::Unverified);
        taken.push(start.elapsed().as_millis());
    }
    assert!(taken.iter().all(|time| (48..=53).contains(time)), "{taken:?}");
}

#[tokio::test(start_paused = true)]
async fn a_no_is_no_answer_while_a_place_before_is_away() {
    let people = [("a@example.com", Stored::Hash("old", 1)), ("b@example.com", Stored::Garbage)];
    let first = Arc::new(Place::new("first", &[("a@example.com", Stored::Hash("new", 1))]));
    let second = Arc::new(Place::new("second", &people));
    let hook = hook_of(vec![Arc::clone(&first) as Arc<dyn Truth>, second]);
    first.behave(Manner::Away);
    assert_eq!(call(&hook, "e1", "a@example.com", "new").await, Came::Status(503), "it is right");
    assert_eq!(call(&hook, "e2", "b@example.com", "new").await, Came::Status(503));
    first.behave(Manner::Well);
    assert_eq!(call(&hook, "e1", "a@example.com", "new").await, Came::Verified);
    // Guesses at the second place count although nobody was told no.
    first.behave(Manner::Away);
    for number in 0..10 {
        call(&hook, &format!("g{number}"), "a@example.com", "guess").await;
    }
    assert_eq!(call(&hook, "g10", "a@example.com", "old").await, Came::Unverified);
}

#[tokio::test(start_paused = true)]
async fn a_hash_that_makes_no_sense_takes_as_long_as_a_wrong_password() {
    let slow = |place: Place, time| Arc::new(place.with(Manner::Slowly(Duration::from_millis(time))));
    let people = [("a@example.com", Stored::Hash("x", 1)), ("garbage@example.com", Stored::Garbage)];
    let hook = hook_of(vec![slow(Place::new("first", &people), 100), slow(Place::new("second", &[]), 200)]);
    let mut taken = Vec::new();
    for (number, login) in ["nobody", "a", "garbage"].iter().enumerate() {
        let start = Instant::now();
        call(&hook, &format!("e{number}"), &format!("{login}@example.com"), "wrong").await;
        taken.push(start.elapsed().as_millis());
    }
    assert!(taken.iter().all(|time| (300..=303).contains(time)), "{taken:?}");
}

#[tokio::test(start_paused = true)]
async fn nobody_signs_in_with_no_password() {
    let people = [("a@example.com", Stored::Hash("", 1)), ("told@example.com", Stored::Told(""))];
    let hook = hook_of(vec![Arc::new(Place::new("old", &people))]);
    assert_eq!(call(&hook, "e1", "a@example.com", "").await, Came::Unverified);
    assert_eq!(call(&hook, "e2", "told@example.com", "").await, Came::Unverified);
}
