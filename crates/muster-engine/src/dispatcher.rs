//! The run loop. One task owns the state of the run; requests are futures that bring their row back.

use std::pin::Pin;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::{SignedDuration, Timestamp};
use muster_core::flow::{Progress, RowFlow, RowResult};
use muster_core::outcome::{Outcome, Tally};
use muster_core::pace::{Admission, Pacer};
use muster_core::retry::{Class, back_off};
use muster_ledger::{FinishedRow, Ledger, LedgerError, Leg, RunKey};
use muster_legacy::files::Source;
use muster_okta::{Endpoint, Okta};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::breaker::{MaxErrors, OrgHealth, Side};
use crate::counts::Counts;
use crate::error::EngineError;
use crate::feed::{Feed, nothing_left};
use crate::plan::Plan;
use crate::progress::{Phase, Snapshot};
use crate::queue::Queue;
use crate::request::{Returned, endpoint, perform};

/// How hard the org may be pressed, and when to stop.
#[derive(Clone, Debug)]
pub struct Pacing {
    /// The part of every limit that may be spent.
    pub share: f64,
    /// Requests under way at most.
    pub max_in_flight: u32,
    /// Rows that may go wrong.
    pub max_errors: Option<MaxErrors>,
    /// How long an org that does not answer is waited for.
    pub patience: Duration,
}

impl Default for Pacing {
    fn default() -> Self {
        Self { share: 0.9, max_in_flight: 16, max_errors: None, patience: Duration::from_mins(15) }
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
    let feed = Feed::new(context.ledger.clone(), context.run, context.plan.clone(), source)?;
    let leg = i64::try_from(context.ledger.legs(context.run).await?.len()).unwrap_or(i64::MAX);
    let before = context.ledger.tally(context.run).await?;
    Box::pin(Dispatcher::new(context, feed, leg, before).run()).await
}

/// The feed comes home with the rows that it found.
type Refilled = Box<Result<(Feed, Vec<RowFlow>), EngineError>>;
type Refill = Pin<Box<dyn Future<Output = Result<(Feed, Vec<RowFlow>), EngineError>> + Send>>;
type Write = Pin<Box<dyn Future<Output = Result<(), LedgerError>> + Send>>;
type InFlight = Pin<Box<dyn Future<Output = Returned> + Send>>;

struct Dispatcher {
    context: RunContext,
    leg: i64,
    /// At home between two refills.
    feed: Option<Feed>,
    refill: Option<Refill>,
    fed_all: bool,
    queue: Queue,
    in_flight: FuturesUnordered<InFlight>,
    writes: FuturesUnordered<Write>,
    pacer: Pacer<Endpoint>,
    health: OrgHealth,
    probe_at: Duration,
    /// When a bucket that someone waits for opens.
    opens_at: Option<Duration>,
    counts: Counts,
    before: Tally,
    tally: Tally,
    started: Instant,
    started_at: Timestamp,
    /// What the org's clock is ahead of ours.
    org_ahead: SignedDuration,
    stopping: Option<StopReason>,
    published: Duration,
    failure: Option<EngineError>,
    /// Whether a create of this leg was allowed.
    create_allowed: bool,
    /// Creates that were not, put aside until others tell why.
    forbidden: Vec<Returned>,
}

/// What the loop waited for.
enum Event {
    Returned(Box<Returned>),
    Refilled(Refilled),
    Written(Result<(), LedgerError>),
    StopAsked,
    Time,
}

impl Dispatcher {
    fn new(context: RunContext, feed: Feed, leg: i64, before: Tally) -> Self {
        let pacer = Pacer::new(context.pacing.share, context.pacing.max_in_flight);
        let counts = Counts { share: context.pacing.share, ..Counts::default() };
        Self {
            context,
            leg,
            feed: Some(feed),
            refill: None,
            fed_all: false,
            queue: Queue::default(),
            in_flight: FuturesUnordered::new(),
            writes: FuturesUnordered::new(),
            pacer,
            health: OrgHealth::default(),
            probe_at: Duration::ZERO,
            opens_at: None,
            counts,
            tally: before.clone(),
            before,
            started: Instant::now(),
            started_at: Timestamp::now(),
            org_ahead: SignedDuration::ZERO,
            stopping: None,
            published: Duration::ZERO,
            failure: None,
            create_allowed: false,
            forbidden: Vec::new(),
        }
    }

    async fn run(mut self) -> Result<Finish, EngineError> {
        let mut tick = tokio::time::interval(Duration::from_millis(250));
        self.set_clock().await;
        loop {
            self.queue.wake(self.now());
            self.refill();
            self.send_what_may_go();
            self.publish();
            if self.is_done() {
                if self.stopping.is_some() || self.forbidden.is_empty() {
                    break;
                }
                self.settle_forbidden();
                continue;
            }
            match self.next_event(&mut tick).await {
                Event::Returned(returned) => self.returned(*returned),
                Event::Refilled(refilled) => self.refilled(*refilled),
                Event::Written(written) => written?,
                Event::StopAsked => self.stop(StopReason::Interrupted),
                Event::Time => self.note_leg(),
            }
        }
        self.close().await
    }

