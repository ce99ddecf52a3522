//! The whole corpus through the product: imported, exported for the hook, and signed in with, in one org.

use std::collections::{BTreeMap, BTreeSet};

use muster_core::credential::Notation;

use crate::crowd::let_in;
use crate::hook_process::{HookProcess, export, json_lines, world};
use crate::world::{Imported, Row, World, table};

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../corpus/passwords.csv");
/// Columns of the corpus that no source has.
const ABOUT: [&str; 5] = ["notation", "made_by", "route", "password", "settlement"];
const WRONG: &str = "not-the-password-1A";
/// Of no notation are there rows, since nothing makes it any more.
const WITHOUT_ROWS: [&str; 0] = [];

/// A row of the corpus, as somebody.
struct Someone {
    login: String,
    row: Row,
}

impl Someone {
    fn is(&self, route: &str) -> bool {
        self.row["route"] == route
    }

    fn password(&self) -> &str {
        &self.row["password"]
    }

    /// Why no Okta takes the password, whoever checks it.
    fn is_refused_by_okta(&self) -> Option<&'static str> {
        if self.password().is_empty() {
            Some("an empty password is none")
        } else if self.password().chars().any(|letter| letter > '\u{ffff}') {
            Some("characters outside of the basic multilingual plane are not supported")
        } else {
            None
        }
    }

    fn name(&self) -> String {
        format!("{} ({} of {})", self.login, self.row["notation"], self.row["made_by"])
    }
}

/// The corpus by what an operator has to say about it.
struct Sources {
    of: BTreeMap<String, Vec<Someone>>,
}

impl Sources {
    fn read() -> Self {
        let mut of: BTreeMap<String, Vec<Someone>> = BTreeMap::new();
        for (at, row) in (2..).zip(table(PATH.as_ref())) {
            let someone = Someone { login: format!("line-{at}@example.com"), row };
            of.entry(someone.row["settlement"].clone()).or_default().push(someone);
        }
        Self { of }
    }

    fn everybody(&self) -> impl Iterator<Item = &Someone> {
        self.of.values().flatten()
    }

    fn of_route(&self, route: &str) -> Vec<&Someone> {
        self.everybody().filter(|one| one.is(route)).collect()
    }
}

/// The source file of some people: their credential columns and what Okta wants.
fn write_source(world: &World, name: &str, people: &[Someone]) {
    let mut writer = csv::Writer::from_path(world.path(name)).unwrap();
    let columns: Vec<&String> = people[0].row.keys().filter(|name| !ABOUT.contains(&name.as_str())).collect();
    let own = ["login", "email", "firstName", "lastName"];
    writer.write_record(own.into_iter().chain(columns.iter().map(|name| name.as_str()))).unwrap();
    for one in people {
        let cells = columns.iter().map(|name| one.row[*name].as_str());
        let own = [one.login.as_str(), one.login.as_str(), "Ada", "Byron"];
        writer.write_record(own.into_iter().chain(cells)).unwrap();
    }
    writer.flush().unwrap();
}

/// What the operator says, to an import and to an export.
fn settled(world: &World, settlement: &str) -> (Vec<String>, Vec<String>) {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
    match settlement.split_once('=') {
        Some(("notation", name)) => (words(&["--notation", name]), words(&["--notation", name])),
        Some(("pepper", pepper)) => {
            world.write("pepper", pepper);
            (words(&["--peppered"]), words(&["--pepper-file", "pepper"]))
        }
        Some(("firebase", project)) => {
            let parts: Vec<&str> = project.split(':').collect();
            let [key, separator, rounds, memory] = parts[..] else { panic!("{project}") };
            let shown = format!(
                "hash_config {{\n  algorithm: SCRYPT,\n  base64_signer_key: {key},\n  \
                 base64_salt_separator: {separator},\n  rounds: {rounds},\n  mem_cost: {memory},\n}}\n"
            );
            world.write("project", shown);
            (Vec::new(), words(&["--firebase", "project"]))
        }
        _ => (Vec::new(), Vec::new()),
    }
}

