//! `/identity-sources/{id}/groups`: one group of a source, without a session.

use serde_json::{Map, Value, json};

use super::{
    bodies::{GroupBody, group_id},
    errand, find,
};
use crate::{
    api::{
        call::{Answer, Call, Reply},
        user_body::TAKEN,
    },
    imports::{remove_group, upsert_group},
    model::{org::Org, sources::SourceGroup},
    refusal::Refusal,
};

/// `POST …/groups`. An id that is there already is refused (UNCONFIRMED).
pub(super) fn create(org: &mut Org, call: &Call<'_>, source: &str) -> Answer {
    let errand = errand(call, find(org, source)?);
    let body: GroupBody = call.json()?;
    let external_id = group_id("externalId", body.external_id)?;
    if find(org, source)?.group(&external_id).is_some() {
        return Err(Refusal::field("externalId", TAKEN));
    }
    upsert_group(org, &errand, &external_id, &body.profile.unwrap_or_default())?;
    read(org, source, &external_id)
}

/// `GET …/groups/{id}`.
pub(super) fn read(org: &Org, source: &str, id: &str) -> Answer {
    Reply::json(&view(org, group(org, source, id)?)?)
}

/// `POST …/groups/{id}`.
pub(super) fn change(org: &mut Org, call: &Call<'_>, source: &str, id: &str) -> Answer {
    let errand = errand(call, find(org, source)?);
    let external_id = group(org, source, id)?.external_id.clone();
    let body: GroupBody = call.json()?;
    upsert_group(org, &errand, &external_id, &body.profile.unwrap_or_default())?;
    read(org, source, &external_id)
}

/// `DELETE …/groups/{id}`.
pub(super) fn delete(org: &mut Org, call: &Call<'_>, source: &str, id: &str) -> Answer {
    let errand = errand(call, find(org, source)?);
    let external_id = group(org, source, id)?.external_id.clone();
    remove_group(org, &errand, &external_id);
    Ok(Reply::empty())
}

/// The group of an id of the source, or of the org.
pub(super) fn group<'a>(org: &'a Org, source: &str, id: &str) -> Result<&'a SourceGroup, Refusal> {
    let source = find(org, source)?;
    let of_org = || source.group_at(org.groups.by_id(id)?.ordinal);
    let group = source.group(id).or_else(of_org);
    group.ok_or_else(|| Refusal::not_found(id, "IdentitySourceGroup"))
}

fn view(org: &Org, group: &SourceGroup) -> Result<Value, Refusal> {
    let in_org = org.groups.by_ordinal(group.group).ok_or_else(Refusal::internal)?;
    let mut profile = Map::new();
    profile.insert("displayName".to_owned(), in_org.name.as_str().into());
    if let Some(description) = &in_org.description {
        profile.insert("description".to_owned(), description.as_str().into());
    }
    Ok(json!({"id": in_org.id, "externalId": group.external_id, "profile": profile}))
}
