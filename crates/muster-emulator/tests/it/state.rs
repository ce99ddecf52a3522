use std::{fs, io::Write, path::Path};

use muster_emulator::{Emulator, EmulatorError, OrgSettings};
use serde_json::json;

use crate::caller::{Caller, bcrypt, unlimited, value};

fn at(path: &Path) -> OrgSettings {
    OrgSettings { state: Some(path.to_owned()), limits: unlimited(), ..OrgSettings::default() }
}

#[tokio::test]
async fn an_org_comes_back_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("org.ndjson");
    let org = Caller::with(at(&path));
    let attribute = json!({"title": "Staff", "type": "string", "unique": true, "pattern": "[0-9]+"});
    let change = json!({"definitions": {"custom": {"properties": {"staffId": attribute}}}});
    assert_eq!(org.post("/api/v1/meta/schemas/user/default", change).await.status, 200);
    let ada = org.user("ada@example.com", value("Abcd1234"), "").await;
    let bob = org.user("bob@example.com", bcrypt(), "").await;
    let gone = org.user("gone@example.com", json!({}), "").await;
    let group = org.group("Sales").await;
    let dropped = org.group("Dropped").await;
    for user in [&ada, &bob, &gone] {
        org.send("PUT", &format!("/api/v1/groups/{group}/users/{user}"), None).await;
    }
    org.send("DELETE", &format!("/api/v1/groups/{group}/users/{bob}"), None).await;
    org.send("DELETE", &format!("/api/v1/groups/{dropped}"), None).await;
    org.turn(&bob, "suspend").await;
    org.post(&format!("/api/v1/users/{ada}"), json!({"profile": {"staffId": "11"}})).await;
    for _ in 0..2 {
        org.send("DELETE", &format!("/api/v1/users/{gone}"), None).await;
    }
    let (before, shown) = (org.emulator.stats(), org.get(&format!("/api/v1/users/{ada}")).await);
    let schema = org.get("/api/v1/meta/schemas/user/default").await;
    drop(org);

    for start in 0..2 {
        let org = Caller::with(at(&path));
        let mut after = org.emulator.stats();
        after.requests = before.requests.clone();
        after.peak_in_flight = before.peak_in_flight;
        after.writes = before.writes;
        assert_eq!(after, before, "start {start}");
        let again = org.get(&format!("/api/v1/users/{ada}")).await;
        assert_eq!((again.text.as_str(), again.header("etag")), (shown.text.as_str(), shown.header("etag")));
        assert_eq!(org.get("/api/v1/meta/schemas/user/default").await.text, schema.text);
        assert_eq!(org.get("/api/v1/users/me").await.status, 200);
        let twin = org.post("/api/v1/users/bob", json!({"profile": {"staffId": "11"}})).await;
        assert_eq!(twin.status, 400, "unique values are known again");
    }
    let org = Caller::with(at(&path));
    assert_eq!(org.sign_in("ada@example.com", "Abcd1234").await.status, 200);
    let fresh = org.user("fresh@example.com", json!({}), "").await;
    assert!(![ada, bob, gone].contains(&fresh), "ids do not come twice");
    assert_eq!(org.get("/api/v1/groups").await.body.as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_torn_last_line_is_dropped_with_a_notice() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("org.ndjson");
    let org = Caller::with(at(&path));
    org.user("ada@example.com", json!({}), "").await;
    let before = org.emulator.stats();
    drop(org);
    let mut file = fs::OpenOptions::new().append(true).open(&path).expect("the file");
    file.write_all(b"{\"user\":{\"ordinal\":1,\"id\":\"00u").expect("half a line");
    let org = Caller::with(at(&path));
    assert_eq!(org.emulator.stats().logins_sha256, before.logins_sha256);
    assert!(org.emulator.notices()[0].contains("torn"), "{:?}", org.emulator.notices());
    drop(org);
    assert!(Caller::with(at(&path)).emulator.notices().is_empty(), "the start has mended the file");
}

#[tokio::test]
async fn a_start_adds_a_line_and_writes_the_file_anew_when_most_of_it_is_past() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("org.ndjson");
    let org = Caller::with(at(&path));
    let ada = org.user("ada@example.com", json!({}), "").await;
    drop(org);
    let before = fs::read_to_string(&path).expect("the file");
    drop(Caller::with(at(&path)));
    let after = fs::read_to_string(&path).expect("the file");
    assert_eq!(after.strip_prefix(&before), Some("{\"starts\":2}\n"));

    let line = before.lines().find(|line| line.contains("ada@")).expect("a line of hers").to_owned();
    fs::write(&path, format!("{after}{}", format!("{line}\n").repeat(10_100))).expect("a file");
    let org = Caller::with(at(&path));
    let short = fs::read_to_string(&path).expect("the file");
    assert!(short.starts_with("{\"muster_emulator_state\":1,\"starts\":3}\n"), "{short}");
    assert!(short.lines().count() < 20, "{}", short.lines().count());
    assert_eq!(org.get(&format!("/api/v1/users/{ada}")).await.status, 200);
}

