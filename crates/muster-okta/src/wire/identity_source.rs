//! Custom identity sources, and who is in them (API.md §10, §10.4).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

/// The name of every app that is a custom identity source.
const NAME: &str = "custom_identity_source";

/// The same in the app's resource name.
const IN_ORN: &str = ":custom_identity_source:";

/// A custom identity source as an app of the org.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceApp {
    /// Its id.
    pub id: String,
    /// The name of its kind.
    pub name: String,
    /// The name that people gave it.
    pub label: String,
    /// `ACTIVE` or `INACTIVE`.
    pub status: String,
}

/// Any app.
#[derive(Deserialize)]
pub(crate) struct ListedApp {
    id: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    label: Option<String>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    orn: Option<String>,
}

impl ListedApp {
    /// The app, where it is a custom identity source.
    pub(crate) fn source(self) -> Option<SourceApp> {
        let by_name = self.name.as_deref() == Some(NAME);
        let by_orn = self.orn.is_some_and(|orn| orn.contains(IN_ORN));
        (by_name || by_orn).then(|| SourceApp {
            id: self.id,
            name: self.name.unwrap_or_default(),
            label: self.label.unwrap_or_default(),
            status: self.status.unwrap_or_default(),
        })
    }
}

/// A person in a source. It is not the user in Okta that was made of it, and has another id.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceUser {
    /// Its id: `0ua…`.
    pub id: String,
    /// The id that the source gave it.
    #[serde(default)]
    pub external_id: Option<String>,
    /// Its attributes.
    #[serde(default)]
    pub profile: Map<String, Value>,
    /// When it was created.
    #[serde(default)]
    pub created: Option<Timestamp>,
    /// When it last changed.
    #[serde(default)]
    pub last_updated: Option<Timestamp>,
}

/// Who is in a group of a source.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SourceMembers {
    /// External ids.
    pub(crate) member_external_ids: Vec<String>,
}
