//! The user schema as Okta sends it (API.md §8.1).

use muster_core::schema::{Attribute, Kind, ProfileSchema};
use serde_json::{Map, Value};

/// The schema of profiles in an answer to `GET /meta/schemas/user/…`; none when the answer has another shape.
pub fn profile_schema(answer: &Value) -> Option<ProfileSchema> {
    let definitions = answer.get("definitions")?.as_object()?;
    let mut attributes = Vec::new();
    for part in ["base", "custom"] {
        let Some(definition) = definitions.get(part) else { continue };
        let required = definition.get("required").and_then(Value::as_array);
        let required: Vec<&str> = required.into_iter().flatten().filter_map(Value::as_str).collect();
        let properties = definition.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            if let Some(property) = property.as_object() {
                attributes.push(attribute(name, property, required.contains(&name.as_str())));
            }
        }
    }
    (!attributes.is_empty()).then(|| ProfileSchema::new(attributes))
}

fn attribute(name: &str, property: &Map<String, Value>, required: bool) -> Attribute {
    let array = property.get("type").and_then(Value::as_str) == Some("array");
    let item = property.get("items").and_then(Value::as_object);
    // The rules of a list are those of its items.
    let rules = if array { item.unwrap_or(property) } else { property };
    let text = |key: &str| rules.get(key).and_then(Value::as_str).map(str::to_owned);
    Attribute {
        kind: kind(rules.get("type").and_then(Value::as_str).unwrap_or("string")),
        array,
        required: required || property.get("required").and_then(Value::as_bool).unwrap_or(false),
        has_default: property.get("default").is_some_and(|value| !value.is_null()),
        min_length: rules.get("minLength").and_then(Value::as_u64).filter(|_| !array),
        max_length: rules.get("maxLength").and_then(Value::as_u64).filter(|_| !array),
        minimum: rules.get("minimum").and_then(Value::as_f64),
        maximum: rules.get("maximum").and_then(Value::as_f64),
        allowed: allowed(rules),
        pattern: text("pattern"),
        format: text("format"),
        ..Attribute::text(name)
    }
}

fn kind(word: &str) -> Kind {
    match word {
        "boolean" => Kind::Boolean,
        "integer" => Kind::Integer,
        "number" => Kind::Number,
        _ => Kind::String,
    }
}

fn allowed(rules: &Map<String, Value>) -> Vec<Value> {
    if let Some(values) = rules.get("enum").and_then(Value::as_array) {
        return values.clone();
    }
    let choices = rules.get("oneOf").and_then(Value::as_array);
    choices.into_iter().flatten().filter_map(|choice| choice.get("const").cloned()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn base_and_custom_attributes_are_read_with_their_rules() {
        let schema = profile_schema(&json!({"definitions": {
            "base": {"properties": {"login": {"type": "string", "minLength": 5, "maxLength": 100}}, "required": ["login"]},
            "custom": {"properties": {
                "tags": {"type": "array", "items": {"type": "string", "oneOf": [{"const": "a", "title": "A"}]}},
                "age": {"type": "integer", "minimum": 18}}}}}))
        .unwrap();
        let login = schema.attribute("login").unwrap();
        assert_eq!((login.required, login.max_length), (true, Some(100)));
        let tags = schema.attribute("tags").unwrap();
        assert_eq!((tags.array, tags.allowed.as_slice()), (true, [json!("a")].as_slice()));
        assert_eq!(schema.attribute("age").unwrap().minimum, Some(18.0));
        assert_eq!(profile_schema(&json!({"hello": 1})), None);
    }
}
