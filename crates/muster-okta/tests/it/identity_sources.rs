//! Import sessions and their sources: what is asked, and what is made of the answers.

use muster_core::retry::Class;
use muster_okta::wire::{BulkKind, SessionStatus, user_entity};
use muster_okta::{CallError, Exchange, Okta};
use serde_json::{Map, json};

use crate::official::conforms;
use crate::server::{Heard, Reply, Server, answer, good};

/// As recorded of an org.
const SESSION: &str = r#"{"id":"aps1qqonvr2SZv6o70h8","identitySourceId":"0oa3l6l6WK6h0R0QW0g4","status":"CREATED",
    "importType":"INCREMENTAL","created":"2022-04-04T15:56:05.000Z","lastUpdated":"2022-05-05T16:15:44.000Z"}"#;

const USER: &str = r#"{"id":"0ua1","externalId":"e/1","created":"2025-07-24T12:06:05.000Z",
    "lastUpdated":"2025-08-05T16:15:44.000Z","profile":{"userName":"kim@example.com","email":"kim@example.com"}}"#;

/// A call that is answered so, what came of it, and the request, which the description has to agree with.
async fn asked<T>(
    status: &str,
    body: &str,
    call: impl AsyncFnOnce(&Okta) -> Exchange<T>,
) -> (Exchange<T>, Heard) {
    let content = if body.is_empty() { &[][..] } else { &["Content-Type: application/json"] };
    let server = Server::start(Reply::Whole(answer(status, content, body.as_bytes()))).await;
    let exchange = call(&server.okta()).await;
    (exchange, server.only())
}

/// What is made of a good answer with this body.
async fn of<T>(body: &str, call: impl AsyncFnOnce(&Okta) -> Exchange<T>) -> Exchange<T> {
    asked("200 OK", body, call).await.0
}

#[tokio::test]
async fn a_session_is_created_with_either_status() {
    for status in ["201 Created", "200 OK"] {
        let (exchange, heard) =
            asked(status, SESSION, async |okta| okta.create_import_session("0oa1").await).await;
        let session = exchange.result.unwrap();
        assert_eq!((session.id.as_str(), &session.status), ("aps1qqonvr2SZv6o70h8", &SessionStatus::Created));
        assert_eq!(session.import_type.as_deref(), Some("INCREMENTAL"));
        assert!(session.created < session.last_updated);
        assert_eq!(heard.line, "POST /api/v1/identity-sources/0oa1/sessions HTTP/1.1");
        assert_eq!((heard.header("content-length"), heard.body.as_str()), (vec!["0"], ""));
        conforms(&heard, 200, SESSION);
    }
}

#[tokio::test]
async fn a_second_session_is_refused_in_the_orgs_words() {
    let words = "Only one active import session per identity source is allowed to be created every 5 minutes";
    let body = json!({"errorCode": "E0000001", "errorSummary": "Api validation failed", "errorLink": "E0000001",
        "errorId": "oae1", "errorCauses": [{"errorSummary": words}]});
    let call = async |okta: &Okta| okta.create_import_session("0oa1").await;
    let (exchange, _) = asked("400 Bad Request", &body.to_string(), call).await;
    assert_eq!((exchange.status, exchange.class()), (Some(400), Some(Class::Refused)));
    assert!(exchange.result.unwrap_err().to_string().contains(words));
}

#[tokio::test]
async fn sessions_are_listed_and_read() {
    let list = format!("[{SESSION},{}]", SESSION.replace("CREATED", "EXPIRED"));
    let (exchange, heard) =
        asked("200 OK", &list, async |okta| okta.list_import_sessions("0oa1").await).await;
    let statuses: Vec<_> = exchange.result.unwrap().into_iter().map(|session| session.status).collect();
    assert_eq!(statuses, [SessionStatus::Created, SessionStatus::Expired]);
    assert_eq!(heard.line, "GET /api/v1/identity-sources/0oa1/sessions HTTP/1.1");
    conforms(&heard, 200, &list);
    let read = async |okta: &Okta| okta.read_import_session("0oa1", "aps1").await;
    let (exchange, heard) = asked("200 OK", SESSION, read).await;
    assert_eq!(
        serde_json::to_value(exchange.result.unwrap()).unwrap()["lastUpdated"],
        "2022-05-05T16:15:44Z"
    );
    assert_eq!(heard.line, "GET /api/v1/identity-sources/0oa1/sessions/aps1 HTTP/1.1");
    conforms(&heard, 200, SESSION);
    let none = of("[]", async |okta| okta.list_import_sessions("0oa1").await).await;
    assert_eq!(none.result.unwrap(), []);
}

#[tokio::test]
async fn little_is_needed_of_a_session_and_no_word_is_too_new() {
    let bare = of(r#"{"id":"aps1","status":"PAUSED","created":null}"#, async |okta| {
        okta.read_import_session("0oa1", "aps1").await
    });
    let session = bare.await.result.unwrap();
    assert_eq!((session.status.as_str(), session.created, session.import_type), ("PAUSED", None, None));
}

