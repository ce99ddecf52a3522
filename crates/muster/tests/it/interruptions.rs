//! Stopped by Ctrl-C, and what stands in the way of going on.

use std::process::{Child, Command};
use std::time::Duration;

use crate::world::{Ran, World, people};

const ROWS: usize = 300;

/// A world in which an import of everybody was stopped once so many users were there, and how it ended.
fn stopped_at(users: usize) -> (World, Ran) {
    let world = World::slow(Duration::from_millis(20));
    world.write("people.csv", people(ROWS));
    let arguments = ["import", "--yes", "--output", "json", "--max-in-flight", "4", "people.csv"];
    let child = world.start(&arguments);
    world.wait_until(|stats| stats.users >= users);
    interrupt(&child);
    let ran = Ran::of(&child.wait_with_output().unwrap());
    (world, ran)
}

fn interrupt(child: &Child) {
    let kill = format!("kill -INT {}", child.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
}

fn resume(world: &World) -> Ran {
    world.muster(&["resume", "--output", "json", "--max-in-flight", "32"])
}

#[test]
fn a_stopped_run_says_how_to_go_on_and_goes_on() {
    let (world, ran) = stopped_at(40);
    assert_eq!(ran.code, 4, "{ran:?}");
    let import = world.imported(ran);
    let resume_it = format!("muster resume {}", import.run);
    import.ran.says(&[&resume_it]);
    assert_eq!(import.summary["complete"], false);
    let there = world.stats().users;
    assert!((40..ROWS).contains(&there), "{there}");
    assert_eq!(import.summary["outcomes"]["created"], there, "whatever was sent is in the books");

    let status = world.muster(&["status"]);
    assert_eq!(status.code, 4);
    assert!(status.out.contains(&resume_it), "{status:?}");
    let resumed = world.imported(world.muster(&["resume", &import.run, "--output", "json"]));
    resumed.came_to(0, &[("created", ROWS)]);
    assert_eq!((world.stats().users, world.stats().creates_by_login_max), (ROWS, 1));
    assert_eq!(world.muster(&["status"]).code, 0);
}

#[test]
fn stopped_twice_and_resumed_twice() {
    let (world, _) = stopped_at(20);
    let child = world.start(&["resume", "--max-in-flight", "4"]);
    world.wait_until(|stats| stats.users >= 60);
    interrupt(&child);
    assert_eq!(Ran::of(&child.wait_with_output().unwrap()).code, 4);
    world.imported(resume(&world)).came_to(0, &[("created", ROWS)]);
    assert_eq!((world.stats().users, world.stats().creates_by_login_max), (ROWS, 1));
}

#[test]
fn the_same_file_is_not_begun_a_second_time() {
    let (world, ran) = stopped_at(10);
    let run = ran.json()["run"].as_str().unwrap().to_owned();
    let again = world.muster(&["import", "--yes", "people.csv"]);
    again.refused(1, &["unfinished", &format!("muster resume {run}"), "--new-run"]);
    assert_eq!(world.muster(&["runs", "--output", "json"]).json().as_array().unwrap().len(), 1);
    let anew = world.import(&["people.csv", "--new-run", "--max-in-flight", "32"]);
    assert_eq!((anew.ran.code, anew.summary["complete"].as_bool()), (0, Some(true)));
    assert_ne!(anew.run, run);
    assert_eq!((world.stats().users, world.stats().creates_by_login_max), (ROWS, 1));
    let old = world.muster(&["resume", &run, "--output", "json", "--max-in-flight", "32"]);
    assert_eq!(old.code, 0, "the old run is still there: {old:?}");
    assert_eq!(world.stats().creates_by_login_max, 1);
}

#[test]
fn a_file_that_was_changed_is_not_gone_on_with() {
    let (world, _) = stopped_at(10);
    let file = world.read("people.csv");
    let there = world.stats().users;
    world.write("people.csv", format!("{file}late@example.com,Late,Comer\n"));
    resume(&world).refused(1, &["people.csv", "has changed", "put the first file back"]);
    assert_eq!(world.stats().users, there);
    world.write("people.csv", file);
    world.imported(resume(&world)).came_to(0, &[("created", ROWS)]);
}

#[test]
fn a_run_stays_with_its_org() {
    let (world, _) = stopped_at(10);
    let other = World::free();
    let output =
        world.command(&["resume", "--output", "json"]).env("OKTA_ORG_URL", &other.url).output().unwrap();
    Ran::of(&output).refused(2, &[&world.url, &other.url]);
    assert!(other.is_untouched());
}

#[test]
fn one_process_at_a_time_works_on_a_run() {
    let (world, _) = stopped_at(10);
    let first = world.start(&["resume", "--max-in-flight", "2", "--output", "json"]);
    let before = world.stats().users;
    world.wait_until(|stats| stats.users > before);
    resume(&world).refused(1, &["another process"]);
    let first = world.imported(Ran::of(&first.wait_with_output().unwrap()));
    first.came_to(0, &[("created", ROWS)]);
    assert_eq!(world.stats().creates_by_login_max, 1);
}

#[test]
fn a_complete_run_has_nothing_to_go_on_with() {
    let world = World::free();
    world.write("people.csv", people(3));
    world.import(&["people.csv"]).came_to(0, &[("created", 3)]);
    let requests = world.stats().requests.total;
    let ran = resume(&world);
    assert_eq!((ran.code, world.stats().requests.total), (0, requests), "{ran:?}");
    ran.says(&["complete"]);
}

#[test]
fn standard_input_is_gone_on_with_too() {
    let world = World::slow(Duration::from_millis(20));
    world.write("people.csv", people(ROWS));
    let arguments = ["import", "--yes", "--max-in-flight", "4", "-"];
    let input = std::fs::File::open(world.path("people.csv")).unwrap();
    let child = world.command(&arguments).stdin(input).spawn().unwrap();
    world.wait_until(|stats| stats.users >= 20);
    interrupt(&child);
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(4));
    world.write("people.csv", "gone");
    let resumed = world.imported(resume(&world));
    resumed.came_to(0, &[("created", ROWS)]);
    assert!(!resumed.folder.join("source").exists(), "the copy goes when nobody needs it");
}
