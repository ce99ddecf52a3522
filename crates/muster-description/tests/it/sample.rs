//! A small description of a library, made for these tests, and short ways to ask a judge.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use muster_description::{AnswerFacts, Description, RequestFacts, Violation};
use serde_json::{Value, json};

/// A judge and the calls that the tests make of it.
pub struct Judge(pub Description);

impl Judge {
    pub fn new(document: &Value) -> Self {
        Self(Description::read(document.to_string().as_bytes()).expect("the document is sound"))
    }

    pub fn library() -> Self {
        Self::new(&library())
    }

    /// Judges a request with a JSON body, or without one.
    pub fn request(&self, method: &str, target: &str, body: Option<&Value>) -> Vec<Violation> {
        let bytes = body.map(Value::to_string).unwrap_or_default();
        let headers = body.map(|_| typed("application/json")).unwrap_or_default();
        self.raw_request(method, target, &headers, bytes.as_bytes())
    }

    pub fn raw_request(
        &self,
        method: &str,
        target: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Vec<Violation> {
        let method: Method = method.parse().expect("a method");
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target, None),
        };
        self.0.judge_request(&RequestFacts { method: &method, path, query, headers, body })
    }

    /// Judges an answer with a JSON body, or without one.
    pub fn answer(&self, method: &str, path: &str, status: u16, body: Option<&Value>) -> Vec<Violation> {
        let bytes = body.map(Value::to_string).unwrap_or_default();
        let headers = body.map(|_| typed("application/json")).unwrap_or_default();
        self.raw_answer(method, path, status, &headers, bytes.as_bytes())
    }

    pub fn raw_answer(
        &self,
        method: &str,
        path: &str,
        status: u16,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Vec<Violation> {
        let method: Method = method.parse().expect("a method");
        let status = StatusCode::from_u16(status).expect("a status");
        self.0.judge_answer(&AnswerFacts { method: &method, path, status, headers, body })
    }
}

pub fn typed(content_type: &'static str) -> HeaderMap {
    HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(content_type))])
}

/// The places of violations, in order.
pub fn places(violations: &[Violation]) -> Vec<&str> {
    let mut places: Vec<_> = violations.iter().map(|violation| violation.place.as_str()).collect();
    places.sort_unstable();
    places
}

/// A description with one operation, `PUT /thing`, that takes and returns a schema.
pub fn with_schema(schema: &Value, others: &Value) -> Value {
    let content = json!({ "application/json": { "schema": schema } });
    json!({
        "openapi": "3.0.3",
        "paths": { "/thing": { "put": {
            "operationId": "putThing",
            "requestBody": { "content": content },
            "responses": { "200": { "content": content } },
        } } },
        "components": { "schemas": others },
    })
}

/// The description of the library.
pub fn library() -> Value {
    serde_json::from_str(include_str!("library.json")).expect("the library is JSON")
}
