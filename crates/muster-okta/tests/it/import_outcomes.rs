//! Lists in pages: what tells the outcomes of an import, and which sources there are.

use jiff::Timestamp;
use muster_okta::TransportFailure;
use percent_encoding::percent_decode_str;
use serde_json::json;

use crate::official::conforms;
use crate::server::{Reply, Server, answer, good};

fn since() -> Timestamp {
    "2026-11-21T10:00:00.123456Z".parse().unwrap()
}

/// The parts of a request's query, decoded.
fn query(line: &str) -> Vec<String> {
    let target = line.split(' ').nth(1).unwrap();
    let query = target.split_once('?').unwrap().1;
    query.split('&').map(|part| percent_decode_str(part).decode_utf8().unwrap().into_owned()).collect()
}

/// A server whose every answer is this page, with another one behind it.
async fn paged(body: &str) -> Server {
    let link = "Link: <http://org.example/api/v1/self>; rel=\"self\", </api/v1/more?after=x>; rel=\"next\"";
    Server::start(Reply::Whole(answer("200 OK", &[link], body.as_bytes()))).await
}

#[tokio::test]
async fn the_events_of_imports_are_asked_for_by_name() {
    let events = json!([{"uuid": "1", "eventType": "system.import.user.create", "published": "2026-11-21T10:00:01.000Z",
        "outcome": {"result": "SUCCESS"}, "actor": {"id": "system", "type": "SystemPrincipal"},
        "target": [{"id": "0oa1", "type": "AppInstance"}, {"id": "00u1", "type": "User", "displayName": "Kim"}],
        "debugContext": {"debugData": {"importSessionId": "aps1"}}}])
    .to_string();
    let server = Server::start(good(&events)).await;
    let found = server.okta().import_events(since(), None).await.result.unwrap();
    assert_eq!(found[0].import_session(), Some("aps1"));
    assert_eq!(found[0].targets("User").next().unwrap().display_name.as_deref(), Some("Kim"));
    let heard = server.only();
    conforms(&heard, 200, &events);
    let parts = query(&heard.line);
    assert_eq!(
        (parts[0].as_str(), &parts[2..]),
        ("since=2026-11-21T10:00:00.123Z", &["limit=1000".to_owned(), "sortOrder=ASCENDING".to_owned()][..])
    );
    let filter = parts[1].strip_prefix("filter=").unwrap();
    let terms: Vec<&str> = filter.split(" or ").collect();
    assert_eq!(terms.len(), 7);
    assert!(terms.iter().all(|term| term.starts_with("eventType eq \"") && term.ends_with('"')), "{terms:?}");
    for name in ["system.import.user.create", "system.import.complete"] {
        assert!(terms.contains(&format!("eventType eq \"{name}\"").as_str()), "{terms:?}");
    }
}

#[tokio::test]
async fn imported_passwords_are_asked_for_as_before() {
    let server = Server::start(good("[]")).await;
    server.okta().password_imports(since(), None).await.result.unwrap();
    assert_eq!(query(&server.only().line)[1], "filter=eventType eq \"user.import.password\"");
}

#[tokio::test]
async fn users_that_changed_are_searched_for() {
    let users = json!([{"id": "00u1", "status": "ACTIVE", "created": "2026-11-21T10:00:01.000Z",
        "lastUpdated": "2026-11-21T10:00:02.000Z", "profile": {"login": "kim@example.com"},
        "credentials": {"provider": {"type": "IMPORT", "name": "IMPORT"}}}, {"id": "00u2"}]);
    let server = Server::start(good(&users.to_string())).await;
    let found = server.okta().users_changed_since(since(), None).await.result.unwrap();
    assert!(found[0].created < found[0].last_updated && found[0].created.is_some());
    assert_eq!((found[0].status.as_str(), found[0].provider()), ("ACTIVE", Some("IMPORT")));
    assert_eq!((found[1].last_updated, found[1].provider()), (None, None));
    let heard = server.only();
    assert_eq!(query(&heard.line), ["limit=200", "search=lastUpdated ge \"2026-11-21T10:00:00.123Z\""]);
    conforms(&heard, 200, "[]");
}

#[tokio::test]
async fn sources_are_told_from_other_apps() {
    let apps = json!([
        {"id": "0oa1", "name": "custom_identity_source", "label": "HR", "status": "ACTIVE", "features": []},
        {"id": "0oa2", "name": "salesforce", "label": "custom_identity_source", "status": "ACTIVE",
            "orn": "orn:okta:idp:00o1:apps:salesforce:0oa2"},
        {"id": "0oa3", "name": "hr_1", "label": null, "orn": "orn:okta:idp:00o1:custom_identity_source:0oa3"},
        {"id": "0oa4"},
    ]);
    let server = paged(&apps.to_string()).await;
    let exchange = server.okta().list_identity_sources(None).await;
    assert_eq!(exchange.next.as_deref(), Some("/api/v1/more?after=x"));
    let found: Vec<_> =
        exchange.result.unwrap().into_iter().map(|app| (app.id, app.label, app.status)).collect();
    let of = |id: &str, label: &str, status: &str| (id.to_owned(), label.to_owned(), status.to_owned());
    assert_eq!(found, [of("0oa1", "HR", "ACTIVE"), of("0oa3", "", "")]);
    assert_eq!(server.only().line, "GET /api/v1/apps?limit=200 HTTP/1.1");
}

#[tokio::test]
async fn members_are_external_ids() {
    let members = r#"{"memberExternalIds":["e/1","ü 2"]}"#;
    let server = paged(members).await;
    let exchange = server.okta().list_source_group_members("0oa1", "g/1", None).await;
    assert_eq!(exchange.next.as_deref(), Some("/api/v1/more?after=x"));
    assert_eq!(exchange.result.unwrap(), ["e/1", "ü 2"]);
    let heard = server.only();
    let path = "/api/v1/identity-sources/0oa1/groups/g%2F1/membership?limit=1000";
    assert_eq!(heard.line, format!("GET {path} HTTP/1.1"));
    conforms(&heard, 200, members);
}

#[tokio::test]
async fn the_next_page_is_asked_for_where_the_page_before_said() {
    let server = Server::start(good("[]")).await;
    let (okta, page) = (server.okta(), Some("/api/v1/more?after=x"));
    okta.import_events(since(), page).await.result.unwrap();
    okta.users_changed_since(since(), page).await.result.unwrap();
    okta.list_identity_sources(page).await.result.unwrap();
    assert!(
        okta.list_source_group_members("0oa1", "g1", page).await.result.is_err(),
        "a list is no membership"
    );
    let heard = server.heard();
    assert_eq!(heard.len(), 4);
    assert!(heard.iter().all(|heard| heard.line == "GET /api/v1/more?after=x HTTP/1.1"), "{heard:?}");
}

#[tokio::test]
async fn no_page_leads_elsewhere() {
    let server = Server::start(good("[]")).await;
    let (okta, page) = (server.okta(), Some("http://127.0.0.2:1/api/v1/more"));
    let errors = [
        okta.import_events(since(), page).await.result.unwrap_err(),
        okta.users_changed_since(since(), page).await.result.unwrap_err(),
        okta.list_identity_sources(page).await.result.unwrap_err(),
        okta.list_source_group_members("0oa1", "g1", page).await.result.unwrap_err(),
    ];
    for error in errors {
        let muster_okta::CallError::Transport(error) = error else { panic!("{error:?}") };
        assert_eq!(error.failure, TransportFailure::Unsendable);
    }
    assert!(server.heard().is_empty());
}
