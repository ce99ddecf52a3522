//! `muster hook test` proves the way in, and finds what is in the way.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use muster_emulator::{HookCalls, OrgSettings};
use serde_json::Value;

use crate::hook_admin::{org, switch_off, with_secret};
use crate::hook_server::{Character, HookServer, LOGIN, PASSWORD, SECRET, Safety};
use crate::world::{Ran, World, free_settings};

/// An org with this hook, and a file of somebody known.
fn world_with(hook: &HookServer) -> World {
    let world = org();
    register(&world, &hook.uri);
    world
}

fn register(world: &World, uri: &str) {
    world.write("known.csv", format!("Login,Password\n{LOGIN},{PASSWORD}\n"));
    let ran = with_secret(world, &["hook", "register", "--url", uri]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

fn tried(world: &World, more: &[&str]) -> (Ran, BTreeMap<String, Value>) {
    let arguments = [&["hook", "test", "--known", "known.csv", "--output", "json"], more].concat();
    let ran = with_secret(world, &arguments);
    ran.hides(&[SECRET, PASSWORD]);
    let checks = ran.json().as_array().unwrap().clone();
    let by_name = checks.into_iter().map(|check| (check["check"].as_str().unwrap().to_owned(), check));
    (ran, by_name.collect())
}

fn marks(checks: &BTreeMap<String, Value>) -> BTreeMap<&str, &str> {
    checks.iter().map(|(name, check)| (name.as_str(), check["result"].as_str().unwrap())).collect()
}

fn assert_fails(checks: &BTreeMap<String, Value>, name: &str, words: &str) {
    let check = checks.get(name).unwrap_or_else(|| panic!("no {name} in {checks:?}"));
    assert_eq!(check["result"], "failed", "{check}");
    let text =
        format!("{} {}", check["found"].as_str().unwrap(), check["to_do"].as_str().unwrap_or_default());
    assert!(text.contains(words), "{words:?} is not in {text}");
}

#[test]
fn an_honest_hook_passes_everything() {
    let hook = HookServer::plain(Character::Honest);
    let world = world_with(&hook);
    let (ran, checks) = tried(&world, &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let names = ["hook", "known", "name", "okta", "reach", "secret", "time", "tls", "unknown", "wrong"];
    assert_eq!(marks(&checks), names.map(|name| (name, "ok")).into());
    // Each question is a new one, as Okta asks it.
    let questions = hook.questions();
    let ids: std::collections::BTreeSet<&str> =
        questions.iter().map(|question| question["eventId"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), questions.len());
    assert!(questions.iter().all(|question| question["data"]["action"]["credential"] == "UNVERIFIED"));
    let text = with_secret(&world, &["hook", "test", "--known", "known.csv"]);
    assert!(text.code == 0 && text.out.contains("1 of 1 known passwords verified"), "{text:?}");
}

#[test]
fn a_password_can_come_by_the_environment_or_standard_input() {
    let hook = HookServer::plain(Character::Honest);
    let world = world_with(&hook);
    let arguments = ["hook", "test", "--login", LOGIN];
    let mut command = world.command(&arguments);
    command.env("MUSTER_HOOK_SECRET", SECRET).env("MUSTER_TEST_PASSWORD", PASSWORD);
    let ran = Ran::of(&command.output().unwrap());
    assert_eq!(ran.code, 0, "{ran:?}");
    with_secret(&world, &arguments).refused(2, &["MUSTER_TEST_PASSWORD"]);
    world.write("secret", SECRET);
    let fed = [&arguments[..], &["--secret", "file:secret"]].concat();
    let ran = world.muster_fed(&fed, format!("{PASSWORD}\n"));
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.hides(&[PASSWORD]);
}

#[test]
fn without_a_known_password_there_is_something_left_to_prove() {
    let hook = HookServer::plain(Character::Honest);
    let world = world_with(&hook);
    let ran = with_secret(&world, &["hook", "test"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.out.contains("--known FILE"), "{ran:?}");
}

#[test]
fn a_secret_that_is_not_the_hooks_is_found() {
    let hook = HookServer::plain(Character::Honest);
    let world = world_with(&hook);
    world.write("secret", "another-secret-0123456789");
    let (ran, checks) = tried(&world, &["--secret", "file:secret"]);
    assert_eq!(ran.code, 1);
    assert_fails(&checks, "secret", "does not take the secret");
    // The org has the right one.
    assert_eq!(checks["okta"]["result"], "ok", "{checks:?}");
}

#[test]
fn an_org_with_another_secret_is_found() {
    let hook = HookServer::plain(Character::Honest);
    let world = org();
    world.write("secret", "another-secret-0123456789");
    let ran = world.muster(&["hook", "register", "--url", &hook.uri, "--secret", "file:secret"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    world.write("known.csv", format!("login,password\n{LOGIN},{PASSWORD}\n"));
    let (ran, checks) = tried(&world, &[]);
    assert_eq!((ran.code, checks["secret"]["result"].as_str()), (1, Some("ok")), "{checks:?}");
    assert_fails(&checks, "okta", "does the org have the hook's secret");
}

#[test]
fn a_hook_that_lets_anybody_ask_is_found() {
    let hook = HookServer::plain(Character::Open);
    let (ran, checks) = tried(&world_with(&hook), &[]);
    assert_eq!(ran.code, 1);
    assert_fails(&checks, "secret", "a wrong one is let in");
}

#[test]
fn a_hook_that_says_yes_to_anybody_is_found() {
    let hook = HookServer::plain(Character::Gullible);
    let (ran, checks) = tried(&world_with(&hook), &[]);
    assert_eq!(ran.code, 1);
    assert_fails(&checks, "wrong", "anybody gets in as anybody");
    assert_fails(&checks, "unknown", "anybody gets in as anybody");
}

#[test]
fn a_hook_that_says_no_to_everybody_is_found() {
    let hook = HookServer::plain(Character::Shadow);
    let (ran, checks) = tried(&world_with(&hook), &[]);
    assert_eq!(ran.code, 1);
    assert_fails(&checks, "known", "shadow mode");
    assert_fails(&checks, "known", LOGIN);
    assert_fails(&checks, "okta", "UNVERIFIED");
}

#[test]
fn answers_that_okta_does_not_take_are_told_apart() {
    let odd = r#"{"result":"ok","credential":"VERIFIED"}"#;
    for (character, check, words) in [
        (Character::Answers(204, "", ""), "known", "without a command"),
        (Character::Answers(302, "location: /login\r\n", ""), "secret", "Okta follows no redirect"),
        (Character::Answers(200, "", odd), "secret", "no commands"),
        (Character::Answers(200, "", "<html>hello</html>"), "secret", "not JSON"),
        (Character::Answers(503, "", ""), "secret", "asks once more"),
        (Character::Answers(404, "", ""), "secret", "nothing is at this path"),
    ] {
        let hook = HookServer::plain(character);
        let (ran, checks) = tried(&world_with(&hook), &[]);
        assert_eq!(ran.code, 1, "{character:?}: {ran:?}");
        assert_fails(&checks, check, words);
        assert_eq!(checks["okta"]["result"], "failed", "{character:?}: {checks:?}");
    }
}

#[test]
fn a_hook_that_hangs_is_asked_once_from_here() {
    let hook = HookServer::plain(Character::Hangs);
    let world = world_with(&hook);
    let (ran, checks) = tried(&world, &["--only-here", "--url", &hook.uri]);
    assert_eq!((ran.code, hook.calls.load(Ordering::Relaxed)), (1, 1));
    assert_fails(&checks, "reach", "within 3 s");
}

#[test]
fn nobody_listens_and_nothing_is_registered() {
    let world = org();
    world.write("known.csv", format!("login,password\n{LOGIN},{PASSWORD}\n"));
    let (ran, checks) = tried(&world, &[]);
    assert_eq!(ran.code, 1);
    assert_fails(&checks, "hook", "muster hook register");
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let uri = format!("http://{}/in", nobody.local_addr().unwrap());
    drop(nobody);
    let (ran, checks) = tried(&world, &["--url", &uri]);
    assert_eq!(ran.code, 1);
    assert_fails(&checks, "reach", "can't be reached");
}

#[test]
fn a_hook_can_be_tried_before_it_is_registered() {
    let hook = HookServer::plain(Character::Honest);
    let world = org();
    world.write("known.csv", format!("login,password\n{LOGIN},{PASSWORD}\n"));
    let (ran, checks) = tried(&world, &["--url", &hook.uri]);
    assert_eq!((ran.code, checks["hook"]["result"].as_str()), (3, Some("attention")), "{checks:?}");
    let (ran, checks) = tried(&world, &["--url", &hook.uri, "--only-here"]);
    assert_eq!((ran.code, checks.contains_key("hook")), (0, false), "{checks:?}");
}

#[test]
fn a_hook_that_is_switched_off_is_found() {
    let hook = HookServer::plain(Character::Honest);
    let world = world_with(&hook);
    let id = world.get("/api/v1/inlineHooks")[0]["id"].as_str().unwrap().to_owned();
    switch_off(&world, &id);
    let (ran, checks) = tried(&world, &[]);
    assert_eq!((ran.code, checks.contains_key("okta")), (1, false));
    assert_fails(&checks, "hook", "Okta does not call it");
}

/// An org that trusts the authority of the hook, and a file of it.
fn world_over_tls(hook: &HookServer) -> World {
    let hooks = HookCalls { ca_pem: Some(hook.ca_pem.clone()), ..HookCalls::default() };
    let world = World::with(OrgSettings { hooks, ..free_settings() });
    world.write("ca.pem", &hook.ca_pem);
    register(&world, &hook.uri);
    world
}

#[test]
fn an_authority_of_ones_own_is_fine_for_a_rehearsal_and_said() {
    let hook = HookServer::start(Character::Honest, Safety::Tls);
    let world = world_over_tls(&hook);
    let (ran, checks) = tried(&world, &["--ca-file", "ca.pem"]);
    assert_eq!((ran.code, checks["tls"]["result"].as_str()), (3, Some("attention")), "{checks:?}");
    let tls = checks["tls"].to_string();
    assert!(tls.contains("--ca-file alone") && tls.contains("days left") && tls.contains("public"), "{tls}");
    assert_eq!(checks["okta"]["result"], "ok", "{checks:?}");
    let (ran, checks) = tried(&world, &[]);
    assert_eq!(ran.code, 1);
    assert_fails(&checks, "tls", "public authority");
    assert_eq!(checks["okta"]["result"], "ok", "the org does trust it: {checks:?}");
}

#[test]
fn a_certificate_that_has_ended_is_found() {
    let hook = HookServer::start(Character::Honest, Safety::Expired);
    let world = world_over_tls(&hook);
    let (ran, checks) = tried(&world, &["--ca-file", "ca.pem"]);
    assert_eq!(ran.code, 1);
    assert_fails(&checks, "tls", "xpired");
    assert_fails(&checks, "okta", "certificate");
}

#[test]
fn a_file_of_known_people_that_is_none_is_told() {
    let hook = HookServer::plain(Character::Honest);
    let world = world_with(&hook);
    let ran = |file: &str| with_secret(&world, &["hook", "test", "--known", file]);
    ran("nowhere.csv").refused(2, &["nowhere.csv"]);
    world.write("odd.csv", "a,b\n1,2\n");
    ran("odd.csv").refused(2, &["login and password"]);
    world.write("torn.csv", format!("login,password\n{LOGIN},{PASSWORD},x\n"));
    let torn = ran("torn.csv");
    torn.refused(2, &["torn.csv"]);
    torn.hides(&[PASSWORD]);
}
