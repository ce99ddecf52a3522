//! `/identity-sources/{id}`: sessions in which people and groups are loaded, and the people and groups themselves.

mod bodies;
mod groups;
mod memberships;
mod people;
mod sessions;
mod uploads;

use super::call::{Answer, Call};
use crate::{
    imports::Errand,
    model::{org::Org, sources::Source},
    operation::{OperationId, Recognised},
    refusal::Refusal,
};

/// Answers a request.
pub(crate) fn answer(org: &mut Org, call: &Call<'_>, wanted: &Recognised<'_>) -> Answer {
    use OperationId as Id;
    let (source, two, three) = (wanted.parameter(0), wanted.parameter(1), wanted.parameter(2));
    match wanted.operation.id {
        Id::ListSourceSessions => sessions::list(org, source),
        Id::CreateSourceSession => sessions::create(org, call, source),
        Id::GetSourceSession => sessions::read(org, source, two),
        Id::DeleteSourceSession => sessions::cancel(org, call, source, two),
        Id::StartImport => sessions::start(org, call, source, two),
        Id::LoadPeople => uploads::people(org, call, source, two),
        Id::LoadPeopleGone => uploads::people_gone(org, call, source, two),
        Id::LoadGroups => uploads::groups(org, call, source, two),
        Id::LoadGroupsGone => uploads::groups_gone(org, call, source, two),
        Id::LoadMembers => uploads::members(org, call, source, two),
        Id::LoadMembersGone => uploads::members_gone(org, call, source, two),
        Id::CreateSourceUser => people::create(org, call, source),
        Id::GetSourceUser => people::read(org, source, two),
        Id::ReplaceSourceUser => people::change(org, call, source, two, true),
        Id::UpdateSourceUser => people::change(org, call, source, two, false),
        Id::DeleteSourceUser => people::delete(org, call, source, two),
        Id::CreateSourceGroup => groups::create(org, call, source),
        Id::GetSourceGroup => groups::read(org, source, two),
        Id::UpdateSourceGroup => groups::change(org, call, source, two),
        Id::DeleteSourceGroup => groups::delete(org, call, source, two),
        Id::GetSourceMembers => memberships::list(org, call, source, two),
        Id::AddSourceMember => memberships::add(org, call, source, two),
        Id::RemoveSourceMember => memberships::remove(org, call, source, two, three),
        _ => Err(Refusal::unsupported_operation()),
    }
}

fn find<'a>(org: &'a Org, id: &str) -> Result<&'a Source, Refusal> {
    org.resources.sources.by_id(id).ok_or_else(|| Refusal::not_found(id, "IdentitySource"))
}

/// Something that is done to a source by this call, without a session.
fn errand(call: &Call<'_>, source: &Source) -> Errand {
    Errand { source: source.head.id.clone(), session: None, actor: call.actor, at: call.now }
}
