//! The audit file.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use muster_core::hook_call::{HookCall, HookResult};
use muster_server::hook::audit::AuditPlace;
use muster_server::hook::settings::HookSettings;

use crate::places::{Place, Stored};
use crate::world::{SECRET, body, settings, world};

fn lines(path: &Path) -> Vec<HookCall> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_has_a_line_and_no_line_a_password() {
    let folder = tempfile::tempdir().unwrap();
    let (path, moved) = (folder.path().join("audit.ndjson"), folder.path().join("audit.1.ndjson"));
    let settings = HookSettings { audit: Some(AuditPlace::File(path.clone())), ..settings() };
    let people = Place::new("old", &[("a@example.com", Stored::Hash("hunter2", 1))]);
    let world = world(settings, vec![Arc::new(people)]).await;
    for (event, login, password) in [
        ("e1", "A@example.com", "hunter2"),
        ("e1", "A@example.com", "hunter2"),
        ("e2", "a@example.com", "hunter3"),
    ] {
        world.call(event, login, password).await;
    }
    world.send("no secret", body("e", "a@example.com", "hunter4").to_string()).await;
    fs::rename(&path, &moved).unwrap();
    world.running.reload();
    world.call("e3", "nobody@example.com", "hunter2").await;
    let client = world.client;
    world.running.drain().await;
    drop(client);
    let told: Vec<HookCall> = lines(&moved).into_iter().chain(lines(&path)).collect();
    let results: Vec<_> =
        told.iter().map(|call| (call.event_id.as_str(), call.result, call.repeated)).collect();
    let expected = [
        ("e1", HookResult::Verified, false),
        ("e1", HookResult::Verified, true),
        ("e2", HookResult::WrongPassword, false),
        ("e3", HookResult::UnknownUser, false),
    ];
    assert_eq!(results, expected);
    assert_eq!((told[0].user.as_str(), told[0].backend.as_deref()), ("A@example.com", Some("old")));
    assert_eq!(told[0].notation.as_deref(), Some("ssha512"));
    assert!(path.exists(), "a new file was begun");
    let text = fs::read_to_string(&moved).unwrap() + &fs::read_to_string(&path).unwrap();
    assert!(!text.contains("hunter") && !text.contains(SECRET), "{text}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
