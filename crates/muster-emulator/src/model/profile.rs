//! A user's profile: what the schema's attributes hold. An org keeps a million of them, so each is one run of
//! bytes; nobody outside of this file sees them.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value};

use super::{
    base_attributes::COERCED,
    packing::{Entries, Held, packed},
};

/// Values by the name of their attribute; what is not set is not there.
#[derive(Clone, Default)]
pub(crate) struct Profile(Box<[u8]>);

/// The profile as an answer shows it: these six first, the two after the names even if unset.
pub(crate) struct ProfileView<'a>(pub &'a Profile);

const LEADING: [&str; 6] = ["firstName", "lastName", "mobilePhone", "secondEmail", "login", "email"];

impl FromIterator<(String, Value)> for Profile {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(values: I) -> Self {
        let mut profile = Self::default();
        values.into_iter().for_each(|(name, value)| profile.insert(name, value));
        profile
    }
}

impl Profile {
    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<Value> {
        self.held(name).map(Held::into_value)
    }

    /// Whether an attribute is set.
    pub fn contains(&self, name: &str) -> bool {
        self.held(name).is_some()
    }

    /// The text of an attribute, empty if unset.
    pub fn text(&self, name: &str) -> &str {
        match self.held(name) {
            Some(Held::Text(text)) => text,
            Some(Held::Json(_)) | None => "",
        }
    }

    /// The login.
    pub fn login(&self) -> &str {
        self.text("login")
    }

    /// The attributes that are set, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Value)> {
        Entries::of(&self.0).map(|(name, held)| (name, held.into_value()))
    }

    /// Sets an attribute.
    pub fn insert(&mut self, name: String, value: Value) {
        self.change(|values| {
            values.insert(name, value);
        });
    }

    /// Clears an attribute.
    pub fn remove(&mut self, name: &str) {
        self.change(|values| {
            values.remove(name);
        });
    }

    /// Takes over values: null clears, and scalars become text where Okta makes text of them.
    pub fn merge(&mut self, given: Map<String, Value>) {
        self.change(|values| {
            for (name, value) in given {
                match value {
                    Value::Null => {
                        values.remove(&name);
                    }
                    Value::Number(_) | Value::Bool(_) if COERCED.contains(&name.as_str()) => {
                        values.insert(name, Value::String(value.to_string()));
                    }
                    value => {
                        values.insert(name, value);
                    }
                }
            }
        });
    }

    fn held(&self, name: &str) -> Option<Held<'_>> {
        Entries::of(&self.0).find(name)
    }

    fn change(&mut self, change: impl FnOnce(&mut BTreeMap<String, Value>)) {
        let mut values = self.iter().map(|(name, value)| (name.to_owned(), value)).collect();
        change(&mut values);
        self.0 = packed(&values);
    }
}

impl Serialize for Profile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(Entries::of(&self.0))
    }
}

impl<'de> Deserialize<'de> for Profile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(deserializer).map(|values| Self(packed(&values)))
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_map().entries(self.iter()).finish()
    }
}

impl Serialize for ProfileView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let profile = self.0;
        let mut map = serializer.serialize_map(None)?;
        for name in LEADING {
            match profile.held(name) {
                Some(value) => map.serialize_entry(name, &value)?,
                None if matches!(name, "mobilePhone" | "secondEmail") => map.serialize_entry(name, &())?,
                None => {}
            }
        }
        for (name, value) in Entries::of(&profile.0).filter(|(name, _)| !LEADING.contains(name)) {
            map.serialize_entry(name, &value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_put_in_comes_out_and_null_clears() {
        let values = json!({
            "login": "ada@example.com", "custom": ["a", 1], "locale": "", "flag": false, "lastName": "Ö".repeat(200),
        });
        let mut profile = Profile::default();
        assert_eq!((profile.text("login"), profile.iter().count()), ("", 0));
        profile.merge(values.as_object().cloned().expect("an object"));
        assert_eq!(serde_json::to_value(&profile).expect("JSON"), values);
        let read: Profile = serde_json::from_value(values).expect("a profile");
        assert_eq!(read.iter().map(|(name, _)| name).collect::<Vec<_>>(), {
            ["custom", "flag", "lastName", "locale", "login"]
        });
        assert_eq!((profile.get("flag"), profile.text("custom")), (Some(json!(false)), ""));
        profile.merge(json!({"custom": null, "mobilePhone": 12}).as_object().cloned().expect("an object"));
        profile.remove("flag");
        profile.insert("locale".to_owned(), json!("de_CH"));
        assert!(!profile.contains("custom") && !profile.contains("flag") && profile.contains("lastName"));
        assert_eq!((profile.text("mobilePhone"), profile.text("locale")), ("12", "de_CH"));
    }
}
