//! The run loop. One task owns the state of the run; requests are futures that bring their row back.
//!
//! `sending` decides what leaves, `answers` what a returned request means, the bookkeeper what is durable.

mod answers;
mod sending;

use std::collections::VecDeque;
use std::pin::Pin;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::{SignedDuration, Timestamp};
use muster_core::flow::{RowFlow, RowResult};
use muster_core::org_clock::OrgClock;
use muster_core::outcome::Tally;
use muster_core::pace::Pacer;
use muster_core::retry::back_off;
use muster_ledger::{Entry, FinishedRow, LedgerError, Leg};
use muster_okta::{CallError, Endpoint};
use tokio::time::Instant;

use crate::bookkeeper::Bookkeeper;
use crate::breaker::OrgHealth;
use crate::counts::{Counts, HEARD_OF};
use crate::error::EngineError;
use crate::feed::Feed;
use crate::progress::{Outage, Phase, Snapshot};
use crate::queue::Queue;
use crate::request::Returned;
use crate::rights::Rights;
use crate::run::{Finish, RunContext, StopReason};

/// Rows that are read ahead of what is sent.
const READ_AHEAD: usize = 512;

/// How often the counts of the leg are entered, and the clocks compared.
const TICK: Duration = Duration::from_millis(250);

/// A gap between the two clocks of this machine that tells that it slept.
const SLEPT: SignedDuration = SignedDuration::from_secs(5);

/// The feed comes home with the rows that it found.
type Refilled = Result<(Feed, VecDeque<Box<RowFlow>>), EngineError>;
type Refill = Pin<Box<dyn Future<Output = Refilled> + Send>>;
type InFlight = Pin<Box<dyn Future<Output = Returned> + Send>>;

/// The state of one leg of a run.
pub(crate) struct Dispatcher {
    context: RunContext,
    leg: i64,
    /// At home between two refills.
    feed: Option<Feed>,
    refill: Option<Refill>,
    fed_all: bool,
    queue: Queue,
    /// Rows whose intents are durable and whose budget is reserved.
    ready: VecDeque<Box<RowFlow>>,
    books: Bookkeeper,
    in_flight: FuturesUnordered<InFlight>,
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
    /// Both clocks of this machine when they were last compared.
    compared: (Timestamp, Duration),
    org_clock: OrgClock,
    stopping: Option<StopReason>,
    published: Duration,
    /// Whether there is something new to tell of this leg.
    news: bool,
    failure: Option<EngineError>,
    rights: Rights,
}

/// What the loop waited for.
enum Event {
    Returned(Box<Returned>),
    Refilled(Box<Refilled>),
    Committed(Result<VecDeque<Box<RowFlow>>, LedgerError>),
    StopAsked,
    Tick,
    Time,
}

impl Dispatcher {
    pub(crate) fn new(context: RunContext, feed: Feed, leg: i64, before: Tally) -> Self {
        let now = context.surroundings.clock.now();
        Self {
            pacer: Pacer::new(context.pacing.settings()),
            counts: Counts { share: context.pacing.share, ..Counts::default() },
            books: Bookkeeper::new(context.ledger.clone(), context.run),
            context,
            leg,
            feed: Some(feed),
            refill: None,
            fed_all: false,
            queue: Queue::default(),
            ready: VecDeque::new(),
            in_flight: FuturesUnordered::new(),
            health: OrgHealth::default(),
            probe_at: Duration::ZERO,
            opens_at: None,
            tally: before.clone(),
            before,
            started: Instant::now(),
            started_at: now,
            compared: (now, Duration::ZERO),
            org_clock: OrgClock::default(),
            stopping: None,
            published: Duration::ZERO,
            news: true,
            failure: None,
            rights: Rights::default(),
        }
    }

