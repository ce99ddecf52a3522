//! Group rules: who is a member of a group because of what the profile says.
//!
//! A membership remembers the rules that made it, and ends with the last of them. One that was made by hand is no
//! rule's to end.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Bound,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    events::{Actor, Event, EventKind, Target},
    org::Org,
    resources::ResourceChange,
    rule_expression::RuleExpression,
    user::Status,
};

/// How often the rules are asked again, as one can depend on the memberships that another makes.
const PASSES: usize = 8;

/// Where a rule stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum RuleStatus {
    Active,
    Inactive,
    /// A group of the rule is gone.
    Invalid,
}

/// One rule. Its ordinal is its place in lists.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct GroupRule {
    pub ordinal: u64,
    pub id: String,
    pub name: String,
    pub status: RuleStatus,
    pub created: Timestamp,
    pub last_updated: Timestamp,
    pub expression: RuleExpression,
    /// Ids of users whom the rule leaves alone.
    pub excluded: Vec<String>,
    /// Ids of the groups that it puts people into.
    pub groups: Vec<String>,
}

/// The rules in the order of their creation, and the memberships that they have made.
#[derive(Default)]
pub(crate) struct Rules {
    by_ordinal: BTreeMap<u64, GroupRule>,
    /// By user: group and rule.
    made: HashMap<u64, BTreeSet<(u64, u64)>>,
}

impl Rules {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_ordinal.len()
    }

    /// The place of the next new rule.
    pub fn next_ordinal(&self) -> u64 {
        self.by_ordinal.last_key_value().map_or(0, |(last, _)| last.saturating_add(1))
    }

    /// The rule of an id.
    pub fn by_id(&self, id: &str) -> Option<&GroupRule> {
        self.by_ordinal.values().find(|rule| rule.id == id)
    }

    /// The rules behind a place.
    pub fn after(&self, place: Option<u64>) -> impl Iterator<Item = &GroupRule> {
        let from = place.map_or(Bound::Unbounded, Bound::Excluded);
        self.by_ordinal.range((from, Bound::Unbounded)).map(|(_, rule)| rule)
    }

    /// Puts a rule in, or in the place of its former self.
    pub fn put(&mut self, rule: GroupRule) {
        self.by_ordinal.insert(rule.ordinal, rule);
    }

    /// Takes a rule out; it answers for no membership any more.
    pub fn remove(&mut self, rule: u64) {
        self.by_ordinal.remove(&rule);
        self.made.values_mut().for_each(|made| made.retain(|(_, maker)| *maker != rule));
    }

    /// Every membership that a rule answers for: rule, group and user.
    pub fn all_made(&self) -> impl Iterator<Item = (u64, u64, u64)> {
        self.made.iter().flat_map(|(user, made)| made.iter().map(|(group, rule)| (*rule, *group, *user)))
    }

    /// A rule has made a membership.
    pub fn answer_for(&mut self, rule: u64, group: u64, user: u64) {
        self.made.entry(user).or_default().insert((group, rule));
    }

    /// A rule answers for a membership no longer.
    pub fn let_go(&mut self, rule: u64, group: u64, user: u64) {
        if let Some(made) = self.made.get_mut(&user) {
            made.remove(&(group, rule));
            if made.is_empty() {
                self.made.remove(&user);
            }
        }
    }

    /// A user is deleted.
    pub fn forget_user(&mut self, user: u64) {
        self.made.remove(&user);
    }

    /// A group is deleted: rules that put people into it can't any more.
    pub fn forget_group(&mut self, group: u64, id: &str) {
        self.made.values_mut().for_each(|made| made.retain(|(of, _)| *of != group));
        for rule in self.by_ordinal.values_mut() {
            if rule.groups.iter().any(|target| target == id) {
                rule.status = RuleStatus::Invalid;
            }
        }
    }

    /// The rules that have made a membership.
    fn makers(&self, group: u64, user: u64) -> impl Iterator<Item = u64> {
        let made = self.made.get(&user).into_iter();
        made.flat_map(move |made| made.range((group, 0)..=(group, u64::MAX)).map(|(_, rule)| *rule))
    }
}

