//! Who is in which group of a source.

use super::Errand;
use crate::{
    model::{
        events::{EventKind, Target},
        org::Org,
        sources::Outcome,
    },
    refusal::Refusal,
};

/// Puts somebody into a group.
pub(crate) fn join(org: &mut Org, errand: &Errand, group: &str, member: &str) -> Result<Outcome, Refusal> {
    let (group, user) = places(org, errand, group, member)?;
    if !org.join(group, user) {
        return Ok(Outcome::Unchanged);
    }
    org.happened(errand.event(EventKind::MemberAdd, Target::Membership(user, group)));
    org.touch_membership(group, errand.at);
    org.obey_rules(user, errand.at);
    Ok(Outcome::Done)
}

/// Takes somebody out of a group.
pub(crate) fn leave(org: &mut Org, errand: &Errand, group: &str, member: &str) -> Result<Outcome, Refusal> {
    let (group, user) = places(org, errand, group, member)?;
    Ok(if end(org, errand, group, user) { Outcome::Done } else { Outcome::Unchanged })
}

/// Ends a membership. False if there was none.
pub(super) fn end(org: &mut Org, errand: &Errand, group: u64, user: u64) -> bool {
    let left = org.leave(group, user);
    if left {
        org.happened(errand.event(EventKind::MemberRemove, Target::Membership(user, group)));
        org.touch_membership(group, errand.at);
        org.obey_rules(user, errand.at);
    }
    left
}

fn places(org: &Org, errand: &Errand, group: &str, member: &str) -> Result<(u64, u64), Refusal> {
    let source = org.resources.sources.by_id(&errand.source).ok_or_else(Refusal::internal)?;
    let group = source.group(group).ok_or_else(|| Refusal::not_found(group, "IdentitySourceGroup"))?;
    let person = source.person(member).ok_or_else(|| Refusal::not_found(member, "IdentitySourceUser"))?;
    Ok((group.group, person.user))
}
