//! Going on when things are not where they were, or not as they were.

use std::fs;
use std::time::Duration;

use crate::world::{Ran, World, people};

const ROWS: usize = 200;

/// A world in which an import of everybody was killed in its midst; and its run.
fn killed() -> (World, String) {
    let world = World::slow(Duration::from_millis(20));
    world.write("people.csv", people(ROWS));
    let mut child = world.start(&["import", "--yes", "--max-in-flight", "3", "people.csv"]);
    world.wait_until(|stats| stats.users >= 15);
    child.kill().unwrap();
    child.wait().unwrap();
    let runs = world.muster(&["runs", "--output", "json"]).json();
    (world, runs[0]["run"].as_str().unwrap().to_owned())
}

fn resume(world: &World, arguments: &[&str]) -> Ran {
    world.muster(&[&["resume", "--output", "json", "--max-in-flight", "32"], arguments].concat())
}

/// Everybody is there once, and every row has its outcome.
fn is_whole(world: &World, ran: Ran) {
    let resumed = world.imported(ran);
    assert_eq!(resumed.ran.code, 0, "{:?}", resumed.ran);
    assert_eq!((resumed.results.len(), resumed.summary["complete"].as_bool()), (ROWS, Some(true)));
    assert_eq!((world.stats().users, world.stats().creates_by_login_max), (ROWS, 1));
}

#[test]
fn what_has_changed_in_the_source_is_told() {
    let (world, run) = killed();
    let file = world.read("people.csv");
    let there = world.stats().users;
    let cases = [
        (file.replace("p007@", "q007@"), "line 9 is the first that is not as planned"),
        (file.replace("First9,", "Fritz9,"), "every login is in its line"),
        (format!("{file}late@example.com,Late,Comer\n"), "line 202 is new"),
        (file.replace("firstName", "first name of"), "the columns are not the same"),
        (file.lines().take(50).collect::<Vec<_>>().join("\n"), "the last are missing"),
    ];
    for (changed, word) in cases {
        world.write("people.csv", &changed);
        let size = format!("{} bytes then", file.len());
        let ran = resume(&world, &[]);
        ran.says(&["has changed", "nothing was sent", "200 then", "sha256", "put the first file back", word]);
        assert!(ran.err.replace(',', "").contains(&size), "{ran:?}");
        assert_eq!((ran.code, world.stats().users), (1, there));
    }
    world.write("people.csv", file);
    is_whole(&world, resume(&world, &[&run]));
}

#[test]
fn rows_behind_a_canary_are_told_apart() {
    let world = World::slow(Duration::from_millis(20));
    world.write("people.csv", people(ROWS));
    let mut child = world.start(&["import", "--yes", "--max-in-flight", "3", "--limit", "150", "people.csv"]);
    world.wait_until(|stats| stats.users >= 15);
    child.kill().unwrap();
    child.wait().unwrap();
    world.write("people.csv", format!("{}late@example.com,Late,Comer\n", people(ROWS)));
    resume(&world, &[])
        .refused(1, &["every login that was taken is in its line", "from line 152 on", "--limit"]);
}

#[test]
fn a_source_that_was_moved_is_named() {
    let (world, run) = killed();
    let file = world.read("people.csv");
    fs::rename(world.path("people.csv"), world.path("elsewhere.csv")).unwrap();
    resume(&world, &[]).refused(1, &["people.csv", "is gone", "--source PATH", &run]);
    world.write("other.csv", file.replace("First", "Second"));
    resume(&world, &["--source", "other.csv"]).refused(1, &["other.csv is another file", "nothing was sent"]);
    resume(&world, &["--source", "nowhere.csv"]).refused(1, &["nowhere.csv is not there", &run]);
    is_whole(&world, resume(&world, &[&run, "--source", "elsewhere.csv"]));
    let report = world.muster(&["report", "-q"]);
    assert!(
        report.code == 0 && !report.err.contains("stays as it is"),
        "the new place is remembered: {report:?}"
    );
}

#[test]
fn everything_may_be_carried_to_another_machine() {
    let (world, _) = killed();
    fs::create_dir(world.path("there")).unwrap();
    fs::rename(world.path("muster"), world.path("there/books")).unwrap();
    fs::rename(world.path("people.csv"), world.path("there/people.csv")).unwrap();
    let ran = resume(&world, &["--dir", "there/books", "--source", "there/people.csv"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!((world.stats().users, world.stats().creates_by_login_max), (ROWS, 1));
    assert_eq!(ran.json()["complete"], true);
}

#[test]
fn the_same_org_may_be_written_otherwise() {
    let (world, run) = killed();
    let mut resume = world.command(&["resume", &run, "--output", "json", "--max-in-flight", "32"]);
    resume.env("OKTA_ORG_URL", format!("{}/api/v1/", world.url.replace("http", "HTTP")));
    is_whole(&world, Ran::of(&resume.output().unwrap()));
}

#[test]
fn a_replaced_token_goes_on() {
    let (world, run) = killed();
    let refused = world.command(&["resume", &run]).env("OKTA_API_TOKEN", "revoked").output().unwrap();
    let refused = Ran::of(&refused);
    assert_eq!(refused.code, 4, "{refused:?}");
    refused.says(&["no longer accepts the token", &run]);
    is_whole(&world, resume(&world, &[]));
}

#[test]
fn what_is_missing_in_the_folder_is_made_anew() {
    let (world, run) = killed();
    fs::remove_dir_all(world.path("muster/runs")).unwrap();
    let ran = resume(&world, &[]);
    is_whole(&world, ran);
    let plan = world.read(&format!("muster/runs/{run}/plan.json"));
    assert!(plan.contains(&run), "the books have the plan");
}

#[test]
fn a_lock_of_a_dead_process_holds_nobody() {
    let (world, run) = killed();
    assert!(world.path(&format!("muster/runs/{run}/lock")).exists());
    is_whole(&world, resume(&world, &[]));
}

#[test]
fn a_copy_of_standard_input_that_is_gone_can_be_given_again() {
    let world = World::slow(Duration::from_millis(20));
    world.write("people.csv", people(ROWS));
    let input = fs::File::open(world.path("people.csv")).unwrap();
    let mut child =
        world.command(&["import", "--yes", "--max-in-flight", "3", "-"]).stdin(input).spawn().unwrap();
    world.wait_until(|stats| stats.users >= 15);
    child.kill().unwrap();
    child.wait().unwrap();
    let run = world.muster(&["runs", "--output", "json"]).json()[0]["run"].as_str().unwrap().to_owned();
    fs::remove_file(world.path(&format!("muster/runs/{run}/source"))).unwrap();
    resume(&world, &[]).refused(1, &["copy of standard input", "is gone", "--source"]);
    is_whole(&world, resume(&world, &["--source", "people.csv"]));
    assert!(world.path("people.csv").exists(), "it is the operator's file, not our copy");
}

#[test]
fn a_ledger_that_is_torn_is_named() {
    let (world, _) = killed();
    world.write("muster/ledger.db", [b'x'; 5000]);
    for extra in ["muster/ledger.db-wal", "muster/ledger.db-shm"] {
        drop(fs::remove_file(world.path(extra)));
    }
    resume(&world, &[]).refused(1, &["ledger.db"]);
}
