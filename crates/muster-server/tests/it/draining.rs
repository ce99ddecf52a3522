//! The end of a server.

use std::sync::Arc;
use std::time::Duration;

use crate::places::{Manner, Place, Stored};
use crate::world::{Came, listen, settings, world_at};

#[tokio::test(flavor = "multi_thread")]
async fn calls_that_are_there_are_finished_and_no_more_are_taken() {
    let place = Place::new("old", &[("a@example.com", Stored::Hash("right", 1))]);
    let place = Arc::new(place.with(Manner::Slowly(Duration::from_millis(300))));
    let mut listen = listen();
    listen.notice = Duration::from_millis(100);
    let world = world_at(listen, settings(), vec![Arc::clone(&place) as _]).await.unwrap();
    let (url, admin) = (world.running.url.clone(), world.running.admin_url.clone().unwrap());
    let client = world.client.clone();
    let body = crate::world::body("e1", "a@example.com", "right").to_string();
    let call = client.post(&url).header("authorization", crate::world::SECRET).body(body);
    let call = tokio::spawn(call.send());
    while place.asked() == 0 {
        tokio::task::yield_now().await;
    }
    let ready = client.get(format!("{admin}/readyz"));
    assert_eq!(ready.try_clone().unwrap().send().await.unwrap().status(), 200);
    let draining = tokio::spawn(world.running.drain());
    while ready.try_clone().unwrap().send().await.is_ok_and(|answer| answer.status() == 200) {}
    assert_eq!(crate::world::came(call.await.unwrap().unwrap()).await, Came::Verified);
    draining.await.unwrap();
    assert!(client.post(&url).send().await.is_err());
}
