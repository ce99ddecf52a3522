//! What the org is late with: the former shapes that lists still show, and the attributes that were just added. It
//! is not in the state file; a restart catches up with everything.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::{groups::Group, org::Org, schema::Schema, user::User};
use crate::{delay::DelayRange, dice::Dice, lag::Lag};

/// From this many on, the former shapes that nobody will ever ask for are thrown away.
const MANY: usize = 1024;

/// The lags, and what is behind.
pub(crate) struct Lags {
    pub lag: Lag,
    dice: Dice,
    users: Formers<User>,
    groups: Formers<Group>,
    /// When custom attributes were added, by name.
    attributes: HashMap<String, Timestamp>,
}

/// The former shapes of what has changed, by place.
struct Formers<T> {
    by_ordinal: HashMap<u64, Former<T>>,
    full: usize,
}

struct Former<T> {
    /// When lists show the present shape.
    due: Timestamp,
    /// What they show until then; nothing of what is new.
    shape: Option<T>,
}

impl Lags {
    /// Lags by a seed.
    pub fn new(seed: u64, lag: Lag) -> Self {
        let (users, groups) = (Formers::new(), Formers::new());
        Self { lag, dice: Dice::new(seed), users, groups, attributes: HashMap::new() }
    }

    /// Other lags from now on. Without a lag of searches the index catches up at once.
    pub fn set(&mut self, lag: Lag) {
        self.lag = lag;
        if lag.search.is_zero() {
            (self.users, self.groups) = (Formers::new(), Formers::new());
        }
    }

    /// Notes that a user takes the place of a former shape.
    pub fn user_changes(&mut self, former: Option<&User>, user: &User) {
        if let Some(due) = self.due(&user.id, user.last_updated, user.version) {
            self.users.note(user.ordinal, former, user.last_updated, due);
        }
    }

    /// Notes that a group takes the place of a former shape.
    pub fn group_changes(&mut self, former: Option<&Group>, group: &Group) {
        let changed = group.last_updated.max(group.last_membership_updated);
        let version = changed.as_millisecond().unsigned_abs();
        if let Some(due) = self.due(&group.id, changed, version) {
            self.groups.note(group.ordinal, former, changed, due);
        }
    }

    /// Notes that a schema takes the place of a former one.
    pub fn schema_changes(&mut self, former: Option<&Schema>, schema: &Schema) {
        for name in schema.custom.keys() {
            if former.is_none_or(|former| !former.custom.contains_key(name)) {
                self.attributes.insert(name.clone(), schema.last_updated);
            }
        }
    }

    /// Those of the names whose attributes were just added.
    pub fn young_attributes<'a>(
        &self,
        names: impl Iterator<Item = &'a String>,
        now: Timestamp,
    ) -> Vec<&'a String> {
        let range = self.lag.schema;
        names
            .filter(|name| {
                self.attributes.get(*name).is_some_and(|added| self.lasts(range, "schema", name, *added, now))
            })
            .collect()
    }

    /// Whether what began at a moment still lasts. How long it does is known by what it is about.
    pub fn lasts(
        &self,
        range: DelayRange,
        purpose: &str,
        about: &str,
        began: Timestamp,
        now: Timestamp,
    ) -> bool {
        !range.is_zero() && now < later(began, range, self.dice.share(purpose, about, 0))
    }

    /// Whether an id is one of those that are not found at once.
    pub fn is_unlucky(&self, id: &str) -> bool {
        self.dice.share("fresh-share", id, 0) < self.lag.fresh_share
    }

    fn due(&self, id: &str, changed: Timestamp, version: u64) -> Option<Timestamp> {
        let range = self.lag.search;
        (!range.is_zero()).then(|| later(changed, range, self.dice.share("search", id, version)))
    }
}

impl<T: Clone> Formers<T> {
    fn new() -> Self {
        Self { by_ordinal: HashMap::new(), full: MANY }
    }

    /// Who was behind already stays with the older shape.
    fn note(&mut self, ordinal: u64, former: Option<&T>, now: Timestamp, due: Timestamp) {
        match self.by_ordinal.get_mut(&ordinal).filter(|present| present.due > now) {
            Some(present) => present.due = present.due.max(due),
            None => drop(self.by_ordinal.insert(ordinal, Former { due, shape: former.cloned() })),
        }
        if self.by_ordinal.len() >= self.full {
            self.by_ordinal.retain(|_, former| former.due > now);
            self.full = MANY.max(self.by_ordinal.len().saturating_mul(2));
        }
    }

    fn listed<'a>(&'a self, ordinal: u64, present: &'a T, now: Timestamp) -> Option<&'a T> {
        match self.by_ordinal.get(&ordinal).filter(|former| former.due > now) {
            Some(former) => former.shape.as_ref(),
            None => Some(present),
        }
    }
}

impl Org {
    /// The users behind a place, as lists show them.
    pub fn listed_users(&self, after: Option<u64>, now: Timestamp) -> impl Iterator<Item = &User> {
        self.users.after(after).filter_map(move |user| self.listed_user(user, now))
    }

    /// A user, as lists show it.
    pub fn listed_user<'a>(&'a self, user: &'a User, now: Timestamp) -> Option<&'a User> {
        self.lags.users.listed(user.ordinal, user, now)
    }

    /// The user of a login, as lists show it: one who gave the login up may still have it there.
    pub fn listed_by_login(&self, login: &str, now: Timestamp) -> Option<&User> {
        let present = self.users.by_login(login).and_then(|user| self.listed_user(user, now));
        let wanted = super::fold::folded(login);
        let has = |user: &&User| super::fold::folded(user.profile.login()) == wanted;
        present.filter(has).or_else(|| {
            let behind = self.lags.users.by_ordinal.iter().filter(|(_, former)| former.due > now);
            let behind = behind.filter(|(ordinal, _)| self.users.by_ordinal(**ordinal).is_some());
            behind.filter_map(|(_, former)| former.shape.as_ref()).find(has)
        })
    }

    /// The groups behind a place, as lists show them.
    pub fn listed_groups(&self, after: Option<u64>, now: Timestamp) -> impl Iterator<Item = &Group> {
        self.groups.after(after).filter_map(move |group| self.lags.groups.listed(group.ordinal, group, now))
    }
}

fn later(began: Timestamp, range: DelayRange, place: f64) -> Timestamp {
    let lag = SignedDuration::try_from(range.at(place)).unwrap_or(SignedDuration::MAX);
    began.saturating_add(lag).unwrap_or(Timestamp::MAX)
}