    /// Intents are dated by the org's clock, so that is asked for before the first of them. Any answer tells it;
    /// the schema does not draw on the budget of creates.
    async fn set_clock(&mut self) {
        if let Some(date) = self.context.okta.read_schema().await.date {
            self.org_ahead = date.duration_since(Timestamp::now());
        }
    }

    async fn next_event(&mut self, tick: &mut tokio::time::Interval) -> Event {
        let wake_at = [self.queue.next_wake(), self.opens_at, self.probe_time()].into_iter().flatten().min();
        let wake_at = self.started + wake_at.unwrap_or(Duration::from_hours(1));
        let stopping = self.stopping.is_some();
        tokio::select! {
            biased;
            Some(returned) = self.in_flight.next(), if !self.in_flight.is_empty() => Event::Returned(Box::new(returned)),
            Some(written) = self.writes.next(), if !self.writes.is_empty() => Event::Written(written),
            Some(refilled) = next_refill(&mut self.refill), if self.refill.is_some() => {
                self.refill = None;
                Event::Refilled(Box::new(refilled))
            }
            Ok(_) = self.context.stop.wait_for(|stop| *stop), if !stopping => Event::StopAsked,
            _ = tick.tick() => Event::Time,
            () = tokio::time::sleep_until(wake_at) => Event::Time,
        }
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }

    fn org_now(&self) -> Timestamp {
        Timestamp::now().checked_add(self.org_ahead).unwrap_or_else(|_| Timestamp::now())
    }

    fn is_done(&self) -> bool {
        let idle = self.in_flight.is_empty() && self.refill.is_none();
        idle && (self.stopping.is_some() || (self.fed_all && self.queue.is_empty()))
    }

    /// The source or the books fail: what is under way is still awaited and entered.
    fn break_off(&mut self, error: EngineError) {
        self.failure.get_or_insert(error);
        self.stop(StopReason::Interrupted);
    }

    fn stop(&mut self, reason: StopReason) {
        self.stopping.get_or_insert(reason);
    }

    /// Reads ahead so that there is always a row to send, and makes the intents durable on the way.
    fn refill(&mut self) {
        let enough = (self.context.pacing.max_in_flight as usize).max(16);
        if self.stopping.is_some() || self.fed_all || self.queue.fresh() >= enough {
            return;
        }
        let Some(mut feed) = self.feed.take() else { return };
        let (ledger, run, at) = (self.context.ledger.clone(), self.context.run, self.org_now());
        self.refill = Some(Box::pin(async move {
            let rows = feed.next(enough * 2).await?;
            let fresh = rows.iter().filter(|flow| !flow.begun());
            let lines: Vec<_> = fresh.map(|flow| flow.candidate().line).collect();
            if !lines.is_empty() {
                ledger.intend(run, lines, at).await?;
            }
            Ok((feed, rows))
        }));
    }

    fn refilled(&mut self, refilled: Result<(Feed, Vec<RowFlow>), EngineError>) {
        let (feed, rows) = match refilled {
            Ok(home) => home,
            Err(error) => return self.break_off(error),
        };
        self.feed = Some(feed);
        self.fed_all = rows.is_empty();
        for flow in rows {
            self.queue.push(Box::new(flow));
        }
    }

    fn send_what_may_go(&mut self) {
        self.opens_at = None;
        while self.stopping.is_none() && self.may_probe() {
            let (now, pacer, opens_at) = (self.now(), &mut self.pacer, &mut self.opens_at);
            let taken =
                self.queue.take(|flow| match flow.call_kind().map(|kind| pacer.admit(endpoint(kind), now)) {
                    None | Some(Admission::Now) => true,
                    Some(Admission::WhenOneReturns) => false,
                    Some(Admission::At(at)) => {
                        *opens_at = Some(opens_at.map_or(at, |earlier| earlier.min(at)));
                        false
                    }
                });
            let Some(flow) = taken else { return };
            self.send(flow);
        }
    }

    /// While the org is away, one request at a time finds out whether it is back.
    fn may_probe(&self) -> bool {
        self.health.is_well() || (self.in_flight.is_empty() && self.now() >= self.probe_at)
    }

    fn probe_time(&self) -> Option<Duration> {
        let away = !self.health.is_well() && self.in_flight.is_empty();
        // Once that time has come, a row that may be sent is what is waited for.
        away.then_some(self.probe_at).filter(|at| *at > self.now())
    }

