//! One row's way through the org: which call comes next, and what an answer means for it.
//!
//! Pure: it is told answers and the time, and says what to send. It knows nothing of HTTP, budgets or books.
//! A row goes forward only: create, or read back and settle; then memberships; then a status that no create
//! can give; then its one outcome.

mod answer;
mod stages;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use answer::{Answer, Refusal};
pub use stages::ORIGIN_UNCLEAR;

use crate::candidate::{Candidate, OnConflict};
use crate::compare::FoundUser;
use crate::origin::{Customs, Doubt};
use crate::outcome::{GroupOutcome, Outcome};
use crate::record::Line;

/// Groups that fit into a create (API.md §5.1).
pub const GROUPS_AT_CREATION: usize = 20;

/// Tries of one call while the org is well, before the row is given up.
const MOST_TRIES: u32 = 8;

/// A call that the row needs now.
#[derive(Clone, Debug, PartialEq)]
pub enum Call {
    /// Create the user, with the first groups.
    Create,
    /// Read the user by its login.
    Read,
    /// Read the user by its id: no index has to catch up with it.
    Look {
        /// The user's id.
        user: String,
    },
    /// Send what differs.
    Update {
        /// The user.
        id: String,
        /// The attributes; none where the user is armed and nothing else.
        changes: Map<String, Value>,
        /// Whether the user shall be armed with the password-import hook.
        arm: bool,
    },
    /// Add the user to a group.
    Join {
        /// The group's id.
        group: String,
        /// The user's id.
        user: String,
    },
    /// Suspend the user.
    Suspend {
        /// The user's id.
        user: String,
    },
    /// Deactivate the user.
    Deactivate {
        /// The user's id.
        user: String,
    },
}

/// The kind of a call, without what goes into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// Create the user.
    Create,
    /// Read the user by its login.
    Read,
    /// Read the user by its id.
    Look,
    /// Change the user.
    Update,
    /// Add the user to a group.
    Join,
    /// Change the user's status.
    Lifecycle,
}

/// The user is there and its outcome is known; what may remain are memberships and status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettledUser {
    /// The outcome that the row will have.
    pub outcome: Outcome,
    /// The user's id.
    pub id: String,
    /// The user's status.
    pub status: String,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowResult {
    /// The row.
    pub line: Line,
    /// Its outcome.
    pub outcome: Outcome,
    /// The user's id, if there is a user.
    pub okta_id: Option<String>,
    /// The user's status, if there is a user.
    pub okta_status: Option<String>,
    /// Groups that the row asks for.
    pub groups_requested: u32,
    /// Groups that it is in.
    pub groups_joined: u32,
    /// What went wrong, as far as something did.
    pub trouble: Option<Trouble>,
    /// How often a write of the user was sent.
    pub attempts: u32,
}

impl RowResult {
    /// The outcome of the memberships.
    pub fn group_outcome(&self) -> GroupOutcome {
        let no_user = matches!(self.outcome, Outcome::Invalid | Outcome::Rejected | Outcome::Failed);
        if no_user && self.groups_joined == 0 {
            return GroupOutcome::None;
        }
        GroupOutcome::of(self.groups_requested, self.groups_joined)
    }
}

/// An error of a row, for its reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Okta's error code, or a word of ours.
    pub code: String,
    /// All that Okta said.
    pub text: String,
}

/// What an answer led to.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    /// Another call is needed, after a while.
    Again(Duration),
    /// The user is settled, which the books should know before the memberships go on.
    Settled(SettledUser),
    /// The row is done.
    Finished(RowResult),
}

/// Whether a row still has to be created, has been tried before, or only needs its memberships.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// No request was ever made for it.
    Fresh,
    /// A create was intended at that time, by the org's clock; whether it was done is open.
    InDoubt(Timestamp),
    /// The user is settled.
    Finishing(SettledUser),
}

/// The state of one row on its way.
#[derive(Debug)]
pub struct RowFlow {
    candidate: Candidate,
    groups: Vec<String>,
    on_conflict: OnConflict,
    stage: Stage,
    /// When a create whose answer never came can have been carried out.
    doubt: Option<Doubt>,
    customs: Arc<Customs>,
    /// What was seen in place of the last answer to a create.
    lost: String,
    /// The refusal that sent us to read the user back.
    exists: Option<Refusal>,
    user: Option<SettledUser>,
    joined: u32,
    attempts: u32,
    tries: u32,
    /// Access tokens that were refused in a row for the present call.
    tokens: u32,
    /// How long the last answer took, which is longer than a request is waited for where a token had to be had first.
    took: SignedDuration,
    /// Whether the org denied to know an attribute; it is asked once more.
    denied: bool,
    trouble: Option<Trouble>,
}

#[derive(Debug)]
enum Stage {
    Create,
    ReadBack,
    Update(FoundUser, Map<String, Value>, bool),
    Join(usize),
    Afterwards,
    /// The change of status was refused with this: it may have been done by a request whose answer was lost.
    Recheck(Trouble),
}

