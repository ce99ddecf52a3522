//! Help, completions, the manual, made-up people, the emulator and the demo.

use std::io::{BufRead, BufReader};
use std::process::Command;

use serde_json::Value;

use crate::world::{Ran, World};

pub const COMMANDS: [&str; 18] = [
    "demo",
    "plan",
    "import",
    "resume",
    "retry",
    "status",
    "runs",
    "report",
    "activate",
    "hashes",
    "hook",
    "programme",
    "sessions",
    "doctor",
    "emulator",
    "generate",
    "completions",
    "man",
];

#[test]
fn every_command_explains_itself() {
    let world = World::free();
    let whole = world.muster(&["--help"]);
    assert_eq!((whole.code, whole.err.as_str()), (0, ""));
    for command in COMMANDS {
        assert!(whole.out.contains(&format!("  {command} ")), "{command} is not in {}", whole.out);
        let ran = world.muster(&[command, "--help"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
        assert!(ran.out.contains(&format!("Usage: muster {command}")), "{}", ran.out);
    }
    assert!(whole.out.contains("Exit codes") && whole.out.contains("OKTA_ORG_URL"));
    assert!(world.muster(&["--version"]).out.starts_with("muster 0."));
    let none = world.muster(&[]);
    assert!(none.code == 2 && none.err.contains("Usage: muster"), "{none:?}");
}

#[test]
fn completions_and_the_manual() {
    let world = World::free();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = world.muster(&["completions", shell]);
        assert!(ran.code == 0 && ran.out.contains("muster") && ran.out.contains("max-in-flight"), "{shell}");
        assert_eq!(ran.err, "");
    }
    let bash = world.muster(&["completions", "bash"]).out;
    world.write("completions.bash", bash);
    // A shell that is not there can't be asked.
    let read = Command::new("bash").arg("-n").arg(world.path("completions.bash")).status();
    assert!(read.map_or(true, |status| status.success()));
    let manual = world.muster(&["man"]);
    assert!(manual.code == 0 && manual.out.contains(".TH muster 1"), "{manual:?}");
    world.muster(&["completions", "tcsh"]).refused(2, &["tcsh", "bash"]);
}

#[test]
fn the_same_seed_makes_the_same_people() {
    let world = World::free();
    let hashes = ["--hashes", "bcrypt:4,ssha,none,cleartext"];
    let made = |options: &[&str]| {
        let ran = world.muster(&[&["generate", "-n", "30"], &hashes[..], options].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.out
    };
    let first = made(&["--seed", "5"]);
    assert_eq!(first.lines().count(), 31);
    assert_eq!(first, made(&["--seed", "5"]));
    assert_ne!(first, made(&["--seed", "6"]));
    let lines = made(&["--seed", "5", "--ndjson"]);
    assert_eq!(lines, made(&["--seed", "5", "--ndjson"]));
    assert!(
        lines.lines().count() == 30 && lines.lines().all(|line| serde_json::from_str::<Value>(line).is_ok())
    );
    made(&["--seed", "5", "--out", "made.csv"]);
    assert_eq!(world.read("made.csv"), first);
    world.muster(&["generate", "--hashes", "rot13"]).refused(2, &["--hashes", "rot13", "bcrypt"]);
    world.muster(&["generate", "--domain", "no domain"]).refused(2, &["no domain"]);
}

#[test]
fn made_up_people_go_through_a_pipe() {
    for form in [&[][..], &["--ndjson"]] {
        let world = World::free();
        let generate = [
            "generate",
            "-n",
            "50",
            "--hashes",
            "ssha256,cleartext,none",
            "--groups",
            "Sales,North",
            "--known",
            "known.csv",
        ];
        let made = world.muster(&[&generate[..], form].concat());
        let ran =
            world.muster_fed(&["import", "--yes", "--output", "json", "--create-groups", "-"], made.out);
        world.imported(ran).came_to(0, &[("created", 50)]);
        let known = world.read("known.csv");
        assert!(known.lines().count() > 10);
        for line in known.lines().skip(1) {
            let (login, password) = line.split_once(',').unwrap();
            assert!(world.signs_in(login, password), "{login}");
        }
    }
}

#[cfg(unix)]
#[test]
fn an_org_to_rehearse_on() {
    let world = World::free();
    let mut org = world.start(&["emulator", "--port", "0", "--token", "mine", "--state", "org.jsonl"]);
    let mut first = String::new();
    let mut out = BufReader::new(org.stdout.take().unwrap());
    out.read_line(&mut first).unwrap();
    let told: Value = serde_json::from_str(&first).unwrap();
    let mut doctor = world.command(&["doctor"]);
    doctor.env("OKTA_ORG_URL", told["url"].as_str().unwrap()).env("OKTA_API_TOKEN", "mine");
    let doctor = Ran::of(&doctor.output().unwrap());
    assert_eq!(doctor.code, 0, "{doctor:?}");
    let kill = format!("kill -INT {}", org.id());
    assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    assert_eq!(org.wait().unwrap().code(), Some(0));
    let mut rest = String::new();
    assert_eq!(out.read_line(&mut rest).unwrap(), 0, "nothing else is on standard output: {rest}");
}

#[test]
fn options_of_the_emulator_out_of_bounds() {
    let world = World::free();
    let cases: [(&[&str], &str); 4] = [
        (&["--limit", "users"], "users"),
        (&["--limit", "people=5"], "people"),
        (&["--latency", "soon"], "soon"),
        (&["--plan", "free"], "free"),
    ];
    for (options, word) in cases {
        world.muster(&[&["emulator", "--port", "0"], options].concat()).refused(2, &[word]);
    }
}

#[test]
fn the_demo_runs_on_its_own() {
    let world = World::free();
    let mut demo = world.command(&["demo", "--people", "60"]);
    demo.env_remove("OKTA_ORG_URL").env_remove("OKTA_API_TOKEN");
    let ran = Ran::of(&demo.output().unwrap());
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.says(&["Can they sign in", "muster doctor"]);
    assert!(world.path("muster-demo/people.csv").exists());
    assert_eq!(world.stats().requests.total, 0, "it has an org of its own");
}

#[test]
fn the_demo_of_the_programme_counts_what_it_shows() {
    let world = World::free();
    // Twice in one folder: what the first one left behind is not in the way.
    for _ in 0..2 {
        let mut demo = world.command(&["demo", "--programme", "--people", "60"]);
        demo.env_remove("OKTA_ORG_URL").env_remove("OKTA_API_TOKEN");
        let ran = Ran::of(&demo.output().unwrap());
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.says(&["every command ended well", "exactly these have one mail", "docs/programme.md"]);
        assert!(!ran.err.contains("WRONG"), "{ran:?}");
    }
    assert_eq!(world.stats().requests.total, 0, "it has an org of its own");
}
