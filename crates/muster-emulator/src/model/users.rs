//! All users of the org, with the indexes by which they are found.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::{
    fold::{folded, short_name},
    index::Index,
    user::User,
};

/// The users, in the order of their creation.
#[derive(Default)]
pub(crate) struct Users {
    /// Boxed: a tree that grows at its end stands half empty.
    by_ordinal: BTreeMap<u64, Box<User>>,
    by_id: Index,
    by_login: Index,
    by_short_name: Index,
    /// Who has a value of a unique attribute: by user type and attribute.
    unique: HashMap<String, HashMap<String, Index>>,
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
        self.at(self.by_id.places(id)).find(|user| user.id == id)
    }

    /// The user at a place.
    pub fn by_ordinal(&self, ordinal: u64) -> Option<&User> {
        self.by_ordinal.get(&ordinal).map(AsRef::as_ref)
    }

    /// The user whose login is the same to Okta.
    pub fn by_login(&self, login: &str) -> Option<&User> {
        self.by_folded(&folded(login))
    }

    /// The user of a login, or of a short name that nobody else has.
    pub fn by_name(&self, name: &str) -> Option<&User> {
        let name = folded(name);
        self.by_folded(&name).or_else(|| {
            let bears = |user: &&User| short_name(&folded(user.profile.login())) == Some(name.as_str());
            let mut bearers = self.at(self.by_short_name.places(&name)).filter(bears);
            bearers.next().filter(|_| bearers.next().is_none())
        })
    }

    /// The user of an id, login or short name. A name with a slash is never found.
    pub fn by_key(&self, key: &str) -> Option<&User> {
        self.by_id(key).or_else(|| if key.contains('/') { None } else { self.by_name(key) })
    }

    /// The users behind a place, in order.
    pub fn after(&self, ordinal: Option<u64>) -> impl Iterator<Item = &User> {
        let from = ordinal.map_or(0, |ordinal| ordinal.saturating_add(1));
        self.by_ordinal.range(from..).map(|(_, user)| user.as_ref())
    }

    /// Whether another user of a type has this value of a unique attribute.
    pub fn has_value(&self, type_id: &str, attribute: &str, value: &Value, except: u64) -> bool {
        let index = self.unique.get(type_id).and_then(|attributes| attributes.get(attribute));
        index.is_some_and(|index| {
            let bears =
                |user: &User| user.ordinal != except && user.profile.get(attribute).as_ref() == Some(value);
            self.at(index.places(&key_of(value))).any(bears)
        })
    }

    /// Gives a place to nobody any more: somebody who is deleted had it, and the System Log knows them by it.
    pub fn retire(&mut self, ordinal: u64) {
        self.next = self.next.max(ordinal.saturating_add(1));
    }

    /// Puts a user in, or in the place of its former self.
    pub fn put(&mut self, user: User) {
        self.unlist(user.ordinal);
        self.next = self.next.max(user.ordinal.saturating_add(1));
        let login = folded(user.profile.login());
        if let Some(short) = short_name(&login) {
            self.by_short_name.insert(short, user.ordinal);
        }
        self.by_login.insert(&login, user.ordinal);
        self.by_id.insert(&user.id, user.ordinal);
        self.active += usize::from(user.status.counts_as_active());
        for (attribute, index) in self.unique.get_mut(&user.type_id).into_iter().flatten() {
            if let Some(value) = user.profile.get(attribute) {
                index.insert(&key_of(&value), user.ordinal);
            }
        }
        self.by_ordinal.insert(user.ordinal, Box::new(user));
    }

    /// Takes a user out.
    pub fn remove(&mut self, id: &str) -> Option<User> {
        let ordinal = self.by_id(id)?.ordinal;
        self.unlist(ordinal)
    }

    /// Watches over these attributes of a type's users, and no others. False, and no change, if two share a value.
    pub fn keep_unique<'a>(&mut self, type_id: &str, attributes: impl Iterator<Item = &'a String>) -> bool {
        let mut unique = HashMap::new();
        for attribute in attributes {
            let Some(index) = self.index_of(type_id, attribute) else { return false };
            unique.insert(attribute.clone(), index);
        }
        self.unique.insert(type_id.to_owned(), unique);
        true
    }

    /// The index of an attribute of a type's users, if no two of them share a value.
    fn index_of(&self, type_id: &str, attribute: &str) -> Option<Index> {
        let mut index = Index::default();
        for user in self.after(None).filter(|user| user.type_id == type_id) {
            let Some(value) = user.profile.get(attribute) else { continue };
            let key = key_of(&value);
            if self.at(index.places(&key)).any(|other| other.profile.get(attribute).as_ref() == Some(&value))
            {
                return None;
            }
            index.insert(&key, user.ordinal);
        }
        Some(index)
    }

    fn by_folded(&self, login: &str) -> Option<&User> {
        self.at(self.by_login.places(login)).find(|user| folded(user.profile.login()) == login)
    }

    fn at(&self, places: impl Iterator<Item = u64>) -> impl Iterator<Item = &User> {
        places.filter_map(|place| self.by_ordinal(place))
    }

    fn unlist(&mut self, ordinal: u64) -> Option<User> {
        let user = self.by_ordinal.remove(&ordinal)?;
        let login = folded(user.profile.login());
        self.by_login.remove(&login, ordinal);
        self.by_id.remove(&user.id, ordinal);
        if let Some(short) = short_name(&login) {
            self.by_short_name.remove(short, ordinal);
        }
        self.active -= usize::from(user.status.counts_as_active());
        for (attribute, index) in self.unique.get_mut(&user.type_id).into_iter().flatten() {
            if let Some(value) = user.profile.get(attribute) {
                index.remove(&key_of(&value), ordinal);
            }
        }
        Some(*user)
    }
}

fn key_of(value: &Value) -> String {
    value.to_string()
}