#[tokio::test]
async fn a_session_is_cancelled() {
    let cancel = async |okta: &Okta| okta.cancel_import_session("0oa1", "aps1").await;
    let (exchange, heard) = asked("204 No Content", "", cancel).await;
    assert!(exchange.result.is_ok());
    assert_eq!(heard.line, "DELETE /api/v1/identity-sources/0oa1/sessions/aps1 HTTP/1.1");
    conforms(&heard, 204, "");
}

#[tokio::test]
async fn an_import_is_started_whatever_the_form_of_the_answer() {
    let triggered = SESSION.replace("CREATED", "TRIGGERED");
    for body in [triggered.clone(), format!(" [{triggered}]")] {
        let start = async |okta: &Okta| okta.start_import("0oa1", "aps1").await;
        let (exchange, heard) = asked("200 OK", &body, start).await;
        assert_eq!(exchange.result.unwrap().status, SessionStatus::Triggered);
        assert_eq!(heard.line, "POST /api/v1/identity-sources/0oa1/sessions/aps1/start-import HTTP/1.1");
        conforms(&heard, 200, &triggered);
    }
}

#[tokio::test]
async fn a_load_goes_out_as_it_is() {
    for kind in BulkKind::ALL {
        let body = BulkKind::UsersUpsert.body(&[user_entity("e/1", &Map::new())]);
        let load = async |okta: &Okta| okta.upload("0oa1", "aps1", kind, body.clone()).await;
        let (exchange, heard) = asked("202 Accepted", "", load).await;
        assert!(exchange.result.is_ok() && exchange.status == Some(202), "{exchange:?}");
        let path = format!("/api/v1/identity-sources/0oa1/sessions/aps1/{}", kind.as_str());
        assert_eq!(heard.line, format!("POST {path} HTTP/1.1"));
        assert_eq!(
            (heard.header("content-type"), heard.body.as_bytes()),
            (vec!["application/json"], &body[..])
        );
    }
}

#[tokio::test]
async fn a_person_of_a_source_is_read() {
    let read = async |okta: &Okta| okta.read_source_user("0oa1", "e/1").await;
    let (exchange, heard) = asked("200 OK", USER, read).await;
    let user = exchange.result.unwrap();
    assert_eq!((user.id.as_str(), user.external_id.as_deref()), ("0ua1", Some("e/1")));
    assert_eq!(user.profile["userName"], "kim@example.com");
    assert!(user.created < user.last_updated);
    assert_eq!(heard.line, "GET /api/v1/identity-sources/0oa1/users/e%2F1 HTTP/1.1");
    conforms(&heard, 200, USER);
}

#[tokio::test]
async fn a_schema_is_read() {
    let schema = json!({"definitions": {"base": {"properties": {"userName": {"type": "string", "required": true}}},
        "custom": {"properties": {"badge": {"type": "string", "maxLength": 20}}}}});
    let read = async |okta: &Okta| okta.read_source_schema("0oa1").await;
    let (exchange, heard) = asked("200 OK", &schema.to_string(), read).await;
    let attributes = exchange.result.unwrap().attributes;
    assert_eq!(attributes.keys().collect::<Vec<_>>(), ["badge", "userName"]);
    assert_eq!(attributes["badge"].max_length, Some(20));
    assert_eq!(heard.line, "GET /api/v1/meta/schemas/apps/0oa1/default HTTP/1.1");
}

#[tokio::test]
async fn answers_that_are_none_leave_doubt() {
    let two = format!("[{SESSION},{SESSION}]");
    let odd = ["", "null", "{}", "[]", "[{}]", "[7]", "<html>Sign in</html>", r#"{"id":"aps1","#, &two];
    let doubtful = |class: Option<Class>, call: &str, body: &str| {
        assert_eq!(class, Some(Class::Doubtful), "{call}: {body}");
    };
    for body in odd {
        doubtful(
            of(body, async |okta| okta.create_import_session("0oa1").await).await.class(),
            "create",
            body,
        );
        doubtful(
            of(body, async |okta| okta.read_import_session("0oa1", "a").await).await.class(),
            "read",
            body,
        );
        doubtful(of(body, async |okta| okta.start_import("0oa1", "a").await).await.class(), "start", body);
        doubtful(of(body, async |okta| okta.read_source_user("0oa1", "e").await).await.class(), "user", body);
        doubtful(of(body, async |okta| okta.read_source_schema("0oa1").await).await.class(), "schema", body);
        let members = of(body, async |okta| okta.list_source_group_members("0oa1", "g", None).await).await;
        doubtful(members.class(), "members", body);
    }
    for body in odd.into_iter().filter(|body| !["[]", &two].contains(body)) {
        doubtful(of(body, async |okta| okta.list_import_sessions("0oa1").await).await.class(), "list", body);
    }
}

/// A page with 200 comes from something in between: the load may never have arrived.
#[tokio::test]
async fn a_page_in_the_place_of_the_org_takes_no_load() {
    let server = Server::start(good("<html>Sign in to the guest network</html>")).await;
    let okta = server.okta();
    let load = okta.upload("0oa1", "aps1", BulkKind::UsersDelete, BulkKind::UsersDelete.body(&[])).await;
    assert!(matches!(load.result, Err(CallError::Malformed { status: 200, .. })), "{load:?}");
    assert!(okta.cancel_import_session("0oa1", "aps1").await.result.is_err());
}
