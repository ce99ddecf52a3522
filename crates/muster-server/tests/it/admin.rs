//! Health, readiness, metrics.

use std::sync::Arc;
use std::time::Duration;

use crate::places::{Manner, Place, Stored};
use crate::world::{Came, settings, world};

#[tokio::test(flavor = "multi_thread")]
async fn it_is_ready_while_any_place_can_be_asked() {
    let away = Arc::new(Place::new("first", &[("a@example.com", Stored::Told("right"))]).with(Manner::Away));
    let mut settings = settings();
    settings.breaker.failures = 1;
    settings.breaker.open_for = Duration::from_millis(50);
    let world = world(settings, vec![Arc::clone(&away) as _]).await;
    assert_eq!(world.admin("/healthz").await.0, 200);
    wait_for(&world, 503).await;
    assert_eq!(world.call("e1", "a@example.com", "right").await, Came::Status(503));
    let (_, metrics) = world.admin("/metrics").await;
    assert!(metrics.contains("muster_hook_backend_open{backend=\"first\"} 1"), "{metrics}");
    assert!(metrics.contains("muster_hook_calls_total{result=\"unavailable\"} 1"), "{metrics}");
    // Found again without a call.
    away.behave(Manner::Well);
    wait_for(&world, 200).await;
    assert_eq!(world.admin("/elsewhere").await.0, 404);
    let on_the_hook = world.client.get(world.running.url.replace("/okta/password-import", "/healthz"));
    assert_eq!(on_the_hook.send().await.unwrap().status(), 404, "the hook's own door tells nothing");
}

async fn wait_for(world: &crate::world::World, status: u16) {
    for _ in 0..1000 {
        if world.admin("/readyz").await.0 == status {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("readiness never became {status}");
}
