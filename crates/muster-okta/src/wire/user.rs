//! Users (API.md §5, §6).

use std::borrow::Cow;

use jiff::Timestamp;
use muster_core::compare::FoundUser;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// A user as Okta sends it; what is not needed is not read.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Its id.
    pub id: String,
    /// Its status.
    #[serde(default)]
    pub status: String,
    /// When it was created.
    #[serde(default)]
    pub created: Option<Timestamp>,
    /// When it last changed; none in the answer to a write.
    #[serde(default)]
    pub last_updated: Option<Timestamp>,
    /// Its profile; empty in the answer to a write, which tells nothing new.
    #[serde(default)]
    pub profile: Map<String, Value>,
    /// The status that the org is bringing it into.
    #[serde(default)]
    pub transitioning_to_status: Option<String>,
    /// Its credentials, as far as they show how it was made.
    #[serde(default)]
    pub credentials: Option<Credentials>,
    /// Its Okta user type.
    #[serde(default, rename = "type")]
    pub kind: Option<Reference>,
    /// Its realm.
    #[serde(default)]
    pub realm_id: Option<String>,
}

/// The credentials of a user, as far as they show how it was made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Credentials {
    /// Who checks the password.
    #[serde(default)]
    pub provider: Option<Provider>,
    /// The password, of which Okta shows no more than that there is one.
    #[serde(default)]
    pub password: Option<ShownPassword>,
}

/// A password, as Okta shows it: an empty object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ShownPassword {}

/// Who checks a password.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Provider {
    /// Its kind, such as `OKTA` or `IMPORT`.
    #[serde(rename = "type", default)]
    pub kind: Option<String>,
}

/// Something that is named by its id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Reference {
    /// The id.
    #[serde(default)]
    pub id: Option<String>,
}

impl User {
    /// Who checks the password, such as `OKTA` or `IMPORT`.
    pub fn provider(&self) -> Option<&str> {
        self.credentials.as_ref()?.provider.as_ref()?.kind.as_deref()
    }
}

impl From<User> for FoundUser {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            status: user.status,
            created: user.created,
            profile: user.profile,
            provider: user
                .credentials
                .and_then(|credentials| credentials.provider)
                .and_then(|found| found.kind),
            type_id: user.kind.and_then(|kind| kind.id),
            realm_id: user.realm_id,
            in_transition: user.transitioning_to_status.is_some(),
        }
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
            last_updated: None,
            profile: Map::new(),
            transitioning_to_status: None,
            credentials: None,
            kind: None,
            realm_id: None,
        }
    }
}

/// The body that changes these attributes and no others, and arms the password-import hook where that is asked for
/// (API.md §6.3).
pub fn update_body(changes: &Map<String, Value>, arm: bool) -> Value {
    let mut body = Map::new();
    if !changes.is_empty() {
        body.insert("profile".to_owned(), json!(changes));
    }
    if arm {
        body.insert("credentials".to_owned(), json!({ "password": { "hook": { "type": "default" } } }));
    }
    Value::Object(body)
}
