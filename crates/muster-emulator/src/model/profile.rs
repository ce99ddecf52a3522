//! A user's profile: what the schema's attributes hold.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value};

use super::base_attributes::COERCED;

/// Values by the name of their attribute; what is not set is not there.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Profile(pub BTreeMap<String, Value>);

/// The profile as an answer shows it: these six first, the two after the names even if unset.
pub(crate) struct ProfileView<'a>(pub &'a Profile);

const LEADING: [&str; 6] = ["firstName", "lastName", "mobilePhone", "secondEmail", "login", "email"];

impl Profile {
    /// The text of an attribute, empty if unset.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// The login.
    pub fn login(&self) -> &str {
        self.text("login")
    }

    /// Takes over values: null clears, and scalars become text where Okta makes text of them.
    pub fn merge(&mut self, values: Map<String, Value>) {
        for (name, value) in values {
            match value {
                Value::Null => {
                    self.0.remove(&name);
                }
                Value::Number(_) | Value::Bool(_) if COERCED.contains(&name.as_str()) => {
                    self.0.insert(name, Value::String(value.to_string()));
                }
                value => {
                    self.0.insert(name, value);
                }
            }
        }
    }
}

impl Serialize for ProfileView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let values = &self.0.0;
        let mut map = serializer.serialize_map(None)?;
        for name in LEADING {
            match values.get(name) {
                Some(value) => map.serialize_entry(name, value)?,
                None if matches!(name, "mobilePhone" | "secondEmail") => map.serialize_entry(name, &())?,
                None => {}
            }
        }
        for (name, value) in values.iter().filter(|(name, _)| !LEADING.contains(&name.as_str())) {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
