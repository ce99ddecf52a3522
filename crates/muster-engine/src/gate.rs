//! Calls outside of the run loop, several at a time: within the share of every limit, and repeated while the org says
//! later.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use muster_core::org_clock::OrgClock;
use muster_core::pace::{Admission, Pacer};
use muster_core::retry::{Class, back_off};
use muster_ledger::LedgerError;
use muster_okta::{CallError, Endpoint, Exchange, TransportFailure};
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use crate::counts::Counts;
use crate::error::EngineError;
use crate::run::{Pacing, StopReason};
use crate::surroundings::{Clock, Dice};

/// Access tokens that may be refused in a row for one call.
const MOST_TOKENS: u32 = 10;

/// Why something ends before its end.
#[derive(Debug)]
pub enum Halt {
    /// It can be gone on with.
    Stopped(StopReason),
    /// It failed.
    Failed(EngineError),
}

impl From<EngineError> for Halt {
    fn from(error: EngineError) -> Self {
        Self::Failed(error)
    }
}

impl From<LedgerError> for Halt {
    fn from(error: LedgerError) -> Self {
        Self::Failed(error.into())
    }
}

/// What an exchange means for the next step of whoever made the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// There will be no other answer.
    Final,
    /// Nothing was done, for sure; later it may be.
    NotDone,
    /// Whether it was done is open.
    Doubt,
    /// No call will work any more.
    Unauthorised,
    /// Nothing that time heals.
    Hopeless,
}

impl Verdict {
    pub fn of<T>(exchange: &Exchange<T>) -> Self {
        if let Err(CallError::Transport(error)) = &exchange.result {
            return match error.failure {
                TransportFailure::Tls | TransportFailure::Unsendable => Self::Hopeless,
                TransportFailure::Connect => Self::NotDone,
                TransportFailure::TimedOut | TransportFailure::Broken => Self::Doubt,
            };
        }
        match exchange.class() {
            Some(
                Class::OverQuota
                | Class::OverConcurrency
                | Class::TokenSpent
                | Class::Later
                | Class::ReadOnly,
            ) => Self::NotDone,
            Some(Class::Doubtful) | None => Self::Doubt,
            Some(Class::Unauthorised) => Self::Unauthorised,
            Some(Class::Success | Class::NotFound | Class::Forbidden | Class::Refused) => Self::Final,
        }
    }
}

/// How one call has fared so far.
#[derive(Default)]
pub(crate) struct Trying {
    tries: u32,
    tokens: u32,
    since: Option<Instant>,
}

/// Lets calls through, so that no limit is overspent.
pub struct Gate {
    pacer: Mutex<Pacer<Endpoint>>,
    returned: Notify,
    started: Instant,
    patience: Duration,
    dice: Dice,
    stop: watch::Receiver<bool>,
    clock: Clock,
    heard: Mutex<Heard>,
}

/// What all answers together have told.
#[derive(Default)]
struct Heard {
    counts: Counts,
    org_clock: OrgClock,
}

impl Gate {
    /// A gate that opens at this pace, and no more once `stop` is true.
    pub fn new(pacing: &Pacing, dice: Dice, stop: watch::Receiver<bool>) -> Self {
        Self {
            pacer: Mutex::new(Pacer::new(pacing.settings())),
            returned: Notify::new(),
            started: Instant::now(),
            patience: pacing.patience,
            dice,
            stop,
            clock: Clock::OfTheMachine,
            heard: Mutex::new(Heard {
                counts: Counts { share: pacing.share, ..Counts::default() },
                ..Heard::default()
            }),
        }
    }

