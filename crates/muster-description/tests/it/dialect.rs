//! The schemas of `OpenAPI` 3.0, keyword by keyword.

use serde_json::{Value, json};

use crate::sample::{Judge, places, with_schema};

struct Taste(Judge);

impl Taste {
    fn of(schema: &Value) -> Self {
        Self::among(schema, &json!({}))
    }

    fn among(schema: &Value, others: &Value) -> Self {
        Self(Judge::new(&with_schema(schema, others)))
    }

    fn likes(&self, body: &Value) -> &Self {
        let violations = self.0.request("PUT", "/thing", Some(body));
        assert!(violations.is_empty(), "{body}: {violations:?}");
        self
    }

    fn dislikes(&self, body: &Value, place: &str, expected: &str) -> &Self {
        let violations = self.0.request("PUT", "/thing", Some(body));
        assert_eq!(places(&violations), [place], "{body}");
        assert_eq!(violations[0].expected, expected, "{body}");
        self
    }
}

#[test]
fn nullable_adds_null_to_types_and_enumerations() {
    Taste::of(&json!({ "type": "string" })).dislikes(&json!(null), "body", "a string");
    Taste::of(&json!({ "type": "string", "nullable": true, "maxLength": 1 }))
        .likes(&json!(null))
        .likes(&json!("a"))
        .dislikes(&json!("ab"), "body", "at most 1 characters")
        .dislikes(&json!(1), "body", "null or a string");
    Taste::of(&json!({ "type": "string", "nullable": true, "enum": ["a"] })).likes(&json!(null)).dislikes(
        &json!("b"),
        "body",
        "one of a, null",
    );
}

#[test]
fn nullable_reaches_through_references_and_compositions() {
    let others = json!({ "A": { "type": "object", "properties": { "x": { "type": "integer" } } } });
    let reference = json!({ "$ref": "#/components/schemas/A" });
    for schema in [
        json!({ "allOf": [reference], "nullable": true }),
        json!({ "type": "object", "allOf": [reference], "nullable": true }),
        json!({ "$ref": "#/components/schemas/A", "nullable": true }),
    ] {
        Taste::among(&schema, &others).likes(&json!(null)).likes(&json!({ "x": 1 })).dislikes(
            &json!({ "x": "1" }),
            "body /x",
            "an integer",
        );
    }
}

#[test]
fn limits_may_be_exclusive() {
    Taste::of(&json!({ "type": "number", "minimum": 1, "exclusiveMinimum": true, "maximum": 2 }))
        .likes(&json!(2))
        .likes(&json!(1.01))
        .dislikes(&json!(1), "body", "more than 1")
        .dislikes(&json!(2.5), "body", "at most 2");
    Taste::of(&json!({ "minimum": 1, "exclusiveMinimum": false, "maximum": 2, "exclusiveMaximum": true }))
        .likes(&json!(1))
        .dislikes(&json!(2), "body", "less than 2");
}

#[test]
fn formats_are_checked_where_they_are_known() {
    Taste::of(&json!({ "type": "string", "format": "date-time" }))
        .likes(&json!("2013-06-24T16:39:18.000Z"))
        .dislikes(&json!("2013-06-24"), "body", "the format date-time");
    Taste::of(&json!({ "type": "string", "format": "email" })).likes(&json!("ada@example.com")).dislikes(
        &json!("ada"),
        "body",
        "the format email",
    );
    Taste::of(&json!({ "type": "string", "format": "uri" }))
        .likes(&json!("https://example.com/a?b"))
        .dislikes(&json!("no uri"), "body", "the format uri");
    Taste::of(&json!({ "type": "integer", "format": "int32" })).likes(&json!(i32::MIN)).dislikes(
        &json!(2_147_483_648_u64),
        "body",
        "at most 2147483647",
    );
    Taste::of(&json!({ "type": "integer", "format": "int64" })).likes(&json!(i64::MAX)).dislikes(
        &json!(u64::MAX),
        "body",
        "at most 9223372036854775807",
    );
    Taste::of(&json!({ "type": "string", "format": "a format of our own" })).likes(&json!("anything"));
}

#[test]
fn members_may_be_free_typed_or_forbidden() {
    Taste::of(&json!({ "type": "object", "properties": {} })).likes(&json!({ "extra": 1 }));
    Taste::of(&json!({ "additionalProperties": { "type": "boolean" } })).dislikes(
        &json!({ "extra": 1 }),
        "body /extra",
        "a boolean",
    );
    Taste::of(&json!({ "additionalProperties": false })).dislikes(
        &json!({ "extra": 1 }),
        "body /extra",
        "no member of this name",
    );
}

