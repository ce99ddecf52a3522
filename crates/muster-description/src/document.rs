//! The document as it was read, and the references inside of it.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::DescriptionError;

/// How many references may stand in a row before they count as a circle.
const MAX_HOPS: usize = 32;
/// How deep composed schemas are searched for a property's nature.
const MAX_DEPTH: usize = 8;

/// An `OpenAPI` 3.0 document.
#[derive(Debug)]
pub(crate) struct Document {
    root: Value,
}

impl Document {
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, DescriptionError> {
        let root: Value = serde_json::from_slice(bytes)?;
        match root.get("openapi") {
            Some(Value::String(version)) if version.starts_with("3.0") => Ok(Self { root }),
            Some(Value::String(version)) => Err(DescriptionError::NotOpenApi { found: version.clone() }),
            _ => Err(DescriptionError::NotOpenApi { found: "missing".to_owned() }),
        }
    }

    /// The object at a pointer; nothing at all counts as an empty one.
    pub(crate) fn section(&self, pointer: &str) -> Result<Option<&Map<String, Value>>, DescriptionError> {
        match self.root.pointer(pointer) {
            None => Ok(None),
            Some(Value::Object(map)) => Ok(Some(map)),
            Some(_) => Err(DescriptionError::malformed(pointer, "an object")),
        }
    }

    /// The path prefixes of the servers, such as `/api`, without those that need a variable.
    pub(crate) fn base_paths(&self) -> Vec<String> {
        let servers = self.root.get("servers").and_then(Value::as_array).into_iter().flatten();
        let urls = servers.filter_map(|server| server.get("url")?.as_str());
        let paths = urls.filter_map(|url| match url.split_once("://") {
            Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)),
            None => Some(url),
        });
        let trimmed = paths.map(|path| path.trim_end_matches('/'));
        trimmed.filter(|path| path.starts_with('/') && !path.contains('{')).map(str::to_owned).collect()
    }

    /// What a reference leads to, which may be a reference again.
    pub(crate) fn target(&self, reference: &str, place: &str) -> Result<&Value, DescriptionError> {
        let Some(fragment) = reference.strip_prefix('#') else {
            return Err(DescriptionError::ExternalReference {
                place: place.to_owned(),
                reference: reference.to_owned(),
            });
        };
        let pointer = percent_decode_str(fragment).decode_utf8_lossy();
        self.root.pointer(&pointer).ok_or_else(|| dangling(reference, place))
    }

    /// Follows references until something that is none.
    pub(crate) fn resolve<'a>(
        &'a self,
        value: &'a Value,
        place: &str,
    ) -> Result<&'a Value, DescriptionError> {
        let mut at = value;
        for _ in 0..MAX_HOPS {
            match reference_of(at) {
                Some(reference) => at = self.target(reference, place)?,
                None => return Ok(at),
            }
        }
        Err(dangling(reference_of(value).unwrap_or_default(), place))
    }

    /// Whether a property's schema carries a mark such as `readOnly`, itself or through what it is made of.
    pub(crate) fn is_marked(&self, schema: &Value, mark: &str) -> bool {
        self.search(schema, MAX_DEPTH, &mut |map| {
            map.get(mark).and_then(Value::as_bool).filter(|is_set| *is_set)
        })
        .is_some()
    }

    /// The `type` of a schema, its own or that of its parts.
    pub(crate) fn type_of(&self, schema: &Value) -> Option<String> {
        self.search(schema, MAX_DEPTH, &mut |map| map.get("type")?.as_str().map(str::to_owned))
    }

    /// The schema of an array's items.
    pub(crate) fn items_of(&self, schema: &Value) -> Option<Value> {
        self.search(schema, MAX_DEPTH, &mut |map| map.get("items").cloned())
    }

    /// Asks a schema and all parts of its `allOf`, through references, until one has an answer.
    pub(crate) fn search<T>(
        &self,
        schema: &Value,
        depth: usize,
        ask: &mut dyn FnMut(&Map<String, Value>) -> Option<T>,
    ) -> Option<T> {
        let map = self.resolve(schema, "").ok()?.as_object()?;
        if let Some(answer) = ask(map) {
            return Some(answer);
        }
        let parts = map.get("allOf").and_then(Value::as_array)?;
        let deeper = depth.checked_sub(1)?;
        parts.iter().find_map(|part| self.search(part, deeper, ask))
    }

    /// Every property of a schema and of the parts of its `allOf`.
    pub(crate) fn properties_of(&self, schema: &Value) -> Vec<(String, Value)> {
        let mut all = Vec::new();
        self.search::<()>(schema, MAX_DEPTH, &mut |map| {
            let properties = map.get("properties").and_then(Value::as_object).into_iter().flatten();
            all.extend(properties.map(|(name, property)| (name.clone(), property.clone())));
            None
        });
        all
    }
}

/// The reference that a value is, if it is one. A property that is merely named `$ref` holds no text.
pub(crate) fn reference_of(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()
}

fn dangling(reference: &str, place: &str) -> DescriptionError {
    DescriptionError::DanglingReference { place: place.to_owned(), reference: reference.to_owned() }
}
