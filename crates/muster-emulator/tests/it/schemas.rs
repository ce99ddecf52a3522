use serde_json::{Value, json};

use crate::caller::{Caller, Got, profile};

const PATH: &str = "/api/v1/meta/schemas/user/default";

async fn change(org: &Caller, name: &str, attribute: Value) -> Got {
    org.post(PATH, json!({"definitions": {"custom": {"id": "#custom", "type": "object", "properties": {name: attribute}, "required": []}}}))
        .await
}

async fn with(org: &Caller, login: &str, name: &str, value: Value) -> Got {
    let mut profile = profile(login);
    profile[name] = value;
    org.post("/api/v1/users?activate=false", json!({"profile": profile})).await
}

#[tokio::test]
async fn the_schema_has_31_base_attributes() {
    let org = Caller::free();
    let got = org.get(PATH).await;
    let base = &got.body["definitions"]["base"];
    assert_eq!(base["properties"].as_object().map(serde_json::Map::len), Some(31));
    assert_eq!(base["properties"]["login"]["minLength"], json!(5));
    assert_eq!(base["properties"]["email"]["format"], json!("email"));
    let mut required: Vec<_> =
        base["required"].as_array().expect("names").iter().filter_map(Value::as_str).collect();
    required.sort_unstable();
    assert_eq!(required, ["email", "firstName", "lastName", "login"]);
    assert_eq!(got.body["id"], json!("http://org.example/meta/schemas/user/default"));
    let user_type = org.get("/api/v1/meta/types/user/default").await;
    let link = user_type.body["_links"]["schema"]["href"].as_str().expect("a link").to_owned();
    let same = org.get(link.trim_start_matches("http://org.example")).await;
    assert_eq!(same.body["definitions"], got.body["definitions"]);
    assert_eq!(org.get("/api/v1/meta/schemas/user/osc0").await.code(), "E0000007");
}

#[tokio::test]
async fn custom_attributes_are_added_used_and_removed() {
    let org = Caller::free();
    assert_eq!(with(&org, "a@example.com", "badge", json!(7)).await.status, 400);
    let got =
        change(&org, "badge", json!({"title": "Badge", "type": "integer", "minimum": 1, "maximum": 99}))
            .await;
    assert_eq!(got.body["definitions"]["custom"]["properties"]["badge"]["type"], json!("integer"));
    assert_eq!(with(&org, "a@example.com", "badge", json!(7)).await.body["profile"]["badge"], json!(7));
    with(&org, "b@example.com", "badge", json!("7"))
        .await
        .invalid("badge", &["badge: The field must be of type integer"]);
    with(&org, "b@example.com", "badge", json!(100))
        .await
        .invalid("badge", &["badge: The field is out of range"]);
    let got = change(&org, "badge", Value::Null).await;
    assert_eq!(got.body["definitions"]["custom"]["properties"], json!({}));
    assert!(org.get("/api/v1/users/a@example.com").await.body["profile"].get("badge").is_none());
}

#[tokio::test]
async fn enums_patterns_and_unique_values_are_kept() {
    let org = Caller::free();
    let sizes = json!([{"const": "S", "title": "Small"}, {"const": "L", "title": "Large"}]);
    let got =
        change(&org, "size", json!({"title": "Size", "type": "string", "enum": ["S", "L"], "oneOf": sizes}))
            .await;
    assert_eq!(got.status, 200, "{}", got.text);
    let got =
        change(&org, "other", json!({"title": "Size", "type": "string", "enum": ["S"], "oneOf": sizes}))
            .await;
    assert_eq!(got.code(), "E0000123");
    assert_eq!(with(&org, "a@example.com", "size", json!("S")).await.status, 200);
    assert_eq!(with(&org, "b@example.com", "size", json!("M")).await.status, 400);

    let got = change(
        &org,
        "staffId",
        json!({"title": "Staff", "type": "string", "unique": true, "pattern": "[0-9]+"}),
    )
    .await;
    assert_eq!(
        got.body["definitions"]["custom"]["properties"]["staffId"]["unique"],
        json!("UNIQUE_VALIDATED")
    );
    assert_eq!(with(&org, "c@example.com", "staffId", json!("11")).await.status, 200);
    let taken = "staffId: An object with this field already exists in the current organization";
    with(&org, "d@example.com", "staffId", json!("11")).await.invalid("staffId", &[taken]);
    with(&org, "d@example.com", "staffId", json!("x11"))
        .await
        .invalid("staffId", &["staffId: Does not match required pattern"]);
}

