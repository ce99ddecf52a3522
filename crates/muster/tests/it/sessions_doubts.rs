//! Import sessions that end at an awkward moment: nothing is left behind, and nothing is told that is not so.

use std::process::{Child, Command};
use std::time::Duration;

use muster_emulator::{IdentitySourceRules, ImportSpeed, OrgSettings};
use serde_json::json;

use crate::sourced_world::{
    QUICK, a_second_later, at_source, clerks, disturb, load, sessions, settings, sourced, staff, statuses,
    tried,
};
use crate::world::{Imported, Ran, World};

/// An import of these people that is under way.
fn begun(world: &World, arguments: &[&str]) -> Child {
    world.start(&[&["import", "--yes", "-q", "--output", "json"], &QUICK[..], arguments].concat())
}

fn resumed(world: &World) -> Imported {
    world.imported(world.muster(&["resume", "--output", "json"]))
}

/// An org that imports ten people a second.
fn slow() -> World {
    let speed = ImportSpeed::of(10, Duration::from_secs(1));
    let identity_source_rules = IdentitySourceRules { speed, ..settings().identity_source_rules };
    World::with(OrgSettings { identity_source_rules, ..settings() })
}

/// The import, broken off by the org once it has processed some of its last session.
fn broken_off(world: &World, arguments: &[&str]) -> Imported {
    let before = sessions(world).len();
    let child = begun(world, arguments);
    world.wait_until(|_| {
        let all = sessions(world);
        let done = |session: &serde_json::Value| {
            ["done", "unchanged"].iter().filter_map(|name| session[*name].as_u64()).sum::<u64>()
        };
        all.len() > before && all.last().is_some_and(|session| done(session) > 4)
    });
    let session = sessions(world).last().unwrap()["id"].clone();
    world.post("/_emulator/broken-imports", &json!({ "session": session }));
    world.imported(Ran::of(&child.wait_with_output().unwrap()))
}

fn titles(world: &World, title: &str) -> usize {
    world.users().keys().filter(|login| world.user(login)["profile"]["title"] == title).count()
}

fn in_group(world: &World, group: &str) -> usize {
    world.users().values().filter(|user| user["groups"].to_string().contains(group)).count()
}

#[test]
fn a_session_whose_begin_was_not_answered_is_taken_up_after_an_interruption() {
    let world = sourced();
    world.write("people.csv", staff(0..10, clerks));
    disturb(&world, &["hang@2s:createIdentitySourceSession=first:1"]);
    let child = begun(&world, &["people.csv"]);
    world.wait_until(|_| !sessions(&world).is_empty());
    let interrupt = format!("kill -INT {}", child.id());
    assert!(Command::new("sh").args(["-c", &interrupt]).status().unwrap().success());
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(4));
    assert_eq!(statuses(&world), ["CREATED"]);
    resumed(&world).came_to(0, &[("created", 10)]);
    assert_eq!(statuses(&world), ["COMPLETED"], "it is not left behind, and no other is needed");
}

#[test]
fn who_leaves_a_group_leaves_it_though_the_run_is_killed_just_before() {
    let world = sourced();
    let groups = |at: usize| ("Clerk".to_owned(), if at < 5 { "Old;Staff" } else { "Old" }.to_owned());
    world.write("people.csv", staff(0..10, groups));
    load(&world, &["people.csv"]).came_to(0, &[("created", 10)]);
    let groups = |at: usize| ("Clerk".to_owned(), if at < 5 { "New;Staff" } else { "" }.to_owned());
    world.write("people.csv", staff(0..10, groups));
    disturb(&world, &["hang-before@30s:uploadIdentitySourceGroupMembershipsForDelete=all"]);
    let mut child = begun(&world, &["people.csv"]);
    // People, groups and memberships are loaded; the request to leave groups hangs.
    world.wait_until(|_| sessions(&world).len() == 2 && sessions(&world)[1]["requests"] == 3);
    std::thread::sleep(Duration::from_millis(300));
    child.kill().unwrap();
    child.wait().unwrap();
    disturb(&world, &[]);
    let resumed = resumed(&world);
    assert_eq!((resumed.ran.code, resumed.results.len()), (0, 10), "{resumed:?}");
    assert_eq!((in_group(&world, "Old"), in_group(&world, "New")), (0, 5));
    assert_eq!(statuses(&world), ["COMPLETED"; 2]);
}

