//! The rows of a run that still need something of the Users API, turned into flows.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use muster_core::candidate::Candidate;
use muster_core::flow::{Progress, RowFlow, RowResult, Start};
use muster_core::origin::Customs;
use muster_ledger::{Ledger, Leg, RowState, RunKey};
use muster_legacy::files::Source;

use crate::counts::Counts;
use crate::error::EngineError;
use crate::plan::Plan;
use crate::rows::OpenRows;
use crate::surroundings::Reading;

/// The rows of a run that still need something.
pub struct Feed {
    rows: OpenRows,
    plan: Plan,
    customs: Arc<Customs>,
    /// The last moment at which a request of an earlier process can have been carried out.
    last_of_earlier: Option<Timestamp>,
}

impl Feed {
    /// The open rows of this run.
    pub fn new(
        ledger: Ledger,
        run: RunKey,
        plan: Plan,
        source: &Source,
        reading: Reading,
    ) -> Result<Self, EngineError> {
        let rows = OpenRows::new(ledger, run, &plan, source, reading)?;
        Ok(Self { rows, plan, customs: Customs::usual(), last_of_earlier: None })
    }

    /// After what earlier processes did, with so much time for one request.
    pub fn after(mut self, legs: &[Leg], request_time: Duration) -> Self {
        let request_time = SignedDuration::try_from(request_time).unwrap_or(SignedDuration::MAX);
        let customs = Customs::of(&self.plan.schema, request_time);
        self.customs = Arc::new(Customs { arms_existing: self.plan.wishes.arm_existing, ..customs });
        self.last_of_earlier = Counts::last_moment(legs);
        self
    }

    /// Up to `most` rows, in the order of the source; none when there are no more.
    pub async fn next(&mut self, most: usize) -> Result<VecDeque<Box<RowFlow>>, EngineError> {
        let mut rows = VecDeque::with_capacity(most);
        while rows.len() < most {
            let Some((open, candidate)) = self.rows.next().await? else { break };
            rows.push_back(Box::new(self.flow(candidate, open.state)));
        }
        Ok(rows)
    }

    fn flow(&self, candidate: Candidate, state: RowState) -> RowFlow {
        let groups = self.plan.group_ids(&candidate);
        let start = match state {
            RowState::Planned => Start::Fresh,
            RowState::InFlight(since) => Start::InDoubt(since),
            RowState::Settled(user) => Start::Finishing(user),
        };
        RowFlow::new(candidate, groups, self.plan.on_conflict, start)
            .among(Arc::clone(&self.customs), self.last_of_earlier)
    }
}

/// What became of a row that turned out to need nothing more.
pub fn nothing_left(flow: &mut RowFlow) -> Option<RowResult> {
    match flow.finish_as_settled() {
        Progress::Finished(result) => Some(result),
        Progress::Again(_) | Progress::Settled(_) => None,
    }
}
