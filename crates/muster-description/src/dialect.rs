//! From the schemas of `OpenAPI` 3.0 to JSON Schema.
//!
//! The dialects differ in `nullable`, in the exclusive limits, in `discriminator`, in the formats of numbers, and
//! in properties that belong to one direction only: what is `readOnly` is ignored in a request and never required
//! there, what is `writeOnly` is never required in an answer.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::definitions::Definitions;
use crate::document::{Document, reference_of};
use crate::{DescriptionError, Side};

pub(crate) type Translated = Result<Value, DescriptionError>;

const TYPES: [&str; 6] = ["string", "number", "integer", "boolean", "array", "object"];
const COUNTS: [&str; 6] =
    ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"];

/// Translates schemas for one direction, and with each of them all that it refers to.
pub(crate) struct Translator<'d> {
    pub(crate) document: &'d Document,
    side: Side,
    definitions: Definitions,
    numbers: BTreeMap<(String, bool), usize>,
    pending: Vec<(String, bool)>,
}

/// Where a schema stands.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    /// The reference of the named schema that this one is part of.
    pub(crate) owner: &'a str,
    /// Whether the owner's discriminator is left out, because a schema that it chooses is asking.
    pub(crate) is_bare: bool,
    /// Properties that belong to the other direction, as the schemas around this one say.
    hidden: &'a BTreeSet<String>,
    pub(crate) place: &'a str,
}

impl<'d> Translator<'d> {
    pub(crate) fn new(document: &'d Document, side: Side) -> Self {
        let (definitions, numbers, pending) = Default::default();
        Self { document, side, definitions, numbers, pending }
    }

    /// All schemas that were referred to.
    pub(crate) fn into_definitions(self) -> Definitions {
        self.definitions
    }

    /// A schema that stands at a place of the document.
    pub(crate) fn schema(&mut self, schema: &Value, place: &str) -> Translated {
        let hidden = BTreeSet::new();
        let translated =
            self.translate(schema, Scope { owner: "", is_bare: false, hidden: &hidden, place })?;
        while let Some((reference, is_bare)) = self.pending.pop() {
            let target = self.document.target(&reference, place)?;
            let scope = Scope { owner: &reference, is_bare, hidden: &hidden, place: &reference };
            let definition = self.translate(target, scope)?;
            if let Some(number) = self.numbers.get(&(reference, is_bare)) {
                self.definitions.fill(*number, definition);
            }
        }
        Ok(translated)
    }

    /// A reference to a named schema, which is translated in its turn.
    pub(crate) fn refer(&mut self, reference: &str, is_bare: bool, place: &str) -> Translated {
        let target = self.document.target(reference, place)?;
        self.document.resolve(target, place)?;
        let key = (reference.to_owned(), is_bare);
        if let Some(number) = self.numbers.get(&key) {
            return Ok(Definitions::reference(*number));
        }
        let name = reference.strip_prefix("#/components/schemas/").unwrap_or(reference);
        let number = self.definitions.reserve(name);
        self.numbers.insert(key.clone(), number);
        self.pending.push(key);
        Ok(Definitions::reference(number))
    }

    pub(crate) fn translate(&mut self, schema: &Value, scope: Scope<'_>) -> Translated {
        let map = match schema {
            Value::Bool(_) => return Ok(schema.clone()),
            Value::Object(map) => map,
            _ => return Err(DescriptionError::malformed(scope.place, "a schema")),
        };
        let is_nullable = map.get("nullable").and_then(Value::as_bool).unwrap_or(false);
        if let Some(reference) = reference_of(schema) {
            // Strictly, what stands beside a reference has no meaning; the writer's wish is plain all the same.
            let target = self.refer(reference, false, scope.place)?;
            return Ok(if is_nullable { or_null(&target) } else { target });
        }
        let mut out = own_assertions(map, is_nullable, scope.place)?;
        self.add_members(map, &mut out, scope)?;
        let is_composed = self.add_compositions(map, &mut out, scope)?;
        let out = Value::Object(out);
        Ok(if is_nullable && (is_composed || !map.contains_key("type")) { or_null(&out) } else { out })
    }

