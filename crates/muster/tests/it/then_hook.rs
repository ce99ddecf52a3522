//! People come in by import sessions, which take no passwords, and are armed for the hook in the same command.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::time::Duration;

use muster_emulator::{IdentitySourceRules, IdentitySourceSetting, ImportSpeed, OrgSettings};
use serde_json::{Value, json};

use crate::crowd::let_in;
use crate::hook_process::{HookProcess, export, world_of};
use crate::world::{Ran, World, counted, free_settings, table};

const PEOPLE: usize = 300;
const BY_SESSIONS: [&str; 10] = [
    "people.csv",
    "--via",
    "identity-source",
    "--external-id",
    "employeeNumber",
    "--session-gap",
    "0",
    "--poll",
    "1",
    "--new-run",
];
/// Somebody with a password is not told apart from who waits for the hook, once the source has taken them over.
const WHY: &str = "has a password in Okta, or waits for the hook already";
const THEN: [&str; 2] = ["--then", "hook"];

/// An org with one identity source, whose people are active as soon as they are loaded.
fn settings() -> OrgSettings {
    let source = IdentitySourceSetting { label: "HR".to_owned(), activates: true, ..Default::default() };
    let rules = IdentitySourceRules {
        speed: ImportSpeed::INSTANT,
        gap: Duration::ZERO,
        ..IdentitySourceRules::default()
    };
    let mut settings = free_settings();
    for bucket in ["logs", "apps", "identity-source-sessions", "identity-source-bulk"] {
        settings.limits.push(format!("{bucket}=unlimited").parse().unwrap());
    }
    OrgSettings { identity_sources: vec![source], identity_source_rules: rules, ..settings }
}

/// Passwords by login.
type Known = BTreeMap<String, String>;

