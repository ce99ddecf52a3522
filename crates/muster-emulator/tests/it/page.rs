use crate::caller::Caller;
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

#[tokio::test]
async fn there_is_a_page_to_sign_in_by_hand_and_it_needs_nothing_else() {
    let mut org = Caller::free();
    org.token = "";
    for path in ["/", "/login", "/login?fromURI=/app"] {
        let got = org.get(path).await;
        assert_eq!((got.status, got.header("content-type")), (200, "text/html; charset=utf-8"), "{path}");
        assert!(got.text.contains("/api/v1/authn") && got.text.contains("name=\"viewport\""));
        for outside in ["http://", "https://", "src=", "@import", "url("] {
            assert!(!got.text.contains(outside), "{outside}");
        }
        let policy = got.header("content-security-policy").to_owned();
        assert!(
            policy.starts_with("default-src 'none';") && policy.contains("connect-src 'self'"),
            "{policy}"
        );
        for (start, end, kind) in
            [("<style>", "</style>", "style-src"), ("<script>", "</script>", "script-src")]
        {
            let inside = got.text.split_once(start).expect("a start").1.split_once(end).expect("an end").0;
            let digest = STANDARD.encode(Sha256::digest(inside));
            assert!(policy.contains(&format!("{kind} 'sha256-{digest}'")), "{kind}: {policy}");
        }
        assert_eq!(got.header("x-rate-limit-limit"), "", "pages are not counted");
    }
    assert_eq!(org.emulator.stats().requests.total, 0);
}

#[tokio::test]
async fn other_paths_are_no_pages_and_the_api_is_as_it_was() {
    let org = Caller::free();
    let got = org.send_with("GET", "/nowhere", None, &[("accept", "text/html,*/*;q=0.8")]).await;
    assert_eq!((got.status, got.header("content-type")), (404, "text/html; charset=utf-8"));
    assert_eq!(org.get("/api/v1/nowhere").await.code(), "E0000008");
    assert_eq!(org.get("/oauth2/v1/nowhere").await.code(), "E0000008");
    assert_eq!(org.get("/nowhere").await.code(), "E0000008", "a client is told as the API tells it");
}
