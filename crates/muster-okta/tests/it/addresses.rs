//! Logins and ids in paths.

use muster_core::login::Login;
use muster_core::retry::Class;

use crate::server::{Reply, Server, answer, good};

const USER: &str = r#"{"id":"00u1","status":"ACTIVE","profile":{"login":"kim@example.com"}}"#;

async fn target_of(login: &str, body: &str) -> (String, muster_okta::Exchange<muster_okta::wire::User>) {
    let server = Server::start(good(body)).await;
    let exchange = server.okta().read_user(&Login::parse(login).unwrap()).await;
    let line = server.only().line;
    (line.trim_start_matches("GET ").trim_end_matches(" HTTP/1.1").to_owned(), exchange)
}

#[tokio::test]
async fn a_login_is_one_segment_of_the_path() {
    for (login, target) in [
        ("kim@example.com", "/api/v1/users/kim@example.com"),
        ("a+b@example.com", "/api/v1/users/a%2Bb@example.com"),
        ("ü@example.de", "/api/v1/users/%C3%BC@example.de"),
        ("a b@example.com", "/api/v1/users/a%20b@example.com"),
        ("100%@example.com", "/api/v1/users/100%25@example.com"),
        ("a#b&c=d;e@example.com", "/api/v1/users/a%23b%26c%3Dd%3Be@example.com"),
        (r"a\b@example.com", "/api/v1/users/a%5Cb@example.com"),
        ("o'brien-x_y.z~@example.com", "/api/v1/users/o%27brien-x_y.z~@example.com"),
    ] {
        let (sent, exchange) = target_of(login, USER).await;
        assert_eq!(sent, target);
        assert_eq!(exchange.result.unwrap().id, "00u1");
    }
}

#[tokio::test]
async fn a_login_that_no_path_can_hold_is_searched_for() {
    for (login, target) in [
        ("a/b@example.com", "/api/v1/users?limit=2&search=profile.login%20eq%20%22a%2Fb@example.com%22"),
        ("a?b@example.com", "/api/v1/users?limit=2&search=profile.login%20eq%20%22a%3Fb@example.com%22"),
        (
            r#"a/"b"\c@example.com"#,
            "/api/v1/users?limit=2&search=profile.login%20eq%20%22a%2F%5C%22b%5C%22%5C%5Cc@example.com%22",
        ),
    ] {
        let (sent, exchange) = target_of(login, &format!("[{USER}]")).await;
        assert_eq!(sent, target);
        assert_eq!(exchange.result.unwrap().id, "00u1");
    }
}

/// An empty list is to a search what 404 is to a read.
#[tokio::test]
async fn a_search_that_finds_nobody_is_not_found() {
    let (_, exchange) = target_of("a/b@example.com", "[]").await;
    assert_eq!(exchange.class(), Some(Class::NotFound));
}

#[tokio::test]
async fn ids_are_segments_too() {
    let server =
        Server::start(Reply::Whole(answer("404 Not Found", &[], b"{\"errorCode\":\"E0000007\"}"))).await;
    let exchange = server.okta().read_group("00g/../users?x").await;
    assert_eq!(exchange.class(), Some(Class::NotFound));
    assert_eq!(server.only().line, "GET /api/v1/groups/00g%2F..%2Fusers%3Fx HTTP/1.1");
}
