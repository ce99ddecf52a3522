//! Users (API.md §5, §6).

use jiff::Timestamp;
use muster_core::candidate::{Candidate, Credential};
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
    /// Its profile.
    #[serde(default)]
    pub profile: Map<String, Value>,
}

impl From<User> for FoundUser {
    fn from(user: User) -> Self {
        Self { id: user.id, status: user.status, created: user.created, profile: user.profile }
    }
}

/// The body that creates this person, in these groups.
pub fn create_body(candidate: &Candidate, groups: &[String]) -> Value {
    let mut body = Map::new();
    body.insert("profile".to_owned(), Value::Object(candidate.profile.clone()));
    let credentials = credentials(candidate);
    if !credentials.is_empty() {
        body.insert("credentials".to_owned(), Value::Object(credentials));
    }
    if !groups.is_empty() {
        body.insert("groupIds".to_owned(), json!(groups));
    }
    if let Some(id) = &candidate.type_id {
        body.insert("type".to_owned(), json!({ "id": id }));
    }
    if let Some(id) = &candidate.realm_id {
        body.insert("realmId".to_owned(), json!(id));
    }
    Value::Object(body)
}

fn credentials(candidate: &Candidate) -> Map<String, Value> {
    let mut credentials = Map::new();
    let password = match &candidate.credential {
        Credential::None => None,
        Credential::Cleartext(secret) => Some(json!({ "value": secret.reveal() })),
        Credential::Hash(hash) => Some(json!({ "hash": hash.to_json() })),
        Credential::Hook => Some(json!({ "hook": { "type": "default" } })),
    };
    if let Some(password) = password {
        credentials.insert("password".to_owned(), password);
    }
    if let Some(recovery) = &candidate.recovery {
        let question = json!({ "question": recovery.question, "answer": recovery.answer.reveal() });
        credentials.insert("recovery_question".to_owned(), question);
    }
    credentials
}

/// The body that changes these attributes and no others.
pub fn update_body(changes: &Map<String, Value>) -> Value {
    json!({ "profile": changes })
}