/// So many people, whose passwords only the hook can check.
fn generate(world: &World, people: usize) -> Known {
    let count = people.to_string();
    let files = ["--hashes", "argon2id:64", "--out", "people.csv", "--known", "known.csv"];
    let ran = world.muster(&[&["generate", "-n", &count, "--seed", "5"], &files[..]].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    let known = table(&world.path("known.csv"));
    known.into_iter().map(|mut row| (row.remove("login").unwrap(), row.remove("password").unwrap())).collect()
}

fn armed(world: &World) -> usize {
    world.users().values().filter(|user| user["credential"] == "hook").count()
}

fn wait_for_armed(world: &World, least: usize) {
    world.wait_until(|_| armed(world) >= least);
}

fn interrupt(id: u32) {
    let kill = format!("kill -INT {id}");
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
}

fn numbers(arming: &Value) -> [u64; 6] {
    ["people", "armed", "not_needed", "gone", "refused", "open"].map(|word| arming[word].as_u64().unwrap())
}

fn programme(world: &World) -> Value {
    let ran = world.muster(&["programme", "status", "--output", "json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.json()
}

/// How often users were changed, by path.
fn changes(world: &World) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    let requests = world.requests();
    for request in requests.iter().filter(|request| request["operation"] == "updateUser") {
        *counts.entry(request["path"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    counts
}

#[test]
fn three_hundred_people_are_loaded_armed_and_sign_in_as_they_always_did() {
    let world = world_of(settings());
    let known = generate(&world, PEOPLE);
    let exported = export(&world, "people.csv", "people.credentials", &[]);
    assert_eq!(exported["credentials"], PEOPLE);

    let ran = world.muster(&[&["import", "--yes", "--output", "json"], &BY_SESSIONS[..], &THEN[..]].concat());
    ran.says(&["no active password-import hook", "muster hook register", "300 armed"]);
    let imported = world.imported(ran);
    imported.came_to(0, &[("created", PEOPLE)]);
    assert_eq!(numbers(&imported.summary["arming"]), [300, 300, 0, 0, 0, 0]);
    assert_eq!(counted(&imported.results, "credential"), BTreeMap::from([("hook".to_owned(), PEOPLE)]));
    assert_eq!((armed(&world), programme(&world)["waiting"].as_u64()), (PEOPLE, Some(300)));

    let hook = HookProcess::start(&world, &["people.credentials"]);
    hook.register(&world);
    let tries: Vec<_> = known.iter().map(|(login, password)| (login.as_str(), password.as_str())).collect();
    let wrong: Vec<_> = tries.iter().map(|(login, _)| (*login, "not-the-password-1A")).collect();
    assert_eq!(let_in(&world, &wrong[..20]), BTreeSet::new());
    assert_eq!(let_in(&world, &tries[..200]).len(), 200);
    let status = programme(&world);
    assert_eq!(
        (&status["people"], &status["come_over"], &status["waiting"]),
        (&json!(300), &json!(200), &json!(100))
    );
    hook.stop();

    // The next morning: nothing is new, and nobody is armed again.
    let again = world.import(&[&BY_SESSIONS[..], &THEN[..]].concat());
    again.came_to(0, &[("unchanged", PEOPLE)]);
    assert_eq!(numbers(&again.summary["arming"]), [300, 300, 0, 0, 0, 0]);
    assert_eq!(armed(&world), 100);
    again.ran.hides(&["no active"]);
}

#[test]
fn a_stop_between_two_people_loses_none() {
    let world = World::with(OrgSettings { latency: Duration::from_millis(20), ..settings() });
    generate(&world, PEOPLE);
    let begin = ["import", "--yes", "--output", "json", "--max-in-flight", "4"];
    let child = world.start(&[&begin[..], &BY_SESSIONS[..], &THEN[..]].concat());
    wait_for_armed(&world, 20);
    interrupt(child.id());
    let imported = world.imported(Ran::of(&child.wait_with_output().unwrap()));
    assert_eq!((imported.ran.code, &imported.summary["complete"]), (4, &json!(true)), "{:?}", imported.ran);
    imported.ran.says(&[&format!("muster resume {}", imported.run)]);
    let [people, done, .., open] = numbers(&imported.summary["arming"]);
    assert_eq!((people, done + open, done), (300, 300, armed(&world) as u64));
    assert!((20..300).contains(&done), "{done}");
    let hooks = imported.results.iter().filter(|row| row["credential"] == "hook").count();
    assert_eq!(hooks as u64, done, "the files say no more than is true");

    let status = world.muster(&["status"]);
    assert_eq!(status.code, 4);
    assert!(status.out.contains(&format!("Armed     {done} of 300 people")), "{}", status.out);
    assert!(world.muster(&["retry", "--yes"]).out.contains(&format!("Armed     {done} of 300 people")));
    // Without a name, it is the one that has something left.
    let resumed = world.imported(world.muster(&["resume", "--output", "json"]));
    assert_eq!((resumed.ran.code, &resumed.run), (0, &imported.run), "{:?}", resumed.ran);
    assert_eq!(numbers(&resumed.summary["arming"]), [300, 300, 0, 0, 0, 0]);
    assert_eq!((armed(&world), programme(&world)["waiting"].as_u64()), (PEOPLE, Some(300)));
    assert!(changes(&world).values().all(|times| *times == 1));
    let nothing = world.muster(&["resume"]);
    assert_eq!(nothing.code, 0);
    nothing.says(&["nothing to go on with"]);
}

#[test]
fn a_kill_between_two_people_loses_none() {
    let world = World::with(OrgSettings { latency: Duration::from_millis(20), ..settings() });
    generate(&world, PEOPLE);
    let begin = ["import", "--yes", "-q", "--max-in-flight", "8"];
    let mut child = world.start(&[&begin[..], &BY_SESSIONS[..], &THEN[..]].concat());
    wait_for_armed(&world, 50);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(armed(&world) < PEOPLE);
    let resumed = world.imported(world.muster(&["resume", "--output", "json"]));
    resumed.came_to(0, &[("created", PEOPLE)]);
    assert_eq!(numbers(&resumed.summary["arming"]), [300, 300, 0, 0, 0, 0]);
    assert_eq!(armed(&world), PEOPLE);
    assert!(changes(&world).values().filter(|times| **times > 1).count() <= 8, "none but those under way");
}

#[test]
fn who_has_a_password_in_okta_keeps_it_unless_told_otherwise() {
    let world = World::with(settings());
    generate(&world, 5);
    let rows = table(&world.path("people.csv"));
    let there = &rows[1];
    let profile =
        json!({"login": there["login"], "email": there["email"], "firstName": "A", "lastName": "B"});
    let credentials = json!({"password": {"value": "Tr0ub4dor&3"}});
    world.post("/api/v1/users?activate=true", &json!({"profile": profile, "credentials": credentials}));
    let credential = || world.users()[&there["login"]]["credential"].clone();
    let before = credential();

    let imported = world.import(&[&BY_SESSIONS[..], &THEN[..]].concat());
    assert_eq!(imported.ran.code, 0, "{:?}", imported.ran);
    assert_eq!(numbers(&imported.summary["arming"]), [5, 4, 1, 0, 0, 0]);
    assert_eq!(imported.summary["arming"]["not_needed_because"], json!({WHY: 1}));
    assert_eq!((credential(), imported.row(&there["login"])["credential"].as_str()), (before, "none"));
    assert!(world.signs_in(&there["login"], "Tr0ub4dor&3"));
    assert_eq!(programme(&world)["people"], 4);
    let status = world.muster(&["status"]);
    assert!(status.out.contains(WHY), "{}", status.out);

    let armed_too = world.import(&[&BY_SESSIONS[..], &THEN[..], &["--arm-existing"]].concat());
    assert_eq!(numbers(&armed_too.summary["arming"]), [5, 5, 0, 0, 0, 0]);
    assert_eq!(credential(), "hook");
    assert_eq!(programme(&world)["people"], 1, "the others are with the run that armed them");
}

#[test]
fn arming_existing_people_needs_arming() {
    let world = World::with(settings());
    generate(&world, 2);
    let ran = world.muster(&[&["plan"], &BY_SESSIONS[..9], &["--arm-existing"]].concat());
    ran.refused(2, &["--arm-existing", "--then hook"]);
    let plan = world.muster(&[&["plan"], &BY_SESSIONS[..9], &THEN[..]].concat());
    assert!(plan.out.contains("but those who have a password in Okta"), "{}", plan.out);
    let plan = world.muster(&[&["plan"], &BY_SESSIONS[..9], &THEN[..], &["--arm-existing"]].concat());
    assert!(plan.out.contains("that password is forgotten"), "{}", plan.out);
}
