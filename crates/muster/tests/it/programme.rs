//! The weeks of the hook, from the first sign-in to the last mail.

use std::sync::Arc;

use muster_emulator::{HookAnswer, HookAnswering, HookRequest, HookService, OrgSettings};
use serde_json::{Value, json};

use crate::world::{World, free_settings, people};

/// Says yes to everybody.
struct Yes;

impl HookService for Yes {
    fn answer(&self, _: HookRequest) -> HookAnswering<'_> {
        let body =
            json!({"commands": [{"type": "com.okta.action.update", "value": {"credential": "VERIFIED"}}]});
        Box::pin(async move { Ok(HookAnswer { status: 200, body: body.to_string().into() }) })
    }
}

/// Six people who wait for the hook.
fn armed() -> World {
    let world = World::with(OrgSettings { hook_service: Some(Arc::new(Yes)), ..free_settings() });
    let hook = json!({"name": "Old", "type": "com.okta.user.credential.password.import", "version": "1.0.0",
        "channel": {"type": "HTTP", "version": "1.0.0", "config": {"uri": "https://hook.example/", "method": "POST",
            "authScheme": {"type": "HEADER", "key": "Authorization", "value": "s"}}}});
    world.post("/api/v1/inlineHooks", &hook);
    world.write("people.csv", people(6));
    world.import(&["people.csv", "--mode", "hook"]);
    world
}

fn login(number: usize) -> String {
    format!("p{number:03}@example.com")
}

fn suspend(world: &World, number: usize) {
    let id = world.user(&login(number))["id"].as_str().unwrap().to_owned();
    world.call("POST", &format!("/api/v1/users/{id}/lifecycle/suspend"), None);
}

fn status(world: &World, options: &[&str]) -> Value {
    let ran = world.muster(&[&["programme", "status", "--output", "json"], options].concat());
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.json()
}

#[test]
fn status_follows_the_sign_ins() {
    let world = armed();
    assert_eq!(status(&world, &[])["waiting"], 6);
    assert!(world.signs_in(&login(0), "any") && world.signs_in(&login(1), "any"));
    let told = status(&world, &["--until", "2099-01-31", "--read-back"]);
    assert_eq!((&told["people"], &told["come_over"], &told["waiting"]), (&json!(6), &json!(2), &json!(4)));
    assert_eq!((&told["no_forecast"], &told["until"]["date"]), (&json!("too_early"), &json!("2099-01-31")));
    assert!(world.signs_in(&login(2), "any"));
    assert_eq!(status(&world, &["--offline"])["come_over"], 2, "nobody was asked");
    let text = world.muster(&["programme", "status"]);
    assert!(text.code == 0 && text.out.contains("come over") && text.out.contains("50.0 %"), "{text:?}");
}

#[test]
fn stragglers_are_a_list() {
    let world = armed();
    assert!(world.signs_in(&login(0), "any"));
    let ran = world.muster(&["programme", "stragglers", "-q"]);
    assert_eq!((ran.code, ran.out.lines().count()), (0, 6), "{ran:?}");
    let out = world.muster(&["programme", "stragglers", "--out", "left.csv"]);
    assert_eq!((out.code, out.out.as_str(), world.read("left.csv")), (0, "", ran.out), "{out:?}");
}

#[test]
fn the_end_is_balanced_and_ends_the_hook() {
    let world = armed();
    assert!(world.signs_in(&login(0), "any"));
    suspend(&world, 1);
    let dry = world.muster(&["programme", "finish", "--dry-run", "--per-hour", "3", "--output", "json"]);
    assert_eq!((dry.code, &dry.json()["hours"]), (0, &json!([3, 2])), "{dry:?}");
    world.muster(&["programme", "finish"]).refused(2, &["--dry-run", "--yes"]);
    assert_eq!(world.stats().mails.get("password_reset"), None);
    let canary = world.muster(&["programme", "finish", "--yes", "--limit", "1", "--output", "json"]);
    assert_eq!(
        (canary.json()["reset"].as_u64(), canary.json()["hook"].as_str()),
        (Some(1), Some("left")),
        "{canary:?}"
    );
    let whole = world.muster(&["programme", "finish", "--yes", "--hook", "Old", "--output", "json"]);
    let told = whole.json();
    assert_eq!(whole.code, 3, "one can't be reset: {whole:?}");
    let counts = ["people", "come_over", "reset", "gone", "cannot", "waiting"]
        .map(|name| told[name].as_u64().unwrap());
    assert_eq!(counts, [6, 1, 4, 0, 1, 0]);
    assert_eq!((&told["cannot_because"]["SUSPENDED"], &told["hook"]), (&json!(1), &json!("ended")));
    assert_eq!(world.stats().mails["password_reset"], 4);
    assert_eq!(world.get("/api/v1/inlineHooks"), json!([]));
}

#[test]
fn a_hook_of_others_is_left_alone() {
    let world = armed();
    let ran = world.muster(&["programme", "finish", "--yes"]);
    assert!(ran.code == 3 && ran.out.contains("--hook ID"), "{ran:?}");
    assert_eq!(world.get("/api/v1/inlineHooks")[0]["status"], "ACTIVE");
}
