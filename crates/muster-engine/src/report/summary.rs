//! `summary.json`: the numbers of a run.

use std::collections::BTreeMap;

use jiff::Timestamp;
use muster_core::flow::ORIGIN_UNCLEAR;
use muster_core::outcome::{GroupOutcome, Outcome, Tally};
use muster_ledger::{ErrorCount, Ledger, RunRecord, RunStage};
use serde::{Deserialize, Serialize};

use super::arming::ArmingReport;
use super::sourcing::{MissingSummary, SourcingSummary, Via};
use crate::counts::{Counts, word};
use crate::error::EngineError;

/// The numbers of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Summary {
    /// The run.
    pub run: String,
    /// The org's address.
    pub org: String,
    /// Where the people came from.
    pub source: SourceSummary,
    /// The way that the people went.
    #[serde(default)]
    pub via: Via,
    /// What is told of import sessions; absent where people went by the Users API.
    #[serde(flatten)]
    pub sourcing: Option<SourcingSummary>,
    /// Rows in the source.
    pub rows: u64,
    /// Rows by outcome.
    pub outcomes: BTreeMap<Outcome, u64>,
    /// Rows by group outcome.
    pub groups: BTreeMap<GroupOutcome, u64>,
    /// Rows whose user may be ours and may be someone else's; they were left as they are.
    #[serde(default)]
    pub origin_unclear: u64,
    /// Whether the row count equals the sum of the outcomes.
    pub balanced: bool,
    /// Whether the run is at its end.
    pub complete: bool,
    /// When the run was begun.
    pub started_at: Timestamp,
    /// When its last row got its outcome.
    pub finished_at: Option<Timestamp>,
    /// The time that was worked on it.
    pub seconds: f64,
    /// Requests by HTTP status; `none` for those that got no answer.
    pub requests: BTreeMap<String, u64>,
    /// What was spent of the budget.
    pub budget: Budget,
    /// How far the people are armed, where that was to follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arming: Option<ArmingReport>,
    /// The release.
    pub muster_version: String,
}

/// The source of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SourceSummary {
    /// Its path as it was given.
    pub path: String,
    /// Its SHA-256.
    pub sha256: String,
    /// Its rows.
    pub rows: u64,
}

/// What a run spent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Budget {
    /// Creates per window, as the org told it; none where people went by import sessions.
    pub limit_per_window: Option<u64>,
    /// The part of it that Muster was allowed.
    pub share: f64,
    /// What it used of that part.
    pub spent_ratio: Option<f64>,
    /// Answers that said that the window is spent.
    pub quota_429: u64,
    /// Answers that said that too many requests are under way.
    pub concurrency_429: u64,
    /// The most requests under way at the same time.
    pub peak_in_flight: u32,
}

impl Summary {
    /// The numbers of this run, from the books.
    pub async fn of(ledger: &Ledger, record: &RunRecord) -> Result<Self, EngineError> {
        let tally = ledger.tally(record.key).await?;
        let legs = ledger.legs(record.key).await?;
        let sourcing = SourcingSummary::of(ledger, record).await?;
        let departed = sourcing.as_ref().is_none_or(|sourcing| sourcing.missing.open == 0);
        let counts = Counts::sum(legs.iter().filter_map(|leg| serde_json::from_str(&leg.counts).ok()));
        Ok(Self {
            run: record.id.clone(),
            org: record.org.clone(),
            source: SourceSummary {
                path: record.source.clone(),
                sha256: record.sha256.clone(),
                rows: record.rows,
            },
            via: if sourcing.is_some() { Via::IdentitySource } else { Via::UsersApi },
            rows: record.rows,
            balanced: tally.balanced() && tally.rows == record.rows,
            origin_unclear: unclear(&ledger.errors(record.key).await?),
            complete: record.stage == RunStage::Complete && departed,
            outcomes: tally.outcomes,
            groups: tally.groups,
            started_at: record.created_at,
            finished_at: record.finished_at,
            seconds: (counts.seconds * 1000.0).round() / 1000.0,
            budget: Budget::of(&counts, sourcing.is_none()),
            requests: counts.requests.iter().map(|(status, count)| (word(*status), *count)).collect(),
            arming: ArmingReport::of(ledger, record).await?,
            muster_version: env!("CARGO_PKG_VERSION").to_owned(),
            sourcing,
        })
    }

    /// The counts as a tally.
    pub fn tally(&self) -> Tally {
        Tally { rows: self.rows, outcomes: self.outcomes.clone(), groups: self.groups.clone() }
    }

    /// People of the identity source who are in no row; nobody where there is no such source.
    pub fn missing(&self) -> MissingSummary {
        self.sourcing.as_ref().map(|sourcing| sourcing.missing).unwrap_or_default()
    }

    /// Whether nobody has to do anything about any row, or about anybody who has left.
    pub fn all_fine(&self) -> bool {
        self.tally().all_fine() && self.missing().failed == 0
    }
}

impl Budget {
    /// The limit that is watched is that of creates, which a run by import sessions never makes.
    fn of(counts: &Counts, creates: bool) -> Self {
        Self {
            limit_per_window: counts.limit_per_window.filter(|_| creates),
            share: counts.share,
            spent_ratio: counts.spent_ratio().filter(|_| creates),
            quota_429: counts.quota_429,
            concurrency_429: counts.concurrency_429,
            peak_in_flight: counts.peak_in_flight,
        }
    }
}

fn unclear(errors: &[ErrorCount]) -> u64 {
    errors.iter().filter(|error| error.code == ORIGIN_UNCLEAR).map(|error| error.rows).sum()
}
