//! A page in the user's browser must not drive the org on this machine.

use serde_json::json;

use crate::caller::Caller;

#[tokio::test]
async fn a_page_from_elsewhere_plans_no_faults_and_revokes_no_token() {
    let org = Caller::free();
    let fault = || Some(json!("503=all"));
    for origin in ["https://evil.example", "http://org.example:81", "null"] {
        let headers = [("origin", origin), ("content-type", "text/plain")];
        for path in ["/_emulator/faults", "/_emulator/tokens"] {
            let got = org.send_with("POST", path, fault(), &headers).await;
            assert_eq!((got.status, got.header("access-control-allow-origin")), (403, ""), "{origin}");
        }
    }
    assert!(org.emulator.faults().0.is_empty());
    let own = [("origin", "http://org.example")];
    assert_eq!(org.send_with("POST", "/_emulator/faults", fault(), &own).await.status, 200);
    assert_eq!(org.emulator.faults().0.len(), 1);
}

#[tokio::test]
async fn nothing_is_allowed_across_origins() {
    let org = Caller::free();
    let headers = [("origin", "https://evil.example"), ("access-control-request-method", "PUT")];
    for path in ["/api/v1/users", "/_emulator/read-only", "/api/v1/authn"] {
        let got = org.send_with("OPTIONS", path, None, &headers).await;
        assert!(got.status >= 400 && !got.headers.keys().any(|name| name.as_str().starts_with("access-")));
    }
}
