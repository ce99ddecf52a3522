//! Import sessions through faults, other people's sessions and interruptions.

use std::process::{Child, Command};
use std::time::Duration;

use muster_emulator::{IdentitySourceRules, ImportSpeed, OrgSettings};

use crate::sourced_world::{
    QUICK, SOURCE, at_source, begin_session, clerks, disturb, load, sessions, settings, sourced,
    sourced_with_scopes, staff, statuses, tried,
};
use crate::world::{Ran, World};

/// Nobody is lost or double, and no session is left behind.
fn is_whole(world: &World, people: usize) {
    assert_eq!((world.stats().users, at_source(world).len()), (people, people));
    let over = ["COMPLETED", "CLOSED", "EXPIRED", "ERROR"];
    assert!(statuses(world).iter().all(|status| over.contains(&status.as_str())), "{:?}", statuses(world));
}

#[test]
fn lost_answers_and_errors_of_every_request_lose_nobody() {
    let world = sourced();
    let groups = |at: usize| ("Clerk".to_owned(), format!("Team{}", at % 3));
    world.write("people.csv", staff(0..400, groups));
    disturb(&world, &["lost-answer=6%", "reset=3%", "500=3%", "503=3%", "500-after=3%", "cut=3%"]);
    let import = load(&world, &["people.csv", "--page-size", "40"]);
    assert_eq!((import.ran.code, import.results.len()), (0, 400), "{import:?}");
    is_whole(&world, 400);
    assert!(import.results.iter().all(|row| row["group_outcome"] == "joined"));
}

#[test]
fn an_org_that_lists_active_sessions_alone_is_no_other() {
    let rules = IdentitySourceRules { lists_all: false, ..settings().identity_source_rules };
    let world = World::with(OrgSettings { identity_source_rules: rules, ..settings() });
    world.write("people.csv", staff(0..120, clerks));
    disturb(
        &world,
        &[
            "lost-answer:createIdentitySourceSession=first:1",
            "lost-answer:startImportFromIdentitySource=first:1",
        ],
    );
    load(&world, &["people.csv", "--page-size", "2"]).came_to(0, &[("created", 120)]);
    is_whole(&world, 120);
    assert_eq!(statuses(&world), ["COMPLETED"; 2]);
}

#[test]
fn a_session_that_the_org_breaks_off_is_looked_after() {
    let rules = IdentitySourceRules {
        speed: ImportSpeed::of(1, Duration::from_mins(1)),
        ..settings().identity_source_rules
    };
    let world = World::with(OrgSettings { identity_source_rules: rules, ..settings() });
    world.write("people.csv", staff(0..20, clerks));
    let whole = [&["import", "--yes", "-q", "--output", "json"], &QUICK[..], &["people.csv"]].concat();
    let child = world.start(&whole);
    world.wait_until(|_| statuses(&world).first().is_some_and(|status| status == "TRIGGERED"));
    let id = sessions(&world)[0]["id"].as_str().unwrap().to_owned();
    let broken = serde_json::json!({"session": id});
    assert!(world.call("POST", "/_emulator/broken-imports", Some(&broken)).0 < 300);
    let import = world.imported(Ran::of(&child.wait_with_output().unwrap()));
    let there = world.stats().users;
    assert_eq!(import.summary["outcomes"]["created"], there, "{:?}", import.summary);
    import.came_to(3, &[("created", there), ("failed", 20 - there)][usize::from(there == 0)..]);
    assert_eq!(import.row("p19@example.com")["error_code"], "not_told");
}

#[test]
fn a_session_of_somebody_else_is_waited_for() {
    let world = sourced();
    begin_session(&world);
    world.write("people.csv", staff(0..10, clerks));
    load(&world, &["people.csv"]).came_to(0, &[("created", 10)]);
    assert_eq!(statuses(&world).len(), 2, "the other one was let be");
    let summary = world.muster(&["status", "--output", "json"]).json();
    assert_eq!(summary["sessions"][0]["number"], 1, "{summary}");
}

/// An import of 400 people in one session of 40 requests, of which some are made.
fn half_loaded() -> (World, Child) {
    let world = World::with(OrgSettings { latency: Duration::from_millis(30), ..settings() });
    world.write("people.csv", staff(0..400, clerks));
    let whole =
        [&["import", "--yes", "-q", "--output", "json"], &QUICK[..], &["people.csv", "--page-size", "10"]]
            .concat();
    let child = world.start(&whole);
    world.wait_until(|_| {
        sessions(&world).first().is_some_and(|session| session["requests"].as_u64() > Some(3))
    });
    (world, child)
}

