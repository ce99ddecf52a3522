//! What becomes of those who are overtaken by another change while their password is being checked, and of those who
//! sign in while nothing can be stored.

use muster_emulator::{HookAnswer, HookFailure, OrgSettings, SignInRules};
use serde_json::{Value, json};

use crate::{
    caller::{Caller, bcrypt, hook, value},
    hook_server::{InProcess, command, registration, says},
};

const ADA: &str = "ada@example.com";
/// The password of the usual hash.
const PASSWORD: &str = "P@ssword123456";

fn yes() -> Result<HookAnswer, HookFailure> {
    says(200, command("VERIFIED"))
}

async fn line_of(org: &Caller, login: &str) -> Value {
    org.get(&format!("/_emulator/user?login={login}")).await.body
}

/// Result and reason of the imports of passwords.
async fn imports(org: &Caller) -> Vec<(Value, Value)> {
    let log = org.all("/api/v1/logs?since=2000-01-01T00:00:00Z&until=2999-01-01T00:00:00Z").await;
    let imports = log.iter().filter(|event| event["eventType"] == json!("user.import.password"));
    imports.map(|event| (event["outcome"]["result"].clone(), event["outcome"]["reason"].clone())).collect()
}

#[tokio::test]
async fn in_read_only_mode_a_hook_is_asked_again_and_again() {
    let service = InProcess::new(vec![yes()]);
    let org = Caller::like(OrgSettings { hook_service: Some(service.clone()), ..OrgSettings::default() });
    org.post("/api/v1/inlineHooks", registration("https://hooks.example.com/")).await;
    let id = org.user(ADA, hook(), "").await;
    let before = org.get(&format!("/api/v1/users/{id}")).await;
    org.emulator.set_read_only(true);
    for asked in 1..=2 {
        assert_eq!(org.sign_in(ADA, PASSWORD).await.body["status"], json!("SUCCESS"));
        assert_eq!(service.seen().len(), asked);
        assert_eq!(line_of(&org, ADA).await["credential"], json!("hook"));
    }
    let after = org.get(&format!("/api/v1/users/{id}")).await;
    assert_eq!((after.text.as_str(), after.header("etag")), (before.text.as_str(), before.header("etag")));
    org.emulator.set_read_only(false);
    assert_eq!(org.sign_in(ADA, PASSWORD).await.status, 200);
    assert_eq!((line_of(&org, ADA).await["credential"].clone(), service.seen().len()), (json!("value"), 3));
    let failed = (json!("FAILURE"), json!("READ_ONLY_MODE"));
    assert_eq!(imports(&org).await, [failed.clone(), failed, (json!("SUCCESS"), Value::Null)]);
}

#[tokio::test]
async fn in_read_only_mode_a_hash_lets_people_in_and_stays_imported() {
    let sign_in = SignInRules { per_second: None, ..SignInRules::default() };
    let org = Caller::like(OrgSettings { sign_in, ..OrgSettings::default() });
    org.user(ADA, bcrypt(), "").await;
    org.emulator.set_read_only(true);
    assert_eq!(org.sign_in(ADA, PASSWORD).await.status, 200);
    assert_eq!(line_of(&org, ADA).await["provider"], json!("IMPORT"));
    for _ in 0..12 {
        assert_eq!(org.sign_in(ADA, "wrong").await.status, 401);
    }
    assert_eq!(line_of(&org, ADA).await["status"], json!("ACTIVE"), "nobody can be locked out");
    org.emulator.set_read_only(false);
    assert_eq!(org.sign_in(ADA, PASSWORD).await.status, 200);
    assert_eq!(line_of(&org, ADA).await["provider"], json!("OKTA"));
}

#[tokio::test]
async fn a_password_that_was_replaced_meanwhile_lets_nobody_in() {
    for (fresh, credential) in [(hook(), "hook"), (value("Abcd1234"), "value")] {
        let org = Caller::free();
        let id = org.user(ADA, bcrypt(), "").await;
        let path = format!("/api/v1/users/{id}");
        let (signed_in, changed) =
            tokio::join!(org.sign_in(ADA, PASSWORD), org.post(&path, json!({"credentials": fresh})));
        assert_eq!((changed.status, signed_in.status), (200, 401), "{credential}");
        assert_eq!(line_of(&org, ADA).await["credential"], json!(credential), "nothing else is stored");
    }
}

#[tokio::test]
async fn who_is_deactivated_meanwhile_changes_no_password() {
    let org = Caller::free();
    let id = org.user(ADA, bcrypt(), "").await;
    let body = json!({"oldPassword": {"value": PASSWORD}, "newPassword": {"value": "Abcd1234"}});
    let path = format!("/api/v1/users/{id}/credentials/change_password");
    let (changed, turned) = tokio::join!(org.post(&path, body), org.turn(&id, "deactivate"));
    assert_eq!((turned.status, changed.code()), (200, "E0000038"));
    assert_eq!(line_of(&org, ADA).await["credential"], json!("bcrypt"));
}

#[tokio::test]
async fn who_has_another_password_meanwhile_does_not_change_it() {
    let org = Caller::free();
    let id = org.user(ADA, bcrypt(), "").await;
    let body = json!({"oldPassword": {"value": PASSWORD}, "newPassword": {"value": "Abcd1234"}});
    let path = format!("/api/v1/users/{id}/credentials/change_password");
    let user = format!("/api/v1/users/{id}");
    let (changed, _) =
        tokio::join!(org.post(&path, body), org.post(&user, json!({"credentials": value("Other1234")})));
    assert_eq!(changed.code(), "E0000014");
    assert_eq!(org.sign_in(ADA, "Other1234").await.status, 200);
}
