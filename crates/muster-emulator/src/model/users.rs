//! All users of the org, with the indexes by which they are found.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::{
    fold::{folded, short_name},
    user::User,
};

/// The users, in the order of their creation.
#[derive(Default)]
pub(crate) struct Users {
    by_ordinal: BTreeMap<u64, User>,
    by_id: HashMap<String, u64>,
    by_login: HashMap<String, u64>,
    by_short_name: HashMap<String, Vec<u64>>,
    /// Who has a value of a unique attribute: by user type, attribute and value.
    unique: HashMap<String, HashMap<String, HashMap<String, u64>>>,
    active: usize,
    next: u64,
}

impl Users {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_ordinal.len()
    }

    /// How many of them count as active.
    pub fn active(&self) -> usize {
        self.active
    }

    /// The place of the next new user.
    pub fn next_ordinal(&self) -> u64 {
        self.next
    }

    /// The user of an id.
    pub fn by_id(&self, id: &str) -> Option<&User> {
        self.by_ordinal(*self.by_id.get(id)?)
    }

    /// The user at a place.
    pub fn by_ordinal(&self, ordinal: u64) -> Option<&User> {
        self.by_ordinal.get(&ordinal)
    }

    /// The user whose login is the same to Okta.
    pub fn by_login(&self, login: &str) -> Option<&User> {
        self.by_ordinal(*self.by_login.get(&folded(login))?)
    }

    /// The user of a login, or of a short name that nobody else has.
    pub fn by_name(&self, name: &str) -> Option<&User> {
        let folded = folded(name);
        let ordinal =
            self.by_login.get(&folded).or_else(|| match self.by_short_name.get(&folded)?.as_slice() {
                [only] => Some(only),
                _ => None,
            })?;
        self.by_ordinal(*ordinal)
    }

    /// The user of an id, login or short name. A name with a slash is never found.
    pub fn by_key(&self, key: &str) -> Option<&User> {
        self.by_id(key).or_else(|| if key.contains('/') { None } else { self.by_name(key) })
    }

    /// The users behind a place, in order.
    pub fn after(&self, ordinal: Option<u64>) -> impl Iterator<Item = &User> {
        let from = ordinal.map_or(0, |ordinal| ordinal.saturating_add(1));
        self.by_ordinal.range(from..).map(|(_, user)| user)
    }

    /// Whether another user of a type has this value of a unique attribute.
    pub fn has_value(&self, type_id: &str, attribute: &str, value: &Value, except: u64) -> bool {
        let values = self.unique.get(type_id).and_then(|attributes| attributes.get(attribute));
        let owner = values.and_then(|values| values.get(&key_of(value)));
        owner.is_some_and(|owner| *owner != except)
    }

    /// Puts a user in, or in the place of its former self.
    pub fn put(&mut self, user: User) {
        self.unlist(user.ordinal);
        self.next = self.next.max(user.ordinal.saturating_add(1));
        let login = folded(user.profile.login());
        if let Some(short) = short_name(&login) {
            self.by_short_name.entry(short.to_owned()).or_default().push(user.ordinal);
        }
        self.by_login.insert(login, user.ordinal);
        self.by_id.insert(user.id.clone(), user.ordinal);
        self.active += usize::from(user.status.counts_as_active());
        for (attribute, values) in self.unique.get_mut(&user.type_id).into_iter().flatten() {
            if let Some(value) = user.profile.0.get(attribute) {
                values.insert(key_of(value), user.ordinal);
            }
        }
        self.by_ordinal.insert(user.ordinal, user);
    }

    /// Takes a user out.
    pub fn remove(&mut self, id: &str) -> Option<User> {
        let ordinal = *self.by_id.get(id)?;
        self.unlist(ordinal)
    }

    /// Watches over these attributes of a type's users, and no others. False, and no change, if two share a value.
    pub fn keep_unique<'a>(&mut self, type_id: &str, attributes: impl Iterator<Item = &'a String>) -> bool {
        let mut unique = HashMap::new();
        for attribute in attributes {
            let mut values = HashMap::new();
            for (ordinal, user) in self.by_ordinal.iter().filter(|(_, user)| user.type_id == type_id) {
                let value = user.profile.0.get(attribute);
                if value.is_some_and(|value| values.insert(key_of(value), *ordinal).is_some()) {
                    return false;
                }
            }
            unique.insert(attribute.clone(), values);
        }
        self.unique.insert(type_id.to_owned(), unique);
        true
    }

    fn unlist(&mut self, ordinal: u64) -> Option<User> {
        let user = self.by_ordinal.remove(&ordinal)?;
        let login = folded(user.profile.login());
        self.by_login.remove(&login);
        self.by_id.remove(&user.id);
        if let Some(short) = short_name(&login)
            && let Some(bearers) = self.by_short_name.get_mut(short)
        {
            bearers.retain(|bearer| *bearer != ordinal);
            if bearers.is_empty() {
                self.by_short_name.remove(short);
            }
        }
        self.active -= usize::from(user.status.counts_as_active());
        for (attribute, values) in self.unique.get_mut(&user.type_id).into_iter().flatten() {
            if let Some(value) = user.profile.0.get(attribute) {
                values.remove(&key_of(value));
            }
        }
        Some(user)
    }
}

fn key_of(value: &Value) -> String {
    value.to_string()
}
