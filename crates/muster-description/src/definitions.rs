//! The named schemas of one direction, in JSON Schema.

use std::collections::{BTreeSet, VecDeque};

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

/// Where references of translated schemas lead.
const ROOM: &str = "#/definitions/";

/// All schemas that something refers to, by number. Numbers instead of names keep escapes out of references.
#[derive(Debug, Default)]
pub(crate) struct Definitions {
    entries: Vec<Definition>,
}

#[derive(Debug)]
struct Definition {
    name: String,
    schema: Value,
}

impl Definitions {
    /// Takes a number for a schema that is translated later.
    pub(crate) fn reserve(&mut self, name: &str) -> usize {
        self.entries.push(Definition { name: name.to_owned(), schema: Value::Bool(true) });
        self.entries.len() - 1
    }

    pub(crate) fn fill(&mut self, number: usize, schema: Value) {
        if let Some(entry) = self.entries.get_mut(number) {
            entry.schema = schema;
        }
    }

    pub(crate) fn reference(number: usize) -> Value {
        json!({ "$ref": format!("{ROOM}{number}") })
    }

    /// The name that the description gave to a number.
    pub(crate) fn name(&self, number: &str) -> Option<&str> {
        let entry = self.entries.get(number.parse::<usize>().ok()?)?;
        Some(&entry.name)
    }

    pub(crate) fn compile(&self, schema: &Value) -> Result<Validator, String> {
        let options =
            jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true).offline();
        options.build(&self.document_for(schema)).map_err(|error| error.masked().to_string())
    }

    /// A schema together with what it needs, and no more: compiling all of a large description takes long.
    fn document_for(&self, schema: &Value) -> Value {
        let mut needed = BTreeSet::new();
        let mut queue = VecDeque::from([schema]);
        while let Some(next) = queue.pop_front() {
            for number in numbers_in(next) {
                if let (true, Some(entry)) = (needed.insert(number), self.entries.get(number)) {
                    queue.push_back(&entry.schema);
                }
            }
        }
        let found = needed.iter().filter_map(|number| Some((number, self.entries.get(*number)?)));
        let rooms: Map<_, _> =
            found.map(|(number, entry)| (number.to_string(), entry.schema.clone())).collect();
        json!({ "allOf": [schema], "definitions": rooms })
    }
}

/// The numbers of all definitions that a schema refers to.
fn numbers_in(schema: &Value) -> Vec<usize> {
    match schema {
        Value::Object(map) => {
            let own = map.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix(ROOM));
            let own = own.and_then(|number| number.parse().ok());
            own.into_iter().chain(map.values().flat_map(numbers_in)).collect()
        }
        Value::Array(items) => items.iter().flat_map(numbers_in).collect(),
        _ => Vec::new(),
    }
}