    fn send(&mut self, mut flow: Box<RowFlow>) {
        let (Some(call), Some(kind)) = (flow.call(), flow.call_kind()) else {
            if let Some(result) = nothing_left(&mut flow) {
                self.finish(result);
            }
            return;
        };
        let endpoint = endpoint(kind);
        flow.sending();
        self.pacer.sent(endpoint);
        self.counts.creates += u64::from(endpoint == Endpoint::CreateUser);
        let request = perform(self.context.okta.clone(), flow, call, endpoint, self.now(), self.org_now());
        self.in_flight.push(Box::pin(request));
    }

    fn returned(&mut self, returned: Returned) {
        let now = self.now();
        self.counts.answer(returned.status);
        log_answer(&returned, now);
        self.pacer.returned(returned.endpoint, returned.reading, now);
        if let Some(date) = returned.date {
            self.org_ahead = date.duration_since(Timestamp::now());
        }
        if let Some(reading) =
            returned.reading.filter(|reading| returned.endpoint == Endpoint::CreateUser && reading.limit > 0)
        {
            self.counts.window(reading.limit, reading.resets_in);
        }
        match returned.class {
            Some(Class::OverQuota) => self.over_quota(returned, now),
            Some(Class::OverConcurrency) => self.over_concurrency(returned, now),
            Some(Class::TokenSpent) => {
                self.health.answered(side(returned.endpoint));
                self.turned_away(returned.flow, None);
            }
            Some(Class::Unauthorised) => self.stop(StopReason::Unauthorised(words(&returned))),
            Some(Class::Forbidden) if returned.endpoint == Endpoint::CreateUser => self.forbidden(returned),
            _ => self.progressed(returned, now),
        }
    }

    /// A create that is not allowed is the token's fault or the row's. Which of the two, the other creates tell:
    /// until then the row is put aside, and none is burnt for a right that is missing.
    fn forbidden(&mut self, returned: Returned) {
        const MOST_ASIDE: usize = 5;
        let words = words(&returned);
        self.forbidden.push(returned);
        if !self.create_allowed || self.forbidden.len() >= MOST_ASIDE {
            self.stop(StopReason::Forbidden(words));
        }
    }

    /// Creates are allowed: those put aside were refused for what they are.
    fn settle_forbidden(&mut self) {
        let now = self.now();
        for returned in std::mem::take(&mut self.forbidden) {
            self.progressed(returned, now);
        }
    }

    fn over_quota(&mut self, returned: Returned, now: Duration) {
        self.counts.quota_429 += 1;
        self.health.answered(side(returned.endpoint));
        self.pacer.over_quota(returned.endpoint, returned.window_ends_in, now);
        tracing::info!(
            endpoint = returned.endpoint.as_str(),
            "the window is spent: waiting for the next one"
        );
        self.turned_away(returned.flow, None);
    }

    fn over_concurrency(&mut self, returned: Returned, now: Duration) {
        self.counts.concurrency_429 += 1;
        self.health.answered(side(returned.endpoint));
        self.pacer.over_concurrency(returned.sent_at, now);
        tracing::info!(allowed = self.pacer.allowed(), "too many requests at once: fewer from now on");
        self.turned_away(returned.flow, Some(now + back_off(1, rand::random())));
    }

    /// A 429 is refused before anything is done (API.md §11.7): the row is as it was.
    fn turned_away(&mut self, mut flow: Box<RowFlow>, until: Option<Duration>) {
        flow.turned_away();
        match until {
            None => self.queue.push_front(flow),
            Some(at) => self.queue.push_at(at, flow),
        }
    }

    fn progressed(&mut self, returned: Returned, now: Duration) {
        self.note_health(&returned, now);
        if returned.endpoint == Endpoint::CreateUser && returned.class == Some(Class::Success) {
            self.create_allowed = true;
            self.settle_forbidden();
        }
        let Returned { mut flow, answer, intended_at, .. } = returned;
        match flow.answered(answer, intended_at, self.health.is_well(), rand::random()) {
            Progress::Again(wait) if wait.is_zero() => self.queue.push(flow),
            Progress::Again(wait) => self.queue.push_at(now + wait, flow),
            Progress::Settled(user) => {
                self.note_adoption(user.outcome);
                let (run, line, attempts) = (self.context.run, flow.candidate().line, flow.attempts());
                self.writes.push(Box::pin(self.context.ledger.settle_user(run, line, user, attempts)));
                flow.attempts_are_booked();
                self.queue.push(flow);
            }
            Progress::Finished(result) => {
                self.note_adoption(result.outcome);
                self.finish(result);
            }
        }
    }

    /// A user who was read back as ours is a write that worked, whatever became of its answer.
    fn note_adoption(&mut self, outcome: Outcome) {
        if outcome == Outcome::Adopted {
            self.health.answered(Side::Writes);
        }
    }