impl Org {
    /// Makes and ends the memberships of one user, as the active rules want it. Who is deactivated is left alone.
    pub fn obey_rules(&mut self, user: u64, now: Timestamp) {
        for _ in 0..PASSES {
            let changes = self.wanted_memberships(user);
            if changes.is_empty() {
                return;
            }
            for (rule, group, wanted) in changes {
                self.set_by_rule(rule, group, user, wanted, now);
            }
        }
    }

    /// Makes and ends the memberships of everybody.
    pub fn obey_rules_everywhere(&mut self, now: Timestamp) {
        let everybody: Vec<_> = self.users.after(None).map(|user| user.ordinal).collect();
        for user in everybody {
            self.obey_rules(user, now);
        }
    }

    /// Who is taken out of a group by hand stays out: the rules that made the membership exclude the user from now
    /// on, as Okta's console does it. (For the API this is UNCONFIRMED.)
    pub fn exclude_from_rules(&mut self, group: u64, user: u64, id: &str) {
        let makers: Vec<_> = self.resources.rules.makers(group, user).collect();
        for maker in makers {
            self.change(ResourceChange::Unmade(maker, group, user));
            let rule = self.resources.rules.by_ordinal.get(&maker).cloned();
            if let Some(mut rule) = rule.filter(|rule| rule.status == RuleStatus::Active) {
                rule.excluded.push(id.to_owned());
                self.change(ResourceChange::Rule(Box::new(rule)));
            }
        }
    }

    /// Deletes a rule. Its memberships become everybody else's, or end with it.
    pub fn remove_rule(&mut self, rule: u64, with_members: bool, now: Timestamp) {
        let made: Vec<_> =
            self.resources.rules.all_made().filter(|(maker, _, _)| with_members && *maker == rule).collect();
        for (_, group, user) in made {
            self.set_by_rule(rule, group, user, false, now);
        }
        self.change(ResourceChange::RuleGone(rule));
    }

    /// What is to change for a user: rule, group, and whether the rule wants the membership.
    fn wanted_memberships(&self, user: u64) -> Vec<(u64, u64, bool)> {
        let rules = &self.resources.rules;
        let person = self.users.by_ordinal(user).filter(|person| person.status != Status::Deprovisioned);
        let Some(person) = person else { return Vec::new() };
        let mut changes = Vec::new();
        for rule in rules.after(None).filter(|rule| rule.status == RuleStatus::Active) {
            let wanted = !rule.excluded.contains(&person.id) && rule.expression.holds(person, &self.groups);
            for group in rule.groups.iter().filter_map(|group| self.groups.by_id(group)) {
                let (mut own, mut others) = (false, false);
                for maker in rules.makers(group.ordinal, user) {
                    own |= maker == rule.ordinal;
                    others |= maker != rule.ordinal;
                }
                let by_hand = !own && !others && self.groups.has_member(group.ordinal, user);
                if wanted != own && !by_hand {
                    changes.push((rule.ordinal, group.ordinal, wanted));
                }
            }
        }
        changes
    }

    fn set_by_rule(&mut self, rule: u64, group: u64, user: u64, wanted: bool, now: Timestamp) {
        let (changed, kind) = if wanted {
            self.change(ResourceChange::Made(rule, group, user));
            (self.join(group, user), EventKind::MemberAdd)
        } else {
            self.change(ResourceChange::Unmade(rule, group, user));
            let unmade = self.resources.rules.makers(group, user).next().is_none();
            (unmade && self.leave(group, user), EventKind::MemberRemove)
        };
        if changed {
            let (at, target) = (now.as_millisecond(), Target::Membership(user, group));
            self.happened(Event { at, kind, actor: Actor::System, target, failed: false, reason: None });
            self.touch_membership(group, now);
        }
    }

    /// The time of the last membership is shown in whole seconds, so it is noted once a second.
    pub fn touch_membership(&mut self, group: u64, now: Timestamp) {
        let stale = |time: Timestamp| time.as_second() != now.as_second();
        let group = self.groups.by_ordinal(group).filter(|group| stale(group.last_membership_updated));
        if let Some(mut group) = group.cloned() {
            group.last_membership_updated = now;
            self.put_group(group);
        }
    }
}
