//! The schema of what an identity source holds of a person: that of its app (API.md §8.1, §10).

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The attributes that a source has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceSchema {
    /// Base and custom ones, by name.
    pub attributes: BTreeMap<String, SourceAttribute>,
}

/// One attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceAttribute {
    /// Its type in the schema's own word, such as `string`; sources are only loaded with text.
    pub kind: String,
    /// Whether it has to be there.
    pub required: bool,
    /// The most letters.
    pub max_length: Option<u64>,
    /// The fewest letters.
    pub min_length: Option<u64>,
}

/// The schema in an answer to `GET /meta/schemas/apps/{id}/default`; none when the answer has another shape.
pub fn source_schema(answer: &Value) -> Option<SourceSchema> {
    let definitions = answer.get("definitions")?.as_object()?;
    let parts = ["base", "custom"].into_iter().filter_map(|part| definitions.get(part));
    let attributes: BTreeMap<_, _> = parts.flat_map(of_part).collect();
    (!attributes.is_empty()).then_some(SourceSchema { attributes })
}

fn of_part(part: &Value) -> impl Iterator<Item = (String, SourceAttribute)> {
    let required = part.get("required").and_then(Value::as_array);
    let required: Vec<&str> = required.into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = part.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten().filter_map(move |(name, property)| {
        let listed = required.contains(&name.as_str());
        Some((name.clone(), attribute(property.as_object()?, listed)))
    })
}

fn attribute(property: &Map<String, Value>, listed: bool) -> SourceAttribute {
    let length = |key: &str| property.get(key).and_then(Value::as_u64);
    SourceAttribute {
        kind: property.get("type").and_then(Value::as_str).unwrap_or("string").to_owned(),
        // Okta writes it at the attribute, and in the list of the object too.
        required: listed || property.get("required").and_then(Value::as_bool).unwrap_or(false),
        max_length: length("maxLength"),
        min_length: length("minLength"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn base_and_custom_are_one() {
        let schema = source_schema(&json!({"definitions": {
            "base": {"properties": {
                "userName": {"type": "string", "required": true, "maxLength": 100},
                "email": {"type": "string", "minLength": 5}}, "required": ["email"]},
            "custom": {"properties": {"badge": {"type": "integer"}, "odd": 7, "bare": {}}}}}))
        .unwrap();
        let names: Vec<_> = schema.attributes.keys().map(String::as_str).collect();
        assert_eq!(names, ["badge", "bare", "email", "userName"]);
        let of = |name: &str| schema.attributes.get(name).cloned().unwrap();
        assert_eq!((of("userName").required, of("userName").max_length), (true, Some(100)));
        assert_eq!((of("email").required, of("email").min_length), (true, Some(5)));
        assert_eq!((of("badge").kind.as_str(), of("bare").kind.as_str()), ("integer", "string"));
        assert!(!of("badge").required);
    }

    #[test]
    fn another_shape_is_no_schema() {
        let others =
            [json!([]), json!({"definitions": {}}), json!({"definitions": {"base": {"properties": []}}})];
        assert!(others.iter().all(|other| source_schema(other).is_none()));
    }
}
