//! What each call is answered with.

use std::sync::Arc;

use muster_core::secret::Secret;
use muster_server::hook::settings::HookSettings;

use crate::places::{Manner, Place, Stored};
use crate::world::{Came, SECRET, body, came, settings, world};

fn people() -> Place {
    Place::new(
        "old",
        &[
            ("cheap@example.com", Stored::Hash("right", 1)),
            ("dear@example.com", Stored::Hash("right", 500)),
            ("told@example.com", Stored::Told("right")),
            ("garbage@example.com", Stored::Garbage),
        ],
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn right_wrong_and_unknown() {
    let world = world(settings(), vec![Arc::new(people())]).await;
    for user in ["cheap", "dear", "told", "DEAR"] {
        let login = format!("{user}@example.com");
        assert_eq!(world.call(&format!("{user}1"), &login, "right").await, Came::Verified, "{user}");
        assert_eq!(world.call(&format!("{user}2"), &login, "wrong").await, Came::Unverified, "{user}");
    }
    assert_eq!(world.call("e1", "nobody@example.com", "right").await, Came::Unverified);
    assert_eq!(world.call("e2", "garbage@example.com", "right").await, Came::Unverified);
    world.running.drain().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn shadow_mode_says_no_to_all() {
    let settings = HookSettings { shadow: true, ..settings() };
    let world = world(settings, vec![Arc::new(people())]).await;
    assert_eq!(world.call("e1", "dear@example.com", "right").await, Came::Unverified);
    let (_, metrics) = world.admin("/metrics").await;
    assert!(metrics.contains("muster_hook_calls_total{result=\"verified\"} 1"), "{metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_is_away_makes_no_wrong_password() {
    let away = || Arc::new(Place::new("away", &[]).with(Manner::Away));
    let world = world(settings(), vec![away(), Arc::new(people()), away()]).await;
    assert_eq!(world.call("e1", "dear@example.com", "right").await, Came::Verified, "the next one knows");
    assert_eq!(
        world.call("e2", "dear@example.com", "wrong").await,
        Came::Status(503),
        "away may know better"
    );
    assert_eq!(world.call("e3", "nobody@example.com", "right").await, Came::Status(503));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_question_of_okta_is_refused() {
    let world = world(settings(), vec![Arc::new(people())]).await;
    let good = body("e1", "cheap@example.com", "right").to_string();
    let status = async |answer| came(answer).await;
    assert_eq!(status(world.send(SECRET, "{}".to_owned()).await).await, Came::Status(400));
    assert_eq!(status(world.send("another secret", good.clone()).await).await, Came::Status(401));
    assert_eq!(status(world.send(SECRET, "x".repeat(65 * 1024)).await).await, Came::Status(413));
    let get = world.client.get(&world.running.url).header("authorization", SECRET).send().await.unwrap();
    assert_eq!(get.headers()["allow"], "POST");
    assert_eq!(status(get).await, Came::Status(405));
    let elsewhere = world.client.post(world.running.url.replace("/okta/", "/elsewhere/")).body(good);
    assert_eq!(status(elsewhere.send().await.unwrap()).await, Came::Status(404));
    let refused = world.send(SECRET, body("e1", "", "right").to_string()).await.text().await.unwrap();
    assert!(refused.contains("data.context.credential.username"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_secrets_hold_while_one_takes_the_place_of_the_other() {
    let secrets = vec![Secret::new(SECRET), Secret::new("the next one, of 28 letters.")];
    let settings = HookSettings { secrets, header: "X-Hook-Secret".to_owned(), ..settings() };
    let world = world(settings, vec![Arc::new(people())]).await;
    let send = async |secret: &str| {
        let body = body("e1", "cheap@example.com", "right").to_string();
        let call = world.client.post(&world.running.url).header("x-hook-secret", secret).body(body);
        came(call.send().await.unwrap()).await
    };
    assert_eq!(send(SECRET).await, Came::Verified);
    assert_eq!(send("the next one, of 28 letters.").await, Came::Verified);
    assert_eq!(send("the next one, of 28 letters").await, Came::Status(401));
    assert_eq!(world.call("e1", "cheap@example.com", "right").await, Came::Status(401));
}