#[test]
fn a_choice_tells_of_the_alternative_that_was_meant() {
    let place =
        json!({ "type": "object", "required": ["town"], "properties": { "town": { "type": "string" } } });
    let choice = json!({ "oneOf": [{ "type": "integer" }, place] });
    Taste::of(&choice).likes(&json!(1)).dislikes(&json!({ "town": 1 }), "body /town", "a string").dislikes(
        &json!(true),
        "body",
        "an integer or an object",
    );
    Taste::of(&json!({ "oneOf": [{ "type": "integer" }, { "type": "number" }] }))
        .likes(&json!(0.5))
        .dislikes(&json!(1), "body", "exactly one of the choices to fit");
    Taste::of(&json!({ "anyOf": [{ "type": "integer" }, { "type": "number" }] })).likes(&json!(1));
}

#[test]
fn read_only_reaches_through_references_and_compositions() {
    let others = json!({
        "Stamp": { "type": "string", "readOnly": true },
        "Thing": {
            "allOf": [
                { "type": "object", "properties": { "made": { "$ref": "#/components/schemas/Stamp" } } },
                { "required": ["made", "seen", "name"] },
            ],
            "properties": { "seen": { "allOf": [{ "$ref": "#/components/schemas/Stamp" }] } },
        },
    });
    let thing = Taste::among(&json!({ "$ref": "#/components/schemas/Thing" }), &others);
    thing.likes(&json!({ "name": "x" })).likes(&json!({ "name": "x", "made": 1, "seen": 2 }));
    thing.dislikes(&json!({}), "body /name", "`name`, which is required");
    let violations = thing.0.answer("PUT", "/thing", 200, Some(&json!({ "name": "x", "made": 1 })));
    assert_eq!(places(&violations), ["body /made", "body /seen"]);
}

fn animals() -> Value {
    json!({
        "Cat": { "type": "object", "properties": { "kind": { "type": "string" }, "lives": { "type": "integer" } } },
        "Dog": { "type": "object", "properties": { "kind": { "type": "string" }, "lives": { "type": "boolean" } } },
    })
}

#[test]
fn a_discriminator_takes_the_place_of_a_choice() {
    let choice = json!({
        "oneOf": [{ "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Dog" }],
        "discriminator": { "propertyName": "kind", "mapping": { "tom": "#/components/schemas/Cat" } },
    });
    Taste::among(&choice, &animals())
        .likes(&json!({ "kind": "tom", "lives": 9 }))
        .likes(&json!({ "kind": "Dog", "lives": true }))
        .dislikes(&json!({ "kind": "tom", "lives": true }), "body /lives", "an integer")
        .dislikes(&json!({ "kind": "Dog", "lives": 9 }), "body /lives", "a boolean")
        .dislikes(&json!({ "kind": "Cow" }), "body /kind", "one of Dog, tom")
        .dislikes(&json!({ "lives": 9 }), "body /kind", "`kind`, which is required");
}

#[test]
fn a_mapping_may_name_schemas_without_a_reference() {
    let choice = json!({
        "anyOf": [{ "$ref": "#/components/schemas/Cat" }, { "$ref": "#/components/schemas/Dog" }],
        "discriminator": { "propertyName": "kind", "mapping": { "tom": "Cat", "rex": "Dog" } },
    });
    Taste::among(&choice, &animals()).likes(&json!({ "kind": "rex", "lives": true })).dislikes(
        &json!({ "kind": "rex", "lives": 9 }),
        "body /lives",
        "a boolean",
    );
}

#[test]
fn a_discriminator_without_a_choice_adds_the_mapped_schema() {
    let others = json!({
        "Pet": {
            "type": "object",
            "required": ["kind"],
            "properties": { "kind": { "type": "string" } },
            "discriminator": { "propertyName": "kind", "mapping": { "cat": "#/components/schemas/Cat" } },
        },
        "Cat": { "allOf": [
            { "$ref": "#/components/schemas/Pet" },
            { "properties": { "lives": { "type": "integer" } }, "required": ["lives"] },
        ] },
        "Home": { "type": "object", "properties": { "pet": { "allOf": [{ "$ref": "#/components/schemas/Pet" }] } } },
    });
    Taste::among(&json!({ "$ref": "#/components/schemas/Pet" }), &others)
        .likes(&json!({ "kind": "cat", "lives": 9 }))
        .likes(&json!({ "kind": "snail" }))
        .dislikes(&json!({ "kind": "cat", "lives": "many" }), "body /lives", "an integer")
        .dislikes(&json!({ "kind": "cat" }), "body /lives", "`lives`, which is required");
    Taste::among(&json!({ "$ref": "#/components/schemas/Home" }), &others).dislikes(
        &json!({ "pet": { "kind": "cat" } }),
        "body /pet/lives",
        "`lives`, which is required",
    );
    Taste::among(&json!({ "$ref": "#/components/schemas/Cat" }), &others)
        .likes(&json!({ "kind": "cat", "lives": 9 }))
        .dislikes(&json!({ "lives": 9 }), "body /kind", "`kind`, which is required");
}
