//! What can change in the sources, as lines of the state file.

use serde::{Deserialize, Serialize};

use super::{
    Sources,
    holdings::{Departed, Person, Source, SourceGroup, SourceHead},
    session::{Load, Outcome, Session, SessionStatus},
};

/// One change. Sources are named by their id, sessions by their place.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SourceChange {
    /// A source, new or changed.
    Source(SourceHead),
    /// A session, new or changed. What is loaded into it stays, unless it is over.
    Session(Box<Session>),
    /// What is loaded into a session.
    Loaded(u64, Vec<Load>),
    /// The next load of a session is processed.
    Step(u64, Outcome),
    /// A person of a source, new or changed.
    Person(String, Box<Person>),
    PersonGone(String, Box<str>),
    /// Somebody who left a source.
    Departed(String, Departed),
    /// A group of a source, new or changed.
    Group(String, SourceGroup),
    GroupGone(String, Box<str>),
}

impl Sources {
    /// Makes a change.
    pub fn take_over(&mut self, change: SourceChange) {
        match change {
            SourceChange::Source(head) => self.put_source(head),
            SourceChange::Session(session) => self.put_session(*session),
            SourceChange::Loaded(session, loads) => {
                if let Some(session) = self.sessions.get_mut(&session) {
                    session.loads.extend(loads);
                }
            }
            SourceChange::Step(session, outcome) => {
                if let Some(session) = self.sessions.get_mut(&session) {
                    session.step(outcome);
                }
            }
            change => self.take_over_holding(change),
        }
    }

    /// All of it, as changes to none.
    pub fn changes(&self) -> impl Iterator<Item = SourceChange> {
        let heads = self.all.iter().map(|source| SourceChange::Source(source.head.clone()));
        let held = self.all.iter().flat_map(Self::held);
        let sessions = self.sessions.values().flat_map(|session| {
            let loads: Vec<_> = session.loads.iter().cloned().collect();
            let loaded = (!loads.is_empty()).then_some(SourceChange::Loaded(session.ordinal, loads));
            std::iter::once(SourceChange::Session(Box::new(session.head()))).chain(loaded)
        });
        heads.chain(held).chain(sessions)
    }

    /// Drops what hangs on a user who is deleted.
    pub fn forget_user(&mut self, user: u64) {
        if let Some((place, external_id)) = self.of_user.remove(&user)
            && let Some(source) = self.all.get_mut(place)
        {
            source.remove_person(&external_id);
        }
    }

    fn held(source: &Source) -> impl Iterator<Item = SourceChange> {
        let id = &source.head.id;
        let people = source.people().map(|person| SourceChange::Person(id.clone(), Box::new(person.clone())));
        let gone = source.all_departed().map(|departed| SourceChange::Departed(id.clone(), departed));
        let groups = source.groups().map(|group| SourceChange::Group(id.clone(), group.clone()));
        people.chain(gone).chain(groups)
    }

    fn take_over_holding(&mut self, change: SourceChange) {
        match change {
            SourceChange::Person(source, person) => {
                let Some(place) = self.all.iter().position(|present| present.head.id == source) else {
                    return;
                };
                self.of_user.insert(person.user, (place, person.external_id.clone()));
                if let Some(source) = self.all.get_mut(place) {
                    source.put_person(*person);
                }
            }
            SourceChange::PersonGone(source, external_id) => {
                let person = self.by_id_mut(&source).and_then(|source| source.remove_person(&external_id));
                if let Some(person) = person {
                    self.of_user.remove(&person.user);
                }
            }
            SourceChange::Departed(source, departed) => {
                self.by_id_mut(&source).into_iter().for_each(|source| source.put_departed(departed.clone()));
            }
            SourceChange::Group(source, group) => {
                self.by_id_mut(&source).into_iter().for_each(|source| source.put_group(group.clone()));
            }
            SourceChange::GroupGone(source, external_id) => {
                self.by_id_mut(&source).into_iter().for_each(|source| source.remove_group(&external_id));
            }
            _ => {}
        }
    }

    fn put_source(&mut self, head: SourceHead) {
        match self.by_id_mut(&head.id) {
            Some(source) => source.head = head,
            None => self.all.push(Source::new(head)),
        }
    }

    fn put_session(&mut self, mut session: Session) {
        if let Some(former) = self.sessions.remove(&session.ordinal) {
            session.loads = former.loads;
        }
        if session.status == SessionStatus::Triggered {
            session.sort();
        }
        if session.status.is_open() {
            self.open.insert(session.ordinal);
        } else {
            self.open.remove(&session.ordinal);
            session.loads.clear();
            session.loads.shrink_to_fit();
        }
        if session.turn > 0
            && !session.status.is_open()
            && let Some(source) = self.by_id_mut(&session.source)
        {
            source.free_from = source.free_from.max(session.last_updated);
        }
        self.by_id.insert(session.id.clone(), session.ordinal);
        self.sessions.insert(session.ordinal, session);
    }
}
