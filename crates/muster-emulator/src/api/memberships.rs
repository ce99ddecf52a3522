//! `/groups/{id}/users`: who is in a group.

use super::{
    call::{Answer, Call, Reply},
    groups::find,
    page::Page,
    user_list::listed,
};
use crate::{
    model::{
        events::{EventKind, Target},
        groups::{Group, GroupKind},
        org::Org,
    },
    refusal::Refusal,
};

const LARGEST_PAGE: usize = 1000;

/// Whether people can be put into a group.
pub(crate) fn is_open(group: &Group) -> bool {
    group.kind == GroupKind::OktaGroup
}

/// `GET /groups/{id}/users`.
pub(crate) fn list(org: &Org, call: &Call<'_>, group: &str) -> Answer {
    let group = find(org, group)?;
    let page = Page::of(call, LARGEST_PAGE, LARGEST_PAGE)?;
    if group.kind != GroupKind::BuiltIn {
        let members =
            org.groups.members_after(group, page.after).filter_map(|member| org.users.by_ordinal(member));
        return page.reply(call, members, |user| listed(call, user), |user| user.ordinal);
    }
    page.reply(call, org.users.after(page.after), |user| listed(call, user), |user| user.ordinal)
}

/// `PUT /groups/{id}/users/{id}`.
pub(crate) fn join(org: &mut Org, call: &Call<'_>, group: &str, user: &str) -> Answer {
    let (group, user) = pair(org, group, user)?;
    if org.join(group.ordinal, user) {
        org.happened(call.event(EventKind::MemberAdd, Target::Membership(user, group.ordinal)));
        org.touch_membership(group.ordinal, call.now);
        org.obey_rules(user, call.now);
    }
    Ok(Reply::empty())
}

/// `DELETE /groups/{id}/users/{id}`. Who is a member by a rule is excluded from that rule.
pub(crate) fn leave(org: &mut Org, call: &Call<'_>, group: &str, id: &str) -> Answer {
    let (group, user) = pair(org, group, id)?;
    if org.leave(group.ordinal, user) {
        org.exclude_from_rules(group.ordinal, user, id);
        org.happened(call.event(EventKind::MemberRemove, Target::Membership(user, group.ordinal)));
        org.touch_membership(group.ordinal, call.now);
        org.obey_rules(user, call.now);
    }
    Ok(Reply::empty())
}

fn pair(org: &Org, group: &str, user: &str) -> Result<(Group, u64), Refusal> {
    let group = find(org, group)?;
    let user = org.users.by_id(user).ok_or_else(|| Refusal::not_found(user, "User"))?;
    if is_open(group) { Ok((group.clone(), user.ordinal)) } else { Err(Refusal::unsupported_operation()) }
}
