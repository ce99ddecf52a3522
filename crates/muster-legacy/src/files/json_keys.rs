//! The keys of an NDJSON file, in the order in which they first occur.

use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::files::{KEY_CAP, marks};

/// The union of the keys of many objects.
#[derive(Default)]
pub(super) struct KeyUnion {
    pub(super) keys: Vec<String>,
    pub(super) left_out: bool,
    known: HashSet<String>,
}

impl KeyUnion {
    /// Adds the keys of the object on this line. A line that is no object adds none.
    pub(super) fn add(&mut self, line: &str) {
        let mut path = String::new();
        let mut found = Vec::new();
        let mut parser = serde_json::Deserializer::from_str(line);
        let walk = Walk { known: &self.known, path: &mut path, found: &mut found, top: true };
        if walk.deserialize(&mut parser).and_then(|()| parser.end()).is_ok() {
            for key in found {
                self.insert(key);
            }
        }
    }

    fn insert(&mut self, key: String) {
        if self.known.contains(&key) {
            return;
        }
        if self.keys.len() >= KEY_CAP {
            self.left_out = true;
            return;
        }
        self.known.insert(key.clone());
        self.keys.push(key);
    }
}

/// Walks over one value and notes the path of each leaf that is not known. The parser ends it when objects
/// are nested more than 128 deep.
struct Walk<'a> {
    known: &'a HashSet<String>,
    path: &'a mut String,
    found: &'a mut Vec<String>,
    top: bool,
}

impl Walk<'_> {
    fn leaf<E: serde::de::Error>(self) -> Result<(), E> {
        if self.top {
            return Err(E::custom("expected an object"));
        }
        if !self.known.contains(self.path.as_str()) && marks::first_mark(self.path).is_none() {
            self.found.push(self.path.clone());
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_bool<E: serde::de::Error>(self, _: bool) -> Result<(), E> {
        self.leaf()
    }

    fn visit_i64<E: serde::de::Error>(self, _: i64) -> Result<(), E> {
        self.leaf()
    }

    fn visit_u64<E: serde::de::Error>(self, _: u64) -> Result<(), E> {
        self.leaf()
    }

    fn visit_f64<E: serde::de::Error>(self, _: f64) -> Result<(), E> {
        self.leaf()
    }

    fn visit_str<E: serde::de::Error>(self, _: &str) -> Result<(), E> {
        self.leaf()
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        self.leaf()
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        self.leaf()
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let length = self.path.len();
        while let Some(key) = members.next_key::<String>()? {
            if !self.top {
                self.path.push('.');
            }
            self.path.push_str(&key);
            members.next_value_seed(Walk {
                known: self.known,
                path: &mut *self.path,
                found: &mut *self.found,
                top: false,
            })?;
            self.path.truncate(length);
        }
        Ok(())
    }
}
