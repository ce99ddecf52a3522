//! `/meta/schemas/group/default`: the attributes that groups have.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::{
    call::{Answer, Call, Reply},
    schemas::part,
};
use crate::{
    clock::written,
    model::{
        org::Org,
        resources::ResourceChange,
        schema::{Schema, SchemaChange},
    },
    refusal::Refusal,
};

/// `GET /meta/schemas/group/default`.
pub(crate) fn read(org: &Org, call: &Call<'_>) -> Answer {
    Reply::json(&view(call, &org.resources.group_schema))
}

/// `POST /meta/schemas/group/default`: adds, changes and (by null) removes attributes.
pub(crate) fn update(org: &mut Org, call: &Call<'_>) -> Answer {
    let change: SchemaChange = call.json()?;
    let (next, gone) = org.resources.group_schema.changed(change, call.now)?;
    if !next.unique_names().all(|name| has_no_twins(org, name)) {
        return Err(Refusal::field("unique", "Groups have the same value of this attribute"));
    }
    let has = |name: &String, values: &std::collections::BTreeMap<String, Value>| values.contains_key(name);
    let affected: Vec<_> = org
        .groups
        .after(None)
        .filter(|group| gone.iter().any(|name| has(name, &group.custom)))
        .cloned()
        .collect();
    for mut group in affected {
        group.custom.retain(|name, _| !gone.contains(name));
        org.put_group(group);
    }
    let reply = Reply::json(&view(call, &next));
    org.change(ResourceChange::GroupSchema(Box::new(next)));
    reply
}

fn has_no_twins(org: &Org, name: &str) -> bool {
    let mut seen = HashSet::new();
    org.groups
        .after(None)
        .filter_map(|group| group.custom.get(name))
        .all(|value| seen.insert(value.to_string()))
}

fn view(call: &Call<'_>, schema: &Schema) -> Value {
    json!({
        "id": call.href("/meta/schemas/group/default"),
        "$schema": "http://json-schema.org/draft-04/schema#",
        "name": "group",
        "title": "Okta group",
        "description": "Okta group profile template",
        "created": written(schema.created),
        "lastUpdated": written(schema.last_updated),
        "type": "object",
        "definitions": {"custom": part("#custom", &schema.custom), "base": part("#base", &schema.base)},
        "properties": {
            "profile": {"allOf": [{"$ref": "#/definitions/custom"}, {"$ref": "#/definitions/base"}]}
        },
        "_links": {
            "self": {"rel": "self", "href": call.href("/api/v1/meta/schemas/group/default"), "method": "GET"},
        },
    })
}
