use http::StatusCode;
use muster_emulator::{BadApiToken, Emulator, EmulatorError, FaultPlan, OrgSettings, PrincipalState};
use serde_json::json;

use crate::{
    caller::{Caller, profile, unlimited},
    service::{Key, NOW, USERS, app, ask_with, go, settings},
};

const DENIED: &str = "You do not have permission to perform the requested action";

fn org() -> Caller {
    let tokens = vec!["test".to_owned(), "reader=okta.users.read,okta.groups.manage".to_owned()];
    Caller::with(OrgSettings { tokens, limits: unlimited(), ..OrgSettings::default() })
}

#[tokio::test]
async fn a_token_may_do_what_its_rights_are_for() {
    let mut org = org();
    let user = org.user("ada@example.com", json!({}), "").await;
    org.token = "reader";
    for (method, path, body, status) in [
        ("GET", "/api/v1/users".to_owned(), None, 200),
        ("GET", format!("/api/v1/users/{user}"), None, 200),
        ("POST", "/api/v1/users".to_owned(), Some(json!({"profile": profile("bob@example.com")})), 403),
        ("POST", format!("/api/v1/users/{user}/lifecycle/suspend"), None, 403),
        ("DELETE", format!("/api/v1/users/{user}"), None, 403),
        ("GET", "/api/v1/groups".to_owned(), None, 200),
        ("POST", "/api/v1/groups".to_owned(), Some(json!({"profile": {"name": "Sales"}})), 200),
        ("GET", "/api/v1/meta/schemas/user/default".to_owned(), None, 403),
        ("GET", "/api/v1/logs".to_owned(), None, 403),
        ("GET", "/api/v1/nothing".to_owned(), None, 404),
    ] {
        let got = org.send(method, &path, body).await;
        assert_eq!(got.status, status, "{method} {path}: {}", got.text);
        if status == 403 {
            got.refused(StatusCode::FORBIDDEN, "E0000006", DENIED, &[]);
            assert!(got.headers.contains_key("x-rate-limit-limit"), "it was counted");
        }
    }
    org.token = "test";
    assert_eq!(org.status_of(&user).await, "PROVISIONED", "nothing was done");
}

#[tokio::test]
async fn schemes_are_for_one_kind_of_token_each() {
    let org = org();
    for (authorization, status) in [
        ("SSWS test", 200),
        ("ssws test", 200),
        ("SSWStest", 200),
        ("Bearertest", 401),
        ("Bearer test", 200),
        ("DPoP test", 401),
        ("Basic test", 401),
        ("SSWS unknown", 401),
        ("Bearer unknown", 401),
        ("SSWS", 401),
        ("test", 401),
        ("", 401),
        ("SSWS reader=okta.users.read,okta.groups.manage", 401),
    ] {
        let got = go(&org, "GET", USERS, authorization, &[]).await;
        assert_eq!(got.status, status, "{authorization}");
        if status == 401 {
            got.refused(StatusCode::UNAUTHORIZED, "E0000011", "Invalid token provided", &[]);
        }
    }
    let challenge = go(&org, "GET", USERS, "Bearer unknown", &[]).await;
    let challenge = challenge.header("www-authenticate");
    assert!(challenge.starts_with("Bearer ") && challenge.contains("error=\"invalid_token\""), "{challenge}");
    assert_eq!(go(&org, "GET", USERS, "SSWS unknown", &[]).await.header("www-authenticate"), "");
}

#[test]
fn a_token_that_cannot_be_understood_is_told_without_its_name() {
    let open = |token: &str| {
        Emulator::open(OrgSettings { tokens: vec![token.to_owned()], ..OrgSettings::default() })
            .expect_err("a bad token")
    };
    let refused = open("hush=okta.user.read");
    assert!(matches!(&refused, EmulatorError::Token(BadApiToken::Scope(_))), "{refused}");
    let said = refused.to_string();
    assert!(said.contains("`okta.user.read`") && said.contains("okta.users.manage"), "{said}");
    assert!(!said.contains("hush") && !format!("{refused:?}").contains("hush"));
    assert!(matches!(open(""), EmulatorError::Token(BadApiToken::NoName)));
    assert!(matches!(open("test="), EmulatorError::Token(BadApiToken::NoRights)));
}

#[tokio::test]
async fn a_token_stops_and_works_again() {
    let org = org();
    assert!(org.emulator.revoke("test"));
    assert_eq!(org.get("/api/v1/users").await.code(), "E0000011");
    assert_eq!(go(&org, "GET", USERS, "Bearer test", &[]).await.status, 401);
    assert_eq!(go(&org, "GET", USERS, "SSWS reader", &[]).await.status, 200);
    assert!(org.emulator.restore("test") && !org.emulator.revoke("nobody") && !org.emulator.restore(""));
    assert_eq!(org.get("/api/v1/users").await.status, 200);
}

#[tokio::test]
async fn tokens_are_seen_and_stopped_from_outside() {
    let org = org();
    let rights = json!(["okta.users.read", "okta.groups.manage"]);
    let expected = json!([
        {"name": "test", "kind": "token", "rights": null, "state": "active"},
        {"name": "reader", "kind": "token", "rights": rights, "state": "active"},
    ]);
    assert_eq!(org.get("/_emulator/tokens").await.body, expected);
    let stopped = org.post("/_emulator/tokens", json!({"name": "test", "state": "expired"})).await;
    assert_eq!((stopped.status, &stopped.body[0]["state"]), (200, &json!("expired")));
    assert_eq!(org.emulator.principals()[0].state, PrincipalState::Expired);
    assert_eq!(org.get("/api/v1/users").await.status, 401);
    org.post("/_emulator/tokens", json!({"name": "test", "state": "active"})).await;
    assert_eq!(org.get("/api/v1/users").await.status, 200);
    for bad in
        [json!({"name": "nobody", "state": "expired"}), json!({"name": "test", "state": "sad"}), json!([])]
    {
        let got = org.post("/_emulator/tokens", bad).await;
        assert!(got.status == 400 && got.body["error"].is_string(), "{}", got.text);
    }
    assert_eq!(org.send("PUT", "/_emulator/tokens", None).await.status, 404);
}

#[tokio::test]
async fn where_tokens_expire_an_app_still_gets_another() {
    let key = Key::new();
    let faults = FaultPlan(vec!["expired-token=all".parse().expect("a fault")]);
    let org = Caller::with(OrgSettings { faults, ..settings(app(&[&key], false)) });
    let got = ask_with(&org, &key.assertion(NOW, &json!({})), "okta.users.manage", None).await;
    assert_eq!(got.status, 200, "{}", got.text);
    let authorization = format!("Bearer {}", got.token());
    assert_eq!(go(&org, "GET", USERS, &authorization, &[]).await.code(), "E0000011");
}
