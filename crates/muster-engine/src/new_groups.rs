//! Groups that the plan wants and the org does not have.
//!
//! A create whose answer was lost, or that an earlier process made, is found by name and by when it came: a group
//! that is older than the run is not ours, and is used without being counted as made by us.

use jiff::{SignedDuration, Timestamp};
use muster_core::origin::CLOCK_SLACK;
use muster_okta::wire::Group;
use muster_okta::{CallError, Okta};

use crate::error::OrgTrouble;
use crate::patience::patiently;
use crate::plan::Plan;

/// What stands under the name of a group of ours.
const DESCRIPTION: &str = "Created by Muster";

/// A group of the wanted name.
struct Found {
    id: String,
    ours: bool,
}

/// Creates the groups that the plan wants and the org does not have, and enters their ids.
pub async fn create_groups(okta: &Okta, plan: &mut Plan) -> Result<Vec<String>, OrgTrouble> {
    create_groups_since(okta, plan, Timestamp::now()).await
}

/// The same for a run that was begun at that time, by this machine's clock: what came since then is of the run.
pub async fn create_groups_since(
    okta: &Okta,
    plan: &mut Plan,
    begun: Timestamp,
) -> Result<Vec<String>, OrgTrouble> {
    let mut created = Vec::new();
    let names = std::mem::take(&mut plan.groups.to_create);
    if names.is_empty() {
        return Ok(created);
    }
    let since = by_the_orgs_clock(okta, begun).await;
    for name in names {
        let group = create_group(okta, &name, since).await?;
        plan.groups.ids.insert(name.clone(), group.id.clone());
        if group.ours {
            plan.groups.created.insert(group.id);
            created.push(name);
        } else {
            tracing::warn!(
                group = group.id,
                "a group of a wanted name is older than the run, and is used as it is"
            );
        }
    }
    Ok(created)
}

/// Any answer tells the org's clock; the schema draws on no budget that matters.
async fn by_the_orgs_clock(okta: &Okta, time: Timestamp) -> Timestamp {
    let date = okta.read_schema().await.date;
    let ahead = date.map_or(SignedDuration::ZERO, |date| date.duration_since(Timestamp::now()));
    time.checked_add(ahead).unwrap_or(time)
}

async fn create_group(okta: &Okta, name: &str, since: Timestamp) -> Result<Found, OrgTrouble> {
    match patiently(|| okta.create_group(name, DESCRIPTION)).await.result {
        Ok(group) => Ok(Found { id: group.id, ours: true }),
        Err(error) => match named(okta, name, since).await? {
            Some(found) => Ok(found),
            None => Err(trouble(okta, &error, name)),
        },
    }
}

/// The youngest group of this name that people can be put into.
async fn named(okta: &Okta, name: &str, since: Timestamp) -> Result<Option<Found>, OrgTrouble> {
    let (mut page, mut youngest): (_, Option<Group>) = (None, None);
    loop {
        let attempt = patiently(|| okta.list_groups(page.as_deref())).await;
        let groups = attempt.result.map_err(|error| trouble(okta, &error, name))?;
        let named = groups.into_iter().filter(|group| group.profile.name == name && group.takes_members());
        youngest = youngest.into_iter().chain(named).max_by_key(|group| group.created);
        page = attempt.next;
        if page.is_none() {
            break;
        }
    }
    let ours = |group: &Group| {
        group.profile.description.as_deref() == Some(DESCRIPTION) && is_young(group.created, since)
    };
    Ok(youngest.map(|group| Found { ours: ours(&group), id: group.id }))
}

/// The org cuts times to whole seconds, and our idea of its clock is as coarse.
fn is_young(created: Option<Timestamp>, since: Timestamp) -> bool {
    created.is_some_and(|created| created >= since - CLOCK_SLACK)
}

fn trouble(okta: &Okta, error: &CallError, name: &str) -> OrgTrouble {
    OrgTrouble::of(error, okta.base().as_str(), &format!("create the group {name:?}"), "okta.groups.manage")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_from_before_the_run_is_not_ours() {
        let since: Timestamp = "2026-11-21T10:00:00.700Z".parse().unwrap();
        assert!(is_young("2026-11-21T10:00:00Z".parse().ok(), since));
        assert!(!is_young("2026-11-21T09:59:57Z".parse().ok(), since));
        assert!(!is_young(None, since));
    }
}
