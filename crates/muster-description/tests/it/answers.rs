//! Statuses, headers and bodies of answers.

use http::{HeaderMap, HeaderValue};
use serde_json::json;

use crate::sample::{Judge, places, typed};

#[test]
fn an_undocumented_status_is_a_violation_that_lists_the_documented_ones() {
    let book = json!({ "id": 1, "title": "Emma" });
    let violations = Judge::library().answer("POST", "/books", 200, Some(&book));
    assert_eq!(places(&violations), ["status 200"]);
    assert_eq!(violations[0].expected, "one of 201, 400");
}

#[test]
fn the_body_of_an_undocumented_status_is_held_against_its_nearest_kin() {
    let judge = Judge::library();
    let violations = judge.answer("POST", "/books", 202, Some(&json!({ "id": 1 })));
    assert_eq!(places(&violations), ["body /title", "status 202"]);
    let violations = judge.answer("POST", "/books", 409, Some(&json!({})));
    assert_eq!(places(&violations), ["body /words", "status 409"]);
}

#[test]
fn classes_and_defaults_stand_for_many_statuses() {
    let judge = Judge::library();
    assert!(judge.answer("GET", "/books", 418, Some(&json!({ "words": "no" }))).is_empty());
    assert_eq!(places(&judge.answer("GET", "/books", 418, Some(&json!({})))), ["body /words"]);
    assert!(judge.answer("GET", "/books/latest", 599, None).is_empty());
}

#[test]
fn required_headers_are_required() {
    let judge = Judge::library();
    assert_eq!(places(&judge.answer("GET", "/books", 200, Some(&json!([])))), ["header X-Count"]);
    let mut headers = typed("application/json");
    headers.insert("x-count", HeaderValue::from_static("none"));
    assert_eq!(places(&judge.raw_answer("GET", "/books", 200, &headers, b"[]")), ["header X-Count"]);
    headers.insert("x-count", HeaderValue::from_static("0"));
    assert!(judge.raw_answer("GET", "/books", 200, &headers, b"[]").is_empty());
}

#[test]
fn bodies_are_there_when_promised_and_only_then() {
    let judge = Judge::library();
    assert_eq!(places(&judge.answer("POST", "/books", 201, None)), ["body"]);
    assert!(judge.answer("DELETE", "/books/7", 204, None).is_empty());
    let extra = judge.answer("DELETE", "/books/7", 204, Some(&json!({})));
    assert_eq!(places(&extra), ["body"]);
    assert_eq!((extra[0].found.as_str(), extra[0].excuse), ("an object of 0 members", None));
}

#[test]
fn what_is_write_only_is_not_required_in_an_answer() {
    let judge = Judge::library();
    assert!(judge.answer("POST", "/books", 201, Some(&json!({ "id": 1, "title": "Emma" }))).is_empty());
    let violations = judge.answer("POST", "/books", 201, Some(&json!({ "title": "Emma" })));
    assert_eq!(places(&violations), ["body /id"]);
}

#[test]
fn media_types_may_be_ranges_and_need_not_be_readable() {
    let judge = Judge::library();
    let cover = "/books/7/cover.png";
    assert!(judge.raw_answer("GET", cover, 200, &typed("image/png"), b"\x89PNG").is_empty());
    let violations = judge.raw_answer("GET", cover, 200, &typed("text/html"), b"<p>");
    assert_eq!(places(&violations), ["header content-type"]);
    assert_eq!(violations[0].expected, "image/*");
}

#[test]
fn an_answer_to_an_unknown_operation_is_not_judged() {
    assert!(Judge::library().raw_answer("GET", "/scrolls", 500, &HeaderMap::new(), b"?").is_empty());
}
