//! The token goes to the org and nowhere else.

use muster_okta::{CallError, TransportFailure};

use crate::server::{Reply, Server, answer, good};

const GROUPS: &str = r#"[{"id":"00g1","type":"OKTA_GROUP","profile":{"name":"Staff"}}]"#;

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let other = Server::start(good("[]")).await;
    for status in ["301 Moved Permanently", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"] {
        let location = format!("Location: {}api/v1/groups", other.address());
        let server = Server::start(Reply::Whole(answer(status, &[&location], b""))).await;
        let exchange = server.okta().list_groups(None).await;
        assert_eq!(exchange.status.map(|status| status.to_string()).as_deref(), Some(&status[..3]));
        assert!(exchange.result.is_err());
        assert_eq!(server.heard().len(), 1);
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn a_next_page_elsewhere_is_not_read() {
    let other = Server::start(good(GROUPS)).await;
    let link = format!("Link: <{}api/v1/groups?after=x>; rel=\"next\"", other.address());
    let server = Server::start(Reply::Whole(answer("200 OK", &[&link], GROUPS.as_bytes()))).await;
    let okta = server.okta();
    let first = okta.list_groups(None).await;
    let next = first.next.unwrap();
    assert!(next.starts_with(other.address()), "{next}");
    let elsewhere =
        [next, "https://example.com/api/v1/groups".to_owned(), "//example.com/api/v1/groups".to_owned()];
    for page in elsewhere {
        let second = okta.list_groups(Some(&page)).await;
        let Err(CallError::Transport(error)) = second.result else { panic!("{page}") };
        assert_eq!(error.failure, TransportFailure::Unsendable, "{page}");
    }
    assert_eq!((server.heard().len(), other.connections()), (1, 0));
}

#[tokio::test]
async fn the_next_page_is_read_to_the_letter() {
    let server = Server::start(good(GROUPS)).await;
    let page = format!("{}api/v1/groups?after=00g%2B1&limit=200", server.address());
    let exchange = server.okta().list_groups(Some(&page)).await;
    assert_eq!(exchange.result.unwrap().first().unwrap().profile.name, "Staff");
    assert_eq!(server.only().line, "GET /api/v1/groups?after=00g%2B1&limit=200 HTTP/1.1");
}
