//! Users who exist are handed over to the password-import hook, where that is asked for and nowhere else.

use serde_json::{Value, json};

use crate::world::World;

const FILE: &str = "email,firstName,lastName\nada@example.com,Ada,Lovelace\nnew@example.com,Nora,New\n";

fn world_with_ada(credentials: &Value) -> World {
    let world = World::free();
    world.write("people.csv", FILE);
    let profile = json!({"login": "ada@example.com", "email": "ada@example.com", "firstName": "Ada", "lastName": "Lovelace"});
    world.post("/api/v1/users?activate=true", &json!({"profile": profile, "credentials": credentials}));
    world
}

fn provider(world: &World, login: &str) -> String {
    let user = world.get(&format!("/api/v1/users/{login}"));
    user["credentials"]["provider"]["type"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_user_who_exists_is_armed_when_asked_for() {
    let world = world_with_ada(&json!({"password": {"value": "Tr0ub4dor&3"}}));
    let arguments = ["people.csv", "--mode", "hook", "--on-conflict", "update", "--arm-existing"];
    let imported = world.import(&arguments);
    assert_eq!(imported.ran.code, 0, "{}", imported.ran.err);
    assert_eq!(imported.summary["outcomes"]["updated"], 1);
    assert_eq!(imported.summary["outcomes"]["created"], 1);
    assert_eq!(
        (provider(&world, "ada@example.com"), provider(&world, "new@example.com")),
        ("IMPORT".into(), "IMPORT".into())
    );
    // Who is armed is not armed once more.
    let again = world.import(&[&arguments[..], &["--new-run"][..]].concat());
    assert_eq!(again.summary["outcomes"]["unchanged"], 2, "{}", again.ran.err);
}

#[test]
fn a_user_who_exists_keeps_the_password_unless_asked_for() {
    let world = world_with_ada(&json!({"password": {"value": "Tr0ub4dor&3"}}));
    let imported = world.import(&["people.csv", "--mode", "hook", "--on-conflict", "update"]);
    assert_eq!(imported.summary["outcomes"]["unchanged"], 1, "{}", imported.ran.err);
    assert_eq!(provider(&world, "ada@example.com"), "OKTA");
}

#[test]
fn arming_never_happens_by_the_way() {
    let world = World::free();
    world.write("people.csv", FILE);
    for (more, said) in [
        (vec!["--mode", "hook", "--on-conflict", "skip"], "--on-conflict update"),
        (vec!["--mode", "staged", "--on-conflict", "update"], "--mode hook"),
    ] {
        let ran = world.muster(&[vec!["plan", "people.csv", "--arm-existing"], more].concat());
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains(said), "{}", ran.err);
    }
}
