use std::sync::{Arc, Mutex};

use muster_emulator::{LoggedRequest, OrgSettings};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::caller::{Caller, bcrypt, hook, unlimited, value};

#[tokio::test]
async fn the_numbers_add_up() {
    let mut org = Caller::free();
    org.user("bob@example.com", bcrypt(), "").await;
    org.user("Ada@example.com", value("Abcd1234"), "activate=false").await;
    org.user("cid@example.com", hook(), "").await;
    org.get("/api/v1/users/nobody").await;
    org.token = "";
    let stats = org.get("/_emulator/stats").await.body;
    let digest = Sha256::digest("Ada@example.com\nbob@example.com\ncid@example.com\n");
    let hex = digest.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    assert_eq!(stats["logins_sha256"], json!(hex));
    assert_eq!(stats["users"], json!(3));
    assert_eq!(stats["users_by_status"], json!({"ACTIVE": 2, "STAGED": 1}));
    assert_eq!(stats["users_by_provider"], json!({"IMPORT": 2, "OKTA": 1}));
    assert_eq!(stats["requests"], json!({"total": 4, "by_status": {"200": 3, "404": 1}}));
    assert_eq!((&stats["creates_accepted"], &stats["creates_by_login_max"]), (&json!(3), &json!(1)));
    assert_eq!((&stats["groups"], &stats["memberships"]), (&json!(1), &json!(0)));
}

#[tokio::test]
async fn there_is_a_list_of_what_there_is_to_see() {
    let org = Caller::free();
    let index = org.get("/_emulator/").await;
    assert_eq!((index.status, org.get("/_emulator/nothing").await.status), (200, 404));
    for path in index.body["paths"].as_array().expect("paths").iter().filter_map(Value::as_str) {
        let seen = org.get(path).await;
        assert!(seen.status == 200 || path.contains("login=NAME"), "{path}: {}", seen.text);
    }
}

#[tokio::test]
async fn users_are_told_line_by_line() {
    let org = Caller::free();
    let group = org.group("Sales").await;
    let bob = org.user("bob@example.com", bcrypt(), "").await;
    let ada = org.user("ada@example.com", value("Abcd1234"), "").await;
    org.send("PUT", &format!("/api/v1/groups/{group}/users/{bob}"), None).await;
    let text = org.get("/_emulator/users").await.text;
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let ada = json!({"login": "ada@example.com", "id": ada, "status": "ACTIVE", "provider": "OKTA",
                     "credential": "value", "groups": ["Everyone"]});
    let bob = json!({"login": "bob@example.com", "id": bob, "status": "ACTIVE", "provider": "IMPORT",
                     "credential": "bcrypt", "groups": ["Everyone", "Sales"]});
    assert_eq!(lines, [ada, bob]);
}

#[tokio::test]
async fn requests_are_told_with_their_secrets_masked() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&told);
    let log = move |request: &LoggedRequest| sink.lock().expect("a list").push(request.clone());
    let org =
        Caller::with(OrgSettings { log: Some(Arc::new(log)), limits: unlimited(), ..OrgSettings::default() });
    org.user("bob@example.com", bcrypt(), "activate=true").await;
    org.sign_in("bob@example.com", "P@ssword123456").await;
    let shown = org.get("/_emulator/requests?limit=2").await;
    let create = &shown.body[0];
    assert_eq!((&create["method"], &create["status"]), (&json!("POST"), &json!(200)));
    assert_eq!(create["path_and_query"], json!("/api/v1/users?activate=true"));
    let hash = &create["body"]["credentials"]["password"]["hash"];
    assert_eq!((&hash["salt"], &hash["value"]), (&json!("<22 characters>"), &json!("<31 characters>")));
    assert_eq!(shown.body[1]["body"]["password"], json!("<14 characters>"));
    let told = format!("{:?}", told.lock().expect("a list"));
    assert!(told.contains("bob@example.com") && !told.contains("mVA2NDdom") && !told.contains("P@ssword"));
    assert_eq!(org.get("/_emulator/requests?limit=1").await.body.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn the_same_seed_makes_the_same_org() {
    let settings =
        || OrgSettings { seed: 7, start: "2025-09-29T04:00:54Z".parse().ok(), ..OrgSettings::default() };
    let (one, other) = (Caller::with(settings()), Caller::with(settings()));
    let ids =
        (one.user("a@example.com", json!({}), "").await, other.user("a@example.com", json!({}), "").await);
    assert_eq!(ids.0, ids.1);
    assert_ne!(
        ids.0,
        Caller::with(OrgSettings { seed: 8, ..settings() }).user("a@example.com", json!({}), "").await
    );
}

#[tokio::test]
async fn the_headers_of_a_hook_are_masked() {
    let org = Caller::free();
    let body = crate::hook_server::registration("https://hooks.example.com/");
    assert_eq!(org.post("/api/v1/inlineHooks", body).await.status, 200);
    let shown = org.get("/_emulator/requests").await;
    assert!(shown.text.contains("X-Other") && !shown.text.contains("other value"), "{}", shown.text);
    assert!(!shown.text.contains("shared-secret"));
}
