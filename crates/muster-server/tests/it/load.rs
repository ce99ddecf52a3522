//! More calls than can be verified: every answer that is given is right.

use std::sync::Arc;
use std::time::Duration;

use muster_server::hook::settings::HookSettings;

use crate::places::{Place, Stored};
use crate::world::{Came, settings, world};

#[tokio::test(flavor = "multi_thread")]
async fn under_too_much_load_answers_are_right_or_none() {
    let people =
        [("dear@example.com", Stored::Hash("right", 3_000)), ("cheap@example.com", Stored::Hash("right", 1))];
    let mut settings = HookSettings { deadline: Duration::from_millis(400), ..settings() };
    settings.lookup = Duration::from_millis(400);
    settings.pool.workers = 1;
    settings.wrong_passwords.tries = 0;
    let world = Arc::new(world(settings, vec![Arc::new(Place::new("old", &people))]).await);
    let calls = (0..120).map(|number| {
        let world = Arc::clone(&world);
        tokio::spawn(async move {
            let login = if number % 4 == 3 { "cheap@example.com" } else { "dear@example.com" };
            let (password, right) =
                if number % 2 == 0 { ("right", Came::Verified) } else { ("wrong", Came::Unverified) };
            let came = world.call(&format!("e{number}"), login, password).await;
            assert!(came == right || came == Came::Status(503), "{login} {password}: {came:?}");
            (login, came != Came::Status(503))
        })
    });
    let mut answered = (0, 0);
    for call in calls.collect::<Vec<_>>() {
        match call.await.unwrap() {
            ("dear@example.com", true) => answered.0 += 1,
            ("cheap@example.com", true) => answered.1 += 1,
            _ => {}
        }
    }
    assert!(answered.0 >= 1 && answered.1 == 30, "{answered:?}");
    assert!(answered.0 < 90, "30 ms each, one worker, 400 ms: not all of them");
    // The machine is free again.
    assert_eq!(world.call("last", "dear@example.com", "right").await, Came::Verified);
}
