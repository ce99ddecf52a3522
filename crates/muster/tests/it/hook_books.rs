//! The books know which hook is ours, and how many people wait for it.

use crate::hook_admin::{org, with_secret};
use crate::world::{World, people};

const URL: &str = "https://hook.example.com/okta/password-import";

fn register(world: &World, name: &str) {
    let ran = with_secret(world, &["hook", "register", "--url", URL, "--name", name]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn a_hook_under_any_name_is_ours_once_it_is_in_the_books() {
    let world = org();
    register(&world, "By another name");
    let told = world.muster(&["hook", "status", "--output", "json"]).json();
    assert_eq!(told["hooks"][0]["ours"], true, "{told}");
    let ended = world.muster(&["hook", "unregister", "--yes"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    register(&world, "By a third name");
    assert_eq!(world.muster(&["hook", "unregister", "--yes"]).code, 0);
}

#[test]
fn who_only_looks_makes_no_books() {
    let world = org();
    assert_eq!(world.muster(&["hook", "status"]).code, 0);
    assert!(!world.path("muster").exists());
}

#[test]
fn nobody_is_shut_out_unsaid() {
    let world = org();
    register(&world, "Ours");
    world.muster(&["hook", "unregister"]).refused(2, &["how many that are is not in these books"]);
    world.write("people.csv", people(3));
    world.import(&["people.csv", "--mode", "hook"]);
    world.muster(&["hook", "unregister"]).refused(2, &["3 people have not come over"]);
}
