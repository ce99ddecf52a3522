//! What Okta's own SDKs rely on and no page says. The SDKs themselves run in `scripts/sdks`.

use bytes::Bytes;
use http::Request;

use crate::caller::Caller;

async fn status(org: &Caller, authorization: &str) -> u16 {
    let request = Request::get("/api/v1/users").header("host", "org.example");
    let request = request.header("authorization", authorization).body(Bytes::new());
    org.call(request.expect("a request")).await.status
}

#[tokio::test]
async fn the_python_sdk_writes_no_space_after_ssws() {
    let org = Caller::free();
    assert_eq!(status(&org, "SSWStest").await, 200);
    assert_eq!(status(&org, "SSWS test").await, 200);
    for refused in ["SSWSwrong", "SSWS", "test", "Bearertest", "SSẄStest", ""] {
        assert_eq!(status(&org, refused).await, 401, "{refused}");
    }
}

#[tokio::test]
async fn the_next_page_is_the_last_link() {
    let org = Caller::free();
    for login in ["ann@example.com", "bob@example.com"] {
        org.user(login, serde_json::json!({}), "?activate=false").await;
    }
    let page = org.get("/api/v1/users?limit=1").await;
    let links: Vec<_> = page.headers.get_all("link").iter().filter_map(|link| link.to_str().ok()).collect();
    assert_eq!(links.len(), 2);
    assert!(links[0].ends_with("rel=\"self\"") && links[1].ends_with("rel=\"next\""), "{links:?}");
}