    /// The same, by this clock.
    #[must_use]
    pub(crate) fn by(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The org's time, as far as its answers have told it.
    pub(crate) fn org_now(&self) -> Timestamp {
        self.heard().org_clock.at(self.clock.now())
    }

    /// What was sent through this gate, and what pressed on it.
    pub(crate) fn counts(&self) -> Counts {
        let mut counts = self.heard().counts.clone();
        counts.peak_in_flight = self.pacer().peak();
        counts.seconds = self.now().as_secs_f64();
        counts.org_seen_at = Some(self.org_now());
        counts
    }

    /// Whether somebody asked to stop.
    pub fn is_closed(&self) -> bool {
        *self.stop.borrow()
    }

    /// Waits so long, or until somebody asks to stop.
    pub async fn pause(&self, wait: Duration) -> Result<(), Halt> {
        let mut stop = self.stop.clone();
        let asked = async {
            if stop.wait_for(|stop| *stop).await.is_err() {
                // Nobody is left who could ask.
                std::future::pending::<()>().await;
            }
        };
        match tokio::time::timeout(wait, asked).await {
            Ok(()) => Err(Halt::Stopped(StopReason::Interrupted)),
            Err(_) => Ok(()),
        }
    }

    /// Makes one call when its turn has come. Once it is made, its answer is awaited.
    pub(crate) async fn pass<T>(
        &self,
        endpoint: Endpoint,
        call: impl Future<Output = Exchange<T>>,
    ) -> Result<Exchange<T>, Halt> {
        while let Some(wait) = self.admit(endpoint) {
            let returned = tokio::time::timeout(wait, self.returned.notified());
            tokio::select! {
                paused = self.pause(wait) => paused?,
                _ = returned => {}
            }
        }
        if self.is_closed() {
            self.pacer().lost(endpoint, self.now());
            return Err(Halt::Stopped(StopReason::Interrupted));
        }
        let sent_at = self.now();
        let exchange = call.await;
        self.note(endpoint, sent_at, &exchange);
        Ok(exchange)
    }

    /// Makes a call that may be made twice, until it has an answer that will not change.
    pub(crate) async fn patiently<T, F: Future<Output = Exchange<T>>>(
        &self,
        endpoint: Endpoint,
        mut call: impl FnMut() -> F,
    ) -> Result<Exchange<T>, Halt> {
        let mut trying = Trying::default();
        loop {
            let exchange = self.pass(endpoint, call()).await?;
            match Verdict::of(&exchange) {
                Verdict::Final => return Ok(exchange),
                verdict => self.wait(verdict, &exchange, &mut trying).await?,
            }
        }
    }

    /// Waits before another try, unless there is no sense in one.
    pub(crate) async fn wait<T>(
        &self,
        verdict: Verdict,
        exchange: &Exchange<T>,
        trying: &mut Trying,
    ) -> Result<(), Halt> {
        let words = || exchange.result.as_ref().err().map(ToString::to_string).unwrap_or_default();
        trying.tries += 1;
        match (verdict, exchange.class()) {
            (Verdict::Unauthorised, _) => return Err(Halt::Stopped(StopReason::Unauthorised(words()))),
            (Verdict::Hopeless, _) => return Err(Halt::Stopped(StopReason::OrgAway(words()))),
            // The gate knows when the window ends.
            (_, Some(Class::OverQuota)) => return Ok(()),
            (_, Some(Class::TokenSpent)) => {
                trying.tokens += 1;
                if trying.tokens > MOST_TOKENS {
                    return Err(Halt::Stopped(StopReason::Unauthorised(words())));
                }
                return Ok(());
            }
            _ => {}
        }
        if trying.since.get_or_insert_with(Instant::now).elapsed() > self.patience {
            return Err(Halt::Stopped(StopReason::OrgAway(words())));
        }
        self.pause(back_off(trying.tries, self.dice.throw())).await
    }

    /// Nothing, and the call counts from now on; or how long to wait before asking again.
    fn admit(&self, endpoint: Endpoint) -> Option<Duration> {
        /// Longer than any request takes that is worth waiting for.
        const UNTIL_ONE_RETURNS: Duration = Duration::from_secs(1);
        let now = self.now();
        let mut pacer = self.pacer();
        if !pacer.has_room() {
            return Some(UNTIL_ONE_RETURNS);
        }
        match pacer.admit(endpoint, now) {
            Admission::Now => {
                pacer.reserve(endpoint, now);
                pacer.sent(endpoint, now);
                None
            }
            Admission::At(at) => Some(at.saturating_sub(now).max(Duration::from_millis(1))),
            Admission::WhenOneReturns => Some(UNTIL_ONE_RETURNS),
        }
    }

    fn note<T>(&self, endpoint: Endpoint, sent_at: Duration, exchange: &Exchange<T>) {
        let now = self.now();
        let mut pacer = self.pacer();
        let class = exchange.class();
        if exchange.reading.is_none() && matches!(class, None | Some(Class::Doubtful)) {
            pacer.lost(endpoint, sent_at);
        } else {
            pacer.returned(endpoint, sent_at, exchange.reading, now);
        }
        match class {
            Some(Class::OverQuota) => pacer.over_quota(endpoint, exchange.window_ends_in(), now),
            Some(Class::OverConcurrency) => pacer.over_concurrency(sent_at, now),
            Some(Class::Doubtful) | None => {}
            Some(_) => pacer.went_well(endpoint, now.saturating_sub(sent_at), now),
        }
        drop(pacer);
        self.hear(exchange);
        self.returned.notify_waiters();
        tracing::debug!(endpoint = endpoint.as_str(), status = exchange.status, "answered");
    }

    fn hear<T>(&self, exchange: &Exchange<T>) {
        let mut heard = self.heard();
        heard.counts.answer(exchange.status);
        match exchange.class() {
            Some(Class::OverQuota) => heard.counts.quota_429 += 1,
            Some(Class::OverConcurrency) => heard.counts.concurrency_429 += 1,
            _ => {}
        }
        if let Some(date) = exchange.date {
            heard.org_clock.told(date, self.clock.now());
        }
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }

    fn pacer(&self) -> MutexGuard<'_, Pacer<Endpoint>> {
        self.pacer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
