//! What comes of that which is loaded into an identity source: users, groups and memberships of the org, and events
//! in its System Log. It must not know HTTP: an import that is due is made whenever somebody looks, and is dated back
//! to when it was due.

mod groups;
mod mapping;
mod membership;
mod people;
mod telling;

use jiff::Timestamp;

pub(crate) use self::{
    groups::{remove_group, upsert_group},
    mapping::check_mastered,
    membership::{join, leave},
    people::{BASE, Given, remove, upsert},
};
use crate::{
    model::{
        events::{Actor, EventKind},
        org::Org,
        resources::ResourceChange,
        sources::{Due, Load, Outcome, Session, SessionStatus, SourceChange},
    },
    refusal::Refusal,
};

/// For whom something is done to a source, and when.
#[derive(Clone, Debug)]
pub(crate) struct Errand {
    /// The id of the source.
    pub source: String,
    /// The place of the session, if it is one.
    pub session: Option<u64>,
    pub actor: Actor,
    pub at: Timestamp,
}

impl Org {
    /// Brings about what time has brought about by now: sessions are processed, and expire.
    pub fn catch_up(&mut self, now: Timestamp) {
        while let Some(due) = self.resources.sources.next_due().filter(|due| due.at <= now) {
            self.advance(due);
        }
    }

    /// Ends the processing of a session before its time. False if it is not being processed.
    pub fn break_import(&mut self, id: &str, now: Timestamp) -> bool {
        let session = self.resources.sources.session_by_id(id);
        let session = session.filter(|session| session.status == SessionStatus::Triggered);
        let Some(session) = session.map(Session::head) else { return false };
        let errand = Errand::of(&session, now);
        self.end_session(session, SessionStatus::Error, now);
        errand.tell_of_session(self, EventKind::ImportComplete, Some("The import was broken off"));
        true
    }

    /// Puts a session into another status.
    pub fn end_session(&mut self, mut session: Session, status: SessionStatus, at: Timestamp) {
        session.status = status;
        session.last_updated = at;
        self.source_change(SourceChange::Session(Box::new(session)));
    }

    /// Makes a change to the sources, and notes it.
    pub fn source_change(&mut self, change: SourceChange) {
        self.change(ResourceChange::Source(change));
    }

    fn advance(&mut self, Due { at, session: place }: Due) {
        let Some(session) = self.resources.sources.session(place) else { return };
        let errand = Errand::of(session, at);
        if session.status != SessionStatus::Triggered {
            let session = session.head();
            self.end_session(session, SessionStatus::Expired, at);
            return errand.tell_of_session(self, EventKind::ImportSessionExpire, None);
        }
        let Some(load) = session.loads.front().cloned() else {
            let session = session.head();
            self.end_session(session, SessionStatus::Completed, at);
            return errand.tell_of_session(self, EventKind::ImportComplete, None);
        };
        let outcome = errand.process(self, load);
        self.source_change(SourceChange::Step(place, outcome));
    }
}

impl Errand {
    /// Something that Okta does for a session.
    pub fn of(session: &Session, at: Timestamp) -> Self {
        Self { source: session.source.clone(), session: Some(session.ordinal), actor: Actor::System, at }
    }

    /// Does what was loaded. Why something is refused stands in the System Log alone.
    fn process(&self, org: &mut Org, load: Load) -> Outcome {
        match load {
            Load::Person(external_id, attributes) => {
                let given = Given { external_id: &external_id, attributes, is_whole: false };
                let result = upsert(org, self, given.clone());
                result.unwrap_or_else(|refusal| self.refuse_person(org, &given, &refusal))
            }
            Load::PersonGone(external_id) => remove(org, self, &external_id),
            Load::Group(external_id, wish) => upsert_group(org, self, &external_id, &wish)
                .unwrap_or_else(|refusal| self.refuse_group(org, &external_id, &wish, &refusal)),
            Load::GroupGone(external_id) => remove_group(org, self, &external_id),
            Load::Join(group, member) => join(org, self, &group, &member).unwrap_or_else(|refusal| {
                self.refuse_membership(org, EventKind::MemberAdd, (&group, &member), &refusal)
            }),
            Load::Leave(group, member) => leave(org, self, &group, &member).unwrap_or_else(|refusal| {
                self.refuse_membership(org, EventKind::MemberRemove, (&group, &member), &refusal)
            }),
        }
    }
}

/// The words of a refusal, as they stand in the outcome of an event: no more than the 255 characters of Okta's
/// description.
fn words_of(refusal: &Refusal) -> Box<str> {
    let words = if refusal.causes.is_empty() { refusal.summary.clone() } else { refusal.causes.join("; ") };
    words.chars().take(255).collect::<String>().into()
}
