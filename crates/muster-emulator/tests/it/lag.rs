use std::time::Duration;

use muster_emulator::OrgSettings;
use serde_json::{Value, json};
use tokio::time::advance;

use crate::caller::{Caller, Got, profile, unlimited, value};

fn org(lag: &str) -> Caller {
    Caller::with(OrgSettings {
        lag: lag.parse().expect("a lag"),
        limits: unlimited(),
        ..OrgSettings::default()
    })
}

fn logins(got: &Got) -> Vec<&str> {
    let users = got.body.as_array().expect("users");
    users.iter().filter_map(|user| user["profile"]["login"].as_str()).collect()
}

const SEARCH: &str = "/api/v1/users?search=profile.login%20eq%20%22ada@example.com%22";
const FILTER: &str = "/api/v1/users?filter=profile.login%20eq%20%22ada@example.com%22";

#[tokio::test(start_paused = true)]
async fn lists_are_late_and_reads_are_not() {
    let org = org("search=2s");
    let id = org.user("ada@example.com", json!({}), "activate=false").await;
    let group = org.group("Sales").await;
    let lists = [SEARCH, FILTER, "/api/v1/users?q=ada", "/api/v1/users"];
    for path in lists {
        assert!(logins(&org.get(path).await).is_empty(), "{path}");
    }
    for path in ["/api/v1/groups?q=Sal", "/api/v1/groups?search=profile.name%20eq%20%22Sales%22"] {
        assert_eq!(org.get(path).await.body, json!([]), "{path}");
    }
    assert_eq!(org.get("/api/v1/groups").await.body.as_array().map(Vec::len), Some(1), "Everyone alone");
    assert_eq!(org.get(&format!("/api/v1/users/{id}")).await.status, 200);
    assert_eq!(org.get("/api/v1/users/ada@example.com").await.status, 200);
    assert_eq!(org.get(&format!("/api/v1/groups/{group}")).await.status, 200);
    advance(Duration::from_secs(2)).await;
    for path in lists {
        assert_eq!(logins(&org.get(path).await), ["ada@example.com"], "{path}");
    }
    assert_eq!(org.get("/api/v1/groups?q=Sal").await.body.as_array().map(Vec::len), Some(1));
}

#[tokio::test(start_paused = true)]
async fn a_changed_user_is_shown_as_before() {
    let org = org("search=2s");
    let id = org.user("ada@example.com", json!({}), "activate=false").await;
    advance(Duration::from_secs(5)).await;
    let change = json!({"profile": {"login": "countess@example.com"}});
    assert_eq!(org.post(&format!("/api/v1/users/{id}"), change).await.status, 200);
    let new_search = SEARCH.replace("ada@", "countess@");
    assert_eq!(logins(&org.get(SEARCH).await), ["ada@example.com"]);
    assert!(logins(&org.get(&new_search).await).is_empty());
    assert_eq!(logins(&org.get("/api/v1/users").await), ["ada@example.com"]);
    assert_eq!(org.get("/api/v1/users/countess@example.com").await.status, 200);
    advance(Duration::from_secs(2)).await;
    assert!(logins(&org.get(SEARCH).await).is_empty());
    assert_eq!(logins(&org.get(&new_search).await), ["countess@example.com"]);
}

#[tokio::test(start_paused = true)]
async fn a_changed_group_is_shown_as_before() {
    let org = org("search=2s");
    let id = org.group("Sales").await;
    advance(Duration::from_secs(5)).await;
    let renamed = json!({"profile": {"name": "Selling"}});
    assert_eq!(org.send("PUT", &format!("/api/v1/groups/{id}"), Some(renamed)).await.status, 200);
    let name = async || org.get("/api/v1/groups").await.body[1]["profile"]["name"].clone();
    assert_eq!(name().await, "Sales");
    assert_eq!(org.get("/api/v1/groups?q=Selling").await.body, json!([]));
    advance(Duration::from_secs(2)).await;
    assert_eq!(name().await, "Selling");
}

#[tokio::test(start_paused = true)]
async fn a_user_who_is_deleted_is_gone_at_once() {
    let org = org("search=2s");
    let id = org.user("ada@example.com", json!({}), "activate=false").await;
    advance(Duration::from_secs(5)).await;
    for _ in 0..2 {
        assert_eq!(org.send("DELETE", &format!("/api/v1/users/{id}"), None).await.status, 204);
    }
    assert!(logins(&org.get(SEARCH).await).is_empty());
}

#[tokio::test(start_paused = true)]
async fn everybody_has_a_lag_of_their_own() {
    let org = org("search=0..4s");
    for number in 0..60 {
        org.user(&format!("user{number}@example.com"), json!({}), "activate=false").await;
    }
    let mut seen = Vec::new();
    for _ in 0..5 {
        seen.push(logins(&org.get("/api/v1/users").await).len());
        advance(Duration::from_secs(1)).await;
    }
    assert!(seen.is_sorted() && seen[1] > 3 && seen[2] < 57 && seen[4] == 60, "{seen:?}");
}

