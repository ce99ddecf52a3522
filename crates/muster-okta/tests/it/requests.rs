//! Headers of requests, and connections.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{Request, Response};
use muster_core::secret::Secret;
use muster_okta::transport::{Answering, Transport};
use muster_okta::{Authorization, Okta};

use crate::candidates::person;
use crate::server::{Reply, Server, TOKEN, answer, good};

#[tokio::test]
async fn every_request_says_who_asks_and_what_is_read() {
    let server = Server::start(good("[]")).await;
    drop(server.okta().list_groups(None).await);
    let heard = server.only();
    assert_eq!(heard.header("authorization"), [format!("SSWS {TOKEN}")]);
    assert_eq!(heard.header("accept"), ["application/json"]);
    assert!(heard.header("user-agent").first().unwrap().starts_with("muster/"));
    assert!(heard.header("accept-encoding").first().unwrap().contains("gzip"));
    assert!(heard.header("content-type").is_empty() && heard.body.is_empty());
}

#[tokio::test]
async fn a_body_is_announced() {
    let server = Server::start(good(r#"{"id":"00u1"}"#)).await;
    drop(server.okta().create_user(&person("kim@example.com"), &[]).await);
    let heard = server.only();
    assert_eq!(heard.line, "POST /api/v1/users?activate=false HTTP/1.1");
    assert_eq!(heard.header("content-type"), ["application/json"]);
    assert_eq!(heard.header("content-length"), [heard.body.len().to_string()]);
}

/// Without it, Okta answers 411.
#[tokio::test]
async fn a_write_without_a_body_says_so() {
    let server = Server::start(Reply::Whole(answer("200 OK", &[], b"{}"))).await;
    let okta = server.okta();
    okta.join_group("00g1", "00u1").await.result.unwrap();
    okta.suspend("00u1").await.result.unwrap();
    okta.deactivate("00u1").await.result.unwrap();
    let heard = server.heard();
    let lines: Vec<&str> = heard.iter().map(|heard| heard.line.as_str()).collect();
    assert_eq!(
        lines,
        [
            "PUT /api/v1/groups/00g1/users/00u1 HTTP/1.1",
            "POST /api/v1/users/00u1/lifecycle/suspend HTTP/1.1",
            "POST /api/v1/users/00u1/lifecycle/deactivate?sendEmail=false HTTP/1.1",
        ]
    );
    assert!(heard.iter().all(|heard| heard.header("content-length") == ["0"]), "{heard:?}");
    assert!(heard.iter().all(|heard| heard.header("transfer-encoding").is_empty()), "{heard:?}");
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let server = Server::start(good("[]")).await;
    let okta = server.okta();
    for _ in 0..10 {
        okta.list_groups(None).await.result.unwrap();
    }
    assert_eq!((server.heard().len(), server.connections()), (10, 1));
}

/// Also after answers without a body, and after refusals.
#[tokio::test]
async fn a_connection_is_used_again_after_any_whole_answer() {
    for bytes in [
        b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(),
        answer("404 Not Found", &[], b"{\"errorCode\":\"E0000007\"}"),
        answer("429 Too Many Requests", &[], b"{\"errorCode\":\"E0000047\"}"),
    ] {
        let server = Server::start(Reply::Whole(bytes)).await;
        let okta = server.okta();
        for _ in 0..3 {
            drop(okta.join_group("00g1", "00u1").await);
        }
        assert_eq!((server.heard().len(), server.connections()), (3, 1));
    }
}

/// Keeps what a log of requests would show.
#[derive(Default)]
struct Shown(Mutex<String>);

impl Transport for Shown {
    fn send(&self, request: Request<Bytes>) -> Answering<'_> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = format!("{:?}", request.headers());
        Box::pin(async { Ok(Response::new(Bytes::from_static(b"[]"))) })
    }
}

#[tokio::test]
async fn no_debug_output_shows_the_token() {
    for authorization in
        [Authorization::ApiToken(Secret::new(TOKEN)), Authorization::AccessToken(Secret::new(TOKEN))]
    {
        let shown = Arc::new(Shown::default());
        let okta =
            Okta::new(shown.clone(), "https://example.okta.com".parse().unwrap(), &authorization).unwrap();
        okta.list_groups(None).await.result.unwrap();
        let headers = shown.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        assert!(headers.contains("authorization") && headers.contains("Sensitive"), "{headers}");
        for text in [headers, format!("{okta:?} {authorization:?} {:?}", authorization.header())] {
            assert!(!text.contains(TOKEN), "{text}");
        }
    }
}

#[test]
fn the_scheme_follows_the_kind_of_token() {
    let header =
        |authorization: Authorization| authorization.header().map(|value| value.to_str().unwrap().to_owned());
    let secret = || Secret::new(TOKEN);
    assert_eq!(header(Authorization::ApiToken(secret())), Some(format!("SSWS {TOKEN}")));
    assert_eq!(header(Authorization::AccessToken(secret())), Some(format!("Bearer {TOKEN}")));
    assert_eq!(header(Authorization::ApiToken(Secret::new("two\nlines"))), None);
}
