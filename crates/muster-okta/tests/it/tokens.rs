//! Access tokens over a long time: renewed ahead of their end, and replaced when they are refused.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use muster_core::retry::Class;
use muster_emulator::{Emulator, OrgSettings};
use muster_okta::{CallError, Okta, TransportFailure};
use tokio::task::JoinSet;
use tokio::time::{advance, sleep};

use crate::app::{HOUR, Wire, good, oauth_refusal, okta, settings, words, world};
use crate::keys::Key;

const MINUTE: Duration = Duration::from_mins(1);

/// So many at the same time.
async fn crowd(okta: &Okta, count: usize) -> Vec<Option<Class>> {
    let mut set = JoinSet::new();
    for _ in 0..count {
        let okta = okta.clone();
        set.spawn(async move { okta.list_users().await.class() });
    }
    set.join_all().await
}

#[tokio::test(start_paused = true)]
async fn a_token_is_had_once_and_used_until_it_is_time() {
    let (wire, okta) = world(false, HOUR);
    for _ in 0..47 {
        good(&okta.list_users().await);
        advance(MINUTE).await;
    }
    assert_eq!(wire.token_requests(), [Some(200)]);
    for _ in 0..120 {
        advance(MINUTE).await;
        good(&okta.list_users().await);
    }
    assert_eq!(wire.token_requests().len(), 4, "one every 48 minutes");
    assert!(wire.calls().iter().all(|status| *status == Some(200)));
}

#[tokio::test(start_paused = true)]
async fn a_token_of_two_seconds_serves_a_run_of_a_minute() {
    let key = Key::new();
    let latency = Duration::from_millis(100);
    let settings = OrgSettings { latency, ..settings(&key, false, Duration::from_secs(2)) };
    let wire = Wire::clean(&Emulator::open(settings).unwrap());
    let okta = okta(&wire, key.signing());
    let begin = tokio::time::Instant::now();
    let mut set = JoinSet::new();
    for worker in 0..8 {
        let okta = okta.clone();
        set.spawn(async move {
            sleep(Duration::from_millis(13 * worker)).await;
            for _ in 0..500 {
                assert_eq!(okta.list_users().await.class(), Some(Class::Success));
            }
        });
    }
    set.join_all().await;
    assert!(wire.calls().len() == 4000 && wire.calls().iter().all(|status| *status == Some(200)));
    let seconds = usize::try_from(begin.elapsed().as_secs()).unwrap();
    let expected = seconds * 9 / 10..=seconds + 1;
    assert!(seconds > 50 && expected.contains(&wire.tokens()), "{} in {seconds} s", wire.tokens());
}

