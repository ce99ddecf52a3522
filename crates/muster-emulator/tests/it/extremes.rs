//! Input beyond all measure: it is refused or borne, and the org goes on.

use muster_emulator::OrgSettings;
use serde_json::{Value, json};

use crate::caller::Caller;

fn rule(expression: &str, group: &str) -> Value {
    json!({
        "type": "group_rule",
        "name": "Rule",
        "conditions": {"expression": {"value": expression, "type": "urn:okta:expression:1.0"}},
        "actions": {"assignUserToGroups": {"groupIds": [group]}},
    })
}

#[tokio::test]
async fn a_rule_with_a_hundred_thousand_terms_is_borne() {
    let org = Caller::free();
    let group = org.group("Sales").await;
    let ada = org.user("ada@example.com", json!({}), "").await;
    let expression = vec!["true"; 100_000].join("&&");
    let got = org.post("/api/v1/groups/rules", rule(&expression, &group)).await;
    assert_eq!(got.status, 200, "{}", got.code());
    let path = format!("/api/v1/groups/rules/{}/lifecycle/activate", got.id());
    assert_eq!(org.send("POST", &path, None).await.status, 204);
    assert_eq!(org.get(&format!("/api/v1/groups/{group}/users")).await.body[0]["id"], json!(ada));
}

#[tokio::test]
async fn a_rule_that_is_nested_too_deep_is_refused() {
    let org = Caller::free();
    let group = org.group("Sales").await;
    for deep in ["(", "!", "not ", "Arrays.isEmpty("].map(|part| part.repeat(50_000)) {
        let got = org.post("/api/v1/groups/rules", rule(&deep, &group)).await;
        assert_eq!((got.status, got.code()), (400, "E0000001"));
    }
}

#[tokio::test]
async fn a_profile_that_could_not_be_read_back_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = || OrgSettings {
        state: Some(folder.path().join("org.ndjson")),
        applications: vec!["Mail".to_owned()],
        ..OrgSettings::default()
    };
    let org = Caller::like(settings());
    let path = format!("/api/v1/apps/{}/users", org.emulator.applications()[0].0);
    let id = org.user("ada@example.com", json!({}), "").await;
    let deep = |levels: usize| (0..levels).fold(json!(1), |inner, _| json!([inner]));
    let got = org.post(&path, json!({"id": id, "profile": {"role": deep(125)}})).await;
    assert_eq!((got.status, got.code()), (400, "E0000003"));
    assert_eq!(org.post(&path, json!({"id": id, "profile": {"role": deep(30)}})).await.status, 200);
    drop(org);
    assert_eq!(Caller::like(settings()).get(&path).await.body[0]["profile"], json!({"role": deep(30)}));
}

#[tokio::test]
async fn patterns_that_are_none_are_refused() {
    let org = Caller::free();
    let huge = "(((a{100}){100}){100})";
    for pattern in ["a)(b", "a)|(?:b", "(", huge, &"(".repeat(100_000), &"a*".repeat(300_000)] {
        let attribute = json!({"title": "Badge", "type": "string", "pattern": pattern});
        let change = json!({"definitions": {"custom": {"properties": {"badge": attribute}}}});
        let got = org.post("/api/v1/meta/schemas/user/default", change).await;
        assert_eq!((got.status, got.code()), (400, "E0000001"));
    }
}

#[tokio::test]
async fn clocks_from_before_1970_show_1970() {
    let faults = "[\"date-skew@-99999999999=all\"]";
    let org = Caller::free();
    org.send("PUT", "/_emulator/faults", serde_json::from_str(faults).ok()).await;
    let got = org.get("/api/v1/users").await;
    assert_eq!((got.status, got.header("date")), (200, "Thu, 01 Jan 1970 00:00:00 GMT"));
}

#[tokio::test]
async fn of_a_name_that_nobody_has_the_log_keeps_the_beginning() {
    let org = Caller::free();
    assert_eq!(org.sign_in(&"é".repeat(100_000), "x").await.code(), "E0000004");
    let log = org.get("/api/v1/logs").await;
    assert_eq!(log.body[0]["target"][0]["alternateId"], json!("é".repeat(255)));
}

#[tokio::test]
async fn links_lead_on_whatever_stands_in_the_query() {
    let org = Caller::free();
    for number in 0..3 {
        org.user(&format!("user{number}@example.com"), json!({}), "").await;
    }
    let odd = "/api/v1/users?limit=1&%C3%A9%0D%0A%3E=%22";
    assert_eq!(org.all(odd).await.len(), 3);
}
