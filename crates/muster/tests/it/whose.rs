//! A user whose create's answer was lost, and who may be someone else's, is left alone and told.

use serde_json::json;

use crate::world::{World, people};

#[test]
fn an_unclear_user_is_not_adopted() {
    let world = World::free();
    world.write("people.csv", people(12));
    let hang = json!(["hang@100s:createUser=from:9"]);
    assert!(world.call("PUT", "/_emulator/faults", Some(&hang)).0 < 300);
    let mut child = world.start(&["import", "--yes", "--max-in-flight", "4", "people.csv"]);
    world.wait_until(|stats| stats.users >= 12);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(world.call("PUT", "/_emulator/faults", Some(&json!([]))).0 < 300);
    // Two of those whose answer never came are as they were sent; somebody has changed the others.
    for login in ["p008@example.com", "p009@example.com"] {
        let id = world.user(login)["id"].as_str().unwrap().to_owned();
        world.post(&format!("/api/v1/users/{id}"), &json!({"profile": {"title": "Clerk"}}));
    }
    let resumed = world.imported(world.muster(&["resume", "--output", "json"]));
    resumed.came_to(0, &[("created", 8), ("adopted", 2), ("unchanged", 2)]);
    assert_eq!(resumed.summary["origin_unclear"], 2);
    for login in ["p008@example.com", "p009@example.com"] {
        let [code, error] = resumed.cells(login, ["error_code", "error"]);
        assert_eq!(code, "origin_unclear");
        assert!(error.contains("title") && error.contains("System Log"), "{error}");
    }
    let status = world.muster(&["status"]);
    assert!(status.out.contains("2 users may be ours or someone else's"), "{status:?}");
    assert_eq!(world.stats().creates_by_login_max, 1);
}
