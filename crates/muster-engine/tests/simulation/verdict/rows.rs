//! What the books say of a row is what the org's own record says of its user.

use std::collections::{BTreeMap, BTreeSet};

use muster_core::candidate::OnConflict;
use muster_core::outcome::{GroupOutcome, Outcome};
use muster_ledger::ResultRow;

use crate::crowd::Row;
use crate::evidence::Evidence;
use crate::inhabitants::{BY_US, Inhabitant};
use crate::journal::{Kind, Seen};
use crate::strangers::What;
use crate::world::World;

/// What the org's record says of one user.
#[derive(Debug, Default)]
struct Past {
    /// Whether we made it; none if nobody did since the org began.
    made_by_us: Vec<bool>,
    /// Others changed its profile.
    changed: bool,
    /// Others changed its status.
    status: bool,
    /// Groups that others took it out of, by id.
    left: BTreeSet<String>,
}

/// Every breach.
pub fn check(world: &World, evidence: &Evidence) -> Vec<String> {
    let pasts = pasts(evidence);
    let mut broken = Vec::new();
    let good = world.good();
    for (row, result) in world.rows.iter().zip(&evidence.rows) {
        let good = good.get(row.key.as_str()).is_some_and(|good| std::ptr::eq(*good, row));
        let user = evidence.inhabitants.get(&row.key);
        let nothing = Past::default();
        let past = user.and_then(|user| pasts.get(user.id.as_str())).unwrap_or(&nothing);
        let case = Case { world, evidence, row, result, user, past };
        let claims = if good { case.of_a_good_row() } else { case.of_an_invalid_row() };
        broken.extend(
            claims.into_iter().map(|claim| format!("{claim}: {result:?}; the org has {user:?}; {past:?}")),
        );
    }
    broken
}

fn pasts(evidence: &Evidence) -> BTreeMap<&str, Past> {
    let mut pasts: BTreeMap<&str, Past> = BTreeMap::new();
    for write in &evidence.writes {
        let ours = write.by == BY_US;
        match (write.operation.as_str(), write.subject.split_once('/')) {
            ("createUser", _) => pasts.entry(&write.subject).or_default().made_by_us.push(ours),
            ("updateUser", _) if !ours => pasts.entry(&write.subject).or_default().changed = true,
            ("deactivateUser" | "suspendUser" | "activateUser", _) if !ours => {
                pasts.entry(&write.subject).or_default().status = true;
            }
            ("unassignUserFromGroup", Some((group, user))) if !ours => {
                pasts.entry(user).or_default().left.insert(group.to_owned());
            }
            _ => {}
        }
    }
    pasts
}

struct Case<'a> {
    world: &'a World,
    evidence: &'a Evidence,
    row: &'a Row,
    result: &'a ResultRow,
    user: Option<&'a Inhabitant>,
    past: &'a Past,
}

