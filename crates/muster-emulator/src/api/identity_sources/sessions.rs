//! `/identity-sources/{id}/sessions`: making, reading, cancelling and triggering sessions.

use http::StatusCode;
use serde_json::{Value, json};

use super::find;
use crate::{
    api::call::{Answer, Call, Reply},
    clock::written,
    imports::Errand,
    model::{
        events::EventKind,
        org::Org,
        sources::{Session, SessionStatus, SourceChange},
    },
    refusal::Refusal,
};

/// `GET …/sessions`. Whether those that are over are in the list is a setting, for Okta's pages differ.
pub(super) fn list(org: &Org, source: &str) -> Answer {
    let source = find(org, source)?;
    let sources = &org.resources.sources;
    let listed = |session: &&Session| sources.rules.lists_all || session.status.is_open();
    Reply::json(&sources.sessions_of(&source.head.id).filter(listed).map(view).collect::<Vec<_>>())
}

/// `POST …/sessions`: 201, as recorded, though the description says 200.
pub(super) fn create(org: &mut Org, call: &Call<'_>, source: &str) -> Answer {
    let source = find(org, source)?.head.id.clone();
    let sources = &org.resources.sources;
    if sources.blocking(&source, call.now).is_some() {
        return Err(Refusal::validation("identitySourceId").because(gap_words(sources.rules.gap)));
    }
    let session = Session::new(sources.next_session(), org.ids.id("aps"), source, call.now);
    let mut reply = Reply::json(&view(&session))?;
    reply.status = StatusCode::CREATED;
    let errand = Errand { actor: call.actor, ..Errand::of(&session, call.now) };
    org.source_change(SourceChange::Session(Box::new(session)));
    errand.tell_of_session(org, EventKind::ImportSessionCreate, None);
    Ok(reply)
}

/// `GET …/sessions/{id}`.
pub(super) fn read(org: &Org, source: &str, id: &str) -> Answer {
    Reply::json(&view(session(org, source, id)?))
}

/// `DELETE …/sessions/{id}`.
pub(super) fn cancel(org: &mut Org, call: &Call<'_>, source: &str, id: &str) -> Answer {
    let session = session(org, source, id)?;
    if !session.status.is_loading() {
        let cause = "Only a session that is in CREATED or IN_PROGRESS status can be canceled.";
        return Err(Refusal::validation("importSessionId").because(cause));
    }
    let session = session.head();
    let errand = Errand { actor: call.actor, ..Errand::of(&session, call.now) };
    org.end_session(session, SessionStatus::Closed, call.now);
    errand.tell_of_session(org, EventKind::ImportSessionCancel, None);
    Ok(Reply::empty())
}

/// `POST …/sessions/{id}/start-import`.
pub(super) fn start(org: &mut Org, call: &Call<'_>, source: &str, id: &str) -> Answer {
    let session = session(org, source, id)?;
    if session.status != SessionStatus::InProgress {
        let cause = match session.status {
            SessionStatus::Created => "Nothing has been loaded into the session.".to_owned(),
            status => format!("A session that is in {} status can't be triggered.", status.name()),
        };
        return Err(Refusal::validation("importSessionId").because(cause));
    }
    let mut session = session.head();
    session.status = SessionStatus::Triggered;
    session.triggered = Some(call.now);
    session.turn = org.resources.sources.next_turn();
    session.last_updated = call.now;
    let reply = Reply::json(&view(&session));
    let errand = Errand { actor: call.actor, ..Errand::of(&session, call.now) };
    org.source_change(SourceChange::Session(Box::new(session)));
    errand.tell_of_session(org, EventKind::ImportSessionTrigger, None);
    reply
}

/// The session of an id. What Okta answers to an unknown one is UNCONFIRMED (API.md §10.3): here 404.
pub(super) fn session<'a>(org: &'a Org, source: &str, id: &str) -> Result<&'a Session, Refusal> {
    let source = find(org, source)?;
    let session = org.resources.sources.session_by_id(id);
    let session = session.filter(|session| session.source == source.head.id);
    session.ok_or_else(|| Refusal::not_found(id, "IdentitySourceSession"))
}

fn gap_words(gap: std::time::Duration) -> String {
    let time = match (gap.as_secs() / 60, gap.as_secs() % 60) {
        (minutes @ 1.., 0) => format!("{minutes} minutes"),
        _ => format!("{} seconds", gap.as_secs_f64()),
    };
    format!("Only one active import session per identity source is allowed to be created every {time}")
}

fn view(session: &Session) -> Value {
    json!({
        "id": session.id,
        "identitySourceId": session.source,
        "status": session.status.name(),
        "importType": "INCREMENTAL",
        "created": written(session.created),
        "lastUpdated": written(session.last_updated),
    })
}