    /// Properties, items and all that follows from them.
    fn add_members(
        &mut self,
        map: &Map<String, Value>,
        out: &mut Map<String, Value>,
        scope: Scope<'_>,
    ) -> Result<(), DescriptionError> {
        if let Some(properties) = object(map, "properties", scope.place)? {
            let mut translated = Map::new();
            for (name, property) in properties {
                translated.insert(name.clone(), self.property(property, name, scope.place)?);
            }
            out.insert("properties".to_owned(), Value::Object(translated));
        }
        for name in ["items", "additionalProperties", "not"] {
            if let Some(inner) = map.get(name) {
                out.insert(name.to_owned(), self.inner(inner, &format!("{}/{name}", scope.place))?);
            }
        }
        let required = self.required(map, scope)?;
        if !required.is_empty() {
            out.insert("required".to_owned(), json!(required));
        }
        Ok(())
    }

    fn property(&mut self, property: &Value, name: &str, place: &str) -> Translated {
        let translated = self.inner(property, &format!("{place}/properties/{name}"))?;
        let is_ignored = self.side == Side::Request && self.document.is_marked(property, "readOnly");
        Ok(if is_ignored { Value::Bool(true) } else { translated })
    }

    /// A schema of its own within another one: what is hidden around it does not concern it.
    pub(crate) fn inner(&mut self, schema: &Value, place: &str) -> Translated {
        self.translate(schema, Scope { owner: "", is_bare: false, hidden: &BTreeSet::new(), place })
    }

    fn required(&self, map: &Map<String, Value>, scope: Scope<'_>) -> Result<Vec<String>, DescriptionError> {
        let names = strings(map, "required", scope.place)?;
        if names.is_empty() {
            return Ok(names);
        }
        let hidden = self.hidden(map);
        let is_shown = |name: &String| !hidden.contains(name) && !scope.hidden.contains(name);
        Ok(names.into_iter().filter(is_shown).collect())
    }

    /// The properties of a schema and its parts that belong to the other direction.
    fn hidden(&self, map: &Map<String, Value>) -> BTreeSet<String> {
        let mark = match self.side {
            Side::Request => "readOnly",
            Side::Answer => "writeOnly",
        };
        let whole = Value::Object(map.iter().filter(|(key, _)| *key != "$ref").map(owned).collect());
        let properties = self.document.properties_of(&whole).into_iter();
        properties
            .filter(|(_, property)| self.document.is_marked(property, mark))
            .map(|(name, _)| name)
            .collect()
    }

    /// `allOf`, `oneOf`, `anyOf` and `discriminator`. Says whether there were any.
    fn add_compositions(
        &mut self,
        map: &Map<String, Value>,
        out: &mut Map<String, Value>,
        scope: Scope<'_>,
    ) -> Result<bool, DescriptionError> {
        let dispatch = if scope.is_bare { None } else { self.dispatch(map, scope)? };
        let replaces_choice = scope.is_bare && map.contains_key("discriminator")
            || dispatch.as_ref().is_some_and(|dispatch| dispatch.replaces_choice);
        let mut parts = self.parts(map, scope)?;
        parts.extend(dispatch.map(|dispatch| dispatch.rules).unwrap_or_default());
        parts.extend(number_range(map));
        for name in ["oneOf", "anyOf"] {
            if let (Some(choices), false) = (array(map, name, scope.place)?, replaces_choice) {
                let place = format!("{}/{name}", scope.place);
                let choices: Result<Vec<_>, _> = choices.iter().map(|one| self.inner(one, &place)).collect();
                out.insert(name.to_owned(), Value::Array(choices?));
            }
        }
        let is_composed = !parts.is_empty() || out.contains_key("oneOf") || out.contains_key("anyOf");
        if !parts.is_empty() {
            out.insert("allOf".to_owned(), Value::Array(parts));
        }
        Ok(is_composed)
    }

    /// The members of `allOf`. A parent that chooses its children by discriminator joins them without choosing.
    fn parts(&mut self, map: &Map<String, Value>, scope: Scope<'_>) -> Result<Vec<Value>, DescriptionError> {
        let Some(members) = array(map, "allOf", scope.place)? else { return Ok(Vec::new()) };
        let hidden: BTreeSet<_> = self.hidden(map).union(scope.hidden).cloned().collect();
        let place = format!("{}/allOf", scope.place);
        let mut parts = Vec::new();
        for part in members {
            let translated = match reference_of(part) {
                Some(parent) if self.chooses(parent, scope.owner) => self.refer(parent, true, &place)?,
                _ => self.translate(part, Scope { hidden: &hidden, place: &place, ..scope })?,
            };
            parts.push(translated);
        }
        Ok(parts)
    }
}

