//! `expand=stats` of groups: how many users and apps a group has.

use serde::Serialize;

use super::call::Call;
use crate::model::{
    groups::{Group, GroupKind},
    org::Org,
};

/// What stands in `_embedded` of a group.
#[derive(Serialize)]
pub(crate) struct Embedded {
    stats: StatsView,
}

/// Apps are assigned to users alone here, nothing is pushed and groups have no roles: three of the four never change.
/// Okta's description writes `hasAdminPrivlege`; clients of real orgs read it as it stands here. The addresses of the
/// links are UNCONFIRMED, and nothing answers at that of the statistics.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StatsView {
    users_count: usize,
    apps_count: usize,
    group_push_mappings_count: usize,
    has_admin_privilege: bool,
    #[serde(rename = "_links")]
    links: LinksView,
}

#[derive(Serialize)]
struct LinksView {
    #[serde(rename = "self")]
    own: LinkView,
    users: LinkView,
    apps: LinkView,
}

#[derive(Serialize)]
struct LinkView {
    href: String,
}

impl Embedded {
    /// What a call wants to know of a group beside it, if anything.
    pub fn of(org: &Org, call: &Call<'_>, group: &Group) -> Option<Self> {
        let mut wanted = call.query.get("expand")?.split(',').map(str::trim);
        wanted.any(|part| part == "stats").then(|| Self { stats: StatsView::new(org, call, group) })
    }
}

impl StatsView {
    fn new(org: &Org, call: &Call<'_>, group: &Group) -> Self {
        let link = |tail| LinkView { href: call.href(&format!("/api/v1/groups/{}/{tail}", group.id)) };
        let is_everyone = group.kind == GroupKind::BuiltIn;
        Self {
            users_count: if is_everyone { org.users.len() } else { org.groups.member_count(group) },
            apps_count: 0,
            group_push_mappings_count: 0,
            has_admin_privilege: false,
            links: LinksView { own: link("stats"), users: link("users"), apps: link("apps") },
        }
    }
}
