//! `muster sessions`, and what a run by import sessions leaves behind.

use std::process::{Child, Command};
use std::time::{Duration, Instant};

use muster_emulator::{
    IdentitySourceRules, IdentitySourceSetting, ImportSessionView, ImportSpeed, LimitOverride, OrgSettings,
};
use serde_json::{Value, json};

use crate::world::{Ran, World, free_settings, table};

const SOURCE: &str = "0oaPayroll1";
const ROWS: usize = 12;
const LONGEST: Duration = Duration::from_mins(2);

fn settings(speed: ImportSpeed, latency: Duration) -> OrgSettings {
    let mut settings = free_settings();
    for bucket in ["identity-source-sessions", "identity-source-bulk", "apps", "logs"] {
        settings.limits.push(format!("{bucket}=unlimited").parse::<LimitOverride>().unwrap());
    }
    let source = IdentitySourceSetting {
        label: "Payroll".to_owned(),
        id: Some(SOURCE.to_owned()),
        ..IdentitySourceSetting::default()
    };
    OrgSettings {
        identity_sources: vec![source],
        identity_source_rules: IdentitySourceRules {
            speed,
            gap: Duration::ZERO,
            ..IdentitySourceRules::default()
        },
        latency,
        ..settings
    }
}

fn world() -> World {
    World::with(settings(ImportSpeed::INSTANT, Duration::ZERO))
}

fn people(rows: usize) -> String {
    let row = |at| format!("p{at:03}@example.com,First{at},Last{at},{at:03}\n");
    "email,firstName,lastName,externalId\n".to_owned() + &(0..rows).map(row).collect::<String>()
}

const IMPORT: [&str; 9] =
    ["import", "--yes", "--via", "identity-source", "--poll", "1", "--session-gap", "0", "people.csv"];

/// A new session that no run has begun; its id.
fn foreign(world: &World) -> String {
    let (status, text) = world.call("POST", &format!("/api/v1/identity-sources/{SOURCE}/sessions"), None);
    assert_eq!(status, 201, "{text}");
    serde_json::from_str::<Value>(&text).unwrap()["id"].as_str().unwrap().to_owned()
}

/// Loads somebody into it.
fn load(world: &World, session: &str) {
    let profile =
        json!({"userName": "x@example.com", "firstName": "X", "lastName": "Y", "email": "x@example.com"});
    let body = json!({"entityType": "USERS", "profiles": [{"externalId": "X", "profile": profile}]});
    let path = format!("/api/v1/identity-sources/{SOURCE}/sessions/{session}/bulk-upsert");
    assert_eq!(world.call("POST", &path, Some(&body)).0, 202);
}

fn status(world: &World, session: &str) -> &'static str {
    let sessions = world.emulator.import_sessions();
    sessions.iter().find(|known| known.id == session).unwrap().status
}

