//! `…/groups/{id}/membership`: who is in a group of a source.

use serde::Deserialize;
use serde_json::json;

use super::{bodies::group_id, errand, find, groups::group};
use crate::{
    api::{
        call::{Answer, Call, Reply},
        page::Page,
    },
    imports::{join, leave},
    model::org::Org,
    refusal::Refusal,
};

const LARGEST_PAGE: usize = 1000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MemberBody {
    member_external_id: Option<String>,
}

/// `GET …/membership`, in the order of the users. The default of the limit is UNCONFIRMED.
pub(super) fn list(org: &Org, call: &Call<'_>, source: &str, id: &str) -> Answer {
    let group = group(org, source, id)?;
    let page = Page::of(call, LARGEST_PAGE, LARGEST_PAGE)?;
    let in_org = org.groups.by_ordinal(group.group).ok_or_else(Refusal::internal)?;
    let members = org.groups.members_after(in_org, page.after);
    let mut members =
        members.filter_map(|user| Some((user, org.resources.sources.origin(user)?.1))).peekable();
    let mut shown = Vec::new();
    let mut last = None;
    while shown.len() < page.limit
        && let Some((user, person)) = members.next()
    {
        last = Some(user);
        shown.push(&person.external_id);
    }
    let mut reply = Reply::json(&json!({"memberExternalIds": shown}))?;
    reply.links = page.links(call, last.filter(|_| members.peek().is_some()));
    Ok(reply)
}

/// `POST …/membership`.
pub(super) fn add(org: &mut Org, call: &Call<'_>, source: &str, id: &str) -> Answer {
    let errand = errand(call, find(org, source)?);
    let external_id = group(org, source, id)?.external_id.clone();
    let body: MemberBody = call.json()?;
    let member = group_id("memberExternalId", body.member_external_id)?;
    join(org, &errand, &external_id, &member)?;
    Ok(Reply::empty())
}

/// `DELETE …/membership/{id}`.
pub(super) fn remove(org: &mut Org, call: &Call<'_>, source: &str, id: &str, member: &str) -> Answer {
    let errand = errand(call, find(org, source)?);
    let external_id = group(org, source, id)?.external_id.clone();
    leave(org, &errand, &external_id, member)?;
    Ok(Reply::empty())
}
