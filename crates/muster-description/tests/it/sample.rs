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

pub fn library() -> Value {
    json!({
        "openapi": "3.0.3",
        "servers": [{ "url": "https://library.example/v2/" }],
        "paths": {
            "/books": {
                "get": {
                    "operationId": "listBooks",
                    "parameters": [
                        { "name": "limit", "in": "query", "schema": { "type": "integer", "format": "int32", "minimum": 1, "maximum": 50 } },
                        { "name": "shelf", "in": "query", "required": true, "schema": { "type": "string", "enum": ["new", "old"] } },
                        { "name": "since", "in": "query", "schema": { "type": "string", "format": "date-time" } },
                        { "name": "ids", "in": "query", "explode": false, "schema": { "type": "array", "items": { "type": "integer" } } },
                        { "name": "tag", "in": "query", "schema": { "type": "array", "maxItems": 2, "items": { "type": "string" } } },
                        { "name": "lent", "in": "query", "schema": { "type": "boolean" } },
                        { "name": "weight", "in": "query", "schema": { "type": "number" } },
                        { "name": "all", "in": "query", "allowEmptyValue": true, "schema": { "type": "boolean" } },
                        { "name": "X-Desk", "in": "header", "required": true, "schema": { "type": "string", "minLength": 2 } },
                        { "name": "Content-Type", "in": "header", "required": true, "schema": { "type": "integer" } },
                        { "name": "crumb", "in": "cookie", "required": true, "schema": { "type": "string" } },
                    ],
                    "responses": {
                        "200": {
                            "headers": { "X-Count": { "required": true, "schema": { "type": "integer" } } },
                            "content": { "application/json": { "schema": { "type": "array", "items": { "$ref": "#/components/schemas/Book" } } } },
                        },
                        "4XX": { "$ref": "#/components/responses/Trouble" },
                    },
                },
                "post": {
                    "operationId": "addBook",
                    "requestBody": { "$ref": "#/components/requestBodies/NewBook" },
                    "responses": {
                        "201": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Book" } } } },
                        "400": { "$ref": "#/components/responses/Trouble" },
                    },
                },
            },
            "/books/latest": { "get": { "operationId": "latestBook", "responses": { "default": { "content": {} } } } },
            "/books/{id}": {
                "parameters": [{ "$ref": "#/components/parameters/Id" }],
                "delete": { "responses": { "204": {} } },
            },
            "/books/{id}/cover.{kind}": {
                "parameters": [
                    { "$ref": "#/components/parameters/Id" },
                    { "name": "kind", "in": "path", "required": true, "schema": { "type": "string", "enum": ["png"] } },
                ],
                "get": { "operationId": "getCover", "responses": { "200": { "content": { "image/*": {} } } } },
            },
            "/desk": { "post": {
                "operationId": "askDesk",
                "requestBody": { "content": { "application/x-www-form-urlencoded": { "schema": {
                    "type": "object",
                    "required": ["question"],
                    "properties": { "question": { "type": "string" }, "age": { "type": "integer" } },
                } } } },
                "responses": { "204": {} },
            } },
        },
        "components": {
            "parameters": { "Id": { "name": "id", "in": "path", "required": true, "schema": { "type": "integer", "minimum": 1 } } },
            "requestBodies": { "NewBook": {
                "required": true,
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Book" } } },
            } },
            "responses": { "Trouble": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Trouble" } } } } },
            "schemas": {
                "Trouble": { "type": "object", "required": ["words"], "properties": { "words": { "type": "string" } } },
                "Book": {
                    "type": "object",
                    "required": ["id", "title", "pin"],
                    "additionalProperties": false,
                    "properties": {
                        "id": { "type": "integer", "readOnly": true },
                        "title": { "type": "string", "minLength": 1 },
                        "pin": { "type": "string", "writeOnly": true },
                        "sequels": { "type": "array", "items": { "$ref": "#/components/schemas/Book" } },
                    },
                },
            },
        },
    })
}
