//! From the second import on: who changed is sent, who is gone is listed or deactivated.

use crate::sourced_world::{a_second_later, at_source, clerks, load, sessions, sourced, staff, tried};
use crate::world::World;

/// A source that was told of so many people.
fn told(people: usize) -> World {
    let world = sourced();
    world.write("people.csv", staff(0..people, clerks));
    load(&world, &["people.csv"]).came_to(0, &[("created", people)]);
    world
}

fn promoted(who: impl Fn(usize) -> bool) -> impl Fn(usize) -> (String, String) {
    move |at| (if who(at) { "Boss" } else { "Clerk" }.to_owned(), String::new())
}

#[test]
fn only_rows_that_changed_are_sent() {
    let world = told(500);
    world.write("people.csv", staff(0..500, promoted(|at| at % 100 == 0)));
    load(&world, &["people.csv"]).came_to(0, &[("updated", 5), ("unchanged", 495)]);
    assert_eq!(sessions(&world).last().unwrap()["people"], 5);
    load(&world, &["people.csv", "--new-run"]).came_to(0, &[("unchanged", 500)]);
    assert_eq!(sessions(&world).len(), 2, "nothing was left to send");
}

#[test]
fn a_plan_knows_what_the_books_know() {
    let world = told(50);
    world.write("people.csv", staff(0..49, promoted(|at| at == 7)));
    let plan = world.muster(&["plan", "--via", "identity-source", "people.csv"]);
    assert!(plan.out.contains("1 to send, 48 unchanged since the last import"), "{}", plan.out);
    assert!(plan.out.contains("1 of 50 people of the identity source are in no row"), "{}", plan.out);
    assert_eq!(world.muster(&["runs", "--output", "json"]).json().as_array().unwrap().len(), 1);
}

#[test]
fn who_failed_is_sent_again_with_the_next_import() {
    let world = told(5);
    world.write("people.csv", staff(0..8, clerks));
    load(&world, &["people.csv", "--settle", "none"]).came_to(3, &[("unchanged", 5), ("failed", 3)]);
    a_second_later();
    load(&world, &["people.csv", "--new-run"]).came_to(0, &[("unchanged", 8)]);
    assert_eq!(sessions(&world).last().unwrap()["people"], 3);
}

#[test]
fn who_left_a_group_is_taken_out_of_it() {
    let world = sourced();
    let groups = |groups: &'static str| move |_: usize| ("Clerk".to_owned(), groups.to_owned());
    world.write("people.csv", staff(0..4, groups("Old;Staff")));
    load(&world, &["people.csv"]).came_to(0, &[("created", 4)]);
    world.write("people.csv", staff(0..4, groups("New;Staff")));
    let import = load(&world, &["people.csv"]);
    assert_eq!(import.ran.code, 0, "{import:?}");
    let groups = world.users()["p1@example.com"]["groups"].to_string();
    assert!(groups.contains("New") && groups.contains("Staff") && !groups.contains("Old"), "{groups}");
}

#[test]
fn who_is_gone_is_listed_and_left_alone() {
    let world = told(10);
    world.write("people.csv", staff(2..10, clerks));
    let import = load(&world, &["people.csv"]);
    import.came_to(0, &[("unchanged", 8)]);
    assert_eq!(at_source(&world).len(), 10, "nobody was asked to deactivate them");
    let listed = std::fs::read_to_string(import.folder.join("missing.csv")).unwrap();
    assert!(listed.contains("E0,") && listed.contains("E1,") && listed.contains("listed"), "{listed}");
}

#[test]
fn more_than_the_cap_are_never_deactivated() {
    let world = told(100);
    world.write("people.csv", staff(3..100, clerks));
    let refused = tried(&world, &["people.csv", "--deactivate-missing"]);
    refused.refused(1, &["3 of the 100 people", "allows 2", "--max-deactivate 3%"]);
    assert_eq!((at_source(&world).len(), sessions(&world).len()), (100, 1));
}

#[test]
fn nobody_is_deactivated_whose_row_cannot_be_read() {
    let world = told(100);
    world.write("people.csv", staff(0..100, clerks).replace("E7,", ","));
    let refused = tried(&world, &["people.csv", "--deactivate-missing"]);
    refused.refused(1, &["no external id can be read in 1 row."]);
    load(&world, &["people.csv"]).came_to(3, &[("unchanged", 99), ("invalid", 1)]);
    assert_eq!(at_source(&world).len(), 100);
}

#[test]
fn exactly_the_vanished_ones_are_deactivated() {
    let world = told(100);
    world.write("people.csv", staff((0..100).filter(|at| at % 50 != 7), promoted(|at| at == 1)));
    let import = load(&world, &["people.csv", "--deactivate-missing"]);
    import.came_to(0, &[("updated", 1), ("unchanged", 97)]);
    let gone: Vec<String> = world
        .users()
        .into_iter()
        .filter(|(_, user)| user["status"] == "DEPROVISIONED")
        .map(|(login, _)| login)
        .collect();
    assert_eq!(gone, ["p57@example.com", "p7@example.com"]);
    assert_eq!(at_source(&world).len(), 98);
    let ends = std::fs::read_to_string(import.folder.join("missing.csv")).unwrap();
    assert_eq!(ends.matches("deactivated").count(), 2, "{ends}");
    // They are not missing any more.
    load(&world, &["people.csv", "--new-run"]).came_to(0, &[("unchanged", 98)]);
}

#[test]
fn a_list_of_keys_deactivates_people() {
    let world = told(10);
    world.write("leavers.csv", "externalId\nE3\nE4\nnobody\n");
    let import = load(&world, &["leavers.csv", "--operation", "deactivate"]);
    import.came_to(0, &[("updated", 2), ("unchanged", 1)]);
    assert_eq!(world.user("p3@example.com")["status"], "DEPROVISIONED");
    assert_eq!(at_source(&world).len(), 8);
    // Nobody is left whom the source has: Okta would not even process the session.
    let again = load(&world, &["leavers.csv", "--operation", "deactivate", "--new-run"]);
    again.came_to(0, &[("unchanged", 3)]);
}

#[test]
fn keys_of_leavers_may_differ_in_their_case_alone() {
    let world = sourced();
    world.write("people.csv", staff(0..2, clerks).replace("E0,", "ab,").replace("E1,", "AB,"));
    load(&world, &["people.csv"]).came_to(0, &[("created", 2)]);
    world.write("leavers.csv", "externalId\nab\nAB\nAB\nnobody\n");
    let import = load(&world, &["leavers.csv", "--operation", "deactivate"]);
    import.came_to(3, &[("updated", 2), ("unchanged", 1), ("invalid", 1)]);
    assert!(at_source(&world).is_empty());
    let double = import.results.iter().find(|row| row["outcome"] == "invalid").unwrap();
    assert_eq!(double["error_code"], "duplicate_external_id");
    let status = world.muster(&["status"]);
    assert!(status.out.contains("Removed   2 of 4 people, 1 not there"), "{}", status.out);
}
