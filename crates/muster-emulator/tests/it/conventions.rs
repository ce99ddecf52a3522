//! What holds for every kind of answer, and small rules that belong to no other subject.

use muster_emulator::{OrgPlan, OrgSettings};
use serde_json::json;

use crate::caller::{Caller, profile, value};

#[tokio::test]
async fn ids_have_twenty_characters_and_a_prefix_of_their_kind() {
    let org = Caller::free();
    let user = org.user("ada@example.com", json!({}), "").await;
    let group = org.group("Sales").await;
    let kind = org.get("/api/v1/meta/types/user").await.body[0]["id"].as_str().expect("an id").to_owned();
    for (id, prefix) in [(user, "00u"), (group, "00g"), (kind, "oty")] {
        assert_eq!((id.len(), &id[..3]), (20, prefix));
        assert!(id.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{id}");
    }
}

#[tokio::test]
async fn two_attributes_are_null_when_unset_and_the_others_are_absent() {
    let org = Caller::free();
    let id = org.user("ada@example.com", json!({}), "").await;
    let shown = org.get(&format!("/api/v1/users/{id}")).await.body;
    let names: Vec<_> = shown["profile"].as_object().expect("a profile").keys().cloned().collect();
    assert_eq!(names.len(), 6, "{names:?}");
    assert_eq!(
        (&shown["profile"]["mobilePhone"], &shown["profile"]["secondEmail"]),
        (&json!(null), &json!(null))
    );
    assert_eq!(shown.get("lastLogin"), Some(&json!(null)));
    assert_eq!(shown.get("passwordChanged"), Some(&json!(null)));
}

#[tokio::test]
async fn an_error_has_five_members_and_an_id_of_its_own() {
    let org = Caller::free();
    let first = org.get("/api/v1/users/nobody").await.body;
    let second = org.get("/api/v1/users/nobody").await.body;
    assert_eq!(first.as_object().map(serde_json::Map::len), Some(5));
    assert_eq!(first["errorLink"], first["errorCode"]);
    assert!(first["errorId"].as_str().is_some_and(|id| id.starts_with("oae")));
    assert_ne!(first["errorId"], second["errorId"]);
}

#[tokio::test]
async fn lists_say_the_limit_that_holds_in_their_own_link() {
    let org = Caller::free();
    for (path, limit) in [("/api/v1/users", "limit=200"), ("/api/v1/groups", "limit=10000")] {
        let got = org.get(path).await;
        let link = got.header("link");
        assert!(link.contains(limit) && link.ends_with("rel=\"self\""), "{link}");
    }
}

#[tokio::test]
async fn an_address_can_belong_to_several_users() {
    let org = Caller::free();
    for login in ["ada@example.com", "bob@example.com"] {
        let mut profile = profile(login);
        profile["email"] = json!("both@example.com");
        assert_eq!(org.post("/api/v1/users", json!({"profile": profile})).await.status, 200, "{login}");
    }
}

#[tokio::test]
async fn a_password_has_72_characters_at_most() {
    for (length, status) in [(72, 200), (73, 400)] {
        let password = format!("Aa1{}", "x".repeat(length - 3));
        let body = json!({"profile": profile("lovelace@example.com"), "credentials": value(&password)});
        assert_eq!(Caller::free().post("/api/v1/users", body).await.status, status, "{length}");
    }
}

#[tokio::test]
async fn a_login_with_a_slash_is_read_by_id_alone() {
    let org = Caller::free();
    let id = org.user("a/b@example.com", json!({}), "").await;
    assert_eq!(org.get("/api/v1/users/a%2Fb@example.com").await.code(), "E0000007");
    assert_eq!(org.get(&format!("/api/v1/users/{id}")).await.id(), id);
}

/// What the org does not have says so as any unknown path or method does.
#[tokio::test]
async fn realms_and_limits_can_be_read_and_not_written() {
    let org = Caller::free();
    assert_eq!(org.post("/api/v1/realms", json!({"profile": {"name": "A"}})).await.code(), "E0000022");
    let path = "/api/v1/rate-limit-settings/warning-threshold";
    assert_eq!(org.send("PUT", path, Some(json!({"warningThreshold": 50}))).await.code(), "E0000022");
    assert_eq!(org.post("/api/v1/devices", json!({})).await.code(), "E0000008");
}

/// The published quotas, halved, as one token sees them.
#[tokio::test]
async fn limits_are_those_of_the_kind_of_org() {
    for (plan, users, reads, group) in [
        (OrgPlan::Integrator, "50", "50", "50"),
        (OrgPlan::OneApp, "300", "500", "300"),
        (OrgPlan::Enterprise, "300", "500", "300"),
        (OrgPlan::Workforce, "300", "1000", "500"),
    ] {
        let org = Caller::with(OrgSettings { plan, ..OrgSettings::default() });
        for (path, limit) in
            [("/api/v1/users", users), ("/api/v1/users/x", reads), ("/api/v1/groups/x", group)]
        {
            assert_eq!(org.get(path).await.header("x-rate-limit-limit"), limit, "{plan:?} {path}");
        }
    }
}
