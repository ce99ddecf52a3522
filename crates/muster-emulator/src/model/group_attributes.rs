//! What every group has, as the org's group schema shows it, and what is wrong with the rest.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::json;

use super::{
    attribute::{Attribute, Kind},
    schema::Schema,
};

/// The group schema of a new org: name and description. There is only one, and it has no id of its own.
pub(crate) fn group_schema(now: Timestamp) -> Schema {
    let base = [("name", "Name", 1, 255), ("description", "Description", 0, 1024)];
    Schema {
        id: "default".to_owned(),
        type_id: "group".to_owned(),
        created: now,
        last_updated: now,
        base: base.into_iter().map(|row| (row.0.to_owned(), attribute(row))).collect(),
        custom: BTreeMap::new(),
    }
}

fn attribute((name, title, shortest, longest): (&str, &str, usize, usize)) -> Attribute {
    Attribute {
        title: Some(title.to_owned()),
        description: Some(format!("Group {name}")),
        kind: Some(Kind::String),
        required: (shortest > 0).then_some(true),
        mutability: Some("READ_WRITE".to_owned()),
        scope: Some("NONE".to_owned()),
        min_length: Some(shortest).filter(|shortest| *shortest > 0),
        max_length: Some(longest),
        permissions: Some(json!([{"principal": "SELF", "action": "READ_ONLY"}])),
        master: Some(json!({"type": "PROFILE_MASTER"})),
        ..Attribute::default()
    }
}
