//! What is no description, and what is one all the same.

use muster_description::{Description, DescriptionError};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::sample::{Judge, library, places, with_schema};

fn refusal(document: &Value) -> DescriptionError {
    Description::read(document.to_string().as_bytes()).expect_err("the document is not sound")
}

#[test]
fn other_files_are_refused() {
    assert!(matches!(Description::read(b"openapi: 3.0.3"), Err(DescriptionError::NotJson(_))));
    assert!(matches!(refusal(&json!({ "swagger": "2.0" })), DescriptionError::NotOpenApi { .. }));
    let later = refusal(&json!({ "openapi": "3.1.0" }));
    assert_eq!(later.to_string(), "the description is not an OpenAPI 3.0 document: `openapi` is 3.1.0");
}

#[test]
fn a_reference_out_of_the_document_is_named() {
    let document = with_schema(&json!({ "$ref": "common.json#/Thing" }), &json!({}));
    let text = refusal(&document).to_string();
    assert!(text.contains("common.json#/Thing") && text.contains("leads out"), "{text}");
    let hidden = json!({ "Unused": { "type": "array", "items": { "$ref": "https://example.com/x.json" } } });
    let text = refusal(&with_schema(&json!({}), &hidden)).to_string();
    assert!(text.contains("https://example.com/x.json") && text.contains("Unused"), "{text}");
}

#[test]
fn a_reference_to_nothing_is_named() {
    let document = with_schema(&json!({ "$ref": "#/components/schemas/Lost" }), &json!({}));
    assert!(refusal(&document).to_string().contains("#/components/schemas/Lost"));
    let circle =
        json!({ "A": { "$ref": "#/components/schemas/B" }, "B": { "$ref": "#/components/schemas/A" } });
    let error = refusal(&with_schema(&json!({}), &circle));
    assert!(matches!(error, DescriptionError::DanglingReference { .. }), "{error}");
}

#[test]
fn malformed_members_are_named_with_their_place() {
    for (pointer, wrong, wanted) in [
        ("/paths", json!([]), "/paths: expected an object"),
        ("/paths/~1books/get/parameters", json!({}), "parameters: expected an array"),
        ("/paths/~1books/get/responses/200", json!(1), "responses/200: expected an object"),
        ("/components/schemas/Book/type", json!("tome"), "Book/type: expected one of the six types"),
        ("/components/schemas/Book/required", json!([1]), "Book/required: expected an array of strings"),
        (
            "/components/schemas/Book/properties/title/minLength",
            json!(-1),
            "minLength: expected a whole number",
        ),
    ] {
        let mut document = library();
        *document.pointer_mut(pointer).expect("the member is there") = wrong;
        let text = refusal(&document).to_string();
        assert!(text.contains(wanted), "{text}");
    }
}

#[test]
fn a_property_may_be_called_like_a_keyword() {
    let schema = json!({ "type": "object", "required": ["$ref"], "properties": {
        "$ref": { "type": "string" },
        "allOf": { "type": "array", "items": { "type": "integer" } },
        "properties": { "type": "object", "additionalProperties": { "type": "boolean" } },
    } });
    let judge =
        Judge::new(&with_schema(&json!({ "$ref": "#/components/schemas/Odd" }), &json!({ "Odd": schema })));
    let good = json!({ "$ref": "#/definitions/x", "allOf": [1], "properties": { "x": true } });
    assert!(judge.request("PUT", "/thing", Some(&good)).is_empty());
    let bad = json!({ "$ref": 1, "allOf": ["x"], "properties": { "x": 1 } });
    let violations = judge.request("PUT", "/thing", Some(&bad));
    assert_eq!(places(&violations), ["body /$ref", "body /allOf/0", "body /properties/x"]);
}

#[test]
fn references_may_lead_to_any_place_of_the_document() {
    let pointer = "#/paths/~1thing/put/requestBody/content/application~1json/schema/properties/a%20b";
    let schema = json!({ "properties": { "a b": { "type": "string" }, "other": { "$ref": pointer } } });
    let judge = Judge::new(&with_schema(&schema, &json!({})));
    assert_eq!(places(&judge.request("PUT", "/thing", Some(&json!({ "other": 1 })))), ["body /other"]);
}

#[test]
fn a_pattern_that_cannot_be_compiled_is_told_when_it_is_needed() {
    let judge = Judge::new(&with_schema(&json!({ "type": "string", "pattern": "(" }), &json!({})));
    let violations = judge.request("PUT", "/thing", Some(&json!("x")));
    assert_eq!(violations[0].expected, "a schema that can be compiled");
}

const WORDS: &str = "
    $ref type allOf oneOf anyOf not items properties required nullable readOnly enum format pattern
    discriminator mapping propertyName minimum additionalProperties parameters schema content
    application/json responses 200 get in name requestBody exclusiveMinimum minLength
";
const TEXTS: &str = "#/components/schemas/A|#/components/schemas/B|#/paths|#||object|string|array|query|int32|email|A|x.json|^(a+)+$";

/// JSON with a liking for the words of `OpenAPI`.
fn any_json() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(WORDS.split_whitespace().collect::<Vec<_>>());
    let text = prop::sample::select(TEXTS.split('|').collect::<Vec<_>>());
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(word.clone().prop_map(str::to_owned), inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_schema_makes_the_judge_fall_over(a in any_json(), b in any_json(), body in any_json()) {
        let document = with_schema(&json!({ "$ref": "#/components/schemas/A" }), &json!({ "A": a, "B": b }));
        if let Ok(description) = Description::read(document.to_string().as_bytes()) {
            let judge = Judge(description);
            judge.request("PUT", "/thing", Some(&body));
            judge.answer("PUT", "/thing", 200, Some(&body));
        }
    }

    #[test]
    fn no_document_makes_the_reader_fall_over(paths in any_json(), components in any_json()) {
        let whole = json!({ "openapi": "3.0.0", "paths": paths, "components": components });
        drop(Description::read(whole.to_string().as_bytes()));
        let in_place = json!({ "openapi": "3.0.0", "paths": { "/thing": paths }, "components": components });
        drop(Description::read(in_place.to_string().as_bytes()));
    }
}

#[test]
fn a_description_is_shared_between_threads() {
    let judge = Judge::library();
    let book = json!({ "title": "Emma" });
    let seen: Vec<_> = std::thread::scope(|scope| {
        let ask = || scope.spawn(|| judge.request("POST", "/books", Some(&book)));
        [ask(), ask(), ask()].map(|asked| asked.join().expect("no thread falls over")).into()
    });
    assert!(seen.iter().all(|violations| places(violations) == ["body /pin"]));
}
