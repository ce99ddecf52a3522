//! Who may call at all.

use std::sync::Arc;

use muster_server::{Safety, ServerError};

use crate::places::{Place, Stored};
use crate::world::{Came, SECRET, body, came, listen, settings, world, world_at};

fn place() -> Arc<Place> {
    Arc::new(Place::new("old", &[("a@example.com", Stored::Hash("right", 1))]))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_not_on_the_list_gets_nowhere() {
    let mut settings = settings();
    settings.addresses.allowed = vec!["192.0.2.0/24".parse().unwrap()];
    let world = world(settings.clone(), vec![place()]).await;
    let call = world.client.post(&world.running.url).header("authorization", SECRET).send().await;
    assert!(call.is_err(), "not even a connection");
    settings.addresses.proxies = vec!["127.0.0.0/8".parse().unwrap()];
    let world = crate::world::world(settings, vec![place()]).await;
    let from = async |address: &str| {
        let body = body("e1", "a@example.com", "right").to_string();
        let call = world.client.post(&world.running.url).header("authorization", SECRET).body(body);
        came(call.header("x-forwarded-for", address).send().await.unwrap()).await
    };
    assert_eq!(from("192.0.2.9").await, Came::Verified);
    assert_eq!(from("198.51.100.9").await, Came::Status(403));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_anybody_could_use_is_not_opened() {
    let mut open = listen();
    open.address = "0.0.0.0:0".parse().unwrap();
    let refused = world_at(open.clone(), settings(), vec![place()]).await;
    assert!(matches!(refused.err().unwrap(), ServerError::PlainHttp(_)));
    open.safety = Safety::BehindTlsProxy;
    world_at(open, settings(), vec![place()]).await.unwrap();
    let mut bare = settings();
    bare.secrets.clear();
    let refused = world_at(listen(), bare, vec![place()]).await;
    assert!(matches!(refused.err().unwrap(), ServerError::NoGuard));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_says_nothing_holds_up_nobody() {
    let mut listen = listen();
    listen.connections = 2;
    let world = world_at(listen, settings(), vec![place()]).await.unwrap();
    let address = world.running.url.trim_start_matches("http://").split('/').next().unwrap().to_owned();
    let silent = tokio::net::TcpStream::connect(&address).await.unwrap();
    assert_eq!(world.call("e1", "a@example.com", "right").await, Came::Verified);
    drop(silent);
}

#[tokio::test(flavor = "multi_thread")]
async fn guards_that_would_guard_nothing_are_not_taken() {
    let mut open = listen();
    open.client_authority = Some(Vec::new());
    for safety in [Safety::PlainOnLoopback, Safety::BehindTlsProxy] {
        open.safety = safety;
        let refused = world_at(open.clone(), settings(), vec![place()]).await;
        assert!(matches!(refused.err().unwrap(), ServerError::Setting(_)), "nobody shows a certificate");
    }
    for secret in ["", " ", "a secret of 24 letters.. "] {
        let mut settings = settings();
        settings.secrets.push(muster_core::secret::Secret::new(secret));
        let refused = world_at(listen(), settings, vec![place()]).await;
        assert!(matches!(refused.err().unwrap(), ServerError::Setting(_)), "{secret:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_okta_holds_no_connection() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let world = world(settings(), vec![place()]).await;
    let address = world.running.url.trim_start_matches("http://").split('/').next().unwrap().to_owned();
    let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
    let request = "POST /okta/password-import HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n";
    stream.write_all(request.repeat(3).as_bytes()).await.unwrap();
    let mut answers = String::new();
    // It ends: the server hangs up.
    let read = stream.read_to_string(&mut answers).await;
    assert!(answers.matches("HTTP/1.1 401").count() <= 1, "{answers}");
    assert!(read.is_err() || !answers.is_empty());
}
