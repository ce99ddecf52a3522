//! Users (API.md §5, §6).

use jiff::Timestamp;
use muster_core::candidate::{Candidate, Credential};
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
    /// Its profile.
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
}

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

impl From<User> for FoundUser {
    fn from(user: User) -> Self {
        Self {
            id: user.id,
            status: user.status,
            created: user.created,
            profile: user.profile,
            provider: user.credentials.and_then(|credentials| credentials.provider).and_then(|found| found.kind),
            type_id: user.kind.and_then(|kind| kind.id),
            realm_id: user.realm_id,
            in_transition: user.transitioning_to_status.is_some(),
        }
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