#[test]
fn who_was_not_reached_by_a_broken_session_is_not_called_unchanged() {
    let world = slow();
    world.write("people.csv", staff(0..30, clerks));
    load(&world, &["people.csv"]).came_to(0, &[("created", 30)]);
    a_second_later();
    world.write("people.csv", staff(0..30, |_| ("Boss".to_owned(), String::new())));
    let broken = broken_off(&world, &["people.csv"]);
    assert_eq!(statuses(&world), ["COMPLETED", "ERROR"]);
    let bosses = titles(&world, "Boss");
    assert!((1..30).contains(&bosses), "{bosses}");
    broken.came_to(3, &[("updated", bosses), ("failed", 30 - bosses)]);
    load(&world, &["people.csv", "--new-run"]).came_to(0, &[("updated", 30 - bosses), ("unchanged", bosses)]);
    assert_eq!(titles(&world, "Boss"), 30);
}

#[test]
fn memberships_that_did_not_come_about_are_sent_again_by_the_next_import() {
    let world = slow();
    world.write("people.csv", staff(0..30, |_| ("Clerk".to_owned(), "Staff".to_owned())));
    let broken = broken_off(&world, &["people.csv"]);
    assert_eq!(broken.ran.code, 3, "{broken:?}");
    assert_eq!((at_source(&world).len() > 4, in_group(&world, "Staff")), (true, 0));
    a_second_later();
    let again = load(&world, &["people.csv", "--new-run"]);
    assert_eq!((again.ran.code, in_group(&world, "Staff")), (0, 30), "{again:?}");
}

#[test]
fn a_faulty_row_is_not_looked_for_under_the_key_of_another_column() {
    let world = sourced();
    let file = |email: &str| {
        let row = |at: usize, email: &str| format!("x{at},n{at},p{at}@example.com,F,L,{email}\n");
        let good = |at: usize| row(at, &format!("p{at}@example.com"));
        let rows: String = (1..10).map(good).collect();
        format!("externalId,employeeNumber,login,firstName,lastName,email\n{}{rows}", row(0, email))
    };
    world.write("people.csv", file("p0@example.com"));
    let keyed = ["people.csv", "--external-id", "employeeNumber"];
    load(&world, &keyed).came_to(0, &[("created", 10)]);
    assert!(at_source(&world).contains_key("n0"));
    world.write("people.csv", file("no address"));
    let cap = ["--deactivate-missing", "--max-deactivate", "100%"];
    tried(&world, &[&keyed[..], &cap[..]].concat()).refused(1, &["no external id can be read in 1 row"]);
    assert_eq!(at_source(&world).len(), 10);
}

#[test]
fn blanks_around_the_key_of_a_faulty_row_make_nobody_missing() {
    let world = sourced();
    world.write("people.csv", staff(0..10, clerks));
    load(&world, &["people.csv"]).came_to(0, &[("created", 10)]);
    world.write("people.csv", staff(0..10, clerks).replace("E0,p0@example.com,First0", " E0 ,nobody,"));
    let import = load(&world, &["people.csv", "--deactivate-missing", "--max-deactivate", "100%"]);
    import.came_to(3, &[("unchanged", 9), ("invalid", 1)]);
    assert_eq!(at_source(&world).len(), 10);
}

#[test]
fn an_org_that_never_answers_is_not_asked_for_ever() {
    for operation in ["createIdentitySourceSession", "startImportFromIdentitySource"] {
        let world = sourced();
        world.write("people.csv", staff(0..3, clerks));
        disturb(&world, &[&format!("504:{operation}=all")]);
        let stopped = tried(&world, &["people.csv", "--patience", "1"]);
        assert_eq!(stopped.code, 4, "{stopped:?}");
        disturb(&world, &[]);
        resumed(&world).came_to(0, &[("created", 3)]);
        assert_eq!(statuses(&world), ["COMPLETED"], "{operation}");
    }
}

#[test]
fn who_was_deactivated_is_told_without_the_log() {
    let world = sourced();
    world.write("people.csv", staff(0..6, clerks));
    load(&world, &["people.csv"]).came_to(0, &[("created", 6)]);
    a_second_later();
    world.write("leavers.csv", "externalId\nE1\nE2\n");
    let read = ["--operation", "deactivate", "--settle", "read"];
    load(&world, &[&["leavers.csv"], &read[..]].concat()).came_to(0, &[("updated", 2)]);
    a_second_later();
    world.write("people.csv", staff(3..6, clerks));
    let cap = ["--deactivate-missing", "--max-deactivate", "100%", "--settle", "read"];
    let import = load(&world, &[&["people.csv"], &cap[..]].concat());
    let ends = std::fs::read_to_string(import.folder.join("missing.csv")).unwrap();
    assert_eq!((ends.matches(",deactivated").count(), at_source(&world).len()), (1, 3), "{ends}");
    a_second_later();
    load(&world, &[&["leavers.csv", "--new-run"], &read[..]].concat()).came_to(0, &[("unchanged", 2)]);
}