    fn note_health(&mut self, returned: &Returned, now: Duration) {
        match returned.class {
            Some(Class::ReadOnly) => self.health.read_only(now, &words(returned)),
            None | Some(Class::Doubtful) => {
                self.health.failed(side(returned.endpoint), now, &words(returned));
            }
            Some(_) => {
                self.health.answered(side(returned.endpoint));
                self.pacer.went_well();
            }
        }
        if let Some(away) = self.health.away(now) {
            self.probe_at = now + self.health.probe_wait(rand::random());
            tracing::info!(seconds = away.as_secs(), words = self.health.words(), "the org is away");
            if away > self.context.pacing.patience {
                self.stop(StopReason::OrgAway(self.health.words().to_owned()));
            }
        }
    }

    fn finish(&mut self, result: RowResult) {
        self.tally.count(result.outcome, result.group_outcome());
        let row = FinishedRow { result, at: Timestamp::now() };
        self.writes.push(Box::pin(self.context.ledger.finish(self.context.run, row)));
        let too_many =
            self.context.pacing.max_errors.is_some_and(|most| most.exceeded(&self.before, &self.tally));
        if too_many {
            self.stop(StopReason::TooManyErrors);
        }
    }

    /// Tells those who watch, a few times a second.
    fn publish(&mut self) {
        const BETWEEN: Duration = Duration::from_millis(100);
        let now = self.now();
        if now.saturating_sub(self.published) < BETWEEN && self.stopping.is_none() {
            return;
        }
        self.published = now;
        let snapshot = Snapshot {
            phase: self.phase(now),
            rows: self.tally.rows,
            tally: self.tally.clone(),
            in_flight: self.in_flight.len(),
            window: self.counts.share_of_window(),
        };
        self.context.progress.send_replace(snapshot);
    }

    fn phase(&self, now: Duration) -> Phase {
        match (&self.stopping, self.opens_at) {
            (Some(_), _) => Phase::Draining,
            (None, _) if !self.health.is_well() => Phase::OrgAway(self.health.words().to_owned()),
            (None, Some(at)) if self.in_flight.is_empty() => Phase::WaitingForBudget(at.saturating_sub(now)),
            _ => Phase::Running,
        }
    }

    fn note_leg(&mut self) {
        let leg = self.leg_record();
        self.writes.push(Box::pin(self.context.ledger.note_leg(self.context.run, self.leg, leg)));
    }

    fn leg_record(&mut self) -> Leg {
        self.counts.peak_in_flight = self.pacer.peak();
        self.counts.seconds = self.now().as_secs_f64();
        let counts = serde_json::to_string(&self.counts).unwrap_or_default();
        Leg { started_at: self.started_at, seen_at: Timestamp::now(), counts }
    }

    /// Everything that was said to the books is in the books; what was read ahead and never sent is as it was.
    async fn close(mut self) -> Result<Finish, EngineError> {
        self.note_leg();
        let unsent: Vec<_> = self.queue.drain_fresh().map(|flow| flow.candidate().line).collect();
        if !unsent.is_empty() {
            self.writes.push(Box::pin(self.context.ledger.take_back(self.context.run, unsent)));
        }
        while let Some(written) = self.writes.next().await {
            written?;
        }
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        if self.stopping.is_none() && self.context.ledger.tally(self.context.run).await?.balanced() {
            self.context.ledger.complete(self.context.run, Timestamp::now()).await?;
        }
        Ok(Finish { counts: self.counts, stopped: self.stopping })
    }
}

async fn next_refill(refill: &mut Option<Refill>) -> Option<Result<(Feed, Vec<RowFlow>), EngineError>> {
    Some(refill.as_mut()?.await)
}

fn side(endpoint: Endpoint) -> Side {
    if endpoint == Endpoint::ReadUser { Side::Reads } else { Side::Writes }
}

/// Rows are named by their line: a log outlives the run, and logins are personal data.
fn log_answer(returned: &Returned, now: Duration) {
    tracing::debug!(
        line = returned.flow.candidate().line.0,
        endpoint = returned.endpoint.as_str(),
        status = returned.status,
        milliseconds = u64::try_from(now.saturating_sub(returned.sent_at).as_millis()).unwrap_or(u64::MAX),
        "answered"
    );
}

/// The org's words in an answer that went wrong.
fn words(returned: &Returned) -> String {
    use muster_core::flow::Answer;
    match &returned.answer {
        Answer::Refused(refusal) | Answer::NotFound(refusal) | Answer::Later(refusal) => {
            let trouble = refusal.trouble();
            format!("{} {}", trouble.code, trouble.text)
        }
        Answer::Doubtful(text) | Answer::NotSent(text) => text.clone(),
        Answer::User(_) | Answer::Done => String::new(),
    }
}
