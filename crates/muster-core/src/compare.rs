//! Whether the user that Okta has is the user that a row means.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::login::fold;
use crate::profile::same_scalar;

/// A user as read back from the org.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FoundUser {
    /// Its id.
    pub id: String,
    /// Its status, in Okta's word.
    pub status: String,
    /// When it was created, by Okta's clock.
    pub created: Option<Timestamp>,
    /// Its profile.
    pub profile: Map<String, Value>,
    /// Who checks its password, in Okta's word.
    pub provider: Option<String>,
    /// The id of its Okta user type.
    pub type_id: Option<String>,
    /// Its realm.
    pub realm_id: Option<String>,
    /// Whether the org is still bringing it into another status.
    pub in_transition: bool,
}

/// The attributes of `intended` that the user has otherwise, with the values to send.
pub fn differences(intended: &Map<String, Value>, found: &Map<String, Value>) -> Map<String, Value> {
    let differing = intended.iter().filter(|(name, value)| !same_attribute(name, value, found.get(*name)));
    differing.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn same_attribute(name: &str, intended: &Value, found: Option<&Value>) -> bool {
    match (intended, found) {
        (Value::String(intended), Some(Value::String(found))) if name == "login" => {
            fold(intended) == fold(found)
        }
        (Value::Array(intended), Some(Value::Array(found))) => {
            intended.len() == found.len()
                && intended.iter().zip(found).all(|(one, other)| same_scalar(one, other))
        }
        (intended, Some(found)) => same_scalar(intended, found),
        (_, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn profile(value: &Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn only_what_differs_is_sent() {
        let intended = profile(&json!({"login": "A@b.co", "title": "Clerk", "age": 1, "tags": ["x"]}));
        let found =
            profile(&json!({"login": "a@b.co", "title": "Boss", "age": 1.0, "tags": ["x"], "city": "Rome"}));
        assert_eq!(differences(&intended, &found), profile(&json!({"title": "Clerk"})));
    }
}
