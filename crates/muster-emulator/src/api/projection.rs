//! `fields=id,status,profile:(firstName,login)`: the part of an object that a client wants to see.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::call::Call;
use crate::refusal::Refusal;

/// How deep parentheses may go.
const DEEPEST: usize = 8;

/// What is wanted of an object: everything, or these members, and of each of them what is said there.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Projection(Option<BTreeMap<String, Projection>>);

/// An object, or the part of it that is wanted.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Projected<T> {
    Whole(T),
    Part(Value),
}

impl Projection {
    /// What a call asks for: everything, unless it says otherwise.
    pub fn of(call: &Call<'_>) -> Result<Self, Refusal> {
        let Some(text) = call.query.get("fields").filter(|text| !text.is_empty()) else {
            return Ok(Self::default());
        };
        let malformed =
            || Refusal::field("fields", "The field must be a list of names, such as id,profile:(login)");
        let mut rest = text;
        let projection = Self::read(&mut rest, 0).ok_or_else(malformed)?;
        if rest.is_empty() { Ok(projection) } else { Err(malformed()) }
    }

    /// The part of an object that is wanted.
    pub fn part<T: Serialize>(&self, whole: T) -> Projected<T> {
        if self.0.is_none() {
            return Projected::Whole(whole);
        }
        match serde_json::to_value(&whole) {
            Ok(value) => Projected::Part(self.cut(value)),
            Err(_) => Projected::Whole(whole),
        }
    }

    fn cut(&self, value: Value) -> Value {
        match (&self.0, value) {
            (Some(wanted), Value::Object(members)) => {
                let part = |(name, value): (String, Value)| {
                    wanted.get(&name).map(|inner| inner.cut(value)).map(|value| (name, value))
                };
                Value::Object(members.into_iter().filter_map(part).collect())
            }
            (_, value) => value,
        }
    }

    fn read(rest: &mut &str, depth: usize) -> Option<Self> {
        let mut wanted = BTreeMap::new();
        loop {
            let end = rest.find([',', ':', '(', ')']).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            *rest = after;
            let mut inner = Self::default();
            if let Some(opened) = rest.strip_prefix(":(").filter(|_| depth < DEEPEST) {
                *rest = opened;
                inner = Self::read(rest, depth + 1)?;
                *rest = rest.strip_prefix(')')?;
            }
            let name = name.trim();
            if name.is_empty() || wanted.insert(name.to_owned(), inner).is_some() {
                return None;
            }
            match rest.strip_prefix(',') {
                Some(more) => *rest = more,
                None => return Some(Self(Some(wanted))),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn cut(text: &str, value: Value) -> Option<Value> {
        let mut rest = text;
        let projection = Projection::read(&mut rest, 0).filter(|_| rest.is_empty())?;
        Some(projection.cut(value))
    }

    #[test]
    fn members_are_picked() {
        let user = || json!({"id": "00u1", "status": "ACTIVE", "profile": {"login": "a", "city": "Bern"}});
        assert_eq!(cut("id", user()), Some(json!({"id": "00u1"})));
        let part = json!({"id": "00u1", "profile": {"login": "a"}});
        assert_eq!(cut("id,profile:(login,nothing)", user()), Some(part));
        for bad in ["", "id,", "profile:(login", "profile:login", "profile:()", "id)", ",id", "id,id"] {
            assert_eq!(cut(bad, user()), None, "{bad}");
        }
    }
}
