//! Import by sessions of an identity source (API.md §10): `--via identity-source`.
//!
//! One task, one session under load at a time: rows are gathered into a block that a session holds, uploaded in order,
//! triggered, and looked after once Okta has processed them. Every request stands in the books before it leaves. After
//! a crash each session's state is read, and it is gone on with, triggered, waited for, or made anew.

mod block;
mod contact;
mod departing;
mod laden;
mod loading;
mod log;
mod looks;
mod memberships;
mod recovery;
mod settling;
mod survey;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use muster_core::outcome::Tally;
use muster_core::sourcing::{Operation, Settle, Sourcing};
use muster_ledger::{Entry, Leg, SessionRecord, SourceKey};
use muster_legacy::files::Source;

use self::contact::Contact;
use crate::error::EngineError;
use crate::gate::{Gate, Halt};
use crate::progress::{Phase, Snapshot};
use crate::rows::OpenRows;
use crate::run::{Finish, RunContext, StopReason};

pub use self::recovery::may_be_begun;
pub use self::survey::{SourceTrouble, SourcingWishes, refuse_beside_others, sources, survey};
pub(crate) use self::survey::{count_sessions, faulty_at_source, told_to_source};

/// How often all rows are gone through at most: a row that a session could not carry whole waits for the next one.
const MOST_PASSES: u32 = 5;

/// Sessions in a row that may come to nothing.
const MOST_IN_VAIN: u32 = 3;

/// The state of one leg of an import by sessions.
pub(crate) struct Sessions<'a> {
    context: &'a RunContext,
    source: &'a Source,
    sourcing: Sourcing,
    key: SourceKey,
    contact: Contact,
    leg: i64,
    started_at: jiff::Timestamp,
    before: Tally,
    /// Rows that a live session carries, and which.
    carried: HashMap<u64, u32>,
    /// Whether the source had people before this leg, whose groups may have changed.
    knows_people: bool,
    /// Rows whose memberships the org refuses to take.
    unjoinable: HashSet<u64>,
    /// The session that is being loaded.
    open: Option<SessionRecord>,
    /// Sessions that are triggered and not settled, in their order.
    waiting: Vec<SessionRecord>,
    in_vain: u32,
}

/// Works on the open rows of a run until none is left, or until something stops it.
pub(crate) async fn carry_out(context: RunContext, source: &Source) -> Result<Finish, EngineError> {
    let legs = context.ledger.legs(context.run).await?;
    let before = context.ledger.tally(context.run).await?;
    let mut sourcing = context.plan.sourcing.clone().unwrap_or_default();
    if sourcing.settle == Settle::None && !legs.is_empty() {
        // Whoever takes the run up again wants to know.
        sourcing.settle = Settle::Log;
    }
    let key = context.ledger.identity_source(context.plan.org.clone(), sourcing.source.clone()).await?;
    let clock = context.surroundings.clock;
    let gate = Gate::new(&context.pacing, context.surroundings.dice.clone(), context.stop.clone()).by(clock);
    let mut sessions = Sessions {
        contact: Contact { okta: context.okta.clone(), gate, source: sourcing.source.clone() },
        context: &context,
        source,
        sourcing,
        key,
        leg: i64::try_from(legs.len()).unwrap_or(i64::MAX),
        started_at: clock.now(),
        before,
        carried: HashMap::new(),
        knows_people: context.ledger.source_tally(key).await?.present > 0,
        unjoinable: HashSet::new(),
        open: None,
        waiting: Vec::new(),
        in_vain: 0,
    };
    let end = sessions.run().await;
    sessions.finish(end).await
}

impl Sessions<'_> {
    async fn run(&mut self) -> Result<(), Halt> {
        self.show(Phase::Running).await?;
        self.recover().await?;
        for _ in 0..MOST_PASSES {
            self.load_rows().await?;
            self.settle_all().await?;
            if self.context.ledger.tally(self.context.run).await?.balanced() {
                break;
            }
        }
        self.give_up_the_rest().await?;
        self.load_departures().await
    }

    /// One pass over the rows that no session carries.
    async fn load_rows(&mut self) -> Result<(), Halt> {
        let reading = self.context.surroundings.reading;
        let (ledger, run) = (self.context.ledger.clone(), self.context.run);
        let mut rows = OpenRows::new(ledger, run, &self.context.plan, self.source, reading)?;
        let mut held = None;
        loop {
            let block = self.next_block(&mut rows, &mut held).await?;
            if block.is_empty() && self.open.is_none() {
                return Ok(());
            }
            self.carry(block).await?;
        }
    }

    /// What happened to this leg is in the books, whatever it was.
    async fn finish(self, end: Result<(), Halt>) -> Result<Finish, EngineError> {
        let stopped = match end {
            Ok(()) => None,
            Err(Halt::Stopped(reason)) => Some(reason),
            Err(Halt::Failed(error)) => return Err(error),
        };
        self.note_leg().await?;
        let (ledger, run) = (&self.context.ledger, self.context.run);
        let done = ledger.tally(run).await?.balanced() && ledger.departure_counts(run).await?.open == 0;
        if stopped.is_none() && done {
            ledger.complete(run, self.context.surroundings.clock.now()).await?;
        }
        // A reader that holds on to the log only delays this.
        ledger.rest().await?;
        Ok(Finish { counts: self.contact.gate.counts(), stopped })
    }

    async fn note_leg(&self) -> Result<(), EngineError> {
        let mut counts = self.contact.gate.counts();
        counts.request_seconds = self.context.pacing.request_time.as_secs();
        let counts = serde_json::to_string(&counts).unwrap_or_default();
        let seen_at = self.context.surroundings.clock.now();
        let leg = Leg { started_at: self.started_at, seen_at, counts };
        let entry = Entry::Leg { number: self.leg, leg };
        Ok(self.context.ledger.enter(self.context.run, vec![entry]).await?)
    }

    /// Tells those who watch.
    async fn show(&self, phase: Phase) -> Result<(), Halt> {
        let tally = self.context.ledger.tally(self.context.run).await?;
        self.context.progress.send_replace(Snapshot {
            phase,
            rows: tally.rows,
            tally,
            ..Snapshot::default()
        });
        Ok(())
    }

    fn show_phase(&self, phase: Phase) {
        self.context.progress.send_modify(|snapshot| snapshot.phase = phase);
    }

    /// Enough rows went wrong.
    async fn check_errors(&self) -> Result<(), Halt> {
        let Some(most) = self.context.pacing.max_errors else { return Ok(()) };
        let now = self.context.ledger.tally(self.context.run).await?;
        if most.exceeded(&self.before, &now) {
            return Err(Halt::Stopped(StopReason::TooManyErrors));
        }
        Ok(())
    }

    /// Whether people may have to leave groups. Who is taken off the source leaves all of them by that.
    fn knows_groups(&self) -> bool {
        self.knows_people && self.sourcing.operation == Operation::CreateUpdate
    }

    /// Between two looks at a session.
    fn poll(&self) -> Duration {
        Duration::from_secs(self.sourcing.poll_seconds.max(1))
    }
}
