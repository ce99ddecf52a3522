//! An import session: what is loaded into it, and how far it has come.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum SessionStatus {
    /// Nothing is loaded.
    Created,
    /// Something is.
    InProgress,
    /// It is being processed, or waits for its turn.
    Triggered,
    Completed,
    /// The processing broke off.
    Error,
    /// It was cancelled.
    Closed,
    /// Nobody went on with it.
    Expired,
}

/// One session. Its ordinal is its place in lists.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Session {
    pub ordinal: u64,
    pub id: String,
    /// The id of the source.
    pub source: String,
    pub status: SessionStatus,
    pub created: Timestamp,
    pub last_updated: Timestamp,
    pub triggered: Option<Timestamp>,
    /// Sessions are processed in the order of their turns; 0 before it is triggered.
    pub turn: u64,
    /// Bulk requests that were accepted.
    pub requests: u32,
    /// The bytes of the largest of them.
    pub largest: usize,
    /// What they held.
    pub people: u64,
    pub groups: u64,
    pub memberships: u64,
    /// People that have been processed.
    pub done_people: u64,
    /// Of everything that has been processed: what was done, refused, and found to be as it was.
    pub done: u64,
    pub refused: u64,
    pub unchanged: u64,
    /// What is still to be processed. The state file has it in lines of its own.
    #[serde(skip)]
    pub loads: VecDeque<Load>,
}

/// One thing that was loaded. All names are the ids of the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Load {
    /// Somebody new or changed, with the attributes; null clears one.
    Person(Box<str>, BTreeMap<String, Option<String>>),
    PersonGone(Box<str>),
    Group(Box<str>, GroupWish),
    GroupGone(Box<str>),
    /// A group, and who is in it.
    Join(Box<str>, Box<str>),
    Leave(Box<str>, Box<str>),
}

/// What is said of a group; what is not said stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct GroupWish {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// What has come of one load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    Done,
    Refused,
    Unchanged,
}

impl SessionStatus {
    /// The name as in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::InProgress => "IN_PROGRESS",
            Self::Triggered => "TRIGGERED",
            Self::Completed => "COMPLETED",
            Self::Error => "ERROR",
            Self::Closed => "CLOSED",
            Self::Expired => "EXPIRED",
        }
    }

    /// Whether it takes uploads, and can be cancelled.
    pub fn is_loading(self) -> bool {
        matches!(self, Self::Created | Self::InProgress)
    }

    /// Whether there is more to come of it.
    pub fn is_open(self) -> bool {
        self.is_loading() || self == Self::Triggered
    }
}

impl Session {
    /// A new session.
    pub fn new(ordinal: u64, id: String, source: String, now: Timestamp) -> Self {
        Self {
            ordinal,
            id,
            source,
            status: SessionStatus::Created,
            created: now,
            last_updated: now,
            triggered: None,
            turn: 0,
            requests: 0,
            largest: 0,
            people: 0,
            groups: 0,
            memberships: 0,
            done_people: 0,
            done: 0,
            refused: 0,
            unchanged: 0,
            loads: VecDeque::new(),
        }
    }

    /// A copy without what is loaded.
    pub fn head(&self) -> Self {
        let Self { id, source, .. } = self;
        Self { id: id.clone(), source: source.clone(), loads: VecDeque::new(), ..*self }
    }

    /// Counts what is loaded.
    pub fn count(&mut self, loads: &[Load]) {
        for load in loads {
            match load {
                Load::Person(..) | Load::PersonGone(_) => self.people += 1,
                Load::Group(..) | Load::GroupGone(_) => self.groups += 1,
                Load::Join(..) | Load::Leave(..) => self.memberships += 1,
            }
        }
    }

    /// Takes the load that is next; what has come of it is known.
    pub(super) fn step(&mut self, outcome: Outcome) {
        let load = self.loads.pop_front();
        self.done_people += u64::from(load.as_ref().is_some_and(Load::is_of_person));
        match outcome {
            Outcome::Done => self.done += 1,
            Outcome::Refused => self.refused += 1,
            Outcome::Unchanged => self.unchanged += 1,
        }
    }

    /// People come first, then groups, then who is in them; each kind in the order in which it was loaded.
    pub(super) fn sort(&mut self) {
        self.loads.make_contiguous().sort_by_key(Load::rank);
    }
}

impl Load {
    /// Whether it is about a person, and so takes time.
    pub fn is_of_person(&self) -> bool {
        self.rank() == 0
    }

    /// Whether it brings somebody of this id.
    pub fn brings(&self, wanted: &str) -> bool {
        matches!(self, Self::Person(external_id, _) if external_id.as_ref() == wanted)
    }

    fn rank(&self) -> u8 {
        match self {
            Self::Person(..) | Self::PersonGone(_) => 0,
            Self::Group(..) | Self::GroupGone(_) => 1,
            Self::Join(..) | Self::Leave(..) => 2,
        }
    }
}
