//! What identity sources hold and how their sessions fare, for those who rehearse.

use serde::Serialize;

use crate::{
    emulator::Emulator,
    model::{
        org::Org,
        sources::{Person, Session, Source},
    },
};

/// An identity source as `/_emulator/identity-sources` shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct IdentitySourceView {
    /// Its id, `0oa…`.
    pub id: String,
    /// Its label.
    pub label: String,
    /// The people in it.
    pub people: usize,
    /// The groups in it.
    pub groups: usize,
    /// The sessions there ever were.
    pub sessions: usize,
}

/// An import session as `/_emulator/import-sessions` shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImportSessionView {
    /// Its id, `aps…`.
    pub id: String,
    /// The id of its source.
    pub source: String,
    /// Its status, as in the API.
    pub status: &'static str,
    /// When it was created, in RFC 3339.
    pub created: String,
    /// When it was triggered.
    pub triggered: Option<String>,
    /// When it was last changed: when it was over, if it is.
    pub last_updated: String,
    /// Bulk requests that were accepted.
    pub requests: u32,
    /// The bytes of the largest of them.
    pub largest_request: usize,
    /// The people that they named.
    pub people: u64,
    /// The groups that they named.
    pub groups: u64,
    /// The memberships that they named.
    pub memberships: u64,
    /// What was processed and changed something.
    pub done: u64,
    /// What was processed and refused.
    pub refused: u64,
    /// What was processed and found to be as it was.
    pub unchanged: u64,
}

/// Somebody in a source as `/_emulator/source-people` shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourcePersonView {
    /// The id in the source.
    pub external_id: String,
    /// The id that Okta has given the person in the source, `0ua…`.
    pub id: String,
    /// The id of the user.
    pub user: String,
    /// The login of the user.
    pub login: String,
    /// The status of the user.
    pub status: &'static str,
}

impl Emulator {
    /// The identity sources, in the order of their declaration.
    pub fn identity_sources(&self) -> Vec<IdentitySourceView> {
        let kept = self.looked();
        let sources = &kept.org.resources.sources;
        let view = |source: &Source| IdentitySourceView {
            id: source.head.id.clone(),
            label: source.head.label.clone(),
            people: source.people_count(),
            groups: source.groups().count(),
            sessions: sources.sessions_of(&source.head.id).count(),
        };
        sources.all().iter().map(view).collect()
    }

    /// All import sessions, source by source, in the order of their creation.
    pub fn import_sessions(&self) -> Vec<ImportSessionView> {
        let kept = self.looked();
        let sources = &kept.org.resources.sources;
        let sessions = sources.all().iter().flat_map(|source| sources.sessions_of(&source.head.id));
        sessions.map(ImportSessionView::of).collect()
    }

    /// The people of a source, by its id or label, in the order of their ids there.
    pub fn source_people(&self, source: &str) -> Vec<SourcePersonView> {
        let kept = self.looked();
        let all = kept.org.resources.sources.all().iter();
        let wanted = |present: &&Source| present.head.id == source || present.head.label == source;
        let people = all.filter(wanted).flat_map(Source::people);
        let mut people: Vec<_> =
            people.filter_map(|person| SourcePersonView::of(&kept.org, person)).collect();
        people.sort_by(|one, other| one.external_id.cmp(&other.external_id));
        people
    }

    /// Ends the processing of a triggered session before its time, with the status ERROR: what has been processed
    /// stays, the rest is lost. False if it is not being processed. Nothing else leads to ERROR here.
    pub fn break_import(&self, session: &str) -> bool {
        let now = self.inner.clock.now();
        self.with_org(|org| Ok(org.break_import(session, now))).unwrap_or_default()
    }
}

impl ImportSessionView {
    fn of(session: &Session) -> Self {
        let at = |time: jiff::Timestamp| format!("{time:.3}");
        Self {
            id: session.id.clone(),
            source: session.source.clone(),
            status: session.status.name(),
            created: at(session.created),
            triggered: session.triggered.map(at),
            last_updated: at(session.last_updated),
            requests: session.requests,
            largest_request: session.largest,
            people: session.people,
            groups: session.groups,
            memberships: session.memberships,
            done: session.done,
            refused: session.refused,
            unchanged: session.unchanged,
        }
    }
}

impl SourcePersonView {
    fn of(org: &Org, person: &Person) -> Option<Self> {
        let user = org.users.by_ordinal(person.user)?;
        Some(Self {
            external_id: person.external_id.to_string(),
            id: person.id.to_string(),
            user: user.id.clone(),
            login: user.profile.login().to_owned(),
            status: user.status.name(),
        })
    }
}

/// A JSON object per line.
pub(crate) fn lines(items: &[impl Serialize]) -> Vec<u8> {
    let mut lines = Vec::new();
    for item in items {
        if serde_json::to_writer(&mut lines, item).is_ok() {
            lines.push(b'\n');
        }
    }
    lines
}
