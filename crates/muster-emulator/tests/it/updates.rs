use http::StatusCode;
use muster_emulator::OrgSettings;
use serde_json::json;

use crate::caller::{Caller, bcrypt, hook, profile, value};

#[tokio::test]
async fn a_partial_update_changes_what_is_sent() {
    let org = Caller::free();
    let id = org.user("ada@example.com", value("Abcd1234"), "").await;
    let path = format!("/api/v1/users/{id}");
    org.post(&path, json!({"profile": {"city": "Bern", "nickName": "Countess"}})).await;
    let got = org.post(&path, json!({"profile": {"nickName": null, "title": "Dr"}})).await;
    assert_eq!(got.body["profile"]["city"], json!("Bern"));
    assert_eq!(got.body["profile"]["title"], json!("Dr"));
    assert!(got.body["profile"].get("nickName").is_none(), "null clears");
    let got = org.post(&path, json!({"profile": {"firstName": null}})).await;
    got.invalid("firstName", &["firstName: The field cannot be left blank"]);
    let got = org.post(&path, json!({"profile": {"nonsense": 1}})).await;
    assert_eq!(got.causes(), ["Property name 'nonsense' is not defined in profile"]);
}

#[tokio::test]
async fn a_full_update_deletes_what_is_not_sent() {
    let org = Caller::free();
    let id = org.user("ada@example.com", value("Abcd1234"), "").await;
    let path = format!("/api/v1/users/{id}");
    org.post(&path, json!({"profile": {"city": "Bern"}})).await;
    let kept = org.send("PUT", &path, Some(json!({"credentials": value("Other1234")}))).await;
    assert_eq!(kept.body["profile"]["city"], json!("Bern"), "credentials alone keep the profile");
    let got = org.send("PUT", &path, Some(json!({"profile": profile("ada@example.com")}))).await;
    assert!(got.body["profile"].get("city").is_none());
}

#[tokio::test]
async fn a_login_can_change_unless_it_is_taken() {
    let org = Caller::free();
    org.user("bob@example.com", json!({}), "").await;
    let id = org.user("ada@example.com", json!({}), "").await;
    let path = format!("/api/v1/users/{id}");
    let got = org.post(&path, json!({"profile": {"login": "BOB@example.com"}})).await;
    got.invalid("login", &["login: An object with this field already exists in the current organization"]);
    assert_eq!(org.post(&path, json!({"profile": {"login": "Ada@example.com"}})).await.status, 200);
    assert_eq!(org.post(&path, json!({"profile": {"login": "countess@example.com"}})).await.status, 200);
    assert_eq!(org.get("/api/v1/users/ada@example.com").await.status, 404);
    assert_eq!(org.get("/api/v1/users/countess").await.id(), id);
}

#[tokio::test]
async fn a_hash_is_for_staged_users_and_a_hook_for_all() {
    let org = Caller::free();
    let staged = org.user("staged@example.com", json!({}), "activate=false").await;
    let active = org.user("active@example.com", value("Abcd1234"), "").await;
    let path = |id: &str| format!("/api/v1/users/{id}");
    let got = org.post(&path(&staged), json!({"credentials": bcrypt()})).await;
    assert_eq!(got.body["credentials"]["provider"]["type"], json!("IMPORT"));
    assert_eq!(org.turn(&staged, "activate").await.status, 200);
    assert_eq!(org.status_of(&staged).await, "ACTIVE");
    let got = org.post(&path(&active), json!({"credentials": bcrypt()})).await;
    let cause = "password: An imported password may only be specified for a user with status: STAGED";
    got.invalid("password", &[cause]);
    let got = org.post(&path(&active), json!({"credentials": hook()})).await;
    assert_eq!(got.body["credentials"]["provider"]["type"], json!("IMPORT"));
    org.turn(&active, "deactivate").await;
    let got = org.post(&path(&active), json!({"credentials": value("Abcd1234")})).await;
    let summary = "This operation is not allowed in the user's current status.";
    got.refused(StatusCode::FORBIDDEN, "E0000038", summary, &[]);
}

#[tokio::test]
async fn an_etag_guards_against_changes_in_between() {
    let org = Caller::free();
    let id = org.user("ada@example.com", json!({}), "").await;
    let path = format!("/api/v1/users/{id}");
    let etag = org.get(&path).await.header("etag").to_owned();
    let body = || Some(json!({"profile": {"city": "Bern"}}));
    assert_eq!(org.send_with("POST", &path, body(), &[("if-match", &etag)]).await.status, 200);
    assert_eq!(org.send_with("POST", &path, body(), &[("if-match", &etag)]).await.code(), "E0000231");
    assert_eq!(org.send_with("POST", &path, body(), &[("if-match", "nonsense")]).await.code(), "E0000242");
}

#[tokio::test]
async fn recovery_questions_are_checked_and_answers_never_shown() {
    let org = Caller::free();
    let ask = |question: &str, answer: &str| {
        json!({"profile": profile("ada@example.com"),
               "credentials": {"recovery_question": {"question": question, "answer": answer}}})
    };
    for (question, answer) in [("", "x"), ("Which?", ""), ("Which?", "Which? That"), ("Q", &"x".repeat(101))]
    {
        assert_eq!(org.post("/api/v1/users", ask(question, answer)).await.status, 400, "{question} {answer}");
    }
    let got = org.post("/api/v1/users", ask("Which?", "unspeakable")).await;
    assert_eq!(got.body["credentials"]["recovery_question"], json!({"question": "Which?"}));
    assert!(!got.text.contains("unspeakable"));
}

#[tokio::test]
async fn a_refused_password_is_in_no_log() {
    let org = Caller::free();
    let id = org.user("ada@example.com", value("Abcd1234"), "").await;
    let credentials = json!({"password": {"value": "Other1234"}, "recovery_question": {"question": "Q?"}});
    let got = org.post(&format!("/api/v1/users/{id}"), json!({"credentials": credentials})).await;
    assert_eq!(got.code(), "E0000001");
    let log = org.get("/api/v1/logs?filter=eventType%20eq%20%22user.account.update_password%22").await;
    assert_eq!(log.body, json!([]));
}

#[tokio::test]
async fn a_reset_makes_nobody_active_beyond_the_cap() {
    let org = Caller::like(OrgSettings { active_user_cap: Some(1), ..OrgSettings::default() });
    org.user("ada@example.com", value("Abcd1234"), "").await;
    let bob = org.user("bob@example.com", json!({}), "").await;
    for parameters in ["sendEmail=false", "sendEmail=false&provider=FEDERATION"] {
        let got = org.turn(&bob, &format!("reset_password?{parameters}")).await;
        assert_eq!((got.code(), org.status_of(&bob).await.as_str()), ("E0000001", "PROVISIONED"));
    }
}

#[tokio::test]
async fn a_group_knows_when_it_was_joined_in_a_create() {
    let start = "2025-09-29T04:00:54Z".parse().ok();
    let org = Caller::like(OrgSettings { start, ..OrgSettings::default() });
    let group = org.group("Sales").await;
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_mins(1)).await;
    let body = json!({"profile": profile("ada@example.com"), "groupIds": [group]});
    assert_eq!(org.post("/api/v1/users", body).await.status, 200);
    let read = org.get(&format!("/api/v1/groups/{group}")).await.body;
    assert_ne!(read["lastMembershipUpdated"], read["created"]);
}
