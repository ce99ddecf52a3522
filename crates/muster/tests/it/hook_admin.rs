//! The org is told of the hook, asked about it, and told that it is no more.

use muster_emulator::{FaultPlan, HookCalls, OrgSettings};
use serde_json::{Value, json};

use crate::hook_server::SECRET;
use crate::world::{Ran, World, free_settings};

const HOOKS: &str = "/api/v1/inlineHooks";
const URL: &str = "https://hook.example.com/okta/password-import";

/// An org on this machine refuses nothing that Okta takes, and takes plain http as well.
pub fn org() -> World {
    let hooks = HookCalls { allow_http: true, ..HookCalls::default() };
    World::with(OrgSettings { hooks, ..free_settings() })
}

/// The binary with the secret of the hook.
pub fn with_secret(world: &World, arguments: &[&str]) -> Ran {
    Ran::of(&world.command(arguments).env("MUSTER_HOOK_SECRET", SECRET).output().unwrap())
}

fn register(world: &World, arguments: &[&str]) -> Ran {
    with_secret(world, &[&["hook", "register", "--url", URL, "--output", "json"], arguments].concat())
}

fn hooks(world: &World) -> Vec<Value> {
    world.get(HOOKS).as_array().unwrap().clone()
}

/// Somebody switches the hook off.
pub fn switch_off(world: &World, id: &str) {
    let (status, text) = world.call("POST", &format!("{HOOKS}/{id}/lifecycle/deactivate"), None);
    assert_eq!(status, 200, "{text}");
}

