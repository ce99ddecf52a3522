//! Bodies of answers and of creates.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use muster_core::candidate::{Credential, Recovery};
use muster_core::credential::OktaHash;
use muster_core::retry::Class;
use muster_core::secret::Secret;
use muster_okta::wire::create_body;
use serde_json::{Value, json};

use crate::candidates::person;
use crate::server::{Reply, Server, answer, good};

#[tokio::test]
async fn a_compressed_body_is_read() {
    let groups: Vec<_> =
        (0..500).map(|number| json!({"id": format!("00g{number}"), "profile": {"name": "Staff"}})).collect();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(json!(groups).to_string().as_bytes()).unwrap();
    let body = gzip.finish().unwrap();
    let server = Server::start(Reply::Whole(answer("200 OK", &["Content-Encoding: gzip"], &body))).await;
    assert_eq!(server.okta().list_groups(None).await.result.unwrap().len(), 500);
    let torn = &body[..body.len() / 2];
    let server = Server::start(Reply::Whole(answer("200 OK", &["Content-Encoding: gzip"], torn))).await;
    let exchange = server.okta().list_groups(None).await;
    assert!(exchange.result.is_err() && matches!(exchange.class(), None | Some(Class::Doubtful)));
}

#[tokio::test]
async fn an_answer_without_a_body_is_an_answer() {
    let server = Server::start(Reply::Whole(b"HTTP/1.1 204 No Content\r\nX-Rate-Limit-Limit: 50\r\nX-Rate-Limit-Remaining: 7\r\nX-Rate-Limit-Reset: 1795255242\r\nDate: Sat, 21 Nov 2026 10:00:00 GMT\r\n\r\n".to_vec())).await;
    let exchange = server.okta().join_group("00g1", "00u1").await;
    assert_eq!((exchange.status, exchange.class()), (Some(204), Some(Class::Success)));
    let reading = exchange.reading.unwrap();
    assert_eq!((reading.limit, reading.remaining, reading.resets_in.as_secs()), (50, 7, 42));
}

#[tokio::test]
async fn a_page_with_200_in_the_place_of_the_org_is_no_deed() {
    let page = b"<html><title>Sign in to the guest network</title></html>";
    let server = Server::start(Reply::Whole(answer("200 OK", &["Content-Type: text/html"], page))).await;
    assert!(server.okta().suspend("00u1").await.result.is_err());
    let server = Server::start(Reply::Whole(answer("200 OK", &[], b"{}"))).await;
    assert!(server.okta().suspend("00u1").await.result.is_ok());
}

#[tokio::test]
async fn a_body_in_chunks_is_read() {
    let body =
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"id\r\n9\r\n\":\"00u1\"}\r\n0\r\n\r\n";
    let server = Server::start(Reply::Whole(body.to_vec())).await;
    assert_eq!(server.okta().create_user(&person("kim@example.com"), &[]).await.result.unwrap().id, "00u1");
}

fn read(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap()
}

#[test]
fn a_create_holds_the_credential_in_its_form() {
    let with = |credential| {
        read(&create_body(
            &muster_core::candidate::Candidate { credential, ..person("kim@example.com") },
            &[],
        ))
    };
    assert!(with(Credential::None).get("credentials").is_none());
    let password = |credential| with(credential)["credentials"]["password"].clone();
    assert_eq!(password(Credential::Cleartext(Secret::new("Abcd1234"))), json!({"value": "Abcd1234"}));
    assert_eq!(password(Credential::Hook), json!({"hook": {"type": "default"}}));
    let (salt, value) =
        (Secret::new("qRRx8rli7Lvs2h2CNgCQ2O"), Secret::new("mVA2NDdomRGoGFrAXDZcno0OZ6CoOU2"));
    let hash =
        json!({"algorithm": "BCRYPT", "workFactor": 10, "salt": salt.reveal(), "value": value.reveal()});
    let bcrypt = OktaHash::Bcrypt { work_factor: 10, salt, value };
    assert_eq!(password(Credential::Hash(bcrypt)), json!({ "hash": hash }));
}

#[test]
fn a_create_holds_what_was_asked_for_and_nothing_else() {
    let mut kim = person("kim@example.com");
    let bare = read(&create_body(&kim, &[]));
    assert_eq!(bare.as_object().unwrap().keys().collect::<Vec<_>>(), ["profile"]);
    kim.recovery = Some(Recovery { question: "Which?".to_owned(), answer: Secret::new("This one") });
    (kim.realm_id, kim.type_id) = (Some("guo1".to_owned()), Some("oty1".to_owned()));
    let full = read(&create_body(&kim, &["00g1".to_owned(), "00g2".to_owned()]));
    assert_eq!(
        full["credentials"],
        json!({"recovery_question": {"question": "Which?", "answer": "This one"}})
    );
    assert_eq!((&full["groupIds"], &full["realmId"]), (&json!(["00g1", "00g2"]), &json!("guo1")));
    assert_eq!(full["type"], json!({"id": "oty1"}));
}

#[tokio::test]
async fn a_password_that_has_to_be_changed_is_asked_for_in_the_address() {
    let server = Server::start(good(r#"{"id":"00u1"}"#)).await;
    let kim = muster_core::candidate::Candidate {
        activate: true,
        change_password: true,
        ..person("kim@example.com")
    };
    server.okta().create_user(&kim, &[]).await.result.unwrap();
    assert_eq!(server.only().line, "POST /api/v1/users?activate=true&nextLogin=changePassword HTTP/1.1");
}
