use serde_json::{Value, json};

use crate::caller::{Caller, Got};

const PATH: &str = "/api/v1/meta/schemas/group/default";

async fn change(org: &Caller, name: &str, attribute: Value) -> Got {
    org.post(PATH, json!({"definitions": {"custom": {"properties": {name: attribute}}}})).await
}

#[tokio::test]
async fn groups_have_a_name_and_a_description() {
    let org = Caller::free();
    let got = org.get(PATH).await;
    let base = &got.body["definitions"]["base"];
    assert_eq!((&got.body["name"], &base["required"]), (&json!("group"), &json!(["name"])));
    assert_eq!(base["properties"]["description"]["maxLength"], json!(1024));
    let refused = org.post("/api/v1/groups", json!({"profile": {"name": "Sales", "description": 7}})).await;
    refused.invalid("description", &["description: The field must be of type string"]);
}

#[tokio::test]
async fn custom_attributes_are_added_used_and_removed() {
    let org = Caller::free();
    let of = |name: &str, cost: Value| json!({"profile": {"name": name, "costCentre": cost}});
    let undefined = "Property name 'costCentre' is not defined in profile";
    org.post("/api/v1/groups", of("Sales", json!(7))).await.invalid("newGroup", &[undefined]);
    let attribute = json!({"title": "Cost centre", "type": "integer", "unique": true, "maximum": 99});
    let got = change(&org, "costCentre", attribute).await;
    assert_eq!(got.body["definitions"]["custom"]["properties"]["costCentre"]["type"], json!("integer"));
    let refused = org.post("/api/v1/groups", of("Sales", json!(100))).await;
    refused.invalid("costCentre", &["costCentre: The field is out of range"]);
    let group = org.post("/api/v1/groups", of("Sales", json!(7))).await;
    assert_eq!(group.body["profile"], json!({"name": "Sales", "description": null, "costCentre": 7}));
    let taken = "costCentre: An object with this field already exists in the current organization";
    org.post("/api/v1/groups", of("Support", json!(7))).await.invalid("costCentre", &[taken]);

    let path = format!("/api/v1/groups/{}", group.id());
    let found = org.get("/api/v1/groups?search=profile.costCentre%20eq%207").await;
    assert_eq!(found.body[0]["id"], json!(group.id()));
    let again = org.send("PUT", &path, Some(of("Sales", json!(7)))).await;
    assert_eq!(again.status, 200, "a group is not its own twin");
    let bare = org.send("PUT", &path, Some(json!({"profile": {"name": "Sales"}}))).await;
    assert_eq!(bare.body["profile"], json!({"name": "Sales", "description": null}));

    org.send("PUT", &path, Some(of("Sales", json!(8)))).await;
    assert_eq!(change(&org, "costCentre", Value::Null).await.status, 200);
    assert_eq!(org.get(&path).await.body["profile"], json!({"name": "Sales", "description": null}));
}

#[tokio::test]
async fn what_can_be_written_once_or_never_is_left_alone() {
    let org = Caller::free();
    let plain = |mutability: &str| json!({"title": "Plain", "type": "string", "mutability": mutability});
    change(&org, "once", plain("IMMUTABLE")).await;
    change(&org, "never", plain("READ_ONLY")).await;
    let of = |once: &str| json!({"profile": {"name": "Sales", "once": once}});
    let group = org.post("/api/v1/groups", of("a")).await;
    let path = format!("/api/v1/groups/{}", group.id());
    assert_eq!(org.send("PUT", &path, Some(of("a"))).await.status, 200);
    let refused = org.send("PUT", &path, Some(of("b"))).await;
    assert_eq!((refused.status, refused.code()), (403, "E0000078"));
    let refused = org.post("/api/v1/groups", json!({"profile": {"name": "Other", "never": "x"}})).await;
    assert_eq!((refused.status, refused.code()), (403, "E0000077"));
}
