use http::StatusCode;
use muster_emulator::OrgSettings;
use serde_json::json;

use crate::caller::Caller;

fn with_apps() -> (Caller, String) {
    let applications = ["Mail", "Wiki"].map(str::to_owned).to_vec();
    let org = Caller::like(OrgSettings { applications, ..OrgSettings::default() });
    let apps = org.emulator.applications();
    assert_eq!(apps.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>(), ["Mail", "Wiki"]);
    let path = format!("/api/v1/apps/{}/users", apps[0].0);
    (org, path)
}

#[tokio::test]
async fn users_are_assigned_once() {
    let (org, path) = with_apps();
    let ada = org.user("ada@example.com", json!({}), "").await;
    let body =
        json!({"id": ada, "scope": "USER", "credentials": {"userName": "ada"}, "profile": {"role": "x"}});
    let got = org.post(&path, body.clone()).await;
    assert_eq!((got.status, &got.body["credentials"]), (200, &json!({"userName": "ada"})));
    assert_eq!((&got.body["id"], &got.body["profile"]), (&json!(ada), &json!({"role": "x"})));
    let summary = "The given user was already assigned to the application.";
    org.post(&path, body).await.refused(StatusCode::CONFLICT, "E0000062", summary, &[]);
    let read = org.get(&format!("{path}/{ada}?expand=user")).await;
    assert_eq!(read.body["_embedded"]["user"]["profile"]["login"], json!("ada@example.com"));
    let gone = org.user("gone@example.com", json!({}), "").await;
    assert_eq!(org.get(&format!("{path}/{gone}")).await.code(), "E0000007");
    org.turn(&gone, "deactivate").await;
    let refused = org.post(&path, json!({"id": gone})).await;
    assert_eq!((refused.status, refused.code()), (403, "E0000117"));
    assert_eq!(org.post(&path, json!({"id": "00u0"})).await.status, 404);
    assert_eq!(org.post("/api/v1/apps/0oa0/users", json!({"id": ada})).await.status, 404);
}

#[tokio::test]
async fn assignments_come_in_pages_and_end_with_the_user() {
    let (org, path) = with_apps();
    for number in 0..55 {
        let user = org.user(&format!("user{number}@example.com"), json!({}), "").await;
        assert_eq!(org.post(&path, json!({"id": user})).await.status, 200);
    }
    let first = org.get(&path).await;
    assert_eq!(first.body.as_array().map(Vec::len), Some(50));
    assert_eq!(org.all(&format!("{path}?limit=20")).await.len(), 55);
    let found = org.get(&format!("{path}?q=USER54")).await;
    assert_eq!(found.body.as_array().map(Vec::len), Some(1));
    let id = found.body[0]["id"].as_str().expect("an id");
    for _ in 0..2 {
        org.send("DELETE", &format!("/api/v1/users/{id}"), None).await;
    }
    assert_eq!(org.all(&path).await.len(), 54);
}

#[tokio::test]
async fn groups_of_applications_cannot_be_changed() {
    let app_groups = ["Staff", "Staff"].map(str::to_owned).to_vec();
    let org = Caller::like(OrgSettings { app_groups, ..OrgSettings::default() });
    let found = org.get("/api/v1/groups?filter=type%20eq%20%22APP_GROUP%22").await;
    assert_eq!(found.body.as_array().map(Vec::len), Some(2), "names may come twice");
    let id = found.body[0]["id"].as_str().expect("an id");
    let user = org.user("ada@example.com", json!({}), "").await;
    let member = format!("/api/v1/groups/{id}/users/{user}");
    for method in ["PUT", "DELETE"] {
        assert_eq!(org.send(method, &member, None).await.code(), "E0000060", "{method}");
    }
    assert_eq!(org.send("DELETE", &format!("/api/v1/groups/{id}"), None).await.code(), "E0000060");
    assert_eq!(org.get(&format!("/api/v1/groups/{id}/users")).await.body, json!([]));
    let taken = org.post("/api/v1/groups", json!({"profile": {"name": "Staff"}})).await;
    assert_eq!(taken.code(), "E0000001");
    let body = json!({"profile": crate::caller::profile("bob@example.com"), "groupIds": [id]});
    assert_eq!(org.post("/api/v1/users", body).await.code(), "E0000060");
    assert_eq!(org.get("/api/v1/users/bob@example.com").await.status, 404);
}
