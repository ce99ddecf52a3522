use http::StatusCode;
use serde_json::{Value, json};

use crate::caller::{Caller, Got, bcrypt, hook, value};

const ADA: &str = "ada@example.com";

async fn change(org: &Caller, id: &str, operation: &str, body: Value) -> Got {
    org.post(&format!("/api/v1/users/{id}/credentials/{operation}"), body).await
}

fn passwords(old: &str, new: &str) -> Value {
    json!({"oldPassword": {"value": old}, "newPassword": {"value": new}})
}

fn refused(got: &Got, why: &str) {
    got.refused(StatusCode::FORBIDDEN, "E0000014", "Update of credentials failed", &[why]);
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_it() {
    let org = Caller::free();
    let id = org.user(ADA, bcrypt(), "").await;
    refused(
        &change(&org, &id, "change_password", passwords("wrong", "Other1234")).await,
        "Old Password is not correct",
    );
    let weak = change(&org, &id, "change_password", passwords("P@ssword123456", "weak")).await;
    assert_eq!((weak.status, weak.code()), (403, "E0000014"));
    assert!(weak.causes()[0].starts_with("Password requirements were not met."), "{}", weak.text);
    let got = change(&org, &id, "change_password", passwords("P@ssword123456", "Other1234")).await;
    assert_eq!(got.status, 200, "{}", got.text);
    assert_eq!(got.body, json!({"password": {}, "provider": {"type": "OKTA", "name": "OKTA"}}));
    assert_eq!(org.sign_in(ADA, "P@ssword123456").await.status, 401);
    assert_eq!(org.sign_in(ADA, "Other1234").await.status, 200);
    let same = || passwords("Other1234", "Other1234");
    refused(
        &change(&org, &id, "change_password?strict=true", same()).await,
        "Password has been used too recently",
    );
    assert_eq!(change(&org, &id, "change_password", same()).await.status, 200);
    assert_eq!(change(&org, &id, "change_password", json!({})).await.code(), "E0000001");
}

#[tokio::test]
async fn a_changed_password_makes_an_expired_user_active() {
    let org = Caller::free();
    let expired = org.user(ADA, value("Abcd1234"), "nextLogin=changePassword").await;
    let reset = org.user("bob@example.com", value("Abcd1234"), "").await;
    org.turn(&reset, "reset_password?sendEmail=false").await;
    let staged = org.user("cid@example.com", value("Abcd1234"), "activate=false").await;
    for (id, status) in [(&expired, "ACTIVE"), (&reset, "ACTIVE"), (&staged, "STAGED")] {
        let got = change(&org, id, "change_password", passwords("Abcd1234", "Other1234")).await;
        assert_eq!((got.status, org.status_of(id).await.as_str()), (200, status), "{}", got.text);
    }
    let suspended = org.user("dan@example.com", value("Abcd1234"), "").await;
    org.turn(&suspended, "suspend").await;
    let got = change(&org, &suspended, "change_password", passwords("Abcd1234", "Other1234")).await;
    assert_eq!(got.code(), "E0000038");
    let bare = org.user("eve@example.com", json!({}), "activate=false").await;
    let got = change(&org, &bare, "change_password", passwords("Abcd1234", "Other1234")).await;
    assert_eq!(got.code(), "E0000035");
    let hooked = org.user("fay@example.com", hook(), "").await;
    refused(
        &change(&org, &hooked, "change_password", passwords("Abcd1234", "Other1234")).await,
        "Old Password is not correct",
    );
}

#[tokio::test]
async fn a_question_is_changed_by_who_knows_the_password() {
    let org = Caller::free();
    let id = org.user(ADA, value("Abcd1234"), "").await;
    let body = |password: &str, answer: &str| json!({"password": {"value": password}, "recovery_question": {"question": "Which one?", "answer": answer}});
    refused(
        &change(&org, &id, "change_recovery_question", body("wrong", "This")).await,
        "Password is not correct",
    );
    let got = change(&org, &id, "change_recovery_question", body("Abcd1234", "")).await;
    assert_eq!(got.body["errorSummary"], json!("Api validation failed: recovery_question"));
    let got = change(&org, &id, "change_recovery_question", body("Abcd1234", "This")).await;
    assert_eq!((got.status, &got.body["recovery_question"]), (200, &json!({"question": "Which one?"})));
    assert!(!got.text.contains("This"));
    let user = org.get(&format!("/api/v1/users/{id}")).await.body;
    assert_eq!(user["credentials"]["recovery_question"], json!({"question": "Which one?"}));
}

#[tokio::test]
async fn a_forgotten_password_is_mailed_about_or_answered_with_a_link() {
    let org = Caller::free();
    let id = org.user(ADA, value("Abcd1234"), "").await;
    let got = org.send("POST", &format!("/api/v1/users/{id}/credentials/forgot_password"), None).await;
    assert_eq!((got.status, got.text.as_str()), (200, "{}"));
    assert_eq!(org.status_of(&id).await, "RECOVERY");
    assert_eq!(org.sign_in(ADA, "Abcd1234").await.code(), "E0000004", "the old password is no way in");
    let path = format!("/api/v1/users/{id}/credentials/forgot_password?sendEmail=false");
    let got = org.send("POST", &path, None).await;
    let url = got.body["resetPasswordUrl"].as_str().expect("a link");
    assert!(url.starts_with("http://org.example/reset_password/"), "{url}");
    let staged = org.user("bob@example.com", value("Abcd1234"), "activate=false").await;
    let path = format!("/api/v1/users/{staged}/credentials/forgot_password");
    assert_eq!(org.send("POST", &path, None).await.code(), "E0000034");
}
