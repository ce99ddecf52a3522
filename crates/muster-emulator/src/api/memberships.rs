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
    if is_open(group) {
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
        touch(org, group, call);
    }
    Ok(Reply::empty())
}

/// `DELETE /groups/{id}/users/{id}`.
pub(crate) fn leave(org: &mut Org, call: &Call<'_>, group: &str, user: &str) -> Answer {
    let (group, user) = pair(org, group, user)?;
    if org.leave(group.ordinal, user) {
        org.happened(call.event(EventKind::MemberRemove, Target::Membership(user, group.ordinal)));
        touch(org, group, call);
    }
    Ok(Reply::empty())
}

fn pair(org: &Org, group: &str, user: &str) -> Result<(Group, u64), Refusal> {
    let group = find(org, group)?;
    let user = org.users.by_id(user).ok_or_else(|| Refusal::not_found(user, "User"))?;
    if is_open(group) { Ok((group.clone(), user.ordinal)) } else { Err(Refusal::unsupported_operation()) }
}

/// The time of the last membership is shown in whole seconds, so it is noted once a second.
fn touch(org: &mut Org, mut group: Group, call: &Call<'_>) {
    if group.last_membership_updated.as_second() != call.now.as_second() {
        group.last_membership_updated = call.now;
        org.put_group(group);
    }
}
