//! The parser of Okta's question.

use muster_server::hook::request::{RequestFault, read};
use proptest::prelude::*;
use serde_json::json;

use crate::world::body;

#[test]
fn the_question_is_read() {
    let question = read(body("e1", " isaac@example.com ", "Okta").to_string().as_bytes()).unwrap();
    assert_eq!(question.event_id, "e1");
    assert_eq!(question.login.as_str(), "isaac@example.com");
    assert_eq!(question.password.reveal(), "Okta");
    assert!(!format!("{question:?}").contains("Okta"));
}

#[test]
fn escapes_of_all_kinds_are_undone() {
    let text = body("e1", "a@example.com", "PASSWORD").to_string();
    let with = |password: &str| read(text.replace("PASSWORD", password).as_bytes());
    let escaped = r#"\"\\\/\b\f\n\r\t\u00e4\ud83d\ude00 ü😀"#;
    assert_eq!(with(escaped).unwrap().password.reveal(), "\"\\/\u{8}\u{c}\n\r\tä😀 ü😀");
    for half in [r"\ud83d", r"\ud83dx", r"\ude00", r"\ud83d\u0041"] {
        assert_eq!(with(half).unwrap_err(), RequestFault::Missing("data.context.credential.password"));
    }
}

#[test]
fn what_is_wrong_is_named_and_nothing_is_quoted() {
    let fault = |body: &serde_json::Value| read(body.to_string().as_bytes()).unwrap_err();
    assert!(matches!(read(b"{\"hunter2\":").unwrap_err(), RequestFault::NotJson { .. }));
    assert!(matches!(fault(&json!(["hunter2"])), RequestFault::Shape { .. }));
    assert_eq!(fault(&json!({"eventType": "com.okta.saml.tokens.transform"})), RequestFault::OtherEvent);
    let mut bodies = Vec::new();
    for (place, value) in [
        ("/data/context/credential/username", json!(7)),
        ("/data/context/credential/username", json!("  ")),
        ("/data/context/credential/password", json!(null)),
        ("/data/context/credential/password", json!({"hunter2": 1})),
        ("/data/context/credential", json!("hunter2")),
        ("/eventId", json!("x".repeat(300))),
    ] {
        let mut whole = body("e1", "a@example.com", "hunter2");
        *whole.pointer_mut(place).unwrap() = value;
        bodies.push(whole);
    }
    for body in &bodies {
        let fault = fault(body);
        assert!(!format!("{fault} {fault:?} {}", fault.location()).contains("hunter2"), "{fault}");
    }
}

#[test]
fn a_password_may_be_empty_and_the_event_may_have_no_id() {
    let mut whole = body("e1", "a@example.com", "");
    whole.as_object_mut().unwrap().remove("eventId");
    let question = read(whole.to_string().as_bytes()).unwrap();
    assert_eq!((question.event_id.as_str(), question.password.reveal()), ("", ""));
}

proptest! {
    #[test]
    fn whatever_comes_it_does_not_break(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&body);
    }

    #[test]
    fn whatever_json_comes_it_does_not_break(text in "[{}\\[\\]:,\"\\\\ud8dc0-9a-z]{0,200}") {
        let _ = read(text.as_bytes());
    }

    #[test]
    fn whatever_the_password_it_is_read_as_it_was_written(password in any::<String>(), cut in any::<usize>()) {
        let text = body("e1", "a@example.com", &password).to_string();
        let question = read(text.as_bytes()).unwrap();
        prop_assert_eq!(question.password.reveal(), &password);
        let bytes = text.as_bytes();
        prop_assert!(read(&bytes[..cut % bytes.len()]).is_err());
    }
}

#[test]
fn a_login_has_no_control_characters() {
    for login in ["a\0@example.com", "a@example.com\u{7f}x", "a\nb"] {
        let fault = read(body("e1", login, "x").to_string().as_bytes()).unwrap_err();
        assert_eq!(fault, RequestFault::Control("data.context.credential.username"));
    }
}

#[test]
fn what_is_said_twice_is_not_understood() {
    let text = body("e1", "a@example.com", "x").to_string();
    for member in [r#""username":"b@example.com","#, r#""password":"y","#] {
        let twice =
            text.replace(r#""credential":{"password""#, &format!(r#""credential":{{{member}"password""#));
        let twice =
            twice.replace(r#""credential":{"username""#, &format!(r#""credential":{{{member}"username""#));
        assert_ne!(twice, text);
        assert!(matches!(read(twice.as_bytes()).unwrap_err(), RequestFault::Shape { .. }), "{twice}");
    }
}