/// What a schema says about a value without regard to other schemas.
fn own_assertions(
    map: &Map<String, Value>,
    is_nullable: bool,
    place: &str,
) -> Result<Map<String, Value>, DescriptionError> {
    let mut out = Map::new();
    add_type(map, is_nullable, place, &mut out)?;
    add_limits(map, place, &mut out)?;
    for name in ["pattern", "format"] {
        match map.get(name) {
            None => {}
            Some(text @ Value::String(_)) => drop(out.insert(name.to_owned(), text.clone())),
            Some(_) => return Err(DescriptionError::malformed(format!("{place}/{name}"), "a string")),
        }
    }
    match map.get("uniqueItems") {
        None => {}
        Some(flag @ Value::Bool(_)) => drop(out.insert("uniqueItems".to_owned(), flag.clone())),
        Some(_) => return Err(DescriptionError::malformed(format!("{place}/uniqueItems"), "a boolean")),
    }
    Ok(out)
}

fn add_type(
    map: &Map<String, Value>,
    is_nullable: bool,
    place: &str,
    out: &mut Map<String, Value>,
) -> Result<(), DescriptionError> {
    match map.get("type") {
        None => {}
        Some(Value::String(kind)) if TYPES.contains(&kind.as_str()) => {
            let kinds = if is_nullable { json!([kind, "null"]) } else { json!(kind) };
            out.insert("type".to_owned(), kinds);
        }
        Some(_) => return Err(DescriptionError::malformed(format!("{place}/type"), "one of the six types")),
    }
    if let Some(options) = array(map, "enum", place)? {
        let null = (is_nullable && !options.contains(&Value::Null)).then_some(Value::Null);
        out.insert("enum".to_owned(), options.iter().cloned().chain(null).collect());
    }
    Ok(())
}

fn add_limits(
    map: &Map<String, Value>,
    place: &str,
    out: &mut Map<String, Value>,
) -> Result<(), DescriptionError> {
    for name in COUNTS {
        match map.get(name) {
            None => {}
            Some(count) if count.is_u64() => drop(out.insert(name.to_owned(), count.clone())),
            Some(_) => return Err(DescriptionError::malformed(format!("{place}/{name}"), "a whole number")),
        }
    }
    for (name, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        let is_exclusive = map.get(exclusive).and_then(Value::as_bool).unwrap_or(false);
        let keyword = if is_exclusive { exclusive } else { name };
        match map.get(name) {
            None => {}
            Some(limit) if limit.is_number() => drop(out.insert(keyword.to_owned(), limit.clone())),
            Some(_) => return Err(DescriptionError::malformed(format!("{place}/{name}"), "a number")),
        }
    }
    match map.get("multipleOf") {
        None => Ok(()),
        Some(step) if step.as_f64().is_some_and(|step| step > 0.0) => {
            out.insert("multipleOf".to_owned(), step.clone());
            Ok(())
        }
        Some(_) => Err(DescriptionError::malformed(format!("{place}/multipleOf"), "a number above 0")),
    }
}

/// The range that the format of a number stands for.
fn number_range(map: &Map<String, Value>) -> Option<Value> {
    match map.get("format")?.as_str()? {
        "int32" => Some(json!({ "minimum": i32::MIN, "maximum": i32::MAX })),
        "int64" => Some(json!({ "minimum": i64::MIN, "maximum": i64::MAX })),
        _ => None,
    }
}

fn or_null(schema: &Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

fn owned((key, value): (&String, &Value)) -> (String, Value) {
    (key.clone(), value.clone())
}

pub(crate) fn object<'m>(
    map: &'m Map<String, Value>,
    name: &str,
    place: &str,
) -> Result<Option<&'m Map<String, Value>>, DescriptionError> {
    match map.get(name) {
        None => Ok(None),
        Some(Value::Object(object)) => Ok(Some(object)),
        Some(_) => Err(DescriptionError::malformed(format!("{place}/{name}"), "an object")),
    }
}

pub(crate) fn array<'m>(
    map: &'m Map<String, Value>,
    name: &str,
    place: &str,
) -> Result<Option<&'m Vec<Value>>, DescriptionError> {
    match map.get(name) {
        None => Ok(None),
        Some(Value::Array(items)) => Ok(Some(items)),
        Some(_) => Err(DescriptionError::malformed(format!("{place}/{name}"), "an array")),
    }
}

fn strings(map: &Map<String, Value>, name: &str, place: &str) -> Result<Vec<String>, DescriptionError> {
    let items = array(map, name, place)?.into_iter().flatten();
    let texts: Option<Vec<_>> = items.map(|item| item.as_str().map(str::to_owned)).collect();
    texts.ok_or_else(|| DescriptionError::malformed(format!("{place}/{name}"), "an array of strings"))
}
