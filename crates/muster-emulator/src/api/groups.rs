//! `/groups`: creating, reading, changing and deleting groups.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::{
    call::{Answer, Call, Reply},
    group_profile::GroupProfile,
    group_stats::Embedded,
};
use crate::{
    clock::written,
    model::{
        events::{EventKind, Target},
        groups::{Group, GroupKind},
        org::Org,
    },
    refusal::Refusal,
};

/// A group as answers show it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GroupView<'a> {
    id: &'a str,
    created: String,
    last_updated: String,
    last_membership_updated: String,
    object_class: [&'static str; 1],
    #[serde(rename = "type")]
    kind: GroupKind,
    profile: ProfileView<'a>,
    #[serde(rename = "_embedded", skip_serializing_if = "Option::is_none")]
    embedded: Option<Embedded>,
    #[serde(rename = "_links")]
    links: LinksView,
}

#[derive(Serialize)]
struct ProfileView<'a> {
    name: &'a str,
    description: Option<&'a str>,
    #[serde(flatten)]
    custom: &'a BTreeMap<String, Value>,
}

#[derive(Serialize)]
struct LinksView {
    logo: [LogoView; 2],
    users: LinkView,
    apps: LinkView,
}

#[derive(Serialize)]
struct LogoView {
    name: &'static str,
    href: String,
    #[serde(rename = "type")]
    kind: &'static str,
}

#[derive(Serialize)]
struct LinkView {
    href: String,
}

impl<'a> GroupView<'a> {
    /// The group, with links for the host of the call.
    pub fn new(call: &Call<'_>, group: &'a Group) -> Self {
        let logo = |name| LogoView {
            name,
            href: call.href(&format!("/img/logos/groups/okta-{name}.png")),
            kind: "image/png",
        };
        let link = |tail| LinkView { href: call.href(&format!("/api/v1/groups/{}/{tail}", group.id)) };
        Self {
            id: &group.id,
            created: written(group.created),
            last_updated: written(group.last_updated),
            last_membership_updated: written(group.last_membership_updated),
            object_class: ["okta:user_group"],
            kind: group.kind,
            profile: ProfileView {
                name: &group.name,
                description: group.description.as_deref(),
                custom: &group.custom,
            },
            embedded: None,
            links: LinksView {
                logo: [logo("medium"), logo("large")],
                users: link("users"),
                apps: link("apps"),
            },
        }
    }

    /// The same with what is said beside it.
    pub fn with(mut self, embedded: Option<Embedded>) -> Self {
        self.embedded = embedded;
        self
    }
}

/// The group of an id.
pub(crate) fn find<'a>(org: &'a Org, id: &str) -> Result<&'a Group, Refusal> {
    org.groups.by_id(id).ok_or_else(|| Refusal::not_found(id, "UserGroup"))
}

/// `POST /groups`.
pub(crate) fn create(org: &mut Org, call: &Call<'_>) -> Answer {
    let profile = GroupProfile::of(org, call, None)?;
    let group = Group {
        ordinal: org.groups.next_ordinal(),
        id: org.ids.id("00g"),
        created: call.now,
        last_updated: call.now,
        last_membership_updated: call.now,
        kind: GroupKind::OktaGroup,
        name: profile.name,
        description: profile.description,
        custom: profile.custom,
    };
    let reply = Reply::json(&GroupView::new(call, &group));
    org.happened(call.event(EventKind::GroupCreate, Target::Group(group.ordinal)));
    org.put_group(group);
    reply
}

/// `GET /groups/{id}`.
pub(crate) fn read(org: &Org, call: &Call<'_>, id: &str) -> Answer {
    Reply::json(&GroupView::new(call, find(org, id)?))
}

/// `PUT /groups/{id}`.
pub(crate) fn replace(org: &mut Org, call: &Call<'_>, id: &str) -> Answer {
    let mut group = writable(org, id)?.clone();
    let profile = GroupProfile::of(org, call, Some(&group))?;
    group.name = profile.name;
    group.description = profile.description;
    group.custom = profile.custom;
    group.last_updated = call.now;
    let reply = Reply::json(&GroupView::new(call, &group));
    org.happened(call.event(EventKind::GroupProfile, Target::Group(group.ordinal)));
    org.put_group(group);
    reply
}

/// `DELETE /groups/{id}`.
pub(crate) fn delete(org: &mut Org, call: &Call<'_>, id: &str) -> Answer {
    let group = writable(org, id)?.clone();
    org.remove_group(&group.id);
    let target = Target::other("UserGroup", group.id, group.name);
    org.happened(call.event(EventKind::GroupDelete, target));
    Ok(Reply::empty())
}

fn writable<'a>(org: &'a Org, id: &str) -> Result<&'a Group, Refusal> {
    let group = find(org, id)?;
    if group.kind == GroupKind::OktaGroup { Ok(group) } else { Err(Refusal::unsupported_operation()) }
}
