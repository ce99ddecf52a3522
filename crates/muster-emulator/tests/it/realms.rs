use http::StatusCode;
use muster_emulator::OrgSettings;
use serde_json::{Value, json};

use crate::caller::{Caller, Got, profile};

fn with_realms() -> Caller {
    let realms = ["Partners", "Car Co=car.example,auto.example"].map(str::to_owned).to_vec();
    Caller::like(OrgSettings { realms, ..OrgSettings::default() })
}

async fn realm(org: &Caller, name: &str) -> String {
    let all = org.get("/api/v1/realms").await.body;
    let mut all = all.as_array().expect("realms").iter();
    let found = all.find(|realm| realm["profile"]["name"] == json!(name)).expect("the realm");
    found["id"].as_str().expect("an id").to_owned()
}

async fn user(org: &Caller, login: &str, email: &str, realm: Value) -> Got {
    let mut profile = profile(login);
    profile["email"] = json!(email);
    org.post("/api/v1/users?activate=false", json!({"profile": profile, "realmId": realm})).await
}

#[tokio::test]
async fn an_org_without_realms_does_not_know_them() {
    let org = Caller::free();
    let summary = "You do not have permission to access the feature you are requesting";
    org.get("/api/v1/realms").await.refused(StatusCode::UNAUTHORIZED, "E0000015", summary, &[]);
    assert_eq!(org.get("/api/v1/realms/guo1").await.status, 401);
    let got = user(&org, "ada@example.com", "ada@example.com", Value::Null).await;
    assert!(got.body.get("realmId").is_none());
    assert_eq!(user(&org, "bob@example.com", "bob@example.com", json!("guo1")).await.code(), "E0000001");
}

#[tokio::test]
async fn realms_are_listed_and_read() {
    let org = with_realms();
    let all = org.all("/api/v1/realms?limit=1").await;
    let names: Vec<_> = all.iter().map(|realm| realm["profile"]["name"].clone()).collect();
    assert_eq!(names, ["Default Realm", "Partners", "Car Co"]);
    let defaults: Vec<_> = all.iter().map(|realm| realm["isDefault"].clone()).collect();
    assert_eq!(defaults, [true, false, false]);
    assert_eq!(all[2]["profile"]["domains"], json!(["car.example", "auto.example"]));
    let found = org.get("/api/v1/realms?search=profile.name%20co%20%22CAR%22").await;
    assert_eq!(found.body.as_array().map(Vec::len), Some(1));
    let id = found.body[0]["id"].as_str().expect("an id");
    assert!(id.starts_with("guo"));
    assert_eq!(org.get(&format!("/api/v1/realms/{id}")).await.body, found.body[0]);
    assert_eq!(org.get("/api/v1/realms/guo0").await.code(), "E0000007");
    assert_eq!(org.get("/api/v1/realms?search=id%20co%20%22a%22").await.code(), "E0000031");
}

#[tokio::test]
async fn users_are_put_into_realms_and_found_there() {
    let org = with_realms();
    let (default, partners) = (realm(&org, "Default Realm").await, realm(&org, "Partners").await);
    let ada = user(&org, "ada@example.com", "ada@example.com", json!(partners)).await;
    assert_eq!(ada.body["realmId"], json!(partners));
    let bob = user(&org, "bob@example.com", "bob@example.com", Value::Null).await;
    assert_eq!(bob.body["realmId"], json!(default));
    let found = org.get(&format!("/api/v1/users?search=realmId%20eq%20%22{partners}%22")).await;
    assert_eq!((found.body.as_array().map(Vec::len), &found.body[0]["id"]), (Some(1), &json!(ada.id())));
    let unknown = user(&org, "cid@example.com", "cid@example.com", json!("guo0")).await;
    assert_eq!((unknown.status, unknown.code()), (404, "E0000007"));
    let moved = org.post(&format!("/api/v1/users/{}", bob.id()), json!({"realmId": partners})).await;
    assert_eq!(moved.body["realmId"], json!(partners));
    let kept = org.post(&format!("/api/v1/users/{}", bob.id()), json!({"profile": {"city": "Bern"}})).await;
    assert_eq!(kept.body["realmId"], json!(partners));
}

#[tokio::test]
async fn domains_of_a_realm_keep_others_out() {
    let org = with_realms();
    let cars = realm(&org, "Car Co").await;
    let ada = user(&org, "ada@CAR.example", "ada@auto.example", json!(cars)).await;
    assert_eq!(ada.status, 200, "{}", ada.text);
    let refused = user(&org, "bob@example.com", "bob@car.example", json!(cars)).await;
    refused.invalid("login", &["login: The domain is not allowed in this realm"]);
    let path = format!("/api/v1/users/{}", ada.id());
    let refused = org.post(&path, json!({"profile": {"email": "ada@example.com"}})).await;
    refused.invalid("email", &["email: The domain is not allowed in this realm"]);
    let bob = user(&org, "bob@example.com", "bob@example.com", Value::Null).await;
    let refused = org.post(&format!("/api/v1/users/{}", bob.id()), json!({"realmId": cars})).await;
    assert_eq!(refused.causes().len(), 2, "{}", refused.text);
}

#[tokio::test]
async fn realms_apps_and_groups_of_apps_come_back_as_they_were() {
    let folder = tempfile::tempdir().expect("a folder");
    let state = Some(folder.path().join("org.ndjson"));
    let one = |name: &str| vec![name.to_owned()];
    let settings = OrgSettings {
        realms: one("Partners"),
        applications: one("Mail"),
        app_groups: ["Staff", "Staff"].map(str::to_owned).to_vec(),
        state: state.clone(),
        ..OrgSettings::default()
    };
    let org = Caller::like(settings.clone());
    let partners = realm(&org, "Partners").await;
    let ada = user(&org, "ada@example.com", "ada@example.com", json!(partners)).await;
    let shown = org.get(&format!("/api/v1/users/{}", ada.id())).await.text;
    let (realms, groups, apps) = (
        org.get("/api/v1/realms").await.text,
        org.get("/api/v1/groups").await.text,
        org.emulator.applications(),
    );
    drop(org);
    for settings in [settings, OrgSettings { state, ..OrgSettings::default() }] {
        let org = Caller::like(settings);
        assert_eq!(org.get("/api/v1/realms").await.text, realms);
        assert_eq!(org.get("/api/v1/groups").await.text, groups);
        assert_eq!(org.emulator.applications(), apps);
        assert_eq!(org.get(&format!("/api/v1/users/{}", ada.id())).await.text, shown);
    }
}
