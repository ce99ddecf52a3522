//! What a run by import sessions adds to `summary.json`: its sessions, and who was missing.

use jiff::Timestamp;
use muster_core::outcome::{Outcome, Tally};
use muster_core::sourcing::{Operation, Sourcing};
use muster_ledger::{Ledger, LedgerError, RunKey, RunRecord, SessionRecord, SessionStage};
use serde::{Deserialize, Serialize};

/// The way that the people of a run went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Via {
    /// One request per person.
    #[default]
    UsersApi,
    /// Import sessions.
    IdentitySource,
}

/// What is told of a run by import sessions alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourcingSummary {
    /// The id of the identity source.
    pub identity_source: String,
    /// What the sessions do.
    pub operation: Operation,
    /// The sessions, in order. One that the org never made is none.
    pub sessions: Vec<SessionSummary>,
    /// People of the identity source who are in no row.
    pub missing: MissingSummary,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionSummary {
    /// Its number in the run.
    pub number: u32,
    /// Its id; none while it is open whether the org has made it.
    pub id: Option<String>,
    /// What the org last called it; none if it was not asked.
    pub status: Option<String>,
    /// Requests that were loaded into it.
    pub requests: u32,
    /// People whom they carried.
    pub users: u64,
    /// When the org made it.
    pub created_at: Option<Timestamp>,
    /// When it was triggered.
    pub triggered_at: Option<Timestamp>,
    /// When everybody in it had an outcome, or it came to nothing.
    pub ended_at: Option<Timestamp>,
}

/// How many people of the identity source were in no row, and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingSummary {
    /// People whom the identity source had when the run was planned, as far as the books know.
    pub known: u64,
    /// Shown alone: nobody asked for a deactivation.
    pub listed: u64,
    /// Deactivated.
    pub deactivated: u64,
    /// Gone from the identity source before.
    pub not_there: u64,
    /// Could not be deactivated.
    pub failed: u64,
    /// Not deactivated yet.
    pub open: u64,
}

/// The plan of a run, as far as it tells of sessions.
#[derive(Deserialize)]
struct PlannedWay {
    sourcing: Option<Sourcing>,
}

impl SourcingSummary {
    /// What is to be told of this run; nothing where people went by the Users API.
    pub(super) async fn of(ledger: &Ledger, record: &RunRecord) -> Result<Option<Self>, LedgerError> {
        let plan = serde_json::from_str::<PlannedWay>(&record.plan).ok();
        let Some(sourcing) = plan.and_then(|plan| plan.sourcing) else { return Ok(None) };
        let sessions = ledger.import_sessions(record.key).await?;
        Ok(Some(Self {
            missing: MissingSummary::of(ledger, record.key, sourcing.counts.known).await?,
            identity_source: sourcing.source,
            operation: sourcing.operation,
            sessions: sessions.into_iter().filter(came_to_be).map(SessionSummary::from).collect(),
        }))
    }

    /// People whose row the identity source has as it is, whether by this run or before it.
    pub fn imported(tally: &Tally) -> u64 {
        [Outcome::Created, Outcome::Updated, Outcome::Unchanged].map(|outcome| tally.of(outcome)).iter().sum()
    }

    /// How many sessions ended in which status, in the order in which they did first.
    pub fn statuses(&self) -> Vec<(&str, u64)> {
        let mut found: Vec<(&str, u64)> = Vec::new();
        for session in &self.sessions {
            let status = session.status.as_deref().unwrap_or("under way");
            match found.iter_mut().find(|(known, _)| *known == status) {
                Some((_, sessions)) => *sessions += 1,
                None => found.push((status, 1)),
            }
        }
        found
    }

    /// Requests that were loaded into all sessions.
    pub fn requests(&self) -> u64 {
        self.sessions.iter().map(|session| u64::from(session.requests)).sum()
    }
}

/// The org refuses to begin a session while another one is active: what it never began is no session.
fn came_to_be(session: &SessionRecord) -> bool {
    session.id.is_some() || session.stage != SessionStage::Void
}

impl From<SessionRecord> for SessionSummary {
    fn from(session: SessionRecord) -> Self {
        Self {
            number: session.number,
            id: session.id,
            status: session.status,
            requests: session.requests,
            users: session.users,
            created_at: session.created_at,
            triggered_at: session.triggered_at,
            ended_at: session.ended_at,
        }
    }
}

impl MissingSummary {
    async fn of(ledger: &Ledger, run: RunKey, known: u64) -> Result<Self, LedgerError> {
        let counts = ledger.departure_counts(run).await?;
        Ok(Self {
            known,
            listed: counts.listed,
            deactivated: counts.deactivated,
            not_there: counts.not_there,
            failed: counts.failed,
            open: counts.open,
        })
    }

    /// All who are in no row.
    pub fn people(&self) -> u64 {
        self.listed + self.deactivated + self.not_there + self.failed + self.open
    }

    /// How many ended how, in words, without what nobody did.
    pub fn words(&self) -> Vec<(&'static str, u64)> {
        let all = [
            ("listed", self.listed),
            ("deactivated", self.deactivated),
            ("not there any more", self.not_there),
            ("failed", self.failed),
            ("open", self.open),
        ];
        all.into_iter().filter(|(_, people)| *people > 0).collect()
    }
}