impl RowFlow {
    /// A row on its way, with the ids of the groups that it asks for.
    pub fn new(candidate: Candidate, groups: Vec<String>, on_conflict: OnConflict, start: Start) -> Self {
        let mut flow = Self {
            candidate,
            groups,
            on_conflict,
            stage: Stage::Create,
            doubt: None,
            customs: Customs::usual(),
            lost: String::new(),
            exists: None,
            user: None,
            joined: 0,
            attempts: 0,
            tries: 0,
            tokens: 0,
            took: SignedDuration::ZERO,
            denied: false,
            trouble: None,
        };
        match start {
            Start::Fresh => {}
            Start::InDoubt(since) => {
                (flow.doubt, flow.stage) = (Some(Doubt { since, until: None }), Stage::ReadBack);
            }
            Start::Finishing(user) => flow.go_on_with(user),
        }
        flow
    }

    /// The row with what holds for all rows of the run, and the last moment at which a request of an earlier process
    /// can have been carried out, where that is known.
    #[must_use]
    pub fn among(mut self, customs: Arc<Customs>, last_of_earlier: Option<Timestamp>) -> Self {
        self.customs = customs;
        if let Some(doubt) = &mut self.doubt {
            // A process that died before it was heard of again leaves the time of its intent alone.
            doubt.until = last_of_earlier.filter(|last| *last >= doubt.since);
        }
        self
    }

    /// The person.
    pub fn candidate(&self) -> &Candidate {
        &self.candidate
    }

    /// The groups that go into the create.
    pub fn groups_at_creation(&self) -> &[String] {
        &self.groups[..self.groups.len().min(GROUPS_AT_CREATION)]
    }

    /// Whether the row was begun: such rows go before those that were not.
    pub fn begun(&self) -> bool {
        !matches!(self.stage, Stage::Create) || self.attempts > 0 || self.doubt.is_some()
    }

    /// The kind of the call that is needed now; none when there is nothing left to do.
    pub fn call_kind(&self) -> Option<CallKind> {
        match &self.stage {
            Stage::Create => Some(CallKind::Create),
            Stage::ReadBack => Some(CallKind::Read),
            Stage::Recheck(_) => Some(CallKind::Look),
            Stage::Update(..) => Some(CallKind::Update),
            Stage::Join(next) => (*next < self.groups.len()).then_some(CallKind::Join),
            Stage::Afterwards => self.candidate.afterwards.map(|_| CallKind::Lifecycle),
        }
    }

    /// The call that is needed now; none when there is nothing left to do.
    pub fn call(&self) -> Option<Call> {
        let user = || self.user.as_ref().map(|user| user.id.clone()).unwrap_or_default();
        match &self.stage {
            Stage::Create => Some(Call::Create),
            Stage::ReadBack => Some(Call::Read),
            Stage::Recheck(_) => Some(Call::Look { user: user() }),
            Stage::Update(found, changes, arm) => {
                Some(Call::Update { id: found.id.clone(), changes: changes.clone(), arm: *arm })
            }
            Stage::Join(next) => {
                self.groups.get(*next).map(|group| Call::Join { group: group.clone(), user: user() })
            }
            Stage::Afterwards => self.candidate.afterwards.map(|afterwards| afterwards.call(user())),
        }
    }

    /// A call is about to be sent at this time, by the org's clock.
    pub fn sending(&mut self) {
        if matches!(self.stage, Stage::Create | Stage::Update(..)) {
            self.attempts += 1;
        }
    }

    /// The call was turned away before it was done.
    pub fn turned_away(&mut self) {
        if matches!(self.stage, Stage::Create | Stage::Update(..)) {
            self.attempts = self.attempts.saturating_sub(1);
        }
    }

    /// The call was turned away for its access token; how many in a row were refused for it.
    pub fn token_refused(&mut self) -> u32 {
        self.tokens += 1;
        self.tokens
    }

    /// The answer that is told next took so long, all told: nothing was carried out after that.
    pub fn took(&mut self, time: Duration) {
        self.took = SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX);
    }

    /// The group that is asked for now.
    pub fn group_asked(&self) -> Option<&str> {
        let Stage::Join(at) = self.stage else { return None };
        self.groups.get(at).map(String::as_str)
    }

    /// Whether another group is asked for after this one.
    pub fn asks_more_groups(&self) -> bool {
        matches!(self.stage, Stage::Join(at) if at + 1 < self.groups.len())
    }

    /// How often a write of the user was sent.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The attempts so far are in the books; the result counts from here.
    pub fn attempts_are_booked(&mut self) {
        self.attempts = 0;
    }

    /// What the answer means. `intended_at` is when the call was sent, by the org's clock; `well` is whether other calls
    /// get through, since a row is not given up for an outage; `dice` is in 0..1.
    pub fn answered(&mut self, answer: Answer, intended_at: Timestamp, well: bool, dice: f64) -> Progress {
        self.tokens = 0;
        match &self.stage {
            Stage::Create => self.create_answered(answer, intended_at, well, dice),
            Stage::ReadBack => self.read_back_answered(answer, well, dice),
            Stage::Update(..) => self.update_answered(answer, well, dice),
            Stage::Join(_) => self.join_answered(answer, well, dice),
            Stage::Afterwards => self.afterwards_answered(answer, well, dice),
            Stage::Recheck(refused) => {
                let refused = refused.clone();
                self.recheck_answered(answer, refused, well, dice)
            }
        }
    }
}
