use serde_json::json;

use crate::caller::{Caller, hook, value};

#[tokio::test]
async fn a_sign_in_answers_with_the_user_and_needs_no_token() {
    let mut org = Caller::free();
    let id = org.user("ada@example.com", value("Abcd1234"), "").await;
    org.token = "";
    let got = org.sign_in("ada", "Abcd1234").await;
    assert_eq!(got.status, 200, "{}", got.text);
    assert_eq!(got.body["_embedded"]["user"]["id"], json!(id));
    assert_eq!(got.body["_embedded"]["user"]["profile"]["login"], json!("ada@example.com"));
    assert!(got.body["sessionToken"].is_string());
    org.token = "test";
    assert!(org.get(&format!("/api/v1/users/{id}")).await.body["lastLogin"].is_string());
}

#[tokio::test]
async fn who_cannot_sign_in_is_told_nothing() {
    let org = Caller::free();
    org.user("staged@example.com", value("Abcd1234"), "activate=false").await;
    org.user("hooked@example.com", hook(), "").await;
    org.user("bare@example.com", json!({}), "").await;
    let suspended = org.user("suspended@example.com", value("Abcd1234"), "").await;
    org.turn(&suspended, "suspend").await;
    for login in
        ["staged@example.com", "hooked@example.com", "bare@example.com", "suspended@example.com", "none"]
    {
        let got = org.sign_in(login, "Abcd1234").await;
        assert_eq!((got.status, got.code()), (401, "E0000004"), "{login}");
        assert_eq!(got.body["errorSummary"], json!("Authentication failed"));
    }
}

#[tokio::test]
async fn an_expired_password_must_be_changed() {
    let org = Caller::free();
    org.user("ada@example.com", value("Abcd1234"), "nextLogin=changePassword").await;
    assert_eq!(org.sign_in("ada@example.com", "wrong").await.status, 401);
    let got = org.sign_in("ada@example.com", "Abcd1234").await;
    assert_eq!(got.body["status"], json!("PASSWORD_EXPIRED"));
    assert!(got.body["stateToken"].is_string() && got.body.get("sessionToken").is_none());
}

#[tokio::test]
async fn a_new_password_takes_the_place_of_the_old_one() {
    let org = Caller::free();
    let id = org.user("ada@example.com", value("Abcd1234"), "").await;
    let got = org.post(&format!("/api/v1/users/{id}"), json!({"credentials": value("Other1234")})).await;
    assert_eq!(got.status, 200, "{}", got.text);
    assert_eq!(org.sign_in("ada@example.com", "Abcd1234").await.status, 401);
    assert_eq!(org.sign_in("ada@example.com", "Other1234").await.status, 200);
}
