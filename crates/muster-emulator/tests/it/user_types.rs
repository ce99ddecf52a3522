use muster_emulator::OrgSettings;
use serde_json::{Value, json};

use crate::caller::{Caller, Got, profile};

const PATH: &str = "/api/v1/meta/types/user";

async fn make(org: &Caller, name: &str) -> Got {
    org.post(PATH, json!({"name": name, "displayName": "A type", "description": "Of people"})).await
}

/// The path of a type's schema.
fn schema_of(got: &Got) -> String {
    let link = got.body["_links"]["schema"]["href"].as_str().expect("a link");
    link.trim_start_matches("http://org.example").to_owned()
}

#[tokio::test]
async fn a_type_is_made_changed_and_deleted() {
    let org = Caller::free();
    let got = make(&org, "partner").await;
    assert_eq!((got.status, &got.body["default"]), (200, &json!(false)));
    let path = format!("{PATH}/{}", got.id());
    let schema = org.get(&schema_of(&got)).await;
    let base = schema.body["definitions"]["base"]["properties"].as_object();
    assert_eq!(base.map(serde_json::Map::len), Some(31));

    let got = org.post(&path, json!({"displayName": "Partner"})).await;
    assert_eq!(
        (&got.body["displayName"], &got.body["description"]),
        (&json!("Partner"), &json!("Of people"))
    );
    let cause = "name: The name of a user type cannot be changed";
    org.post(&path, json!({"name": "other"})).await.invalid("name", &[cause]);
    let body = json!({"name": "partner", "displayName": "P", "description": null});
    let got = org.send("PUT", &path, Some(body)).await;
    assert_eq!((&got.body["displayName"], &got.body["description"]), (&json!("P"), &Value::Null));
    let got = org.send("PUT", &path, Some(json!({"name": "partner"}))).await;
    got.invalid("displayName", &["displayName: The field cannot be left blank"]);

    let deleted = org.send("DELETE", &path, None).await;
    assert_eq!((deleted.status, deleted.text.as_str()), (204, ""));
    assert_eq!(org.get(&path).await.code(), "E0000007");
    assert_eq!(
        org.get(schema.body["_links"]["self"]["href"].as_str().expect("a link")).await.code(),
        "E0000007"
    );
    assert_eq!(org.get(PATH).await.body.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn names_are_checked_and_there_are_ten_types_at_most() {
    let org = Caller::free();
    for name in ["", "1st", "with space", "müller", "user", "User"] {
        assert_eq!(make(&org, name).await.code(), "E0000001", "{name}");
    }
    for number in 1..=10 {
        let expected = if number <= 9 { 200 } else { 400 };
        assert_eq!(make(&org, &format!("type_{number}")).await.status, expected, "{number}");
    }
}

#[tokio::test]
async fn types_in_use_stay() {
    let org = Caller::free();
    let default = org.send("DELETE", &format!("{PATH}/default"), None).await;
    assert_eq!((default.status, default.code()), (403, "E0000142"));
    let id = make(&org, "partner").await.id();
    let body = json!({"profile": profile("ada@example.com"), "type": {"id": id}});
    let user = org.post("/api/v1/users?activate=false", body).await;
    assert_eq!(user.body["type"]["id"], json!(id));
    let refused = org.send("DELETE", &format!("{PATH}/{id}"), None).await;
    assert_eq!((refused.status, refused.code()), (403, "E0000142"));
    for _ in 0..2 {
        org.send("DELETE", &format!("/api/v1/users/{}", user.id()), None).await;
    }
    assert_eq!(org.send("DELETE", &format!("{PATH}/{id}"), None).await.status, 204);
}

#[tokio::test]
async fn users_are_checked_against_the_schema_of_their_type() {
    let org = Caller::free();
    let partner = make(&org, "partner").await;
    let badge = json!({"title": "Badge", "type": "string", "unique": true});
    let change = json!({"definitions": {"custom": {"properties": {"badge": badge}}}});
    assert_eq!(org.post(&schema_of(&partner), change.clone()).await.status, 200);
    let with = |login: &str, of: Value| {
        let mut profile = profile(login);
        profile["badge"] = json!("7");
        json!({"profile": profile, "type": of})
    };
    let undefined = "Property name 'badge' is not defined in profile";
    let plain = with("a@example.com", json!({"id": "default"}));
    org.post("/api/v1/users", plain.clone()).await.invalid("newUser", &[undefined]);
    let ada = org.post("/api/v1/users", with("a@example.com", json!({"id": partner.id()}))).await;
    assert_eq!(ada.body["profile"]["badge"], json!("7"));
    let twin = org.post("/api/v1/users", with("b@example.com", json!({"id": partner.id()}))).await;
    assert_eq!(
        twin.causes(),
        ["badge: An object with this field already exists in the current organization"]
    );

    assert_eq!(org.post("/api/v1/meta/schemas/user/default", change).await.status, 200);
    let other = with("b@example.com", json!({"id": "default"}));
    assert_eq!(org.post("/api/v1/users", other).await.status, 200, "values differ among users of one type");
}

#[tokio::test]
async fn a_full_update_changes_the_type() {
    let org = Caller::free();
    let partner = make(&org, "partner").await.id();
    let user = org.user("ada@example.com", json!({}), "activate=false").await;
    let path = format!("/api/v1/users/{user}");
    let change = json!({"profile": profile("ada@example.com"), "type": {"id": partner}});
    assert_eq!(org.post(&path, change.clone()).await.code(), "E0000001");
    let got = org.send("PUT", &path, Some(change)).await;
    assert_eq!((got.status, &got.body["type"]["id"]), (200, &json!(partner)));
    let found = org.get(&format!("/api/v1/users?search=type.id%20eq%20%22{partner}%22")).await;
    assert_eq!(found.body[0]["id"], json!(user));
    let unknown = org.send("PUT", &path, Some(json!({"type": {"id": "oty0"}}))).await;
    assert_eq!((unknown.status, unknown.code()), (404, "E0000007"));
}

#[tokio::test]
async fn types_and_their_rules_come_back_as_they_were() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = OrgSettings { state: Some(folder.path().join("org.ndjson")), ..OrgSettings::default() };
    let org = Caller::like(settings.clone());
    let badge = json!({"title": "Badge", "type": "string", "unique": true});
    let change = json!({"definitions": {"custom": {"properties": {"badge": badge}}}});
    let (partner, gone) = (make(&org, "partner").await, make(&org, "gone").await);
    for path in
        [&schema_of(&partner), "/api/v1/meta/schemas/user/default", "/api/v1/meta/schemas/group/default"]
    {
        assert_eq!(org.post(path, change.clone()).await.status, 200);
    }
    org.post(&format!("{PATH}/{}", partner.id()), json!({"displayName": "Partner"})).await;
    org.post(&format!("{PATH}/default"), json!({"displayName": "Employee"})).await;
    org.send("DELETE", &format!("{PATH}/{}", gone.id()), None).await;
    let person = |login: &str| {
        let mut profile = profile(login);
        profile["badge"] = json!("7");
        json!({"profile": profile, "type": {"id": partner.id()}})
    };
    assert_eq!(org.post("/api/v1/users", person("ada@example.com")).await.status, 200);
    let group = json!({"profile": {"name": "Sales", "badge": "7"}});
    assert_eq!(org.post("/api/v1/groups", group).await.status, 200);
    let read = async |org: &Caller| {
        let mut texts = Vec::new();
        for path in [PATH, &schema_of(&partner), "/api/v1/meta/schemas/group/default", "/api/v1/groups"] {
            texts.push(org.get(path).await.text);
        }
        texts
    };
    let before = read(&org).await;
    drop(org);
    for seed in [0, 0, 7] {
        let org = Caller::like(OrgSettings { seed, ..settings.clone() });
        assert_eq!(read(&org).await, before);
        let twin = org.post("/api/v1/users", person("bob@example.com")).await;
        assert_eq!(
            twin.causes(),
            ["badge: An object with this field already exists in the current organization"]
        );
        assert_eq!(org.get("/api/v1/users/me").await.status, 200);
    }
}
