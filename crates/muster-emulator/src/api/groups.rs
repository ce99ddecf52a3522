//! `/groups`: creating, reading, changing and deleting groups.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::{
    call::{Answer, Call, Reply},
    group_profile::GroupProfile,
    page::Page,
};
use crate::{
    clock::written,
    expression::{Case, Expression, Operator},
    model::{
        events::{EventKind, Target},
        groups::{Group, GroupKind},
        org::Org,
    },
    refusal::Refusal,
};

const LARGEST_PAGE: usize = 10_000;
const LARGEST_BY_NAME: usize = 300;

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
            links: LinksView {
                logo: [logo("medium"), logo("large")],
                users: link("users"),
                apps: link("apps"),
            },
        }
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

/// `GET /groups`.
pub(crate) fn list(org: &Org, call: &Call<'_>) -> Answer {
    let parameter = |name| call.query.get(name).filter(|value| !value.is_empty());
    match (parameter("search"), parameter("filter"), parameter("q")) {
        (Some(_), Some(_), _) => Err(Refusal::search_and_filter()),
        (Some(search), None, _) => matching(org, call, search, Case::Ignored),
        (None, Some(filter), _) => matching(org, call, filter, Case::Counts),
        (None, None, Some(start)) => by_name(org, call, start),
        (None, None, None) => {
            let page = Page::of(call, LARGEST_PAGE, LARGEST_PAGE)?;
            let groups = org.listed_groups(page.after, call.now);
            page.reply(call, groups, |group| GroupView::new(call, group), |group| group.ordinal)
        }
    }
}

fn by_name(org: &Org, call: &Call<'_>, start: &str) -> Answer {
    let limit = call.query.limit(LARGEST_BY_NAME, LARGEST_PAGE)?;
    let start = start.to_lowercase();
    let groups =
        org.listed_groups(None, call.now).filter(|group| group.name.to_lowercase().starts_with(&start));
    Reply::json(&groups.take(limit).map(|group| GroupView::new(call, group)).collect::<Vec<_>>())
}

fn matching(org: &Org, call: &Call<'_>, text: &str, case: Case) -> Answer {
    let expression = Expression::read(text)?;
    match case {
        Case::Counts => expression.check(&filterable, &Refusal::filter())?,
        Case::Ignored => expression.check(&searchable, &Refusal::search())?,
    }
    let page = Page::of(call, LARGEST_PAGE, LARGEST_PAGE)?;
    let holds = |group: &&Group| expression.holds(case, &|attribute| field(group, attribute));
    let groups = org.listed_groups(page.after, call.now).filter(holds);
    page.reply(call, groups, |group| GroupView::new(call, group), |group| group.ordinal)
}

fn filterable(attribute: &str, operator: Operator) -> bool {
    match attribute {
        "id" | "type" => operator == Operator::Eq,
        "lastUpdated" | "lastMembershipUpdated" => is_comparison(operator),
        _ => false,
    }
}

fn searchable(attribute: &str, operator: Operator) -> bool {
    match attribute {
        "profile.name" | "profile.description" => {
            matches!(operator, Operator::Eq | Operator::Sw | Operator::Co | Operator::Pr)
        }
        "id" | "type" => matches!(operator, Operator::Eq | Operator::Sw),
        "created" | "lastUpdated" | "lastMembershipUpdated" => is_comparison(operator),
        custom => custom.starts_with("profile.") && operator != Operator::Co,
    }
}

fn is_comparison(operator: Operator) -> bool {
    !matches!(operator, Operator::Sw | Operator::Co | Operator::Pr)
}

fn field(group: &Group, attribute: &str) -> Option<Value> {
    Some(Value::String(match attribute {
        "id" => group.id.clone(),
        "type" => group.kind.name().to_owned(),
        "profile.name" => group.name.clone(),
        "profile.description" => group.description.clone()?,
        "created" => written(group.created),
        "lastUpdated" => written(group.last_updated),
        "lastMembershipUpdated" => written(group.last_membership_updated),
        _ => return attribute.strip_prefix("profile.").and_then(|name| group.custom.get(name)).cloned(),
    }))
}

fn writable<'a>(org: &'a Org, id: &str) -> Result<&'a Group, Refusal> {
    let group = find(org, id)?;
    if group.kind == GroupKind::OktaGroup { Ok(group) } else { Err(Refusal::unsupported_operation()) }
}
