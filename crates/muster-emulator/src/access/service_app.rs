//! OAuth 2.0 service apps, as the settings have them (API.md §2.2).

use serde_json::Value;

use super::{
    public_key::PublicKey,
    scope::{Scope, UnknownScope},
};

/// Okta's limit.
const MOST_KEYS: usize = 50;

/// A service app: it signs for itself with a key of its own, and gets access tokens for scopes that it was granted.
#[derive(Clone, Debug)]
pub struct ServiceApp {
    pub(crate) client_id: String,
    pub(crate) keys: Vec<PublicKey>,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) dpop: bool,
}

/// A service app that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadServiceApp {
    /// It is not JSON.
    #[error("the service app is not JSON (line {line}, column {column})")]
    Json {
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// A member is missing, or is of another kind.
    #[error("the service app needs `{member}`, {expected}")]
    Member {
        /// The member.
        member: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// A key cannot be used.
    #[error("key {place} of the service app cannot be used: {reason}")]
    Key {
        /// Which of them, from 1.
        place: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A scope is not known.
    #[error("a scope of the service app is not known: {0}")]
    Scope(#[from] UnknownScope),
}

impl ServiceApp {
    /// Reads `{"client_id": "0oa…", "jwks": {"keys": […]}, "scopes": ["okta.users.manage", …],
    /// "dpop_bound_access_tokens": true}`; the last member may be left out. A private key is taken, and only its
    /// public part is kept.
    pub fn from_json(json: &[u8]) -> Result<Self, BadServiceApp> {
        let app: Value = serde_json::from_slice(json)
            .map_err(|error| BadServiceApp::Json { line: error.line(), column: error.column() })?;
        Ok(Self {
            client_id: client_id(&app)?,
            keys: keys(&app)?,
            scopes: scopes(&app)?,
            dpop: is_bound(&app)?,
        })
    }

    /// The id of the app, which is its name.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The names of the scopes that it was granted.
    pub fn scopes(&self) -> Vec<&str> {
        self.scopes.iter().map(|scope| &*scope.name).collect()
    }

    /// The key that an assertion names. Where there is only one, it need not be named.
    pub(crate) fn key(&self, id: Option<&str>) -> Option<&PublicKey> {
        match (id, self.keys.as_slice()) {
            (Some(id), keys) => {
                let only = keys.len() == 1 && keys.iter().all(|key| key.id.is_none());
                keys.iter().find(|key| only || key.id.as_deref() == Some(id))
            }
            (None, [key]) => Some(key),
            (None, _) => None,
        }
    }
}

fn client_id(app: &Value) -> Result<String, BadServiceApp> {
    let id = app.get("client_id").and_then(Value::as_str).map(str::trim).filter(|id| !id.is_empty());
    id.map(str::to_owned).ok_or(BadServiceApp::Member { member: "client_id", expected: "a text" })
}

fn keys(app: &Value) -> Result<Vec<PublicKey>, BadServiceApp> {
    let expected = "a set of 1 to 50 JSON Web Keys that are not for encryption: {\"keys\": […]}";
    let missing = BadServiceApp::Member { member: "jwks", expected };
    let given = app.get("jwks").and_then(|jwks| jwks.get("keys")).and_then(Value::as_array);
    let given = given.filter(|keys| keys.len() <= MOST_KEYS).ok_or_else(|| missing.clone())?;
    let mut keys: Vec<PublicKey> = Vec::new();
    for (place, jwk) in (1..).zip(given) {
        let refused = |reason| BadServiceApp::Key { place, reason };
        let key = PublicKey::read(jwk).map_err(refused)?;
        if key.id.is_some() && keys.iter().any(|other| other.id == key.id) {
            return Err(refused("another key has the same kid"));
        }
        if key.id.is_none() && given.len() > 1 {
            return Err(refused("it has no kid, which every key needs where there are several"));
        }
        keys.push(key);
    }
    keys.retain(|key| key.signs);
    if keys.is_empty() { Err(missing) } else { Ok(keys) }
}

fn scopes(app: &Value) -> Result<Vec<Scope>, BadServiceApp> {
    let missing = || BadServiceApp::Member {
        member: "scopes",
        expected: "a list of scopes such as [\"okta.users.manage\"]",
    };
    let given = app.get("scopes").and_then(Value::as_array).ok_or_else(missing)?;
    given
        .iter()
        .map(|name| name.as_str().ok_or_else(missing)?.parse().map_err(BadServiceApp::Scope))
        .collect()
}

fn is_bound(app: &Value) -> Result<bool, BadServiceApp> {
    let member = "dpop_bound_access_tokens";
    match app.get(member) {
        None | Some(Value::Null) => Ok(false),
        Some(bound) => {
            bound.as_bool().ok_or(BadServiceApp::Member { member, expected: "true or false, or nothing" })
        }
    }
}