#[tokio::test]
async fn counts_of_older_files_are_known_and_a_bare_first_line_is_enough() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("org.ndjson");
    fs::write(&path, "{\"muster_emulator_state\":1,\"starts\":1}\n{\"creates\":[\"ada@example.com\",4]}\n")
        .expect("a file");
    let org = Caller::with(at(&path));
    org.user("Ada@example.com", json!({}), "").await;
    let stats = org.emulator.stats();
    assert_eq!((stats.creates_accepted, stats.creates_by_login_max), (5, 5));
    drop(org);
    fs::write(&path, "{\"muster_emulator_state\":1,\"starts\":1}").expect("a file");
    Caller::with(at(&path)).user("ada@example.com", json!({}), "").await;
    assert_eq!(Caller::with(at(&path)).emulator.stats().users, 1);
}

#[tokio::test]
async fn other_files_are_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("people.csv");
    for content in [
        "login,email\nada@example.com,ada@example.com\n",
        "precious",
        "{\"muster_emulator_state\":99,\"starts\":1}\n",
    ] {
        fs::write(&path, content).expect("a file");
        let refused = Emulator::open(at(&path)).expect_err("no state file");
        assert!(matches!(refused, EmulatorError::StateVersion { .. }), "{refused}");
        assert_eq!(fs::read_to_string(&path).expect("the file"), content);
    }
    fs::write(&path, "{\"muster_emulator_state\":1,\"starts\":1}\n{\"user\":7}\n{\"creates\":[\"a\",1]}\n")
        .expect("a file");
    let refused = Emulator::open(at(&path)).expect_err("a bad line");
    assert!(matches!(refused, EmulatorError::StateLine { line: 2, .. }), "{refused}");
}

#[tokio::test]
async fn the_file_is_private_and_holds_no_cleartext() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("org.ndjson");
    let org = Caller::with(at(&path));
    let secrets = json!({"password": {"value": "Abcd1234"}, "recovery_question": {"question": "Q?", "answer": "unspeakable"}});
    org.user("ada@example.com", secrets, "").await;
    let content = fs::read_to_string(&path).expect("the file");
    assert!(content.contains("ada@example.com"), "it is there before the answer is");
    assert!(!content.contains("Abcd1234") && !content.contains("unspeakable"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).expect("the file").permissions().mode() & 0o777, 0o600);
    }
    let refused = Emulator::open(at(&path)).expect_err("it is in use");
    assert!(matches!(refused, EmulatorError::StateInUse { .. }), "{refused}");
}

/// Half a line at the end makes the next start write the file anew.
fn tear(path: &Path) {
    let mut file = fs::OpenOptions::new().append(true).open(path).expect("the file");
    file.write_all(b"{\"user\":{\"ordinal\":1").expect("half a line");
}

#[tokio::test]
async fn the_log_does_not_take_the_new_for_the_deleted() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("org.ndjson");
    let org = Caller::with(at(&path));
    let gone = org.user("gone@example.com", json!({}), "").await;
    let dropped = org.group("Dropped").await;
    org.send("PUT", &format!("/api/v1/groups/{dropped}/users/{gone}"), None).await;
    org.send("DELETE", &format!("/api/v1/groups/{dropped}"), None).await;
    for _ in 0..2 {
        org.send("DELETE", &format!("/api/v1/users/{gone}"), None).await;
    }
    drop(org);
    tear(&path);
    drop(Caller::with(at(&path)));
    let org = Caller::with(at(&path));
    org.user("fresh@example.com", json!({}), "").await;
    org.group("Fresh").await;
    let log = org.get("/api/v1/logs?filter=eventType%20eq%20%22group.user_membership.add%22").await;
    let target = &log.body[0]["target"];
    assert_eq!((&target[0]["id"], &target[1]["id"]), (&json!(gone), &json!(dropped)));
}

#[tokio::test]
async fn no_id_of_a_request_comes_again_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("org.ndjson");
    let request_id = async || {
        let got = Caller::with(at(&path)).get("/api/v1/users").await;
        got.header("x-okta-request-id").to_owned()
    };
    let (one, two, three) = (request_id().await, request_id().await, request_id().await);
    assert!(one != two && two != three && one != three);
}
