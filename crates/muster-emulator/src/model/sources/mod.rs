//! Identity sources: applications that people and groups come from, and the sessions in which they are loaded. What
//! is kept stands here, and how it changes; what comes of it in the org is made elsewhere.

mod changes;
mod holdings;
mod session;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};

pub(crate) use self::{
    changes::SourceChange,
    holdings::{AppUserName, Person, Source, SourceGroup, SourceHead},
    session::{GroupWish, Load, Outcome, Session, SessionStatus},
};
use crate::source_settings::IdentitySourceRules;

/// All sources of the org, and all sessions there ever were.
#[derive(Default)]
pub(crate) struct Sources {
    pub rules: IdentitySourceRules,
    all: Vec<Source>,
    sessions: BTreeMap<u64, Session>,
    by_id: HashMap<String, u64>,
    /// The sessions that are not over.
    open: BTreeSet<u64>,
    /// Where a user of the org comes from: the place of the source, and the id there.
    of_user: HashMap<u64, (usize, Box<str>)>,
}

/// Something that time brings about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Due {
    pub at: Timestamp,
    /// The place of the session.
    pub session: u64,
}

impl Sources {
    /// The sources, in the order of their declaration.
    pub fn all(&self) -> &[Source] {
        &self.all
    }

    /// The source of an id.
    pub fn by_id(&self, id: &str) -> Option<&Source> {
        self.all.iter().find(|source| source.head.id == id)
    }

    /// The session at a place.
    pub fn session(&self, place: u64) -> Option<&Session> {
        self.sessions.get(&place)
    }

    /// The session of an id.
    pub fn session_by_id(&self, id: &str) -> Option<&Session> {
        self.sessions.get(self.by_id.get(id)?)
    }

    /// The sessions of a source, in the order of their creation.
    pub fn sessions_of<'a>(&'a self, source: &'a str) -> impl Iterator<Item = &'a Session> {
        self.sessions.values().filter(move |session| session.source == source)
    }

    /// The place of the next new session.
    pub fn next_session(&self) -> u64 {
        self.sessions.last_key_value().map_or(0, |(last, _)| last.saturating_add(1))
    }

    /// The turn of the next session that is triggered.
    pub fn next_turn(&self) -> u64 {
        self.sessions.values().map(|session| session.turn).max().unwrap_or_default().saturating_add(1)
    }

    /// The session whose creation still keeps another from being created.
    pub fn blocking(&self, source: &str, now: Timestamp) -> Option<&Session> {
        let blocks =
            |session: &&Session| session.source == source && now < later(session.created, self.rules.gap);
        self.open.iter().filter_map(|place| self.sessions.get(place)).find(blocks)
    }

    /// Where a user comes from.
    pub fn origin(&self, user: u64) -> Option<(&Source, &Person)> {
        let (place, external_id) = self.of_user.get(&user)?;
        let source = self.all.get(*place)?;
        Some((source, source.person(external_id)?))
    }

    /// What time brings about next.
    pub fn next_due(&self) -> Option<Due> {
        let open = self.open.iter().filter_map(|place| self.sessions.get(place));
        open.filter_map(|session| Some(Due { at: self.due(session)?, session: session.ordinal })).min()
    }

    /// Whether somebody is known to a source, or is about to be.
    pub fn knows(&self, source: &str, external_id: &str) -> bool {
        let waiting = self.open.iter().filter_map(|place| self.sessions.get(place));
        let mut waiting = waiting.filter(|session| session.source == source);
        self.by_id(source).is_some_and(|source| source.person(external_id).is_some())
            || waiting.any(|session| session.loads.iter().any(|load| load.brings(external_id)))
    }

    /// When something happens to a session. Of those that are triggered only the one whose turn it is goes on.
    fn due(&self, session: &Session) -> Option<Timestamp> {
        if session.status != SessionStatus::Triggered {
            return Some(later(session.last_updated, self.rules.expiry));
        }
        let before = |other: &Session| {
            other.source == session.source
                && other.status == SessionStatus::Triggered
                && other.turn < session.turn
        };
        if self.open.iter().filter_map(|place| self.sessions.get(place)).any(before) {
            return None;
        }
        let free = self.by_id(&session.source)?.free_from;
        let begin = session.triggered?.max(free);
        let is_person = session.loads.front().is_some_and(Load::is_of_person);
        let time = self.rules.speed.time_of(session.done_people.saturating_add(u64::from(is_person)));
        Some(begin.saturating_add(nanoseconds(time)).unwrap_or(Timestamp::MAX))
    }

    fn by_id_mut(&mut self, id: &str) -> Option<&mut Source> {
        self.all.iter_mut().find(|source| source.head.id == id)
    }
}

fn later(began: Timestamp, time: std::time::Duration) -> Timestamp {
    let time = SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX);
    began.saturating_add(time).unwrap_or(Timestamp::MAX)
}

fn nanoseconds(time: i128) -> SignedDuration {
    i64::try_from(time).map_or(SignedDuration::MAX, SignedDuration::from_nanos)
}