fn foreign(world: &World) -> String {
    let config = json!({"uri": "https://old.example.com/in", "method": "POST",
        "headers": [], "authScheme": {"type": "HEADER", "key": "X-Key", "value": "theirs"}});
    let body = json!({"name": "Legacy", "type": "com.okta.user.credential.password.import", "version": "1.0.0",
        "channel": {"type": "HTTP", "version": "1.0.0", "config": config}});
    world.post(HOOKS, &body)["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_hook_is_registered_once() {
    let world = org();
    let first = register(&world, &[]);
    assert_eq!((first.code, &first.json()["done"]), (0, &json!("registered")), "{first:?}");
    assert_eq!(first.json()["hook"]["status"], "ACTIVE");
    assert_eq!(first.json()["next"], "muster hook test");
    let there = hooks(&world);
    assert_eq!(there.len(), 1);
    assert_eq!(there[0]["name"], "Muster password import");
    assert_eq!(there[0]["channel"]["config"]["uri"], URL);
    assert_eq!(there[0]["channel"]["config"]["authScheme"]["key"], "Authorization");

    let again = register(&world, &[]);
    assert_eq!((again.code, &again.json()["done"]), (0, &json!("unchanged")), "{again:?}");
    again.says(&["--update"]);
    assert_eq!(hooks(&world), there);
    first.hides(&[SECRET]);
    again.hides(&[SECRET]);
}

#[test]
fn a_hook_of_ours_changes_when_it_is_said_so() {
    let world = org();
    register(&world, &[]);
    let moved = ["hook", "register", "--url", "https://new.example.com/in"];
    with_secret(&world, &moved).refused(1, &["https://new.example.com/in", "--update"]);
    let updated = with_secret(&world, &[&moved[..], &["--update", "--output", "json"]].concat());
    assert_eq!((updated.code, &updated.json()["done"]), (0, &json!("updated")), "{updated:?}");
    assert_eq!(hooks(&world)[0]["channel"]["config"]["uri"], "https://new.example.com/in");
    // The secret goes along with each change; the org shows how long it was and no more.
    let puts: Vec<Value> =
        world.requests().into_iter().filter(|request| request["method"] == "PUT").collect();
    let sent = puts[0].to_string();
    assert!(sent.contains(&format!("<{} characters>", SECRET.len())) && !sent.contains(SECRET), "{sent}");
}

#[test]
fn a_hook_that_was_switched_off_is_switched_on_again() {
    let world = org();
    let id = register(&world, &[]).json()["hook"]["id"].as_str().unwrap().to_owned();
    switch_off(&world, &id);
    let again = register(&world, &[]);
    assert_eq!((again.code, &again.json()["done"]), (0, &json!("activated")), "{again:?}");
    assert_eq!(hooks(&world)[0]["status"], "ACTIVE");
}

#[test]
fn somebody_elses_hook_is_left_alone() {
    let world = org();
    let id = foreign(&world);
    let refused = register(&world, &[]);
    refused.refused(1, &["Legacy", &id, "old.example.com", "ACTIVE", "--replace"]);
    register(&world, &["--update"]).refused(1, &["Legacy"]);
    // Without a terminal, the question has to be answered beforehand.
    register(&world, &["--replace"]).refused(2, &["--yes", "Legacy"]);
    assert_eq!(hooks(&world)[0]["id"], id.as_str());
}

#[test]
fn somebody_elses_hook_is_replaced_when_that_is_meant() {
    let world = org();
    let id = foreign(&world);
    let replaced = register(&world, &["--replace", "--yes"]);
    assert_eq!((replaced.code, &replaced.json()["done"]), (0, &json!("replaced")), "{replaced:?}");
    let there = hooks(&world);
    assert_eq!((there.len(), &there[0]["name"]), (1, &json!("Muster password import")));
    assert_ne!(there[0]["id"], id.as_str());
}

#[test]
fn a_hook_that_calls_our_address_is_taken_over_by_its_name() {
    let world = org();
    // By somebody who has other books.
    register(&world, &["--name", "By hand", "--dir", "elsewhere"]);
    register(&world, &[]).refused(1, &["By hand", "--name"]);
    assert_eq!(register(&world, &["--name", "By hand"]).json()["done"], "unchanged");
}

#[test]
fn a_lost_answer_leaves_one_hook() {
    let world = org();
    let lost = FaultPlan::from_json(br#"["lost-answer:createInlineHook=first:1"]"#).unwrap();
    world.emulator.set_faults(lost);
    let ran = register(&world, &[]);
    assert_eq!((ran.code, &ran.json()["done"]), (0, &json!("registered")), "{ran:?}");
    assert_eq!(hooks(&world).len(), 1);
}

#[test]
fn an_org_full_of_hooks_is_told() {
    let world = org();
    for number in 0..50 {
        let config = json!({"uri": "https://a.example.com/", "method": "POST", "headers": [],
            "authScheme": {"type": "HEADER", "key": "X-Key", "value": "theirs"}});
        let body = json!({"name": format!("Hook {number}"), "type": "com.okta.user.pre-registration",
            "version": "1.0.0", "channel": {"type": "HTTP", "version": "1.0.0", "config": config}});
        world.post(HOOKS, &body);
    }
    register(&world, &[]).refused(1, &["50 inline hooks", "delete one"]);
}

#[test]
fn what_okta_could_never_call_is_not_sent() {
    let world = org();
    let ran = |url: &str| with_secret(&world, &["hook", "register", "--url", url]);
    ran("http://hook.example.com/in").refused(2, &["https://"]);
    ran("hook.example.com").refused(2, &["no address"]);
    ran(&format!("https://a.example/{}", "x".repeat(1024))).refused(2, &["1024"]);
    let mut elsewhere = world.command(&["hook", "register", "--url", "https://127.0.0.1/in"]);
    elsewhere.env("OKTA_ORG_URL", "https://example.okta.com").env("MUSTER_HOOK_SECRET", SECRET);
    Ran::of(&elsewhere.output().unwrap()).refused(2, &["this machine"]);
    assert_eq!(world.stats().requests.total, 0);
}

#[test]
fn the_secret_is_named_and_never_written() {
    let world = org();
    let ran = |more: &[&str]| world.muster(&[&["hook", "register", "--url", URL], more].concat());
    ran(&[]).refused(2, &["MUSTER_HOOK_SECRET"]);
    let typed = ran(&["--secret", "hunter2hunter2"]);
    typed.refused(2, &["env:NAME or file:PATH"]);
    typed.hides(&["hunter2"]);
    world.write("secret", format!("{SECRET}\n"));
    assert_eq!(ran(&["--secret", "file:secret"]).code, 0);
    world.write("secret", "line\nbreak");
    let bad = ran(&["--secret", "file:secret", "--update"]);
    bad.refused(2, &["no header can carry"]);
    bad.hides(&["break"]);
}

#[test]
fn okta_can_get_a_token_in_place_of_a_header() {
    let world = org();
    let client = ["--oauth-client-id", "muster", "--oauth-token-url", "https://id.example.com/token"];
    let mut command =
        world.command(&[&["hook", "register", "--url", URL, "--output", "json"], &client[..]].concat());
    let ran = Ran::of(&command.env("MUSTER_HOOK_CLIENT_SECRET", "hunter2hunter2").output().unwrap());
    assert_eq!((ran.code, &ran.json()["hook"]["auth"]), (0, &json!("OAuth client_secret_post")), "{ran:?}");
    ran.hides(&["hunter2"]);
    let key = ["--oauth-key-id", "HKY123", "--oauth-scope", "hook", "--update"];
    let ran = world
        .muster(&[&["hook", "register", "--url", URL, "--output", "json"], &client[..], &key[..]].concat());
    assert_eq!((ran.code, &ran.json()["hook"]["auth"]), (0, &json!("OAuth private_key_jwt")), "{ran:?}");
    let none = world.muster(&[&["hook", "register", "--url", URL], &client[..]].concat());
    none.refused(2, &["MUSTER_HOOK_CLIENT_SECRET", "--oauth-key-id"]);
}

#[test]
fn the_status_tells_of_the_hook_and_its_last_hour() {
    let world = org();
    let none = world.muster(&["hook", "status"]);
    assert!(none.code == 0 && none.out.contains("no password hook"), "{none:?}");
    register(&world, &[]);
    let told = world.muster(&["hook", "status", "--output", "json"]).json();
    assert_eq!((&told["hooks"][0]["ours"], &told["hooks"][0]["uri"]), (&json!(true), &json!(URL)));
    assert_eq!(told["hooks"][0]["auth"], "header Authorization");
    assert_eq!(told["last_hour"], json!({"success": 0, "failure": 0, "at_least": false}));
    let text = world.muster(&["hook", "status"]).out;
    assert!(text.contains("ACTIVE") && text.contains(URL) && text.contains("Last hour: 0"), "{text}");
}

#[test]
fn a_right_that_is_missing_is_named() {
    let token = "weak=okta.users.manage".parse().unwrap();
    let world = World::with(OrgSettings { tokens: vec![token], ..free_settings() });
    for words in [&["hook", "status"][..], &["hook", "unregister"], &["hook", "register", "--url", URL]] {
        let mut command = world.command(words);
        let ran = Ran::of(
            &command.env("OKTA_API_TOKEN", "weak").env("MUSTER_HOOK_SECRET", SECRET).output().unwrap(),
        );
        ran.refused(1, &["okta.inlineHooks."]);
    }
}

#[test]
fn our_hook_is_ended_after_a_yes() {
    let world = org();
    register(&world, &[]);
    world.muster(&["hook", "unregister"]).refused(2, &["--yes", "can no longer sign in"]);
    assert_eq!(hooks(&world)[0]["status"], "ACTIVE");
    let ended = world.muster(&["hook", "unregister", "--yes", "--output", "json"]);
    assert_eq!((ended.code, &ended.json()["done"]), (0, &json!("unregistered")), "{ended:?}");
    assert_eq!(hooks(&world), Vec::<Value>::new());
    assert_eq!(world.muster(&["hook", "unregister", "--yes"]).code, 0, "nothing is left to do");
}

#[test]
fn somebody_elses_hook_is_ended_by_its_name_alone() {
    let world = org();
    let id = foreign(&world);
    world.muster(&["hook", "unregister", "--yes"]).refused(1, &["Legacy", &id, "--hook"]);
    world.muster(&["hook", "unregister", "--yes", "--hook", "Other"]).refused(1, &["Other", "Legacy"]);
    assert_eq!(world.muster(&["hook", "unregister", "--yes", "--hook", "Legacy"]).code, 0);
    assert_eq!(hooks(&world), Vec::<Value>::new());
}
