//! What a leg of a run needs, and how it ends.

use std::time::Duration;

use muster_core::pace::PaceSettings;
use muster_ledger::{Ledger, RunKey};
use muster_legacy::files::Source;
use muster_okta::Okta;
use tokio::sync::watch;

use crate::breaker::MaxErrors;
use crate::counts::Counts;
use crate::dispatcher::Dispatcher;
use crate::error::EngineError;
use crate::feed::Feed;
use crate::plan::Plan;
use crate::progress::Snapshot;
use crate::sourcing;
use crate::surroundings::Surroundings;

/// How hard the org may be pressed, and when to stop.
#[derive(Clone, Debug)]
pub struct Pacing {
    /// The part of every limit that may be spent.
    pub share: f64,
    /// Requests of every window that are never touched.
    pub reserve: u64,
    /// Requests under way at most; none: as many as the budget and the org's answers call for.
    pub max_in_flight: Option<u32>,
    /// Rows that may go wrong.
    pub max_errors: Option<MaxErrors>,
    /// How long an org that does not answer is waited for.
    pub patience: Duration,
    /// How long one request is waited for.
    pub request_time: Duration,
}

impl Default for Pacing {
    fn default() -> Self {
        Self {
            share: 0.9,
            reserve: 0,
            max_in_flight: None,
            max_errors: None,
            patience: Duration::from_hours(2),
            request_time: Duration::from_mins(1),
        }
    }
}

impl Pacing {
    /// What the arithmetic of the budget needs of it.
    pub(crate) fn settings(&self) -> PaceSettings {
        PaceSettings { share: self.share, reserve: self.reserve, max_in_flight: self.max_in_flight }
    }
}

/// Everything that a run needs.
pub struct RunContext {
    /// The org.
    pub okta: Okta,
    /// The books.
    pub ledger: Ledger,
    /// The run in the books.
    pub run: RunKey,
    /// What to do.
    pub plan: Plan,
    /// How fast.
    pub pacing: Pacing,
    /// Time and chance.
    pub surroundings: Surroundings,
    /// Turns true when the run shall stop.
    pub stop: watch::Receiver<bool>,
    /// For those who watch.
    pub progress: watch::Sender<Snapshot>,
}

/// Why a run ended before its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// Someone asked for it.
    Interrupted,
    /// The token is not accepted any more; with the org's words.
    Unauthorised(String),
    /// The token may not do what the run needs; with the org's words.
    Forbidden(String),
    /// The org did not answer for too long; with its last words.
    OrgAway(String),
    /// More rows went wrong than were allowed.
    TooManyErrors,
}

impl std::fmt::Display for StopReason {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Interrupted => out.write_str("as asked"),
            Self::Unauthorised(words) => write!(out, "the org does not accept the token: {words}"),
            Self::Forbidden(words) => write!(out, "the token may not do this: {words}"),
            Self::OrgAway(words) => write!(out, "the org did not answer for too long: {words}"),
            Self::TooManyErrors => out.write_str("too much went wrong"),
        }
    }
}

/// How a leg of a run ended.
#[derive(Clone, Debug)]
pub struct Finish {
    /// Its counts.
    pub counts: Counts,
    /// Why it stopped before the end, if it did.
    pub stopped: Option<StopReason>,
}

/// Works on the open rows of a run until none is left, or until something stops it. Whatever was sent is awaited
/// and in the books when this returns.
pub async fn carry_out(context: RunContext, source: &Source) -> Result<Finish, EngineError> {
    if context.plan.sourcing.is_some() {
        return Box::pin(sourcing::carry_out(context, source)).await;
    }
    let reading = context.surroundings.reading;
    let legs = context.ledger.legs(context.run).await?;
    let feed = Feed::new(context.ledger.clone(), context.run, context.plan.clone(), source, reading)?;
    let feed = feed.after(&legs, context.pacing.request_time);
    let leg = i64::try_from(legs.len()).unwrap_or(i64::MAX);
    let before = context.ledger.tally(context.run).await?;
    Box::pin(Dispatcher::new(context, feed, leg, before).run()).await
}