fn strs(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

/// Imports a source, and exports those of it who need the hook. The credential file, where there is one.
fn bring_in(world: &World, number: usize, settlement: &str, people: &[Someone]) -> Option<String> {
    let (source, sealed) = (format!("people-{number}.csv"), format!("people-{number}.credentials"));
    write_source(world, &source, people);
    let (for_import, for_export) = settled(world, settlement);
    let imported = world.import(&[&[source.as_str(), "--mode", "auto"], &strs(&for_import)[..]].concat());
    imported.came_to(0, &[("created", people.len())]);
    each_goes_its_way(&imported, people);
    let waiting = people.iter().filter(|one| one.is("hook")).count();
    let told = export(world, &source, &sealed, &strs(&for_export));
    assert_eq!(told["credentials"], waiting, "{settlement:?}: {told}");
    (waiting > 0).then_some(sealed)
}

fn each_goes_its_way(imported: &Imported, people: &[Someone]) {
    for one in people {
        let [credential, status] = imported.cells(&one.login, ["credential", "okta_status"]);
        let route = match credential {
            "hook" => "hook",
            "none" | "" => "reset",
            _ => "hash",
        };
        assert_eq!(route, one.row["route"], "{}: {credential}", one.name());
        assert_eq!(status, if route == "reset" { "STAGED" } else { "ACTIVE" }, "{}", one.name());
    }
}

/// Everybody has tried a wrong password and their own; who is let in by what is as it should be.
fn they_sign_in(world: &World, people: &[&Someone]) {
    let wrong: Vec<_> = people.iter().map(|one| (one.login.as_str(), WRONG)).collect();
    assert_eq!(let_in(world, &wrong), BTreeSet::new(), "nobody gets in with a wrong one");
    let takes = |one: &&&Someone| one.is_refused_by_okta().is_none();
    let right: Vec<_> = people.iter().filter(takes).map(|one| (one.login.as_str(), one.password())).collect();
    let inside = let_in(world, &right);
    let out = people.iter().filter(takes).filter(|one| !inside.contains(&one.login));
    let out: Vec<String> = out.map(|one| one.name()).collect();
    assert!(out.is_empty(), "{} of {} were kept out: {out:#?}", out.len(), people.len());
}

#[test]
fn every_password_of_the_corpus_gets_in_and_no_other_does() {
    let world = world();
    let sources = Sources::read();
    let files: Vec<String> = sources
        .of
        .iter()
        .enumerate()
        .filter_map(|(number, (settlement, people))| bring_in(&world, number, settlement, people))
        .collect();
    let hook = HookProcess::start(&world, &strs(&files));
    hook.register(&world);
    let (for_okta, for_the_hook) = (sources.of_route("hash"), sources.of_route("hook"));
    they_sign_in(&world, &for_okta);
    assert_eq!(
        world.get("/_emulator/hook-calls?limit=1000"),
        serde_json::json!([]),
        "Okta asks nobody for these"
    );
    // The hook says yes to no empty password, whatever is stored.
    let for_the_hook: Vec<_> = for_the_hook.into_iter().filter(|one| !one.password().is_empty()).collect();
    they_sign_in(&world, &for_the_hook);
    let refused = for_the_hook.iter().filter(|one| one.is_refused_by_okta().is_some());
    hook.verifies(&world, refused.map(|one| (one.login.as_str(), one.password())));
    hook.stop();
    the_hook_knew_each(&world, &for_the_hook);
    let users = world.users();
    for one in sources.of_route("reset") {
        assert_eq!(users[&one.login]["credential"], "none", "{}", one.name());
    }
}

/// The hook verified each person once and under the notation that it is.
fn the_hook_knew_each(world: &World, people: &[&Someone]) {
    let calls = json_lines(&world.path("audit.jsonl"));
    let verified = calls.iter().filter(|call| call["result"] == "verified");
    let mut found: Vec<(&str, &str)> =
        verified.map(|call| (call["user"].as_str().unwrap(), call["notation"].as_str().unwrap())).collect();
    let mut expected: Vec<(&str, &str)> =
        people.iter().map(|one| (one.login.as_str(), one.row["notation"].as_str())).collect();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
    let wrong = calls.iter().filter(|call| call["result"] == "wrong_password").count();
    assert_eq!(wrong, people.len());
}

/// Each notation has passwords that Okta takes, so that none is only said to work.
#[test]
fn few_passwords_are_refused_by_okta() {
    let sources = Sources::read();
    let of = |refused: bool| {
        let them = sources.everybody().filter(move |one| one.is_refused_by_okta().is_some() == refused);
        them.map(|one| one.row["notation"].as_str()).collect::<Vec<_>>()
    };
    let taken: BTreeSet<&str> = of(false).into_iter().collect();
    assert!(of(true).iter().all(|notation| taken.contains(notation) || *notation == "unusable"));
    assert!(of(true).len() * 2 < of(false).len(), "{} {}", of(true).len(), of(false).len());
}

#[test]
fn no_notation_is_left_out() {
    let rows = table(PATH.as_ref());
    let there: BTreeSet<&str> = rows.iter().map(|row| row["notation"].as_str()).collect();
    let missing: Vec<&str> =
        Notation::ALL.into_iter().map(Notation::as_str).filter(|name| !there.contains(name)).collect();
    assert_eq!(missing, WITHOUT_ROWS);
}