    pub(crate) async fn run(mut self) -> Result<Finish, EngineError> {
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        self.set_clock().await;
        loop {
            self.queue.wake(self.now());
            self.refill();
            self.send_what_may_go();
            self.books.begin(self.now());
            self.publish();
            if self.is_done() {
                if self.stopping.is_some() || self.rights.is_empty() {
                    break;
                }
                self.settle_forbidden();
                continue;
            }
            match self.next_event(&mut tick).await {
                Event::Returned(returned) => self.returned(*returned),
                Event::Refilled(refilled) => self.refilled(*refilled),
                Event::Committed(committed) => self.committed(committed),
                Event::StopAsked => self.stop(StopReason::Interrupted),
                Event::Tick => self.tick(),
                Event::Time => {}
            }
        }
        self.close().await
    }

    /// Intents are dated by the org's clock, and this machine's may be wrong: so nothing is intended before the org
    /// has told the time. Any answer tells it; the schema does not draw on the budget of creates.
    async fn set_clock(&mut self) {
        let mut tries = 0;
        while self.stopping.is_none() {
            let exchange = self.context.okta.read_schema().await;
            if let Some(date) = exchange.date {
                return self.org_said(date);
            }
            let Err(error) = exchange.result else { return };
            if let CallError::NoToken { words } = error {
                // Nobody gets in: that is no outage, and no time heals it.
                return self.stop(StopReason::Unauthorised(words));
            }
            tries += 1;
            self.wait_for_the_org(tries, &error).await;
        }
    }

    /// Waits a while, unless the org was away for too long or somebody wants to stop.
    async fn wait_for_the_org(&mut self, tries: u32, error: &CallError) {
        if self.now() > self.context.pacing.patience {
            return self.stop(StopReason::OrgAway(error.to_string()));
        }
        let wait = back_off(tries, self.context.surroundings.dice.throw());
        let asked = async {
            if self.context.stop.wait_for(|stop| *stop).await.is_err() {
                // Nobody is left who could ask.
                std::future::pending::<()>().await;
            }
        };
        if tokio::time::timeout(wait, asked).await.is_ok() {
            self.stop(StopReason::Interrupted);
        }
    }

    fn org_said(&mut self, date: Timestamp) {
        self.org_clock.told(date, self.context.surroundings.clock.now());
    }

    async fn next_event(&mut self, tick: &mut tokio::time::Interval) -> Event {
        let wake_at = [self.queue.next_wake(), self.opens_at, self.probe_time(), self.books.begins_at()];
        let wake_at = wake_at.into_iter().flatten().min();
        let wake_at = self.started + wake_at.unwrap_or(Duration::from_hours(1));
        let stopping = self.stopping.is_some();
        tokio::select! {
            biased;
            Some(returned) = self.in_flight.next(), if !self.in_flight.is_empty() => Event::Returned(Box::new(returned)),
            committed = self.books.committed(), if self.books.is_busy() => Event::Committed(committed),
            Some(refilled) = next_refill(&mut self.refill), if self.refill.is_some() => {
                self.refill = None;
                Event::Refilled(Box::new(refilled))
            }
            Ok(_) = self.context.stop.wait_for(|stop| *stop), if !stopping => Event::StopAsked,
            _ = tick.tick() => Event::Tick,
            () = tokio::time::sleep_until(wake_at) => Event::Time,
        }
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }

    fn org_now(&self) -> Timestamp {
        self.org_clock.at(self.context.surroundings.clock.now())
    }

    fn is_done(&self) -> bool {
        let idle = self.in_flight.is_empty() && self.refill.is_none() && !self.books.is_busy();
        let all_sent = self.fed_all && self.queue.is_empty() && self.ready.is_empty();
        idle && (self.stopping.is_some() || (all_sent && self.books.is_done()))
    }

    /// The source or the books fail: what is under way is still awaited and entered.
    fn break_off(&mut self, error: EngineError) {
        self.failure.get_or_insert(error);
        self.stop(StopReason::Interrupted);
    }

    fn stop(&mut self, reason: StopReason) {
        self.stopping.get_or_insert(reason);
    }

    /// Reads ahead so that there is always a row to send.
    fn refill(&mut self) {
        if self.stopping.is_some() || self.fed_all || self.queue.holds(READ_AHEAD) {
            return;
        }
        let Some(mut feed) = self.feed.take() else { return };
        self.refill = Some(Box::pin(async move {
            let rows = feed.next(READ_AHEAD).await?;
            Ok((feed, rows))
        }));
    }

