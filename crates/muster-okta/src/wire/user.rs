//! Users (API.md §5, §6).

use std::borrow::Cow;

use jiff::Timestamp;
use muster_core::compare::FoundUser;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// A user as Okta sends it; what is not needed is not read.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct User {
    /// Its id.
    pub id: String,
    /// Its status.
    #[serde(default)]
    pub status: String,
    /// When it was created.
    #[serde(default)]
    pub created: Option<Timestamp>,
    /// Its profile; empty in the answer to a write, which tells nothing new.
    #[serde(default)]
    pub profile: Map<String, Value>,
}

impl From<User> for FoundUser {
    fn from(user: User) -> Self {
        Self { id: user.id, status: user.status, created: user.created, profile: user.profile }
    }
}

/// A user in the answer to a write: the profile was ours, so it is passed over.
#[derive(Deserialize)]
pub(crate) struct WrittenUser<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow, default)]
    status: Cow<'a, str>,
    #[serde(default)]
    created: Option<Timestamp>,
}

impl From<WrittenUser<'_>> for User {
    fn from(user: WrittenUser<'_>) -> Self {
        Self {
            id: user.id.into_owned(),
            status: user.status.into_owned(),
            created: user.created,
            profile: Map::new(),
        }
    }
}

/// The body that changes these attributes and no others.
pub fn update_body(changes: &Map<String, Value>) -> Value {
    json!({ "profile": changes })
}