#[tokio::test(start_paused = true)]
async fn activation_goes_on_after_the_answer() {
    let org = org("activation=2s");
    let id = org.user("ada@example.com", value("Sunny-Day-2024"), "activate=true").await;
    let path = format!("/api/v1/users/{id}");
    let change = || json!({"profile": {"firstName": "Augusta"}});
    for method in ["POST", "PUT"] {
        let got = org.send(method, &path, Some(change())).await;
        let summary = "Cannot update this user because they are still being activated. Please try again in a few minutes.";
        got.refused(http::StatusCode::CONFLICT, "E0000112", summary, &[]);
    }
    assert_eq!(org.get(&path).await.body.get("transitioningToStatus"), Some(&Value::Null));
    advance(Duration::from_secs(2)).await;
    assert_eq!(org.post(&path, change()).await.status, 200);
    let staged = org.user("staged@example.com", json!({}), "activate=false").await;
    assert_eq!(org.post(&format!("/api/v1/users/{staged}"), change()).await.status, 200);
    org.turn(&staged, "activate").await;
    assert_eq!(org.post(&format!("/api/v1/users/{staged}"), change()).await.code(), "E0000112");
}

#[tokio::test(start_paused = true)]
async fn fresh_ids_are_not_known_everywhere() {
    let org = org("fresh=500ms/100%");
    let id = org.user("ada@example.com", json!({}), "activate=false").await;
    let group = org.group("Sales").await;
    let membership = format!("/api/v1/groups/{group}/users/{id}");
    let got = org.send("PUT", &membership, None).await;
    got.refused(
        http::StatusCode::NOT_FOUND,
        "E0000007",
        &format!("Not found: Resource not found: {group} (UserGroup)"),
        &[],
    );
    assert_eq!(org.get(&format!("/api/v1/users/{id}/groups")).await.code(), "E0000007");
    assert_eq!(org.turn(&id, "activate").await.code(), "E0000007");
    for change in ["change_password", "change_recovery_question", "forgot_password"] {
        let path = format!("/api/v1/users/{id}/credentials/{change}");
        assert_eq!(org.post(&path, json!({})).await.code(), "E0000007", "{change}");
    }
    assert_eq!(org.get(&format!("/api/v1/users/{id}")).await.status, 200);
    advance(Duration::from_millis(500)).await;
    assert_eq!(org.send("PUT", &membership, None).await.status, 204);
    assert_eq!(org.turn(&id, "activate").await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_share_of_the_fresh_ids_has_bad_luck() {
    let org = org("fresh=500ms/30%");
    let mut unlucky = 0;
    for number in 0..200 {
        let id = org.user(&format!("user{number}@example.com"), json!({}), "activate=false").await;
        unlucky += usize::from(org.get(&format!("/api/v1/users/{id}/groups")).await.status == 404);
    }
    assert!((35..=85).contains(&unlucky), "{unlucky}");
}

#[tokio::test(start_paused = true)]
async fn new_attributes_are_not_defined_at_once() {
    let org = org("schema=2s");
    let attribute = json!({"title": "Badge", "type": "string"});
    let change = json!({"definitions": {"custom": {"properties": {"badge": attribute}}}});
    assert_eq!(org.post("/api/v1/meta/schemas/user/default", change.clone()).await.status, 200);
    let create = |login: &str| {
        let mut profile = profile(login);
        profile["badge"] = Value::from("7");
        json!({"profile": profile})
    };
    let early = org.post("/api/v1/users?activate=false", create("ada@example.com")).await;
    early.invalid("newUser", &["Property name 'badge' is not defined in profile"]);
    let without = org.user("plain@example.com", json!({}), "activate=false").await;
    advance(Duration::from_secs(2)).await;
    assert_eq!(org.post("/api/v1/users?activate=false", create("ada@example.com")).await.status, 200);
    org.post("/api/v1/meta/schemas/user/default", change).await;
    let again = org.post(&format!("/api/v1/users/{without}"), json!({"profile": {"badge": "8"}})).await;
    assert_eq!(again.status, 200, "a change is no addition");
}

#[tokio::test(start_paused = true)]
async fn lag_is_set_while_the_org_runs() {
    let org = org("");
    org.user("ada@example.com", json!({}), "activate=false").await;
    assert_eq!(logins(&org.get(SEARCH).await).len(), 1);
    let set = org.send("PUT", "/_emulator/lag", Some(json!(["search=3s", "activation=1s"]))).await;
    assert_eq!(set.body, json!(["search=3s,activation=1s,fresh=0s/50%,schema=0s"]));
    org.user("late@example.com", json!({}), "activate=false").await;
    assert_eq!(logins(&org.get("/api/v1/users").await), ["ada@example.com"]);
    org.emulator.set_lag("activation=1s".parse().expect("a lag"));
    assert_eq!(logins(&org.get("/api/v1/users").await).len(), 2, "without a lag everything is there");
}