#[test]
fn a_session_that_somebody_cancels_is_loaded_anew() {
    let (world, child) = half_loaded();
    let first = sessions(&world)[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/identity-sources/{SOURCE}/sessions/{first}");
    assert_eq!(world.call("DELETE", &path, None).0, 204);
    let import = world.imported(Ran::of(&child.wait_with_output().unwrap()));
    import.came_to(0, &[("created", 400)]);
    assert_eq!(statuses(&world), ["CLOSED", "COMPLETED"]);
    is_whole(&world, 400);
}

#[test]
fn an_interrupted_run_leaves_a_session_that_resume_goes_on_with() {
    let (world, child) = half_loaded();
    let kill = format!("kill -INT {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    let ran = Ran::of(&child.wait_with_output().unwrap());
    assert_eq!(ran.code, 4, "{ran:?}");
    let stopped = world.imported(ran);
    stopped.ran.says(&[&format!("muster resume {}", stopped.run)]);
    assert_eq!(statuses(&world), ["IN_PROGRESS"]);
    world.write("other.csv", staff(500..510, clerks));
    tried(&world, &["other.csv"]).refused(1, &[&format!("muster resume {}", stopped.run)]);
    let resumed = world.imported(world.muster(&["resume", "--output", "json"]));
    resumed.came_to(0, &[("created", 400)]);
    assert_eq!(statuses(&world), ["COMPLETED"], "one session all the same");
    assert_eq!(sessions(&world)[0]["requests"], 40, "and no request twice");
}

#[test]
fn sessions_queue_while_okta_is_slow() {
    let rules = IdentitySourceRules {
        speed: ImportSpeed::of(100, Duration::from_secs(1)),
        ..settings().identity_source_rules
    };
    let world = World::with(OrgSettings { identity_source_rules: rules, ..settings() });
    world.write("people.csv", staff(0..450, clerks));
    load(&world, &["people.csv", "--page-size", "3"]).came_to(0, &[("created", 450)]);
    assert_eq!(statuses(&world), ["COMPLETED"; 3]);
    is_whole(&world, 450);
}

#[test]
fn retry_sends_what_failed_in_the_same_books() {
    let world = sourced();
    world.write("people.csv", staff(0..5, clerks));
    let import = load(&world, &["people.csv", "--settle", "none"]);
    import.came_to(3, &[("failed", 5)]);
    let again = world.imported(world.muster(&["retry", "--yes", "--output", "json"]));
    assert_eq!((again.run.as_str(), again.results.len()), (import.run.as_str(), 5));
    again.came_to(0, &[("created", 5)]);
    is_whole(&world, 5);
}

#[test]
fn a_corrected_row_goes_into_the_same_run() {
    let world = sourced();
    world.write("people.csv", staff(0..4, clerks).replace("E2,", ","));
    let import = load(&world, &["people.csv"]);
    import.came_to(3, &[("created", 3), ("invalid", 1)]);
    let rejects = std::fs::read_to_string(import.folder.join("rejects.csv")).unwrap();
    let fixed: Vec<String> = rejects
        .lines()
        .map(|line| line.strip_prefix(',').map_or(line.to_owned(), |rest| format!("E2,{rest}")))
        .collect();
    world.write("fixed.csv", fixed.join("\n") + "\n");
    let again = world.imported(world.muster(&["retry", "--yes", "--output", "json", "fixed.csv"]));
    again.came_to(0, &[("created", 4)]);
    is_whole(&world, 4);
    load(&world, &["people.csv", "--new-run"]).came_to(3, &[("unchanged", 3), ("invalid", 1)]);
}

#[test]
fn a_token_without_the_right_stops_before_anything_is_sent() {
    let world = sourced_with_scopes(&["okta.users.manage", "okta.logs.read"]);
    world.write("people.csv", staff(0..4, clerks));
    let refused = tried(&world, &["people.csv", "--identity-source-id", SOURCE]);
    refused.refused(1, &["okta.identitySources"]);
    assert!(sessions(&world).is_empty() && world.is_untouched());
}
