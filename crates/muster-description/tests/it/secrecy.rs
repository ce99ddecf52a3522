//! The judge never repeats what may be secret.

use serde_json::{Value, json};

use crate::sample::{Judge, with_schema};

const SECRET: &str = "correct horse battery staple";

/// Everything that the judge says about a body, as one text.
fn said(schema: &Value, body: &Value) -> String {
    let violations = Judge::new(&with_schema(schema, &json!({}))).request("PUT", "/thing", Some(body));
    assert!(!violations.is_empty(), "{schema} must not take {body}");
    let said = serde_json::to_string(&violations).expect("violations are plain data");
    let shown: Vec<_> = violations.iter().map(ToString::to_string).collect();
    format!("{said} {violations:?} {}", shown.join(" "))
}

#[test]
fn no_text_is_repeated_whatever_the_rule() {
    for schema in [
        json!({ "type": "integer" }),
        json!({ "type": "string", "enum": ["a"] }),
        json!({ "type": "string", "maxLength": 2 }),
        json!({ "type": "string", "minLength": 200 }),
        json!({ "type": "string", "pattern": "^x" }),
        json!({ "type": "string", "format": "email" }),
        json!({ "oneOf": [{ "type": "string" }, { "maxLength": 1000 }] }),
        json!({ "anyOf": [{ "type": "integer" }, { "type": "boolean" }] }),
        json!({ "not": { "type": "string" } }),
    ] {
        assert!(!said(&schema, &json!(SECRET)).contains("horse"), "{schema}");
        let nested = json!({ "properties": { "value": schema } });
        let told = said(&nested, &json!({ "value": SECRET }));
        assert!(!told.contains("horse"), "{told}");
    }
}

#[test]
fn lists_of_secrets_are_counted_only() {
    let told = said(&json!({ "type": "array", "uniqueItems": true }), &json!([SECRET, SECRET]));
    assert!(told.contains("an array of 2 items") && !told.contains("horse"), "{told}");
}

#[test]
fn numbers_are_shown_unless_they_stand_where_secrets_stand() {
    let schema = json!({ "properties": { "age": { "type": "string" }, "password": { "type": "string" } } });
    let told = said(&schema, &json!({ "age": 4711, "password": 31337 }));
    assert!(told.contains("4711") && !told.contains("31337"), "{told}");
}
