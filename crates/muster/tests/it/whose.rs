//! A user whose create's answer was lost, and who may be someone else's, is left alone and told.

use serde_json::json;

use crate::world::{World, people};

#[test]
fn an_unclear_user_is_not_adopted() {
    let world = World::free();
    world.write("people.csv", people(12));
    let hang = json!(["hang@100s:createUser=from:12"]);
    assert!(world.call("PUT", "/_emulator/faults", Some(&hang)).0 < 300);
    let mut child = world.start(&["import", "--yes", "--max-in-flight", "1", "people.csv"]);
    world.wait_until(|stats| stats.users >= 12);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(world.call("PUT", "/_emulator/faults", Some(&json!([]))).0 < 300);
    // The last answer never came, and that user has something that was not sent.
    let login = "p011@example.com";
    let id = world.user(login)["id"].as_str().unwrap().to_owned();
    world.post(&format!("/api/v1/users/{id}"), &json!({"profile": {"title": "Clerk"}}));
    let resumed = world.imported(world.muster(&["resume", "--output", "json"]));
    assert_eq!((resumed.ran.code, &resumed.summary["complete"]), (0, &true.into()), "{:?}", resumed.ran);
    let outcomes = &resumed.summary["outcomes"];
    // Answers that had come may not have been in the books yet when the process died.
    let ours = outcomes["created"].as_u64().unwrap() + outcomes["adopted"].as_u64().unwrap();
    assert_eq!((ours, &outcomes["unchanged"]), (11, &1.into()), "{outcomes}");
    assert_eq!(resumed.summary["origin_unclear"], 1);
    let [code, error] = resumed.cells(login, ["error_code", "error"]);
    assert_eq!((resumed.row(login)["outcome"].as_str(), code), ("unchanged", "origin_unclear"));
    assert!(error.contains("title") && error.contains("System Log"), "{error}");
    let status = world.muster(&["status"]);
    assert!(status.out.contains("may be ours or someone else's"), "{status:?}");
    assert_eq!(world.stats().creates_by_login_max, 1);
}
