//! An import that comes to nothing leaves nothing behind, least of all passwords.

use std::fs;
use std::io::Write;
use std::process::Stdio;
use std::time::Duration;

use crate::world::{World, people};

const IMPORT: [&str; 4] = ["import", "--yes", "-q", "-"];

/// A shell with the environment and the folder of the world.
#[cfg(unix)]
fn shell(world: &World, script: &str) -> std::process::Command {
    let mut shell = std::process::Command::new("sh");
    let muster = world.command(&[]);
    shell.args(["-c", script]).envs(muster.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.current_dir(world.path("")).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    shell
}

fn folders(world: &World) -> usize {
    fs::read_dir(world.path("muster/runs")).map_or(0, |folders| folders.flatten().count())
}

#[test]
fn nothing_stays_of_an_empty_standard_input() {
    let world = World::free();
    world.muster_fed(&IMPORT, "").refused(1, &["standard input", "empty"]);
    assert_eq!(folders(&world), 0);
}

#[test]
fn nothing_stays_of_a_standard_input_that_has_an_unfinished_run() {
    let world = World::slow(Duration::from_millis(20));
    let people = people(400);
    let mut child = world
        .command(&["import", "--yes", "-q", "--max-in-flight", "2", "-"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(people.as_bytes()).unwrap();
    world.wait_until(|stats| stats.creates_accepted > 5);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(folders(&world), 1);
    world.muster_fed(&IMPORT, &people).refused(1, &["unfinished run", "muster resume"]);
    assert_eq!(folders(&world), 1, "the refused one is gone, the unfinished one is kept");
    assert_eq!(world.muster(&["resume", "-q"]).code, 0);
    assert_eq!(world.stats().creates_by_login_max, 1);
}

#[cfg(unix)]
#[test]
fn nothing_stays_of_a_standard_input_that_was_cut_off() {
    let world = World::free();
    let mut child = world.command(&IMPORT).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(people(3).as_bytes()).unwrap();
    while !world.path("muster/runs").exists() || folders(&world) == 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    // The handler is in place a moment after the folder; the signal is sent until it is heeded.
    while child.try_wait().unwrap().is_none() {
        std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        std::thread::sleep(Duration::from_millis(50));
    }
    let ended = child.wait_with_output().unwrap();
    if ended.status.code().is_some() {
        assert_eq!(ended.status.code(), Some(1));
        assert_eq!(folders(&world), 0);
    }
    // Whatever a signal in the first moment left is removed by the next import.
    drop(input);
    assert_eq!(world.muster_fed(&IMPORT, people(3)).code, 0);
    assert_eq!(folders(&world), 1);
}

#[test]
fn a_ca_file_without_a_certificate_is_named() {
    let world = World::free();
    world.write("people.csv", people(3));
    world
        .muster(&["plan", "people.csv", "--ca-file", "people.csv"])
        .refused(2, &["--ca-file people.csv", "PEM"]);
}

#[test]
fn several_sources_are_one_object_per_line() {
    let world = World::free();
    world.write("a.csv", people(3));
    world.write("b.csv", people(4));
    let ran = world.muster(&["plan", "a.csv", "b.csv", "--output", "json"]);
    let rows: Vec<u64> = ran
        .out
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["counts"]["rows"].as_u64().unwrap()
        })
        .collect();
    assert_eq!(rows, [3, 4]);
}

#[test]
fn an_impossible_group_name_costs_its_row_alone() {
    let world = World::free();
    let long = "g".repeat(300);
    world.write(
        "people.csv",
        format!("email,firstName,lastName,groups\na@example.com,A,B,{long}\nb@example.com,B,C,Sales\n"),
    );
    let imported = world.import(&["people.csv", "--create-groups"]);
    assert_eq!(imported.ran.code, 3);
    assert_eq!(imported.row("a@example.com")["error_code"], "too_long");
    assert_eq!(imported.row("b@example.com")["group_outcome"], "joined");
}

#[test]
fn an_unknown_encoding_is_wrong_usage() {
    let world = World::free();
    world.write("people.csv", people(3));
    world.muster(&["plan", "people.csv", "--encoding", "klingon"]).refused(2, &["klingon"]);
}

#[test]
fn the_folders_of_another_ledger_are_not_touched() {
    let world = World::free();
    world.write("a.csv", people(3));
    world.write("b.csv", people(4));
    let first = world.import(&["a.csv"]);
    let second = world.import(&["b.csv", "--ledger", "sqlite:other.db"]);
    assert!(first.folder.join("results.csv").exists() && second.folder.join("results.csv").exists());
}

#[test]
fn every_source_is_in_the_books_before_the_first_write() {
    let world = World::slow(Duration::from_millis(20));
    world.write("a.csv", people(300));
    world.write("b.csv", people(300).replace("@example.com", "@example.org"));
    let mut child = world.start(&["import", "--yes", "-q", "--max-in-flight", "2", "a.csv", "b.csv"]);
    world.wait_until(|stats| stats.creates_accepted > 5);
    child.kill().unwrap();
    child.wait().unwrap();
    let resumed = world.muster(&["resume", "-q", "--output", "json"]);
    assert_eq!((resumed.code, resumed.out.lines().count()), (0, 2), "{resumed:?}");
    assert_eq!((world.stats().users, world.stats().creates_by_login_max), (600, 1));
}

#[test]
fn a_missing_second_source_is_told_before_the_first_is_sent() {
    let world = World::free();
    world.write("a.csv", people(3));
    world.muster(&["import", "--yes", "a.csv", "gone.csv"]).refused(1, &["gone.csv"]);
    assert!(world.is_untouched());
    assert_eq!(folders(&world), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_hang_up_that_is_ignored_stays_ignored() {
    let world = World::slow(Duration::from_millis(20));
    world.write("people.csv", people(200));
    let binary = env!("CARGO_BIN_EXE_muster");
    let mut run =
        shell(&world, &format!("trap '' HUP; exec {binary} import --yes -q --max-in-flight 2 people.csv"))
            .spawn()
            .unwrap();
    world.wait_until(|stats| stats.creates_accepted > 5);
    std::process::Command::new("kill").args(["-HUP", &run.id().to_string()]).status().unwrap();
    assert_eq!(run.wait().unwrap().code(), Some(0));
    assert_eq!(world.stats().users, 200);
}

#[cfg(unix)]
#[test]
fn a_background_job_hears_an_interrupt() {
    let world = World::slow(Duration::from_millis(20));
    world.write("people.csv", people(300));
    let binary = env!("CARGO_BIN_EXE_muster");
    let mut run = shell(
        &world,
        &format!("{binary} import --yes -q --max-in-flight 2 people.csv & echo $! > pid; wait $!"),
    )
    .spawn()
    .unwrap();
    world.wait_until(|stats| stats.creates_accepted > 5);
    let pid = world.read("pid");
    std::process::Command::new("kill").args(["-INT", pid.trim()]).status().unwrap();
    assert_eq!(run.wait().unwrap().code(), Some(4));
    assert_eq!(world.muster(&["resume", "-q"]).code, 0);
    assert_eq!((world.stats().users, world.stats().creates_by_login_max), (300, 1));
}

#[test]
fn a_reject_file_of_a_reject_file_reads_like_the_first() {
    let world = World::free();
    world.write("people.csv", "email,firstName,lastName,mobilePhone\nbad,Kim,Sato,+49 170\n");
    let first = world.import(&["people.csv"]);
    let copy = fs::read_to_string(first.folder.join("rejects.csv")).unwrap();
    world.write("again.csv", &copy);
    let second = world.import(&["again.csv"]);
    assert_eq!(second.ran.code, 3);
    let again = fs::read_to_string(second.folder.join("rejects.csv")).unwrap();
    assert_eq!(again, copy);
}