impl Case<'_> {
    fn of_an_invalid_row(&self) -> Vec<String> {
        let invalid = self.result.outcome == Some(Outcome::Invalid);
        if invalid { Vec::new() } else { vec!["a faulty row was not found invalid".to_owned()] }
    }

    fn of_a_good_row(&self) -> Vec<String> {
        let mut claims = Vec::new();
        let outcome = self.result.outcome.unwrap_or(Outcome::Failed);
        let allowed = self.outcomes();
        if !allowed.contains(&outcome) {
            claims.push(format!("the outcome should be one of {allowed:?}"));
            return claims;
        }
        let refused_unread = outcome == Outcome::Rejected && self.row.is_weak(&self.world.wanted);
        if let Some(user) = self.user.filter(|_| !refused_unread) {
            if self.result.okta_id.as_deref() != Some(&user.id) {
                claims.push("the id is not that of the login".to_owned());
            }
            claims.extend(self.status(user, outcome));
            claims.extend(self.groups(user, outcome));
        }
        claims
    }

    /// What the row may have ended as, by the org's own record.
    fn outcomes(&self) -> BTreeSet<Outcome> {
        match self.past.made_by_us.as_slice() {
            [] => self.of_nobodys(),
            [true] => self.of_ours(),
            [false] => self.of_theirs(),
            _ => BTreeSet::new(),
        }
    }

    fn of_nobodys(&self) -> BTreeSet<Outcome> {
        self.row.is_weak(&self.world.wanted).then_some(Outcome::Rejected).into_iter().collect()
    }

    fn of_ours(&self) -> BTreeSet<Outcome> {
        let seen = self.evidence.sent.iter().find(|sent| {
            sent.kind == Kind::Create && sent.about == self.row.key && sent.seen == Seen::Answer(200, true)
        });
        let mut allowed = BTreeSet::new();
        if let Some(seen) = seen {
            allowed.insert(Outcome::Created);
            if !self.evidence.legs[seen.process as usize].died {
                return allowed;
            }
        }
        allowed.insert(Outcome::Adopted);
        // Somebody changed it before it could be read back, or the times do not fit: it no longer looks like ours.
        if self.past.changed || self.past.status || self.came_late() || self.world.has_odd_dates() {
            allowed.extend([Outcome::Skipped, Outcome::Updated, Outcome::Unchanged, Outcome::Rejected]);
        }
        allowed
    }

    /// Whether a create of ours was so long on its way that nobody reckons with it any more.
    fn came_late(&self) -> bool {
        let mut creates = self.evidence.sent.iter().filter(|sent| sent.about == self.row.key);
        creates.any(|sent| sent.kind == Kind::Create && sent.arrived.is_some_and(|at| at - sent.left >= 60))
    }

    fn of_theirs(&self) -> BTreeSet<Outcome> {
        let mut made = self.evidence.deeds.iter().filter(|deed| deed.key == self.row.key);
        let made = made.find_map(|deed| match deed.what {
            What::Made { same } => Some((same, deed.at)),
            _ => None,
        });
        let same = made.map(|(same, _)| same).filter(|_| !self.past.changed);
        let mut allowed: BTreeSet<Outcome> = match (self.world.plan.on_conflict, same) {
            (OnConflict::Fail, _) => [Outcome::Rejected].into(),
            (_, Some(true)) => [Outcome::Unchanged].into(),
            (OnConflict::Skip, Some(false)) => [Outcome::Skipped].into(),
            (OnConflict::Skip, None) => [Outcome::Skipped, Outcome::Unchanged].into(),
            // An update that was done before the process died is found equal by the next one.
            (OnConflict::Update, _) => [Outcome::Updated, Outcome::Unchanged].into(),
        };
        let gone = self.user.is_some_and(|user| user.status == "DEPROVISIONED");
        if self.world.plan.on_conflict == OnConflict::Update && (self.past.status || gone) {
            allowed.insert(Outcome::Rejected);
        }
        if self.row.is_weak(&self.world.wanted) {
            // The org may name the password alone, and not that the login is taken.
            allowed.insert(Outcome::Rejected);
        }
        // Somebody who makes exactly the same user after we began to try can't be told from us.
        let began = self.evidence.sent.first().map_or(f64::MAX, |sent| sent.at);
        if same != Some(false) && made.is_none_or(|(_, at)| at > began - 3.0) {
            allowed.insert(Outcome::Adopted);
        }
        allowed
    }

    fn status(&self, user: &Inhabitant, outcome: Outcome) -> Vec<String> {
        let mut claims = Vec::new();
        if self.past.status {
            return claims;
        }
        if self.result.okta_status.as_deref() != Some(&user.status) {
            claims.push("the status is not the org's".to_owned());
        }
        let wanted = self.row.final_status(&self.world.wanted);
        if self.past.made_by_us == [true]
            && matches!(outcome, Outcome::Created | Outcome::Adopted)
            && user.status != wanted
        {
            claims.push(format!("the status should be {wanted}"));
        }
        claims
    }

    fn groups(&self, user: &Inhabitant, outcome: Outcome) -> Vec<String> {
        let wishes = self.row.wishes(&self.world.wanted);
        if matches!(outcome, Outcome::Rejected | Outcome::Failed) {
            return Vec::new();
        }
        let mut claims = Vec::new();
        let expected = if wishes.is_empty() { GroupOutcome::None } else { GroupOutcome::Joined };
        if self.result.group_outcome != Some(expected) {
            claims.push(format!("the group outcome should be {expected:?}"));
        }
        let counts = [self.result.groups_requested, self.result.groups_joined].map(|count| count as usize);
        if counts != [wishes.len(); 2] {
            claims.push(format!("it asks for {} groups", wishes.len()));
        }
        for wish in wishes {
            let left = self.evidence.groups.get(&wish).is_some_and(|id| self.past.left.contains(id));
            if !left && !user.groups.contains(&wish) {
                claims.push(format!("it is not in {wish:?}"));
            }
        }
        claims
    }
}
