//! A world whose org has an identity source, and what can be asked of it.

use std::time::Duration;

use muster_emulator::{IdentitySourceRules, IdentitySourceSetting, ImportSpeed, LimitOverride, OrgSettings};
use serde_json::{Value, json};

use crate::world::{Imported, Ran, TOKEN, World, free_settings};

/// The id of the source.
pub const SOURCE: &str = "0oaHRHRHRHRHRHRHRHRH";

/// What makes sessions quick in a test.
pub const QUICK: [&str; 6] = ["--via", "identity-source", "--poll", "1", "--session-gap", "1"];

/// An org with one identity source, without limits, whose sessions are processed at once.
pub fn settings() -> OrgSettings {
    let names = ["identity-source-sessions", "identity-source-bulk", "logs", "apps"];
    let unlimited = |name: &&str| format!("{name}=unlimited").parse::<LimitOverride>().unwrap();
    let mut settings = free_settings();
    settings.limits.extend(names.iter().map(unlimited));
    settings.identity_sources = vec![source(&["title", "shoeSize"])];
    settings.identity_source_rules = IdentitySourceRules {
        speed: ImportSpeed::INSTANT,
        gap: Duration::from_secs(1),
        ..IdentitySourceRules::default()
    };
    settings
}

/// A source with these attributes beside its own.
pub fn source(attributes: &[&str]) -> IdentitySourceSetting {
    IdentitySourceSetting {
        label: "HR".to_owned(),
        id: Some(SOURCE.to_owned()),
        attributes: attributes.iter().map(|name| (*name).to_owned()).collect(),
        activates: false,
    }
}

/// Such a world, whose token may do this and nothing else.
pub fn sourced_with_scopes(scopes: &[&str]) -> World {
    World::with(OrgSettings { tokens: vec![format!("{TOKEN}={}", scopes.join(","))], ..settings() })
}

/// A world with such an org.
pub fn sourced() -> World {
    World::with(settings())
}

/// A file of people with an external id; what `edit` says of each stands in two more columns, title and groups.
pub fn staff(people: impl IntoIterator<Item = usize>, edit: impl Fn(usize) -> (String, String)) -> String {
    let rows = people.into_iter().map(|at| {
        let (title, groups) = edit(at);
        format!("E{at},p{at}@example.com,First{at},Last{at},p{at}@example.com,{title},{groups}\n")
    });
    format!("externalId,userName,firstName,lastName,email,title,groups\n{}", rows.collect::<String>())
}

/// The same person each time.
pub fn clerks(_: usize) -> (String, String) {
    ("Clerk".to_owned(), String::new())
}

/// An import by sessions that came so far that it has a run.
pub fn load(world: &World, arguments: &[&str]) -> Imported {
    world.import(&[&QUICK, arguments].concat())
}

/// The same without the need to come to a run.
pub fn tried(world: &World, arguments: &[&str]) -> Ran {
    world.muster(&[&["import", "--yes"], &QUICK[..], arguments].concat())
}

/// The sessions of the org, oldest first.
pub fn sessions(world: &World) -> Vec<Value> {
    let (_, text) = world.call("GET", "/_emulator/import-sessions", None);
    serde_json::from_str(&text).unwrap()
}

/// Their statuses.
pub fn statuses(world: &World) -> Vec<String> {
    sessions(world).iter().map(|session| session["status"].as_str().unwrap().to_owned()).collect()
}

/// The people of the identity source, by external id.
pub fn at_source(world: &World) -> std::collections::BTreeMap<String, Value> {
    let (_, text) = world.call("GET", &format!("/_emulator/source-people?source={SOURCE}"), None);
    let people = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    people.map(|person| (person["external_id"].as_str().unwrap().to_owned(), person)).collect()
}

/// A session begun by somebody else; its id.
pub fn begin_session(world: &World) -> String {
    let (status, text) = world.call("POST", &format!("/api/v1/identity-sources/{SOURCE}/sessions"), None);
    assert_eq!(status, 201, "{text}");
    serde_json::from_str::<Value>(&text).unwrap()["id"].as_str().unwrap().to_owned()
}

/// Dates of users have no part of a second: what is done within one can't be told apart.
pub fn a_second_later() {
    std::thread::sleep(Duration::from_millis(1_050));
}

/// The faults of the org from here on.
pub fn disturb(world: &World, faults: &[&str]) {
    let (status, text) = world.call("PUT", "/_emulator/faults", Some(&json!(faults)));
    assert!(status < 300, "{status}: {text}");
}
