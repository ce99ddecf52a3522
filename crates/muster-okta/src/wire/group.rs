//! Groups (API.md §7).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

/// A group of the org.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Group {
    /// Its id.
    pub id: String,
    /// `OKTA_GROUP` can be written to; `APP_GROUP` and `BUILT_IN` can't.
    #[serde(rename = "type", default)]
    pub kind: String,
    /// When it was created.
    #[serde(default)]
    pub created: Option<Timestamp>,
    /// Its profile.
    #[serde(default)]
    pub profile: GroupProfile,
}

/// The profile of a group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct GroupProfile {
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: Option<String>,
}

impl Group {
    /// Whether people can be put into it by the API.
    pub fn takes_members(&self) -> bool {
        self.kind.is_empty() || self.kind == "OKTA_GROUP"
    }
}

/// The body that creates a group of this name.
pub fn group_body(name: &str, description: &str) -> Value {
    json!({ "profile": { "name": name, "description": description } })
}