    fn refilled(&mut self, refilled: Refilled) {
        let (feed, rows) = match refilled {
            Ok(home) => home,
            Err(error) => return self.break_off(error),
        };
        self.feed = Some(feed);
        self.fed_all = rows.is_empty();
        for flow in rows {
            self.queue.push(flow);
        }
    }

    fn committed(&mut self, committed: Result<VecDeque<Box<RowFlow>>, LedgerError>) {
        match committed {
            Ok(rows) => rows.into_iter().for_each(|flow| {
                if flow.begun() { self.queue.push(flow) } else { self.ready.push_back(flow) }
            }),
            Err(error) => self.break_off(error.into()),
        }
    }

    fn finish(&mut self, result: RowResult) {
        self.tally.count(result.outcome, result.group_outcome());
        let at = self.context.surroundings.clock.now();
        self.books.enter(Entry::Finish(FinishedRow { result, at }));
        let most = self.context.pacing.max_errors;
        if most.is_some_and(|most| most.exceeded(&self.before, &self.tally)) {
            self.stop(StopReason::TooManyErrors);
        }
    }

    /// A few times a second: the counts go into the books, and a machine that slept is noticed.
    fn tick(&mut self) {
        let heard_of = self.counts.seconds + HEARD_OF.as_secs_f64();
        if std::mem::take(&mut self.news) || self.now().as_secs_f64() >= heard_of {
            self.note_leg();
        }
        let (now, at) = (self.now(), self.context.surroundings.clock.now());
        let elapsed = SignedDuration::try_from(now.saturating_sub(self.compared.1)).unwrap_or_default();
        let gap = at.duration_since(self.compared.0) - elapsed;
        self.compared = (at, now);
        if gap > SLEPT {
            tracing::info!(seconds = gap.as_secs(), "this machine slept: windows are learned anew");
            self.pacer.forget_windows(now);
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
            (None, _) if !self.health.is_well() => Phase::OrgAway(self.outage(now)),
            (None, Some(at)) if self.in_flight.is_empty() => Phase::WaitingForBudget(at.saturating_sub(now)),
            _ => Phase::Running,
        }
    }

    fn outage(&self, now: Duration) -> Outage {
        let lasts = self.health.away(now).unwrap_or_default();
        let patience_left = self.context.pacing.patience.saturating_sub(lasts);
        Outage { words: self.health.words().to_owned(), lasts, patience_left }
    }

    fn note_leg(&mut self) {
        self.counts.peak_in_flight = self.pacer.peak();
        self.counts.seconds = self.now().as_secs_f64();
        self.counts.org_seen_at = Some(self.org_now());
        self.counts.request_seconds = self.context.pacing.request_time.as_secs();
        let counts = serde_json::to_string(&self.counts).unwrap_or_default();
        let seen_at = self.context.surroundings.clock.now();
        let leg = Leg { started_at: self.started_at, seen_at, counts };
        self.books.enter(Entry::Leg { number: self.leg, leg });
    }

    /// Everything that was said to the books is in the books; what was read ahead and never sent is as it was.
    async fn close(mut self) -> Result<Finish, EngineError> {
        if let Some(failure) = self.failure.take_if(|failure| matches!(failure, EngineError::Ledger(_))) {
            return Err(failure);
        }
        self.note_leg();
        let unsent = self.ready.drain(..).chain(self.queue.drain_fresh());
        for flow in unsent {
            self.books.enter(Entry::TakeBack { line: flow.candidate().line });
        }
        self.books.finish().await?;
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        if self.stopping.is_none() && self.context.ledger.tally(self.context.run).await?.balanced() {
            let at = self.context.surroundings.clock.now();
            self.context.ledger.complete(self.context.run, at).await?;
        }
        // A reader that holds on to the log only delays this.
        self.context.ledger.rest().await?;
        Ok(Finish { counts: self.counts, stopped: self.stopping })
    }
}

async fn next_refill(refill: &mut Option<Refill>) -> Option<Refilled> {
    Some(refill.as_mut()?.await)
}
