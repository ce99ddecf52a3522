//! Groups: who comes from a source is made a group of the org that nobody else can fill.

use std::collections::BTreeMap;

use super::Errand;
use crate::{
    model::{
        events::EventKind,
        groups::{Group, GroupKind},
        org::Org,
        sources::{GroupWish, Outcome, SourceChange, SourceGroup},
    },
    refusal::Refusal,
};

const LONGEST_NAME: usize = 255;
const LONGEST_DESCRIPTION: usize = 1024;

/// Makes a group, or changes it. Names may come twice.
pub(crate) fn upsert_group(
    org: &mut Org,
    errand: &Errand,
    external_id: &str,
    wish: &GroupWish,
) -> Result<Outcome, Refusal> {
    let source = org.resources.sources.by_id(&errand.source).ok_or_else(Refusal::internal)?;
    let known = source.group(external_id).and_then(|group| org.groups.by_ordinal(group.group)).cloned();
    let name = wish.display_name.clone().or_else(|| known.as_ref().map(|group| group.name.clone()));
    let name = name.filter(|name| !name.trim().is_empty());
    let name = name.ok_or_else(|| Refusal::field("displayName", "The field cannot be left blank"))?;
    let description =
        wish.description.clone().or_else(|| known.as_ref().and_then(|group| group.description.clone()));
    check("displayName", Some(&name), LONGEST_NAME)?;
    check("description", description.as_ref(), LONGEST_DESCRIPTION)?;
    let is_new = known.is_none();
    let mut group = known.unwrap_or_else(|| fresh(org, errand));
    if !is_new && group.name == name && group.description == description {
        return Ok(Outcome::Unchanged);
    }
    (group.name, group.description, group.last_updated) = (name, description, errand.at);
    let place = group.ordinal;
    org.put_group(group);
    if is_new {
        let group = SourceGroup { external_id: external_id.into(), group: place };
        org.source_change(SourceChange::Group(errand.source.clone(), group));
    }
    let kind = if is_new { EventKind::ImportGroupCreate } else { EventKind::ImportGroupUpdate };
    errand.tell_of_group(org, kind, place);
    Ok(Outcome::Done)
}

/// Deletes a group. One that is not known is nobody's fault.
pub(crate) fn remove_group(org: &mut Org, errand: &Errand, external_id: &str) -> Outcome {
    let source = org.resources.sources.by_id(&errand.source);
    let Some(place) = source.and_then(|source| source.group(external_id)).map(|group| group.group) else {
        return Outcome::Unchanged;
    };
    org.source_change(SourceChange::GroupGone(errand.source.clone(), external_id.into()));
    if let Some(id) = org.groups.by_ordinal(place).map(|group| group.id.clone()) {
        org.remove_group(&id);
    }
    errand.tell_of_group(org, EventKind::ImportGroupDelete, place);
    Outcome::Done
}

fn check(name: &str, text: Option<&String>, longest: usize) -> Result<(), Refusal> {
    let is_long = text.is_some_and(|text| text.chars().count() > longest);
    if is_long { Err(Refusal::field(name, "The field is too long")) } else { Ok(()) }
}

fn fresh(org: &mut Org, errand: &Errand) -> Group {
    Group {
        ordinal: org.groups.next_ordinal(),
        id: org.ids.id("00g"),
        created: errand.at,
        last_updated: errand.at,
        last_membership_updated: errand.at,
        kind: GroupKind::AppGroup,
        name: String::new(),
        description: None,
        custom: BTreeMap::new(),
    }
}
