//! How requests fail, and whether that leaves doubt.

use muster_core::retry::Class;
use muster_okta::{CallError, Exchange, TransportFailure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::candidates::person;
use crate::server::{Reply, Server, TOKEN, answer, okta};

/// How a request that brought no answer failed.
fn failure<T: std::fmt::Debug>(exchange: &Exchange<T>) -> TransportFailure {
    let Err(CallError::Transport(error)) = &exchange.result else { panic!("{exchange:?}") };
    assert_eq!((exchange.status, exchange.class()), (None, None), "{exchange:?}");
    let text = error.to_string();
    assert!(!text.is_empty() && !text.contains("kim@example.com") && !text.contains(TOKEN), "{text}");
    error.failure
}

async fn create(reply: Reply) -> (Exchange<muster_okta::wire::User>, Server) {
    let server = Server::start(reply).await;
    (server.okta().create_user(&person("kim@example.com"), &[]).await, server)
}

#[tokio::test]
async fn nobody_listens() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let exchange = okta(&address).create_user(&person("kim@example.com"), &[]).await;
    assert_eq!(failure(&exchange), TransportFailure::Connect);
    assert!(failure(&exchange).never_arrived());
}

#[tokio::test]
async fn no_tls_where_tls_is_expected() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}/", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut hello = Vec::new();
        stream.read_buf(&mut hello).await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        hello
    });
    let exchange = okta(&address).list_groups(None).await;
    assert!(failure(&exchange).never_arrived(), "{exchange:?}");
    let hello = server.await.unwrap();
    assert!(!String::from_utf8_lossy(&hello).contains("SSWS"), "the token does not go out in clear");
}

#[tokio::test]
async fn a_reset_after_the_request_leaves_doubt() {
    let (exchange, server) = create(Reply::Reset).await;
    assert_eq!(failure(&exchange), TransportFailure::Broken);
    assert!(!failure(&exchange).never_arrived());
    assert_eq!(server.heard().len(), 1, "nothing is sent twice by itself");
}

#[tokio::test]
async fn a_close_without_an_answer_leaves_doubt() {
    let (exchange, server) = create(Reply::ThenClose(Vec::new())).await;
    assert_eq!(failure(&exchange), TransportFailure::Broken);
    assert_eq!(server.heard().len(), 1, "nothing is sent twice by itself");
}

#[tokio::test]
async fn silence_is_a_time_out() {
    let (exchange, server) = create(Reply::ThenSilence(Vec::new())).await;
    assert_eq!(failure(&exchange), TransportFailure::TimedOut);
    assert!(!failure(&exchange).never_arrived());
    assert_eq!(server.heard().len(), 1);
}

#[tokio::test]
async fn silence_within_the_body_is_a_time_out() {
    let (exchange, _) =
        create(Reply::ThenSilence(b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{\"id\":".to_vec())).await;
    assert_eq!(failure(&exchange), TransportFailure::TimedOut);
}

#[tokio::test]
async fn a_body_cut_off_by_its_connection_leaves_doubt() {
    let heads =
        ["Content-Length: 90\r\n\r\n{\"id\":\"00u1\"", "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"\r\n"];
    for head in heads {
        let (exchange, _) = create(Reply::ThenClose(format!("HTTP/1.1 200 OK\r\n{head}").into_bytes())).await;
        assert_eq!(failure(&exchange), TransportFailure::Broken, "{head}");
    }
}

#[tokio::test]
async fn a_good_answer_whose_json_breaks_off_leaves_doubt() {
    let (exchange, _) = create(Reply::Whole(answer("200 OK", &[], b"{\"id\":\"00u1\",\"sta"))).await;
    assert!(matches!(exchange.result, Err(CallError::Malformed { status: 200, .. })), "{exchange:?}");
    assert_eq!(exchange.class(), Some(Class::Doubtful));
}

#[tokio::test]
async fn a_good_answer_without_a_user_leaves_doubt() {
    for body in ["", "[]", "{}", "<html>signed in</html>"] {
        let (exchange, _) = create(Reply::Whole(answer("200 OK", &[], body.as_bytes()))).await;
        assert_eq!(exchange.class(), Some(Class::Doubtful), "{body}");
    }
}

#[tokio::test]
async fn what_is_no_http_leaves_doubt() {
    let (exchange, _) = create(Reply::ThenClose(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec())).await;
    assert_eq!(failure(&exchange), TransportFailure::Broken);
}

#[tokio::test]
async fn an_edge_that_answers_in_html_leaves_doubt_and_is_quoted() {
    let page =
        b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1>edge</body></html>";
    let (exchange, _) =
        create(Reply::Whole(answer("502 Bad Gateway", &["Content-Type: text/html"], page))).await;
    assert_eq!((exchange.status, exchange.class()), (Some(502), Some(Class::Doubtful)));
    let words = exchange.result.unwrap_err().to_string();
    assert!(words.contains("502 Bad Gateway") && words.contains("edge") && !words.contains('<'), "{words}");
}

#[tokio::test]
async fn a_refusal_is_told_whole() {
    let body = br#"{"errorCode":"E0000001","errorSummary":"Api validation failed: login","errorLink":"E0000001","errorId":"oae1","errorCauses":[{"errorSummary":"login: taken"},{"errorSummary":"email: odd"}]}"#;
    let (exchange, _) = create(Reply::Whole(answer("400 Bad Request", &[], body))).await;
    assert_eq!(exchange.class(), Some(Class::Refused));
    let words = exchange.result.unwrap_err().to_string();
    assert!(["E0000001", "login: taken", "email: odd"].iter().all(|part| words.contains(part)), "{words}");
}
