//! What a source holds: its people and groups, each by the id that the source has for it.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::profile::Profile;

/// A source, and what it holds.
pub(crate) struct Source {
    pub head: SourceHead,
    /// When the last session was over: the next one is not processed before.
    pub free_from: Timestamp,
    people: HashMap<Box<str>, Person>,
    groups: BTreeMap<Box<str>, SourceGroup>,
    by_group: HashMap<u64, Box<str>>,
    /// Those who are no longer here, by the place of their user, for the System Log.
    departed: HashMap<u64, AppUserName>,
}

/// A source by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SourceHead {
    pub id: String,
    pub label: String,
    pub created: Timestamp,
    pub attributes: Vec<String>,
    pub activates: bool,
}

/// Somebody as the source knows them. There is a user of the org behind each.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Person {
    pub id: Box<str>,
    pub external_id: Box<str>,
    pub profile: Profile,
    /// The place of the user.
    pub user: u64,
    pub created: Timestamp,
    pub last_updated: Timestamp,
}

/// A group as the source knows it. There is a group of the org behind each.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SourceGroup {
    pub external_id: Box<str>,
    /// The place of the group.
    pub group: u64,
}

/// Somebody as the System Log names them: an `AppUser`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AppUserName {
    pub id: Box<str>,
    pub external_id: Box<str>,
    pub user_name: Box<str>,
}

/// Somebody who is no longer in a source, as a line of the state file.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Departed {
    pub user: u64,
    pub was: AppUserName,
}

impl Source {
    /// A source that holds nothing.
    pub fn new(head: SourceHead) -> Self {
        Self {
            head,
            free_from: Timestamp::MIN,
            people: HashMap::new(),
            groups: BTreeMap::new(),
            by_group: HashMap::new(),
            departed: HashMap::new(),
        }
    }

    /// The person of an id.
    pub fn person(&self, external_id: &str) -> Option<&Person> {
        self.people.get(external_id)
    }

    /// All people, in no order.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.people.values()
    }

    /// How many people there are.
    pub fn people_count(&self) -> usize {
        self.people.len()
    }

    /// The group of an id.
    pub fn group(&self, external_id: &str) -> Option<&SourceGroup> {
        self.groups.get(external_id)
    }

    /// The group at a place of the org.
    pub fn group_at(&self, group: u64) -> Option<&SourceGroup> {
        self.groups.get(self.by_group.get(&group)?)
    }

    /// All groups, in the order of their ids.
    pub fn groups(&self) -> impl Iterator<Item = &SourceGroup> {
        self.groups.values()
    }

    /// Somebody who is no longer here.
    pub fn departed(&self, user: u64) -> Option<&AppUserName> {
        self.departed.get(&user)
    }

    /// All who are no longer here.
    pub fn all_departed(&self) -> impl Iterator<Item = Departed> {
        self.departed.iter().map(|(user, was)| Departed { user: *user, was: was.clone() })
    }

    pub(super) fn put_person(&mut self, person: Person) {
        self.people.insert(person.external_id.clone(), person);
    }

    pub(super) fn remove_person(&mut self, external_id: &str) -> Option<Person> {
        let person = self.people.remove(external_id)?;
        self.departed.insert(person.user, person.named());
        Some(person)
    }

    pub(super) fn put_departed(&mut self, departed: Departed) {
        self.departed.insert(departed.user, departed.was);
    }

    pub(super) fn put_group(&mut self, group: SourceGroup) {
        self.by_group.insert(group.group, group.external_id.clone());
        self.groups.insert(group.external_id.clone(), group);
    }

    pub(super) fn remove_group(&mut self, external_id: &str) {
        if let Some(group) = self.groups.remove(external_id) {
            self.by_group.remove(&group.group);
        }
    }
}

impl Person {
    /// The person as the System Log names them.
    pub fn named(&self) -> AppUserName {
        AppUserName {
            id: self.id.clone(),
            external_id: self.external_id.clone(),
            user_name: self.profile.text("userName").into(),
        }
    }
}
