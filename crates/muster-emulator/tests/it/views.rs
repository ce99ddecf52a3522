//! How much of a user is shown.

use http::StatusCode;
use serde_json::{Value, json};

use crate::caller::{Caller, value};

#[tokio::test]
async fn lists_show_the_fields_that_are_wanted() {
    let org = Caller::free();
    let id = org.user("ada@example.com", json!({}), "").await;
    let part = json!([{"id": id, "status": "PROVISIONED", "profile": {"firstName": "Ada", "login": "ada@example.com"}}]);
    let fields = "fields=id,status,profile:(firstName,login)";
    for query in ["", "&q=ada", "&filter=status%20eq%20%22PROVISIONED%22", "&search=status%20pr"] {
        let got = org.get(&format!("/api/v1/users?{fields}{query}")).await;
        assert_eq!(got.body, part, "{query}");
    }
    let sorted = org.get(&format!("/api/v1/users?{fields}&search=status%20pr&sortBy=profile.login")).await;
    assert_eq!(sorted.body, part);
    assert_eq!(org.get("/api/v1/users?fields=profile:(login").await.code(), "E0000001");
}

#[tokio::test]
async fn nobody_is_blocked_and_nobody_is_on_the_way() {
    let org = Caller::free();
    let id = org.user("ada@example.com", value("Abcd1234"), "").await;
    assert_eq!(org.get(&format!("/api/v1/users/{id}/blocks")).await.body, json!([]));
    assert_eq!(org.get("/api/v1/users/00u0/blocks").await.code(), "E0000007");
    let shown = org.get(&format!("/api/v1/users/{id}?expand=blocks")).await.body;
    assert_eq!(shown.get("_embedded"), None, "there is nothing to embed");
    assert_eq!(shown.get("transitioningToStatus"), Some(&Value::Null));
    let trimmed = [("content-type", "application/json; okta-response=omitTransitioningToStatus")];
    let shown = org.send_with("GET", &format!("/api/v1/users/{id}"), None, &trimmed).await.body;
    assert_eq!(shown.get("transitioningToStatus"), None);
}

#[tokio::test]
async fn a_delete_in_the_background_is_answered_like_any_other() {
    let org = Caller::free();
    let path = format!("/api/v1/users/{}", org.user("ada@example.com", json!({}), "").await);
    for _ in 0..2 {
        let got = org.send_with("DELETE", &path, None, &[("prefer", "respond-async")]).await;
        assert_eq!((got.status, got.text.as_str()), (StatusCode::NO_CONTENT.as_u16(), ""));
    }
    assert_eq!(org.get(&path).await.status, 404);
}
