//! All groups of the org, and who is in them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a group is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum GroupKind {
    /// Made and filled through the API.
    OktaGroup,
    /// Made and filled by an application or a directory; names may come twice.
    AppGroup,
    /// `Everyone`: all users are in it, and nobody can change it.
    BuiltIn,
}

/// One group. Its ordinal is its place in lists.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Group {
    pub ordinal: u64,
    pub id: String,
    pub created: Timestamp,
    pub last_updated: Timestamp,
    pub last_membership_updated: Timestamp,
    pub kind: GroupKind,
    pub name: String,
    pub description: Option<String>,
    /// The values of custom attributes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub custom: BTreeMap<String, Value>,
}

/// The groups, in the order of their creation. Members are users' ordinals; those of `Everyone` are not kept.
#[derive(Default)]
pub(crate) struct Groups {
    by_ordinal: BTreeMap<u64, Group>,
    by_id: HashMap<String, u64>,
    by_name: HashMap<String, BTreeSet<u64>>,
    members: HashMap<u64, BTreeSet<u64>>,
    /// Pairs of user and group.
    of_user: BTreeSet<(u64, u64)>,
    next: u64,
}

impl GroupKind {
    /// The name as in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::OktaGroup => "OKTA_GROUP",
            Self::AppGroup => "APP_GROUP",
            Self::BuiltIn => "BUILT_IN",
        }
    }
}

impl Groups {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_ordinal.len()
    }

    /// How many memberships there are, those of `Everyone` left out.
    pub fn memberships(&self) -> usize {
        self.of_user.len()
    }

    /// The place of the next new group.
    pub fn next_ordinal(&self) -> u64 {
        self.next
    }

    /// The group of an id.
    pub fn by_id(&self, id: &str) -> Option<&Group> {
        self.by_ordinal.get(self.by_id.get(id)?)
    }

    /// The group at a place.
    pub fn by_ordinal(&self, ordinal: u64) -> Option<&Group> {
        self.by_ordinal.get(&ordinal)
    }

    /// The first group of a name; case counts.
    pub fn by_name(&self, name: &str) -> Option<&Group> {
        self.by_ordinal.get(self.by_name.get(name)?.first()?)
    }

    /// The groups behind a place, in order.
    pub fn after(&self, ordinal: Option<u64>) -> impl Iterator<Item = &Group> {
        let from = ordinal.map_or(0, |ordinal| ordinal.saturating_add(1));
        self.by_ordinal.range(from..).map(|(_, group)| group)
    }

    /// The members of a group behind a place, in the order of the users.
    pub fn members_after(&self, group: &Group, ordinal: Option<u64>) -> impl Iterator<Item = u64> {
        let from = ordinal.map_or(0, |ordinal| ordinal.saturating_add(1));
        self.members.get(&group.ordinal).into_iter().flat_map(move |members| members.range(from..).copied())
    }

    /// How many members a group has, of those that are kept.
    pub fn member_count(&self, group: &Group) -> usize {
        self.members.get(&group.ordinal).map_or(0, BTreeSet::len)
    }

    /// The groups of a user, `Everyone` included, in the order of the groups.
    pub fn of_user(&self, user: u64) -> impl Iterator<Item = &Group> {
        let everyone = self.by_ordinal.values().take_while(|group| group.kind == GroupKind::BuiltIn);
        let joined = self.of_user.range((user, 0)..=(user, u64::MAX));
        everyone.chain(joined.filter_map(|(_, group)| self.by_ordinal.get(group)))
    }

    /// Gives a place to no other group: one that is deleted had it, and the System Log knows it by it.
    pub fn retire(&mut self, ordinal: u64) {
        self.next = self.next.max(ordinal.saturating_add(1));
    }

    /// Puts a group in, or in the place of its former self.
    pub fn put(&mut self, group: Group) {
        if let Some(former) = self.by_ordinal.get(&group.ordinal).map(|former| former.name.clone()) {
            self.forget_name(&former, group.ordinal);
        }
        self.next = self.next.max(group.ordinal.saturating_add(1));
        self.by_id.insert(group.id.clone(), group.ordinal);
        self.by_name.entry(group.name.clone()).or_default().insert(group.ordinal);
        self.by_ordinal.insert(group.ordinal, group);
    }

    /// Takes a group out; its members lose it.
    pub fn remove(&mut self, id: &str) -> Option<Group> {
        let group = self.by_ordinal.remove(&self.by_id.remove(id)?)?;
        self.forget_name(&group.name, group.ordinal);
        for member in self.members.remove(&group.ordinal).unwrap_or_default() {
            self.of_user.remove(&(member, group.ordinal));
        }
        Some(group)
    }

    fn forget_name(&mut self, name: &str, ordinal: u64) {
        if let Some(bearers) = self.by_name.get_mut(name) {
            bearers.remove(&ordinal);
            if bearers.is_empty() {
                self.by_name.remove(name);
            }
        }
    }

    /// Whether a group has this name, other than the one at a place.
    pub fn has_namesake(&self, name: &str, own: Option<u64>) -> bool {
        let bearers = self.by_name.get(name).into_iter().flatten();
        bearers.into_iter().any(|bearer| own != Some(*bearer))
    }

    /// Whether a user is a member; of `Everyone` nobody is said to be.
    pub fn has_member(&self, group: u64, user: u64) -> bool {
        self.members.get(&group).is_some_and(|members| members.contains(&user))
    }

    /// Makes a user a member. False if it was one.
    pub fn join(&mut self, group: u64, user: u64) -> bool {
        self.of_user.insert((user, group));
        self.members.entry(group).or_default().insert(user)
    }

    /// Ends a membership. False if there was none.
    pub fn leave(&mut self, group: u64, user: u64) -> bool {
        self.of_user.remove(&(user, group));
        self.members.get_mut(&group).is_some_and(|members| members.remove(&user))
    }

    /// Takes a user out of all groups.
    pub fn forget_user(&mut self, user: u64) {
        let groups: Vec<_> = self.of_user.range((user, 0)..=(user, u64::MAX)).copied().collect();
        for (user, group) in groups {
            self.of_user.remove(&(user, group));
            if let Some(members) = self.members.get_mut(&group) {
                members.remove(&user);
            }
        }
    }
}
