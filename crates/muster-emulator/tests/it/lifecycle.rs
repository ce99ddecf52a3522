use serde_json::json;

use crate::caller::{Caller, value};

/// A user that has been brought to a status.
async fn user_in(org: &Caller, status: &str) -> String {
    let login = format!("{}@example.com", status.to_lowercase());
    let strong = value("Abcd1234");
    let (credentials, parameters, moves): (_, _, &[&str]) = match status {
        "STAGED" => (strong, "activate=false", &[]),
        "PROVISIONED" => (json!({}), "", &[]),
        "ACTIVE" => (strong, "", &[]),
        "PASSWORD_EXPIRED" => (strong, "nextLogin=changePassword", &[]),
        "SUSPENDED" => (strong, "", &["suspend"]),
        "RECOVERY" => (strong, "", &["reset_password?sendEmail=false"]),
        _ => (strong, "", &["deactivate"]),
    };
    let id = org.user(&login, credentials, parameters).await;
    for operation in moves {
        assert_eq!(org.turn(&id, operation).await.status, 200, "{status} {operation}");
    }
    assert_eq!(org.status_of(&id).await, status);
    id
}

const STATUSES: [&str; 7] =
    ["STAGED", "PROVISIONED", "ACTIVE", "PASSWORD_EXPIRED", "SUSPENDED", "RECOVERY", "DEPROVISIONED"];

#[tokio::test]
async fn each_move_is_allowed_from_its_statuses_only() {
    let rows: [(&str, &[&str], &str, &str); 8] = [
        ("activate", &["STAGED", "DEPROVISIONED"], "ACTIVE", "403 E0000016"),
        ("reactivate?sendEmail=true", &["PROVISIONED", "RECOVERY"], "", "403 E0000038"),
        (
            "deactivate",
            &["STAGED", "PROVISIONED", "ACTIVE", "PASSWORD_EXPIRED", "SUSPENDED", "RECOVERY"],
            "DEPROVISIONED",
            "403 E0000038",
        ),
        ("suspend", &["ACTIVE"], "SUSPENDED", "400 E0000001"),
        ("unsuspend", &["SUSPENDED"], "ACTIVE", "400 E0000001"),
        ("unlock", &[], "ACTIVE", "403 E0000032"),
        ("expire_password", &["ACTIVE", "PASSWORD_EXPIRED", "RECOVERY"], "PASSWORD_EXPIRED", "403 E0000038"),
        (
            "reset_password?sendEmail=true",
            &["PROVISIONED", "ACTIVE", "PASSWORD_EXPIRED", "RECOVERY"],
            "RECOVERY",
            "403 E0000038",
        ),
    ];
    for (operation, allowed, after, otherwise) in rows {
        for status in STATUSES {
            let org = Caller::free();
            let id = user_in(&org, status).await;
            let got = org.turn(&id, operation).await;
            if allowed.contains(&status) {
                assert_eq!(got.status, 200, "{operation} from {status}: {}", got.text);
                let after = if after.is_empty() { status } else { after };
                assert_eq!(org.status_of(&id).await, after, "{operation} from {status}");
            } else {
                assert_eq!(format!("{} {}", got.status, got.code()), otherwise, "{operation} from {status}");
                assert_eq!(org.status_of(&id).await, status, "{operation} from {status}");
            }
        }
    }
}

#[tokio::test]
async fn answers_of_the_moves() {
    let org = Caller::free();
    let id = org.user("ada@example.com", json!({}), "activate=false").await;
    let got = org.turn(&id, "activate?sendEmail=false").await;
    let token = got.body["activationToken"].as_str().expect("a token").to_owned();
    assert_eq!(got.body["activationUrl"], json!(format!("http://org.example/tokens/{token}/verify")));
    assert_eq!(org.status_of(&id).await, "PROVISIONED", "there is no password yet");
    let again = org.turn(&id, "reactivate").await;
    assert_ne!(again.body["activationToken"], json!(token));
    let other = org.user("bob@example.com", value("Abcd1234"), "").await;
    assert_eq!(org.turn(&other, "suspend").await.text, "{}");
    assert_eq!(org.turn(&other, "unsuspend").await.text, "{}");
    assert_eq!(org.turn(&other, "expire_password").await.body["status"], json!("PASSWORD_EXPIRED"));
    assert!(org.turn(&other, "reset_password?sendEmail=false").await.body["resetPasswordUrl"].is_string());
    assert_eq!(org.turn(&other, "reset_password").await.code(), "E0000028");
    let got = org.turn(&other, "unlock").await;
    assert_eq!(got.causes(), ["The user is not locked out."]);
    assert_eq!(org.turn(&other, "explode").await.code(), "E0000008");
    assert_eq!(org.turn("nobody", "activate").await.code(), "E0000007");
}

#[tokio::test]
async fn a_temporary_password_signs_in_to_be_changed() {
    let org = Caller::free();
    let id = org.user("ada@example.com", value("Abcd1234"), "").await;
    let got = org.turn(&id, "expire_password_with_temp_password").await;
    let temporary = got.body["tempPassword"].as_str().expect("a password");
    assert_eq!(org.sign_in("ada@example.com", temporary).await.body["status"], json!("PASSWORD_EXPIRED"));
}

#[tokio::test]
async fn a_reset_can_change_the_provider() {
    let org = Caller::free();
    let id = org.user("ada@example.com", value("Abcd1234"), "").await;
    let path = format!("/api/v1/users/{id}");
    org.turn(&id, "reset_password?provider=FEDERATION&sendEmail=false").await;
    let user = org.get(&path).await;
    assert_eq!(user.body["credentials"]["provider"]["type"], json!("FEDERATION"));
    assert_eq!(user.body["status"], json!("ACTIVE"));
    let got = org.post(&path, json!({"credentials": value("Other1234")})).await;
    got.invalid("password", &["password: Password"]);
    org.turn(&id, "reset_password?sendEmail=false").await;
    assert_eq!(org.get(&path).await.body["credentials"]["provider"]["type"], json!("OKTA"));
}