/// The import of everybody, one person per request, once so many requests are loaded.
fn loading(requests: u32) -> (World, Child, String) {
    let world = World::with(settings(ImportSpeed::INSTANT, Duration::from_millis(150)));
    world.write("people.csv", people(ROWS));
    let child = world.start(&[&IMPORT[..], &["--page-size", "1"]].concat());
    let begin = Instant::now();
    let session = loop {
        assert!(begin.elapsed() < LONGEST, "waited in vain");
        let loaded = |session: &ImportSessionView| session.requests >= requests;
        if let Some(session) = world.emulator.import_sessions().into_iter().find(loaded) {
            break session.id;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    (world, child, session)
}

/// The same, stopped there. How many requests are loaded is only known from below.
fn half_loaded() -> (World, String, String) {
    let (world, child, session) = loading(3);
    let interrupt = format!("kill -INT {}", child.id());
    assert!(Command::new("sh").args(["-c", &interrupt]).status().unwrap().success());
    let ran = Ran::of(&child.wait_with_output().unwrap());
    assert_eq!(ran.code, 4, "{ran:?}");
    assert_eq!(status(&world, &session), "IN_PROGRESS");
    let run = world.muster(&["status", "--output", "json"]).json()["run"].as_str().unwrap().to_owned();
    (world, session, run)
}

fn resumed(world: &World, run: &str) {
    let resumed = world.imported(world.muster(&["resume", run, "--output", "json"]));
    resumed.came_to(0, &[("created", ROWS)]);
    assert_eq!(world.emulator.identity_sources()[0].people, ROWS);
    let left = ["CREATED", "IN_PROGRESS", "TRIGGERED"];
    assert!(!world.emulator.import_sessions().iter().any(|session| left.contains(&session.status)));
}

#[test]
fn sessions_of_others_are_shown_without_any_books() {
    let world = world();
    assert!(world.muster(&["sessions", "list"]).out.contains("No session"));
    let session = foreign(&world);
    let list = world.muster(&["sessions", "list"]);
    assert!(
        list.code == 0 && list.out.contains(&session) && list.out.contains("not of this ledger"),
        "{list:?}"
    );
    let listed = world.muster(&["sessions", "list", "--output", "json"]).json();
    assert_eq!(listed["identity_source"], SOURCE);
    let found = &listed["sessions"][0];
    assert_eq!((&found["id"], &found["status"]), (&session.as_str().into(), &"CREATED".into()));
    assert_eq!((&found["run"], &found["requests"]), (&Value::Null, &Value::Null));
    let shown = world.muster(&["sessions", "show", &session, "--output", "json"]).json();
    assert_eq!((&shown["status"], &shown["next"]), (&"CREATED".into(), &Value::Null));
    assert!(shown.get("run").is_none(), "{shown}");
    assert!(!world.path("muster").exists(), "a look makes no books");
}

#[test]
fn a_session_of_a_run_is_told_from_others() {
    let (world, session, run) = half_loaded();
    let list = world.muster(&["sessions", "list"]);
    assert!(list.out.lines().any(|line| line.starts_with(&session) && line.ends_with(&run)), "{list:?}");
    let shown = world.muster(&["sessions", "show", &session]);
    let resume = format!("muster resume {run}");
    for word in ["IN_PROGRESS", &run, &resume, "being loaded", "accepted", "users"] {
        assert!(shown.code == 0 && shown.out.contains(word), "{word} is not in {shown:?}");
    }
    let shown = world.muster(&["sessions", "show", &session, "--output", "json"]).json();
    let first = &shown["uploads"][0];
    assert_eq!(
        (&first["number"], &first["kind"], &first["entities"]),
        (&1.into(), &"users".into(), &1.into())
    );
    assert_eq!(
        (&first["first_line"], &first["last_line"], &first["accepted"]),
        (&2.into(), &2.into(), &true.into())
    );
    assert!(first["bytes"].as_u64().unwrap() > 50 && shown["people"].as_u64().unwrap() >= 3, "{shown}");
}

#[test]
fn what_was_cancelled_is_loaded_again() {
    let (world, session, run) = half_loaded();
    world.muster(&["sessions", "cancel", &session]).refused(2, &["--yes"]);
    assert_eq!(status(&world, &session), "IN_PROGRESS");
    let cancelled = world.muster(&["sessions", "cancel", &session, "--yes"]);
    assert!(cancelled.code == 0 && cancelled.out.contains(&format!("muster resume {run}")), "{cancelled:?}");
    assert_eq!(status(&world, &session), "CLOSED");
    let again = world.muster(&["sessions", "cancel", &session, "--yes", "--output", "json"]);
    assert_eq!(
        (again.code, &again.json()["cancelled"], &again.json()["run"]),
        (0, &false.into(), &run.as_str().into())
    );
    let said = world.muster(&["sessions", "cancel", &session, "--yes"]).out;
    assert!(said.contains("closed already"), "{said}");
    world
        .muster(&["sessions", "trigger", &session, "--yes"])
        .refused(1, &["CLOSED", "nothing was triggered"]);
    resumed(&world, &run);
    let listed = world.muster(&["sessions", "list", "--output", "json"]).json();
    let statuses: Vec<&str> = listed["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| found["status"].as_str().unwrap())
        .collect();
    assert_eq!(statuses, ["CLOSED", "COMPLETED"]);
    assert!(
        !world.muster(&["sessions", "cancel", &session, "--yes"]).out.contains("resume"),
        "the run is complete"
    );
}

#[test]
fn a_half_loaded_session_may_be_triggered() {
    let (world, session, run) = half_loaded();
    world.muster(&["sessions", "trigger", &session]).refused(2, &["--yes"]);
    let triggered = world.muster(&["sessions", "trigger", &session, "--yes"]);
    assert!(triggered.code == 0 && triggered.out.contains(&format!("muster resume {run}")), "{triggered:?}");
    triggered.says(&["accepted", "is not lost"]);
    assert_eq!(status(&world, &session), "COMPLETED");
    let people = world.emulator.identity_sources()[0].people;
    assert!((3..ROWS).contains(&people), "{people}");
    world.muster(&["sessions", "trigger", &session, "--yes"]).refused(1, &["COMPLETED"]);
    resumed(&world, &run);
}

#[test]
fn nobody_meddles_with_a_run_at_work() {
    let (world, mut child, session) = loading(1);
    for command in ["cancel", "trigger"] {
        world.muster(&["sessions", command, &session, "--yes"]).refused(1, &["is at work on it"]);
    }
    assert!(child.wait().unwrap().success());
    assert_eq!(status(&world, &session), "COMPLETED");
}

#[test]
fn what_can_not_be_cancelled_or_triggered_is_said() {
    let world = World::with(settings(ImportSpeed::of(1, Duration::from_hours(1)), Duration::ZERO));
    let (source, rest) = (["--identity-source-id", SOURCE], ["--yes", "--output", "json"]);
    let say = |command: &str, session: &str| {
        world.muster(&[&["sessions", command, session], &source[..], &rest[..]].concat())
    };
    let empty = foreign(&world);
    say("trigger", &empty).refused(1, &["CREATED", "nothing was loaded", "sessions cancel"]);
    assert_eq!(say("cancel", &empty).json()["cancelled"], true);
    let session = foreign(&world);
    load(&world, &session);
    let triggered = say("trigger", &session).json();
    assert_eq!((&triggered["triggered"], &triggered["status"]), (&true.into(), &"TRIGGERED".into()));
    assert_eq!(say("trigger", &session).json()["triggered"], false);
    say("cancel", &session).refused(1, &["TRIGGERED", "nothing was cancelled"]);
    for command in ["show", "cancel", "trigger"] {
        say(command, "apsNobody").refused(1, &["has no session apsNobody", "sessions list"]);
    }
    let unknown = ["sessions", "list", "--identity-source-id", "0oaNobody"];
    world.muster(&unknown).refused(1, &["no identity source 0oaNobody"]);
}

#[test]
fn an_import_leaves_its_sessions_and_who_is_missing() {
    let world = world();
    world.write("people.csv", people(ROWS));
    let first = world.imported(world.muster(&[&IMPORT[..], &["--output", "json"]].concat()));
    first.came_to(0, &[("created", ROWS)]);
    assert_eq!(
        (&first.summary["via"], &first.summary["identity_source"]),
        (&"identity-source".into(), &SOURCE.into())
    );
    assert_eq!(
        (&first.summary["sessions"][0]["status"], &first.summary["sessions"][0]["users"]),
        (&"COMPLETED".into(), &ROWS.into())
    );
    assert_eq!(first.summary["budget"]["spent_ratio"], Value::Null);
    assert!(!first.folder.join("missing.csv").exists());

    world.write("people.csv", people(ROWS - 2));
    let second = world.muster(&IMPORT);
    assert_eq!(second.code, 0, "who is listed needs nobody: {second:?}");
    for line in ["Missing   2 of 12 people", "2 listed", "Imported  10 of 10 people"] {
        assert!(second.out.contains(line), "{line} is not in {}", second.out);
    }
    let gone = ["--deactivate-missing", "--max-deactivate", "50%", "--new-run", "--output", "json"];
    let third = world.imported(world.muster(&[&IMPORT[..], &gone].concat()));
    assert_eq!(third.ran.code, 0, "{:?}", third.ran);
    let missing = json!({"known": 12, "listed": 0, "deactivated": 2, "not_there": 0, "failed": 0, "open": 0});
    assert_eq!(third.summary["missing"], missing);
    let ends = table(&third.folder.join("missing.csv"));
    let told: Vec<_> = ends.iter().map(|row| (row["external_id"].as_str(), row["end"].as_str())).collect();
    assert_eq!(told, [("010", "deactivated"), ("011", "deactivated")]);
    let report = world.muster(&["report", &third.run]);
    assert!(report.code == 0 && report.out.contains("Sessions  1: 1 completed, 1 requests"), "{report:?}");
    report.says(&["missing.csv"]);
}
