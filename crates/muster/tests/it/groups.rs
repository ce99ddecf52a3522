//! Groups by id and by name, there or not.

use std::fmt::Write as _;

use serde_json::json;

use crate::world::{Imported, World};

fn people(groups: &[&str]) -> String {
    let rows = groups.iter().enumerate();
    rows.fold("email,firstName,lastName,groups\n".to_owned(), |mut text, (at, groups)| {
        writeln!(text, "p{at}@example.com,First,Last,{groups}").unwrap();
        text
    })
}

fn groups_of(world: &World, login: &str) -> serde_json::Value {
    world.users()[login]["groups"].clone()
}

fn ends(import: &Imported, login: &str) -> (String, String, String) {
    let row = import.row(login);
    (row["groups_requested"].clone(), row["groups_joined"].clone(), row["group_outcome"].clone())
}

fn three(requested: &str, joined: &str, outcome: &str) -> (String, String, String) {
    (requested.to_owned(), joined.to_owned(), outcome.to_owned())
}

#[test]
fn by_name_and_by_id_at_once() {
    let world = World::free();
    world.group("Sales");
    let id = world.group("Engineering");
    world.write(
        "people.csv",
        format!(
            "email,firstName,lastName,groups,groupIds\na@example.com,A,B,Sales,{id}\nb@example.com,A,B,,{id}\nc@example.com,A,B,,\n"
        ),
    );
    let import = world.import(&["people.csv"]);
    import.came_to(0, &[("created", 3)]);
    assert_eq!(groups_of(&world, "a@example.com"), json!(["Everyone", "Sales", "Engineering"]));
    assert_eq!(groups_of(&world, "b@example.com"), json!(["Everyone", "Engineering"]));
    assert_eq!(ends(&import, "a@example.com"), three("2", "2", "joined"));
    assert_eq!(ends(&import, "c@example.com"), three("0", "0", "none"));
    let writes = world.requests().into_iter().filter(|request| request["method"] != "GET");
    let writes: Vec<_> = writes.filter(|request| request["path_and_query"] != "/api/v1/groups").collect();
    assert_eq!(writes.len(), 3, "memberships ride on the creates: {writes:?}");
}

#[test]
fn a_group_that_is_missing_is_not_made_unasked() {
    let world = World::free();
    world.group("Sales");
    world.write("people.csv", people(&["Sales", "Nowhere", "Sales;Nowhere", ""]));
    let import = world.import(&["people.csv"]);
    import.came_to(3, &[("created", 2), ("invalid", 2)]);
    assert_eq!(world.stats().groups, 2);
    for reject in &import.rejects {
        assert_eq!(reject["_code"], "missing_group");
        assert!(reject["_reason"].contains("Nowhere") && reject["_hint"].contains("--create-groups"));
    }
    assert_eq!(import.rejects[1]["groups"], "Sales;Nowhere");
}

#[test]
fn a_group_that_is_missing_is_made_when_asked() {
    let world = World::free();
    world.write("people.csv", people(&["Sales", "Nowhere", "Sales|Nowhere", ""]));
    let import = world.import(&["people.csv", "--create-groups"]);
    import.came_to(0, &[("created", 4)]);
    assert_eq!((world.stats().groups, world.stats().memberships), (3, 4));
    assert_eq!(groups_of(&world, "p3@example.com"), json!(["Everyone"]));
    assert_eq!(ends(&import, "p2@example.com"), three("2", "2", "joined"));
}

#[test]
fn an_id_that_the_org_does_not_have_is_told_before_any_request() {
    let world = World::free();
    world.write("people.csv", "email,firstName,lastName,groupId\na@example.com,A,B,00gnosuchgroup000000\n");
    let import = world.import(&["people.csv", "--create-groups"]);
    import.came_to(3, &[("invalid", 1)]);
    assert_eq!(import.rejects[0]["_code"], "unknown_group");
    assert!(import.rejects[0]["_reason"].contains("00gnosuchgroup000000"));
    assert!(world.is_untouched());
}

#[test]
fn groups_for_everybody() {
    let world = World::free();
    world.group("Sales");
    world.group("Staff");
    world.write("people.csv", people(&["Sales", ""]));
    world.import(&["people.csv", "--groups", "Staff,Sales"]).came_to(0, &[("created", 2)]);
    for login in ["p0@example.com", "p1@example.com"] {
        assert_eq!(groups_of(&world, login), json!(["Everyone", "Sales", "Staff"]));
    }
    let none = world.import(&["people.csv", "--groups", "Staff,Nowhere", "--limit", "1"]);
    none.came_to(3, &[("invalid", 1)]);
    assert_eq!(world.stats().groups, 3);
}

#[test]
fn the_marker_group_is_made_when_it_is_missing() {
    let world = World::free();
    world.write("people.csv", people(&["", ""]));
    world.import(&["people.csv", "--marker-group", "Moved"]).came_to(0, &[("created", 2)]);
    assert_eq!(groups_of(&world, "p1@example.com"), json!(["Everyone", "Moved"]));
    world.write("more.csv", "email,firstName,lastName\nmore@example.com,A,B\n");
    world.import(&["more.csv", "--marker-group", "Moved"]).came_to(0, &[("created", 1)]);
    assert_eq!((world.stats().groups, world.stats().memberships), (2, 3), "one group for both");
}

#[test]
fn more_groups_than_a_create_takes() {
    let world = World::free();
    let names: Vec<String> = (0..25).map(|at| format!("Group {at}")).collect();
    world.write("people.csv", people(&[&names.join(";"), "Group 3"]));
    let import = world.import(&["people.csv", "--create-groups"]);
    import.came_to(0, &[("created", 2)]);
    assert_eq!(ends(&import, "p0@example.com"), three("25", "25", "joined"));
    assert_eq!(world.stats().memberships, 26);
    assert_eq!(world.stats().creates_by_login_max, 1);
}

#[test]
fn nobody_can_be_put_into_everyone() {
    let world = World::free();
    world.write("people.csv", people(&["Everyone", ""]));
    let import = world.import(&["people.csv", "--create-groups"]);
    import.came_to(3, &[("created", 1), ("invalid", 1)]);
    let reject = &import.rejects[0];
    assert_eq!(reject["_code"], "unknown_group");
    assert!(reject["_reason"].contains("Everyone"), "{reject:?}");
    assert_eq!(world.stats().groups, 1);
}
