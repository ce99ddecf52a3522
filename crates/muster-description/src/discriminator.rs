//! Discriminators: one property tells which schema the rest has to follow.
//!
//! With `oneOf` or `anyOf` the discriminator takes the place of trying every choice. Without them it adds to the
//! schema that carries it what the mapped schema demands; a value that is not mapped then adds nothing.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::DescriptionError;
use crate::dialect::{Scope, Translator, array, object};
use crate::document::reference_of;

/// What a discriminator comes to in JSON Schema.
pub(crate) struct Dispatch {
    pub(crate) rules: Vec<Value>,
    /// Whether the choices of `oneOf` and `anyOf` are covered.
    pub(crate) replaces_choice: bool,
}

impl Translator<'_> {
    /// Whether a named schema has a discriminator that may choose another one.
    pub(crate) fn chooses(&self, parent: &str, child: &str) -> bool {
        let Ok(schema) = self.document.target(parent, "") else { return false };
        let Some(map) = schema.as_object().filter(|map| map.contains_key("discriminator")) else {
            return false;
        };
        let mapped = mapping(map, parent).unwrap_or_default();
        let is_mapped = mapped.values().any(|reference| reference == child);
        is_mapped || choices(map).iter().flatten().any(|reference| *reference == child)
    }

    pub(crate) fn dispatch(
        &mut self,
        map: &Map<String, Value>,
        scope: Scope<'_>,
    ) -> Result<Option<Dispatch>, DescriptionError> {
        let Some(discriminator) = object(map, "discriminator", scope.place)? else { return Ok(None) };
        let place = format!("{}/discriminator", scope.place);
        let Some(property) = discriminator.get("propertyName").and_then(Value::as_str) else {
            return Err(DescriptionError::malformed(place, "a `propertyName`"));
        };
        let mut mapped = mapping(map, scope.place)?;
        let has_choice = map.contains_key("oneOf") || map.contains_key("anyOf");
        let replaces_choice = match choices(map) {
            Some(references) => {
                add_implicit(&mut mapped, &references);
                has_choice
            }
            None => false,
        };
        let mut rules = Vec::new();
        if replaces_choice {
            let tags: Vec<_> = mapped.keys().collect();
            rules.push(
                json!({ "type": "object", "required": [property], "properties": { property: { "enum": tags } } }),
            );
        }
        for (tag, reference) in &mapped {
            let then = self.refer(reference, false, &place)?;
            let tagged = json!({ "required": [property], "properties": { property: { "const": tag } } });
            rules.push(json!({ "if": tagged, "then": then }));
        }
        Ok(Some(Dispatch { rules, replaces_choice }))
    }
}

/// Which value leads to which schema, as the mapping says. A bare name means a schema of the components.
fn mapping(map: &Map<String, Value>, place: &str) -> Result<BTreeMap<String, String>, DescriptionError> {
    let Some(discriminator) = object(map, "discriminator", place)? else { return Ok(BTreeMap::new()) };
    let entries = object(discriminator, "mapping", place)?.into_iter().flatten();
    let read = entries.map(|(tag, target)| {
        let text = target.as_str().ok_or_else(|| {
            DescriptionError::malformed(format!("{place}/discriminator/mapping"), "strings")
        })?;
        let is_name = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
            && !text.is_empty();
        let reference = if is_name { format!("#/components/schemas/{text}") } else { text.to_owned() };
        Ok((tag.clone(), reference))
    });
    read.collect()
}

/// The references of `oneOf` and `anyOf`, if all of their members are references.
fn choices(map: &Map<String, Value>) -> Option<Vec<&str>> {
    let lists = ["oneOf", "anyOf"].iter().filter_map(|name| array(map, name, "").ok().flatten());
    lists.flatten().map(reference_of).collect()
}

/// A schema that the mapping does not name answers to its own name.
fn add_implicit(mapped: &mut BTreeMap<String, String>, references: &[&str]) {
    for reference in references {
        let name = reference.rsplit('/').next().unwrap_or(reference);
        if !mapped.values().any(|known| known == reference) {
            mapped.entry(name.to_owned()).or_insert_with(|| (*reference).to_owned());
        }
    }
}
