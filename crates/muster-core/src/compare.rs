//! Whether the user that Okta has is the user that a row means.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use crate::login::fold;
use crate::profile::same_scalar;

/// A user as read back from the org.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundUser {
    /// Its id.
    pub id: String,
    /// Its status, in Okta's word.
    pub status: String,
    /// When it was created, by Okta's clock.
    pub created: Option<Timestamp>,
    /// Its profile.
    pub profile: Map<String, Value>,
}

/// Okta cuts `created` to whole seconds (API.md §1), and its servers' clocks differ a little.
const CLOCK_SLACK: SignedDuration = SignedDuration::from_secs(2);

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

/// Whether the user came into being by a create of ours whose answer was lost: it is not older than our first
/// attempt, by Okta's own clock, and has all that we sent (API.md §11.1).
pub fn is_ours(intended: &Map<String, Value>, found: &FoundUser, first_attempt: Timestamp) -> bool {
    let young = found.created.is_some_and(|created| created >= first_attempt - CLOCK_SLACK);
    young && differences(intended, &found.profile).is_empty()
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

    #[test]
    fn a_user_from_before_our_attempt_is_a_strangers() {
        let attempt: Timestamp = "2026-11-21T10:00:00.700Z".parse().unwrap();
        let intended = profile(&json!({"login": "a@b.co"}));
        let found = |created: &str, login: &str| FoundUser {
            id: "00u1".to_owned(),
            status: "STAGED".to_owned(),
            created: created.parse().ok(),
            profile: profile(&json!({"login": login})),
        };
        assert!(is_ours(&intended, &found("2026-11-21T10:00:00.000Z", "a@b.co"), attempt));
        assert!(!is_ours(&intended, &found("2026-11-21T09:59:58.000Z", "a@b.co"), attempt));
        assert!(!is_ours(&intended, &found("2026-11-21T10:00:00.000Z", "b@b.co"), attempt));
    }
}