#[tokio::test]
async fn arrays_hold_elements_of_their_type() {
    let org = Caller::free();
    let got =
        change(&org, "tags", json!({"title": "Tags", "type": "array", "items": {"type": "string"}})).await;
    assert_eq!(got.status, 200, "{}", got.text);
    assert_eq!(
        with(&org, "a@example.com", "tags", json!(["x", "y"])).await.body["profile"]["tags"],
        json!(["x", "y"])
    );
    assert_eq!(with(&org, "b@example.com", "tags", json!([1])).await.status, 400);
    let found = org.get("/api/v1/users?search=profile.tags%20eq%20%22y%22").await;
    assert_eq!(found.body.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn names_must_be_free_and_allowed() {
    let org = Caller::free();
    let plain = || json!({"title": "Plain", "type": "string"});
    for name in ["id", "Status", "login", "LOGIN", "has space", ""] {
        assert_eq!(change(&org, name, plain()).await.status, 400, "{name}");
    }
    assert_eq!(change(&org, "badge", plain()).await.status, 200);
    assert_eq!(change(&org, "Badge", plain()).await.status, 400, "case makes no difference");
    assert_eq!(change(&org, "badge", json!({"title": "Badge", "type": "integer"})).await.status, 400);
    assert_eq!(change(&org, "untitled", json!({"type": "string"})).await.status, 400);
    for number in 1..=6 {
        let unique = json!({"title": "Key", "type": "string", "unique": true});
        let expected = if number <= 5 { 200 } else { 400 };
        assert_eq!(change(&org, &format!("key{number}"), unique).await.status, expected, "{number}");
    }
}

#[tokio::test]
async fn the_login_pattern_and_the_names_can_be_relaxed() {
    let org = Caller::free();
    let base = json!({"login": {"pattern": ".+"}, "firstName": {"required": false}});
    let got = org.post(PATH, json!({"definitions": {"base": {"properties": base}}})).await;
    assert_eq!(got.status, 200, "{}", got.text);
    let body = json!({"profile": {"login": "4711", "lastName": "Byron", "email": "ada@example.com"}});
    assert_eq!(org.post("/api/v1/users", body).await.status, 200);
    assert_eq!(org.get("/api/v1/users/4711").await.status, 200);
}

#[tokio::test]
async fn what_cannot_be_an_attribute_is_refused() {
    let org = Caller::free();
    for (attribute, subject) in [
        (json!({"title": "A", "type": "array"}), "items"),
        (json!({"title": "A", "type": "array", "items": {"type": "boolean"}}), "items"),
        (json!({"title": "A", "type": "string", "items": {"type": "string"}}), "items"),
        (json!({"title": "A", "type": "array", "items": {"type": "string"}, "unique": true}), "unique"),
        (json!({"title": "A", "type": "integer", "maxLength": 5}), "type"),
        (json!({"title": "A", "type": "boolean", "pattern": "x"}), "type"),
        (json!({"title": "A", "type": "string", "minimum": 5}), "type"),
        (json!({"title": "A", "type": "string", "minLength": 5, "maxLength": 4}), "minLength"),
        (json!({"title": "A", "type": "number", "minimum": 5, "maximum": 4.5}), "minimum"),
        (json!({"title": "A", "type": "string", "format": "zip"}), "format"),
        (json!({"title": "A", "type": "string", "mutability": "SOMETIMES"}), "mutability"),
        (json!({"title": "A", "type": "string", "scope": "ALL"}), "scope"),
        (
            json!({"title": "A", "type": "string", "permissions": [{"principal": "SELF", "action": "X"}]}),
            "permissions",
        ),
        (json!({"title": "A", "type": "string", "maxLength": 2, "default": "long"}), "default"),
        (
            json!({"title": "A", "type": "integer", "enum": ["x"], "oneOf": [{"const": "x", "title": "X"}]}),
            "enum",
        ),
        (json!({"title": "A", "type": "string", "pattern": "("}), "odd"),
    ] {
        let got = change(&org, "odd", attribute.clone()).await;
        assert_eq!(
            got.body["errorSummary"],
            json!(format!("Api validation failed: {subject}")),
            "{attribute}"
        );
    }
    let prices = json!([{"const": 0.01, "title": "A cent"}, {"const": 1, "title": "All of it"}]);
    let got = change(
        &org,
        "price",
        json!({"title": "Price", "type": "number", "enum": [0.01, 1], "oneOf": prices}),
    )
    .await;
    assert_eq!(got.status, 200, "{}", got.text);
}

#[tokio::test]
async fn what_can_be_written_once_or_never_is_left_alone() {
    let org = Caller::free();
    let plain = |mutability: &str| json!({"title": "Plain", "type": "string", "mutability": mutability});
    change(&org, "once", plain("IMMUTABLE")).await;
    change(&org, "never", plain("READ_ONLY")).await;
    let refused = with(&org, "a@example.com", "never", json!("x")).await;
    assert_eq!((refused.status, refused.code()), (403, "E0000077"));
    let path = format!("/api/v1/users/{}", with(&org, "a@example.com", "once", json!("x")).await.id());
    for (value, code) in [(json!("x"), ""), (json!("y"), "E0000078"), (Value::Null, "E0000078")] {
        let got = org.post(&path, json!({"profile": {"once": value}})).await;
        assert_eq!(got.code(), code, "{}", got.text);
    }
    let full = org.send("PUT", &path, Some(json!({"profile": profile("a@example.com")}))).await;
    assert_eq!(full.code(), "E0000078", "a full update without it would delete it");
}
