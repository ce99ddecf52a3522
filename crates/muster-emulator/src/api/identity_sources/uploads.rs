//! `…/sessions/{id}/bulk-…`: loading people, groups and memberships into a session.

use http::StatusCode;

use super::{
    bodies::{GroupsBody, GroupsGoneBody, MembersBody, PeopleBody},
    sessions::session,
};
use crate::{
    api::call::{Answer, Call, Reply},
    imports::Errand,
    model::{
        events::EventKind,
        org::Org,
        sources::{Load, Session, SessionStatus, SourceChange},
    },
    refusal::Refusal,
};

/// The most that one request may hold; of memberships each pair counts (UNCONFIRMED).
const MOST_ENTITIES: usize = 200;
/// 200 KB. Whether Okta takes 1000 or 1024 bytes to a KB is UNCONFIRMED.
const LARGEST_BODY: usize = 200 * 1024;
/// The most requests of one session.
const MOST_REQUESTS: u32 = 50;

/// `bulk-upsert`. Nobody at all leaves the session as it is.
pub(super) fn people(org: &mut Org, call: &Call<'_>, source: &str, id: &str) -> Answer {
    let session = prepared(org, call, source, id)?;
    let loads = call.json::<PeopleBody>()?.loads(false)?;
    accept(org, call, session, loads, EventKind::BulkUpsert)
}

/// `bulk-delete`. Whom the source does not know is passed over.
pub(super) fn people_gone(org: &mut Org, call: &Call<'_>, source: &str, id: &str) -> Answer {
    let session = prepared(org, call, source, id)?;
    let mut loads = call.json::<PeopleBody>()?.loads(true)?;
    check_entities(&loads)?;
    let sources = &org.resources.sources;
    loads.retain(|load| matches!(load, Load::PersonGone(id) if sources.knows(&session.source, id)));
    accept(org, call, session, loads, EventKind::BulkDelete)
}

/// `bulk-groups-upsert`.
pub(super) fn groups(org: &mut Org, call: &Call<'_>, source: &str, id: &str) -> Answer {
    let session = prepared(org, call, source, id)?;
    let loads = call.json::<GroupsBody>()?.loads()?;
    accept(org, call, session, loads, EventKind::BulkUpsert)
}

/// `bulk-groups-delete`.
pub(super) fn groups_gone(org: &mut Org, call: &Call<'_>, source: &str, id: &str) -> Answer {
    let session = prepared(org, call, source, id)?;
    let loads = call.json::<GroupsGoneBody>()?.loads()?;
    accept(org, call, session, loads, EventKind::BulkDelete)
}

/// `bulk-group-memberships-upsert`.
pub(super) fn members(org: &mut Org, call: &Call<'_>, source: &str, id: &str) -> Answer {
    let session = prepared(org, call, source, id)?;
    let loads = call.json::<MembersBody>()?.loads(false)?;
    accept(org, call, session, loads, EventKind::BulkUpsert)
}

/// `bulk-group-memberships-delete`.
pub(super) fn members_gone(org: &mut Org, call: &Call<'_>, source: &str, id: &str) -> Answer {
    let session = prepared(org, call, source, id)?;
    let loads = call.json::<MembersBody>()?.loads(true)?;
    accept(org, call, session, loads, EventKind::BulkDelete)
}

/// The session, if it can take one more request. Okta's words for one that can't are UNCONFIRMED.
fn prepared(org: &Org, call: &Call<'_>, source: &str, id: &str) -> Result<Session, Refusal> {
    let session = session(org, source, id)?;
    if !session.status.is_loading() {
        let status = session.status.name();
        let cause = format!("Data can't be loaded into a session that is in {status} status.");
        return Err(Refusal::validation("importSessionId").because(cause));
    }
    if call.body.len() > LARGEST_BODY {
        let cause = format!("The request has {} bytes, and {LARGEST_BODY} are allowed.", call.body.len());
        return Err(Refusal::validation("request").because(cause));
    }
    if session.requests >= MOST_REQUESTS {
        let cause = format!("No more than {MOST_REQUESTS} bulk requests can be made in a session.");
        return Err(Refusal::validation("importSessionId").because(cause));
    }
    Ok(session.head())
}

fn check_entities(loads: &[Load]) -> Result<(), Refusal> {
    if loads.len() > MOST_ENTITIES {
        let cause = format!("The request has {} entities, and {MOST_ENTITIES} are allowed.", loads.len());
        return Err(Refusal::validation("request").because(cause));
    }
    Ok(())
}

fn accept(org: &mut Org, call: &Call<'_>, mut session: Session, loads: Vec<Load>, kind: EventKind) -> Answer {
    check_entities(&loads)?;
    session.count(&loads);
    let most = org.resources.sources.rules.largest_session;
    if session.people > u64::try_from(most).unwrap_or(u64::MAX) {
        let cause = format!("No more than {most} users can be loaded into a session.");
        return Err(Refusal::validation("importSessionId").because(cause));
    }
    session.requests += 1;
    session.largest = session.largest.max(call.body.len());
    session.last_updated = call.now;
    if !loads.is_empty() {
        session.status = SessionStatus::InProgress;
    }
    let errand = Errand { actor: call.actor, ..Errand::of(&session, call.now) };
    let place = session.ordinal;
    org.source_change(SourceChange::Session(Box::new(session)));
    if !loads.is_empty() {
        org.source_change(SourceChange::Loaded(place, loads));
    }
    errand.tell_of_session(org, kind, None);
    let mut reply = Reply::empty();
    reply.status = StatusCode::ACCEPTED;
    Ok(reply)
}
