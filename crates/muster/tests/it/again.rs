//! People who are there already, under each policy.

use serde_json::json;

use crate::world::{World, people};

/// Twenty people, ten of them moved to another department since.
fn moved() -> (World, String) {
    let world = World::free();
    let with = |department: &dyn Fn(usize) -> &'static str| {
        let rows = people(20);
        let rows = rows.lines().enumerate().map(|(at, row)| match at {
            0 => format!("{row},department\n"),
            _ => format!("{row},{}\n", department(at)),
        });
        rows.collect::<String>()
    };
    world.write("people.csv", with(&|_| "Sales"));
    world.import(&["people.csv"]).came_to(0, &[("created", 20)]);
    (world, with(&|at| if at % 2 == 0 { "Research" } else { "Sales" }))
}

#[test]
fn skip_leaves_them_as_they_are() {
    let (world, file) = moved();
    world.write("people.csv", file);
    let import = world.import(&["people.csv"]);
    import.came_to(0, &[("skipped", 10), ("unchanged", 10)]);
    assert_eq!(world.user("p001@example.com")["profile"]["department"], "Sales");
    assert_eq!(import.row("p001@example.com")["okta_id"], world.user("p001@example.com")["id"]);
}

#[test]
fn update_changes_what_differs_and_nothing_else() {
    let (world, file) = moved();
    let id = world.user("p001@example.com")["id"].as_str().unwrap().to_owned();
    world.post(&format!("/api/v1/users/{id}"), &json!({"profile": {"nickName": "Pip"}}));
    world.write("people.csv", file);
    let import = world.import(&["people.csv", "--on-conflict", "update"]);
    import.came_to(0, &[("updated", 10), ("unchanged", 10)]);
    let profile = &world.user("p001@example.com")["profile"];
    assert_eq!((&profile["department"], &profile["nickName"]), (&json!("Research"), &json!("Pip")));
    assert_eq!(world.user("p000@example.com")["profile"]["department"], "Sales");
    assert_eq!(world.stats().users, 20);
    world.import(&["people.csv", "--on-conflict", "update"]).came_to(0, &[("unchanged", 20)]);
}

#[test]
fn fail_rejects_them() {
    let (world, file) = moved();
    world.write("people.csv", format!("{file}new@example.com,New,Person,Sales\n"));
    let import = world.import(&["people.csv", "--on-conflict", "fail"]);
    import.came_to(3, &[("created", 1), ("rejected", 20)]);
    for reject in &import.rejects {
        assert_eq!(reject["_code"], "login_exists");
        assert!(reject["_hint"].contains("--on-conflict"));
    }
    assert_eq!(world.user("p001@example.com")["profile"]["department"], "Sales");
}

#[test]
fn a_login_in_other_letters_is_the_same_person() {
    let world = World::free();
    world.write("people.csv", "email,firstName,lastName\nada@example.com,Ada,Byron\n");
    world.import(&["people.csv"]).came_to(0, &[("created", 1)]);
    world.write("people.csv", "email,firstName,lastName\nADA@Example.com,Ada,Byron\n");
    let import = world.import(&["people.csv"]);
    assert_eq!(import.ran.code, 0);
    assert_eq!(world.stats().users, 1);
    assert!(["skipped", "unchanged"].contains(&import.results[0]["outcome"].as_str()), "{import:?}");
}

#[test]
fn a_status_is_not_given_back_to_who_is_there() {
    let world = World::free();
    world.write(
        "people.csv",
        "email,firstName,lastName,password,status\na@example.com,A,B,Tr0mbone-quay,SUSPENDED\n",
    );
    world.import(&["people.csv"]).came_to(0, &[("created", 1)]);
    assert_eq!(world.users()["a@example.com"]["status"], "SUSPENDED");
    let id = world.user("a@example.com")["id"].as_str().unwrap().to_owned();
    world.call("POST", &format!("/api/v1/users/{id}/lifecycle/unsuspend"), None);
    world.import(&["people.csv"]).came_to(0, &[("unchanged", 1)]);
    assert_eq!(world.users()["a@example.com"]["status"], "ACTIVE", "what happened since stands");
}