#[tokio::test(start_paused = true)]
async fn those_who_come_together_share_one_token() {
    let key = Key::new();
    let latency = Duration::from_millis(300);
    let settings = OrgSettings { latency, ..settings(&key, false, MINUTE) };
    let wire = Wire::clean(&Emulator::open(settings).unwrap());
    let okta = okta(&wire, key.signing());
    assert!(crowd(&okta, 50).await.iter().all(|class| *class == Some(Class::Success)));
    assert_eq!(wire.tokens(), 1);
    advance(Duration::from_secs(31)).await;
    assert!(crowd(&okta, 50).await.iter().all(|class| *class == Some(Class::Success)));
    assert_eq!(wire.tokens(), 2, "one gets it ahead of the end, the others go on with the old one");
    advance(MINUTE * 2).await;
    assert!(crowd(&okta, 50).await.iter().all(|class| *class == Some(Class::Success)));
    assert_eq!(wire.tokens(), 3, "one gets it after the end, the others wait");
    assert!(wire.calls().iter().all(|status| *status == Some(200)));
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_revoked_is_replaced() {
    let (wire, okta) = world(false, HOUR);
    good(&okta.list_users().await);
    wire.org.expire_access_tokens();
    let classes = crowd(&okta, 20).await;
    assert!(classes.iter().all(|class| matches!(class, Some(Class::TokenSpent | Class::Success))));
    assert!(classes.contains(&Some(Class::TokenSpent)));
    assert!(crowd(&okta, 20).await.iter().all(|class| *class == Some(Class::Success)));
    assert_eq!(wire.tokens(), 2);
}

#[tokio::test(start_paused = true)]
async fn tokens_that_are_refused_as_soon_as_they_are_had_are_the_last_word() {
    let key = Key::new();
    let mut settings = settings(&key, false, HOUR);
    settings.faults.0.push("expired-token:listUsers=from:2,max:4".parse().unwrap());
    let wire = Wire::clean(&Emulator::open(settings).unwrap());
    let okta = okta(&wire, key.signing());
    let mut classes = Vec::new();
    for _ in 0..6 {
        classes.push(okta.list_users().await.class());
    }
    let (good, spent) = (Some(Class::Success), Some(Class::TokenSpent));
    let last = Some(Class::Unauthorised);
    assert_eq!(
        classes,
        [good, spent, spent, last, last, good],
        "the first had worked, the second and third not"
    );
    assert_eq!(okta.list_users().await.class(), good);
}

#[tokio::test(start_paused = true)]
async fn an_app_that_is_no_longer_active_is_told() {
    let (wire, okta) = world(false, HOUR);
    good(&okta.list_users().await);
    wire.org.revoke(crate::app::APP);
    assert_eq!(okta.list_users().await.class(), Some(Class::TokenSpent));
    let said = words(&okta.list_users().await);
    assert!(said.contains("invalid_client") && said.contains("is the app active"), "{said}");
    wire.org.restore(crate::app::APP);
    good(&okta.list_users().await);
}

/// The endpoint fails so often, from its first request on.
fn failing(org: &Emulator, from: usize, times: usize, status: Option<u16>) -> Arc<Wire> {
    let seen = AtomicUsize::new(0);
    Wire::meddled(
        org,
        Box::new(move |request| {
            let is_token = request.uri().path() == "/oauth2/v1/token";
            let place = if is_token { seen.fetch_add(1, Ordering::Relaxed) } else { return None };
            let answer = status.map(|status| oauth_refusal(status, "server_error"));
            (from..from + times).contains(&place).then(|| answer.ok_or(TransportFailure::TimedOut))
        }),
    )
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_stumbles_is_asked_again() {
    for status in [None, Some(500), Some(503), Some(429)] {
        let key = Key::new();
        let wire = failing(&Emulator::open(settings(&key, false, HOUR)).unwrap(), 0, 2, status);
        let classes = crowd(&okta(&wire, key.signing()), 30).await;
        assert!(classes.iter().all(|class| *class == Some(Class::Success)), "{classes:?}");
        assert_eq!(wire.token_requests(), [status, status, Some(200)]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_is_away_is_an_org_that_is_away() {
    let key = Key::new();
    let wire = failing(&Emulator::open(settings(&key, false, HOUR)).unwrap(), 0, 3, None);
    let okta = okta(&wire, key.signing());
    let classes = crowd(&okta, 30).await;
    assert!(classes.iter().all(Option::is_none), "{classes:?}");
    assert_eq!(wire.token_requests().len(), 3, "thirty share one failure");
    assert!(wire.calls().is_empty(), "nothing was sent");
    good(&okta.list_users().await);

    let wire = failing(&wire.org, 0, 9, Some(503));
    let exchange = crate::app::okta(&wire, key.signing()).list_users().await;
    let Err(CallError::Transport(error)) = &exchange.result else { panic!("{exchange:?}") };
    assert!(error.failure.never_arrived() && error.text.contains("HTTP 503"), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_good_is_used_while_no_other_can_be_had() {
    let key = Key::new();
    let wire = failing(&Emulator::open(settings(&key, false, HOUR)).unwrap(), 1, 4, None);
    let okta = okta(&wire, key.signing());
    good(&okta.list_users().await);
    advance(Duration::from_mins(49)).await;
    for _ in 0..100 {
        good(&okta.list_users().await);
        advance(Duration::from_secs(1)).await;
    }
    let asked = wire.token_requests();
    assert!(asked.len() == 6 && asked.last() == Some(&Some(200)), "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn who_is_dropped_leaves_the_renewal_to_the_next() {
    let key = Key::new();
    let latency = Duration::from_secs(1);
    let settings = OrgSettings { latency, ..settings(&key, false, HOUR) };
    let wire = Wire::clean(&Emulator::open(settings).unwrap());
    let okta = okta(&wire, key.signing());
    let early = tokio::time::timeout(Duration::from_millis(100), okta.list_users()).await;
    assert!(early.is_err());
    good(&okta.list_users().await);
}

#[tokio::test(start_paused = true)]
async fn this_machines_clock_may_be_wrong() {
    for start in ["2020-02-02T02:02:02Z", "2031-01-01T00:00:00Z"] {
        let key = Key::new();
        let start = Some(start.parse().unwrap());
        for dpop in [false, true] {
            let settings = OrgSettings { start, ..settings(&key, dpop, HOUR) };
            let wire = Wire::clean(&Emulator::open(settings).unwrap());
            let okta = okta(&wire, key.signing());
            good(&okta.list_users().await);
            assert_eq!(wire.token_requests()[..1], [Some(401)], "the first one tells the time");
            assert_eq!(wire.tokens(), 1);
            advance(HOUR).await;
            good(&okta.list_users().await);
            assert!(!wire.token_requests()[1..].contains(&Some(401)), "the time is known");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_orgs_clock_may_jump() {
    let key = Key::new();
    let mut settings = settings(&key, true, MINUTE);
    settings.faults.0.push("clock-skew@7200:listUsers=from:3,max:1".parse().unwrap());
    let wire = Wire::clean(&Emulator::open(settings).unwrap());
    let okta = okta(&wire, key.signing());
    for _ in 0..20 {
        let mut tries = 0;
        while okta.list_users().await.class() != Some(Class::Success) {
            tries += 1;
            assert!(tries < 3, "{:?}", wire.made());
        }
        advance(Duration::from_secs(20)).await;
    }
}
