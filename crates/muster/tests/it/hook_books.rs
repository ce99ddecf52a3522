//! The books know which hook is ours, and who depends on it.

use serde_json::Value;

use crate::hook_admin::{org, with_secret};
use crate::world::World;

const URL: &str = "https://hook.example.com/in";

fn register(world: &World, arguments: &[&str]) -> Value {
    let ran = with_secret(world, &[&["hook", "register", "--output", "json", "--url"], arguments].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.json()
}

#[test]
fn a_hook_of_ours_is_known_by_its_id() {
    let world = org();
    let id = register(&world, &[URL, "--name", "First name"])["hook"]["id"].clone();
    // Neither name nor address tell; the books do.
    let moved = register(&world, &["https://new.example.com/in", "--name", "Other name", "--update"]);
    assert_eq!((&moved["done"], &moved["hook"]["id"]), (&"updated".into(), &id));
    let status = world.muster(&["hook", "status", "--output", "json"]).json();
    assert_eq!(status["hooks"][0]["ours"], true);
    let ended = world.muster(&["hook", "unregister", "--yes"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(world.get("/api/v1/inlineHooks"), Value::Array(Vec::new()));
}

#[test]
fn a_look_makes_no_books() {
    let world = org();
    assert_eq!(world.muster(&["hook", "status"]).code, 0);
    assert_eq!(world.muster(&["hook", "unregister", "--yes"]).code, 0);
    assert!(!world.path("muster").exists());
}

#[test]
fn it_is_said_how_many_would_be_shut_out() {
    let world = org();
    world.write("people.csv", crate::world::people(12));
    register(&world, &[URL]);
    world.import(&["people.csv", "--mode", "hook"]);
    let asked = world.muster(&["hook", "unregister"]);
    asked.refused(2, &["12 people have not come over"]);
}

#[test]
fn the_end_of_the_programme_ends_the_hook_that_was_registered() {
    let world = org();
    world.write("people.csv", crate::world::people(3));
    register(&world, &[URL]);
    world.import(&["people.csv", "--mode", "hook"]);
    let finished = world.muster(&["programme", "finish", "--yes"]);
    assert_eq!(finished.code, 0, "{finished:?}");
    assert_eq!(world.get("/api/v1/inlineHooks"), Value::Array(Vec::new()), "{finished:?}");
}
