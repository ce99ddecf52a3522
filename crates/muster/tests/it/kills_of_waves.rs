//! Killed in the middle of mails and links: whoever goes on sends none twice, and leaves nobody out.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use muster_emulator::{HookAnswer, HookAnswering, HookRequest, HookService, OrgSettings, Stats};
use serde_json::{Value, json};

use crate::world::{World, free_settings, people, table};

const PEOPLE: usize = 60;

/// Is never asked.
struct Silent;

impl HookService for Silent {
    fn answer(&self, _: HookRequest) -> HookAnswering<'_> {
        Box::pin(async { Ok(HookAnswer { status: 204, body: Vec::new().into() }) })
    }
}

fn imported(mode: &str) -> World {
    let latency = Duration::from_millis(50);
    let world = World::with(OrgSettings { hook_service: Some(Arc::new(Silent)), latency, ..free_settings() });
    world.write("people.csv", people(PEOPLE));
    world.import(&["people.csv", "--mode", mode]);
    world
}

/// Kills it as soon as the org's numbers are so, and goes on until it is done.
fn killed_and_gone_on_with(world: &World, arguments: &[&str], when: impl Fn(&Stats) -> bool) {
    let mut child = world.start(arguments);
    world.wait_until(when);
    child.kill().unwrap();
    child.wait().unwrap();
    let ran = world.muster(arguments);
    assert_eq!(ran.code, 0, "{ran:?}");
}

/// How many mails each has got.
fn mails(world: &World) -> BTreeMap<String, usize> {
    let (_, text) = world.call("GET", "/_emulator/mails", None);
    let mut counts = BTreeMap::new();
    for mail in text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        *counts.entry(mail["login"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
    }
    counts
}

#[test]
fn finish() {
    let world = imported("hook");
    let arguments = ["programme", "finish", "--yes", "--per-hour", "100000", "--keep-hook"];
    killed_and_gone_on_with(&world, &arguments, |stats| {
        stats.mails.get("password_reset").is_some_and(|mails| *mails >= 20)
    });
    let mails = mails(&world);
    assert_eq!((mails.len(), mails.values().max()), (PEOPLE, Some(&1)), "{mails:?}");
    let told = world.muster(&["programme", "status", "--output", "json", "--offline"]).json();
    assert_eq!((&told["reset"], &told["waiting"]), (&json!(PEOPLE), &json!(0)));
}

#[test]
fn activate_with_links() {
    let world = imported("staged");
    let arguments = ["activate", "--yes", "--per-hour", "100000", "--links", "links.csv"];
    let before = world.stats().requests.total;
    killed_and_gone_on_with(&world, &arguments, |stats| stats.requests.total >= before + 60);
    assert!(mails(&world).is_empty());
    let links = table(&world.path("links.csv"));
    let last: BTreeMap<String, String> =
        links.iter().map(|line| (line["login"].clone(), line["activation_url"].clone())).collect();
    assert_eq!(last.len(), PEOPLE);
    assert!(last.values().all(|link| link.contains("/tokens/")));
    assert!(world.users().values().all(|user| user["status"] == "PROVISIONED"));
    // Nobody is asked about twice but those who were under way.
    assert!(links.len() <= PEOPLE + 8, "{}", links.len());
}
