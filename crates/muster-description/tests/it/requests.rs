//! Paths, parameters and bodies of requests.

use http::{HeaderMap, HeaderValue};
use serde_json::json;

use crate::sample::{Judge, places, typed};

fn at_desk() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("x-desk", HeaderValue::from_static("north"));
    headers
}

fn listing(query: &str) -> Vec<String> {
    let target = format!("/books?{query}");
    let violations = Judge::library().raw_request("GET", &target, &at_desk(), b"");
    places(&violations).into_iter().map(str::to_owned).collect()
}

#[test]
fn an_unknown_path_and_an_unknown_method_are_violations() {
    let judge = Judge::library();
    let violations = judge.request("GET", "/scrolls", None);
    assert_eq!(places(&violations), ["path"]);
    assert_eq!(violations[0].operation, "GET /scrolls");
    let violations = judge.request("PATCH", "/books", None);
    assert_eq!(places(&violations), ["method"]);
    assert_eq!(violations[0].expected, "one of GET, POST");
}

#[test]
fn the_path_of_a_server_may_stand_before() {
    let judge = Judge::library();
    assert_eq!(judge.0.knows(&http::Method::GET, "/v2/books"), Some("listBooks"));
    assert_eq!(judge.0.knows(&http::Method::GET, "/books"), Some("listBooks"));
    assert_eq!(judge.0.knows(&http::Method::GET, "/v3/books"), None);
}

#[test]
fn a_fixed_path_goes_before_a_template_and_a_nameless_operation_is_called_by_its_path() {
    let judge = Judge::library();
    assert_eq!(judge.0.knows(&http::Method::GET, "/books/latest"), Some("latestBook"));
    assert_eq!(judge.0.knows(&http::Method::DELETE, "/books/7"), Some("DELETE /books/{id}"));
    assert_eq!(judge.0.knows(&http::Method::DELETE, "/books/"), None);
    assert_eq!(judge.0.knows(&http::Method::DELETE, "/books/7/8"), None);
}

#[test]
fn path_parameters_are_judged_decoded() {
    let judge = Judge::library();
    assert!(judge.request("DELETE", "/books/%37", None).is_empty());
    assert_eq!(places(&judge.request("DELETE", "/books/0", None)), ["path id"]);
    assert_eq!(places(&judge.request("DELETE", "/books/seven", None)), ["path id"]);
    assert!(judge.request("GET", "/books/7/cover.png", None).is_empty());
    assert_eq!(places(&judge.request("GET", "/books/7/cover.gif", None)), ["path kind"]);
}

#[test]
fn query_parameters_have_types_limits_and_formats() {
    let none: [&str; 0] = [];
    let good = "shelf=new&limit=50&since=2024-02-29T10:00:00Z&ids=1,2&tag=a&tag=b&lent=true&weight=1.5&all";
    assert_eq!(listing(good), none);
    for (query, place) in [
        ("limit=1", "query shelf"),
        ("shelf=mislaid", "query shelf"),
        ("shelf=new&limit=51", "query limit"),
        ("shelf=new&limit=many", "query limit"),
        ("shelf=new&limit=1&limit=2", "query limit"),
        ("shelf=new&since=yesterday", "query since"),
        ("shelf=new&ids=1,two", "query ids /1"),
        ("shelf=new&tag=a&tag=b&tag=c", "query tag"),
        ("shelf=new&lent=yes", "query lent"),
        ("shelf=new&lent=", "query lent"),
        ("shelf=new&weight=heavy", "query weight"),
        ("shelf=new&colour=red", "query colour"),
    ] {
        assert_eq!(listing(query), [place], "{query}");
    }
}

#[test]
fn an_unknown_parameter_names_the_operation() {
    let violations = Judge::library().raw_request("GET", "/books?shelf=new&colour=red", &at_desk(), b"");
    assert_eq!(violations[0].expected, "a parameter of listBooks");
    assert_eq!(violations[0].found, "a string of 3 characters");
}

#[test]
fn headers_are_parameters_but_for_those_that_http_owns() {
    let judge = Judge::library();
    let violations = judge.request("GET", "/books?shelf=new", None);
    assert_eq!(places(&violations), ["header X-Desk"]);
    let mut headers = at_desk();
    headers.insert("x-desk", HeaderValue::from_static("n"));
    let violations = judge.raw_request("GET", "/books?shelf=new", &headers, b"");
    assert_eq!(violations[0].expected, "at least 2 characters");
}

#[test]
fn a_required_body_must_be_there_and_of_a_documented_type() {
    let judge = Judge::library();
    assert_eq!(places(&judge.request("POST", "/books", None)), ["body"]);
    let book = json!({ "title": "Emma", "pin": "x" }).to_string();
    let none = judge.raw_request("POST", "/books", &HeaderMap::new(), book.as_bytes());
    assert_eq!(places(&none), ["header content-type"]);
    let text = judge.raw_request("POST", "/books", &typed("text/plain"), book.as_bytes());
    assert_eq!(places(&text), ["header content-type"]);
    let with_charset = typed("Application/JSON; charset=utf-8");
    assert!(judge.raw_request("POST", "/books", &with_charset, book.as_bytes()).is_empty());
    assert_eq!(places(&judge.raw_request("POST", "/books", &with_charset, b"{")), ["body"]);
}

#[test]
fn a_body_where_none_is_documented_is_a_violation_even_if_it_is_empty_json() {
    let violations = Judge::library().request("DELETE", "/books/7", Some(&json!({})));
    assert_eq!(places(&violations), ["body"]);
    assert_eq!(violations[0].expected, "no body");
    assert_eq!(violations[0].excuse, None);
}

#[test]
fn what_is_read_only_is_neither_required_nor_judged_in_a_request() {
    let judge = Judge::library();
    assert!(judge.request("POST", "/books", Some(&json!({ "title": "Emma", "pin": "x" }))).is_empty());
    let sent = json!({ "id": "not a number", "title": "Emma", "pin": "x" });
    assert!(judge.request("POST", "/books", Some(&sent)).is_empty());
    let violations = judge.request("POST", "/books", Some(&json!({ "title": "Emma" })));
    assert_eq!(places(&violations), ["body /pin"]);
}

#[test]
fn schemas_that_refer_to_themselves_are_judged_to_the_bottom() {
    let sequels = json!([{ "title": "B", "pin": "x", "sequels": [{ "title": "", "pin": "x", "a/b": 1 }] }]);
    let body = json!({ "title": "A", "pin": "x", "sequels": sequels });
    let violations = Judge::library().request("POST", "/books", Some(&body));
    assert_eq!(places(&violations), ["body /sequels/0/sequels/0/a~1b", "body /sequels/0/sequels/0/title"]);
}

#[test]
fn forms_are_judged_field_by_field() {
    let (judge, form) = (Judge::library(), typed("application/x-www-form-urlencoded"));
    assert!(judge.raw_request("POST", "/desk", &form, b"question=who+%3F&age=30").is_empty());
    let violations = judge.raw_request("POST", "/desk", &form, b"age=thirty");
    assert_eq!(places(&violations), ["body /age", "body /question"]);
    let twice = judge.raw_request("POST", "/desk", &form, b"question=a&question=b");
    assert_eq!(places(&twice), ["body /question"]);
    assert!(judge.request("POST", "/desk", None).is_empty(), "the body is not required");
}
