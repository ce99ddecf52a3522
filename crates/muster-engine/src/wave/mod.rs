//! Mails and links for people, in waves: nobody gets two, and no hour gets more than it may.
//!
//! Each person is looked at right before, the intent is in the books before the request leaves, and what became of a
//! lost answer is read from the user's status. So it can be stopped, or killed, and begun again at any time.

mod arming;
mod attending;
mod links;
mod task;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::iter;
use jiff::{SignedDuration, Timestamp};
use muster_core::programme::Throttle;
use muster_core::record::Line;
use muster_ledger::{Bound, Crowd};

use attending::Attended;
pub use links::LinksFile;
pub(crate) use task::IS_GONE;
pub use task::Task;

use crate::error::EngineError;
use crate::gate::Halt;
use crate::programme::{Contact, Programme};
use crate::run::StopReason;

/// How long a request may take to take effect after nobody waits for its answer any more.
const ON_THE_WAY: Duration = Duration::from_secs(30);

/// What is to be done.
#[derive(Debug)]
pub struct Order {
    /// For each person.
    pub task: Task,
    /// For whom.
    pub crowd: Crowd,
    /// How many an hour.
    pub throttle: Throttle,
    /// How many in all.
    pub limit: Option<u64>,
}

/// What came of it, so far or in all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waves {
    /// Waves that went out.
    pub waves: u64,
    /// People for whom Okta has done it.
    pub done: u64,
    /// People who had come over, or were active, when they were looked at.
    pub not_needed: u64,
    /// People whose user is deactivated or deleted.
    pub gone: u64,
    /// People for whom it can't be done: why, and how many.
    pub refused: BTreeMap<String, u64>,
    /// When the next wave goes, while one is waited for.
    pub next_at: Option<Timestamp>,
    /// Why it stopped before the end, if it did.
    pub stopped: Option<StopReason>,
}

impl Waves {
    /// Those of another crowd, too.
    pub fn add(&mut self, other: Self) {
        self.waves += other.waves;
        self.done += other.done;
        self.not_needed += other.not_needed;
        self.gone += other.gone;
        for (why, people) in other.refused {
            *self.refused.entry(why).or_default() += people;
        }
        self.stopped = self.stopped.take().or(other.stopped);
    }

    /// People for whom it can't be done.
    pub fn refusals(&self) -> u64 {
        self.refused.values().sum()
    }
}

/// How far the people of an order have been gone through.
#[derive(Clone, Debug)]
struct Cursor {
    id: String,
    line: Line,
}

/// One order, while it is carried out.
struct Carrying<'a> {
    programme: &'a Programme,
    contact: &'a Contact,
    order: &'a Order,
    cursor: Cursor,
    waves: Waves,
    /// Requests that were forbidden, and those that were not.
    forbidden: AtomicU64,
    allowed: AtomicU64,
    halted: AtomicBool,
}

impl Programme {
    /// Carries an order out, wave by wave; `tell` hears of each.
    pub async fn carry_out(
        &self,
        contact: &Contact,
        order: &Order,
        tell: impl FnMut(&Waves),
    ) -> Result<Waves, EngineError> {
        let mut carrying = Carrying {
            programme: self,
            contact,
            order,
            cursor: Cursor { id: String::new(), line: Line(0) },
            waves: Waves::default(),
            forbidden: AtomicU64::new(0),
            allowed: AtomicU64::new(0),
            halted: AtomicBool::new(false),
        };
        match carrying.run(tell).await {
            Ok(()) => {}
            Err(Halt::Stopped(reason)) => carrying.waves.stopped = Some(reason),
            Err(Halt::Failed(error)) => return Err(error),
        }
        carrying.waves.next_at = None;
        Ok(carrying.waves)
    }

    /// How many went out within the last hour.
    pub async fn in_the_last_hour(&self, task: &Task) -> Result<u64, EngineError> {
        Ok(self.ledger().errands_since(task.kind(), hour_ago(self.clock().now())).await?.out)
    }
}

impl Carrying<'_> {
    async fn run(&mut self, mut tell: impl FnMut(&Waves)) -> Result<(), Halt> {
        self.settle(&mut tell).await?;
        loop {
            if self.contact.gate.is_closed() {
                return Err(Halt::Stopped(StopReason::Interrupted));
            }
            if self.order.task.needs_log() {
                self.programme.sync(self.contact).await?;
            }
            let more = self.wave(&mut tell).await?;
            self.waves.next_at = if more { self.next_at().await? } else { None };
            tell(&self.waves);
            let Some(at) = self.waves.next_at else { return Ok(()) };
            let wait = at.duration_since(self.programme.clock().now());
            self.contact.gate.pause(Duration::try_from(wait).unwrap_or_default()).await?;
        }
    }

    /// Errands of an earlier process whose end is not in the books.
    async fn settle(&mut self, tell: &mut impl FnMut(&Waves)) -> Result<(), Halt> {
        let mut after = String::new();
        loop {
            let most = u32::try_from(self.order.task.page_size()).unwrap_or(u32::MAX);
            let (kind, crowd) = (self.order.task.kind(), self.order.crowd.clone());
            let open = self.programme.ledger().open_errands(kind, crowd, after, most).await?;
            let Some(last) = open.last() else { return Ok(()) };
            after = last.person.okta_id.clone();
            self.let_them_arrive(open.iter().map(|errand| errand.at).max()).await?;
            let open = open.into_iter().map(|errand| (errand.person, Some(errand.at))).collect();
            self.attend_all(open, tell).await?;
        }
    }

    /// A process that was killed may have sent a request just before, and the org may be at work on it still: a look
    /// right now would show a user that nothing was done for.
    async fn let_them_arrive(&self, last: Option<Timestamp>) -> Result<(), Halt> {
        let now = self.programme.clock().now();
        let wait = last.map(|last| later(last, ON_THE_WAY).duration_since(now)).unwrap_or_default();
        let wait = Duration::try_from(wait).unwrap_or_default().min(ON_THE_WAY);
        if wait.is_zero() { Ok(()) } else { self.contact.gate.pause(wait).await }
    }

    /// One wave; whether more people may be left.
    async fn wave(&mut self, tell: &mut impl FnMut(&Waves)) -> Result<bool, Halt> {
        let mut room = self.room().await?;
        if room == 0 {
            return Ok(!self.limit_is_reached() && self.has_more().await?);
        }
        self.waves.waves += 1;
        while room > 0 {
            let page = self.next(room.min(self.order.task.page_size())).await?;
            if page.is_empty() {
                return Ok(false);
            }
            let page = page.into_iter().map(|person| (person, None)).collect();
            room = room.saturating_sub(self.attend_all(page, tell).await?);
        }
        Ok(!self.limit_is_reached() && self.has_more().await?)
    }

    /// Nobody waits for a wave that would be empty.
    async fn has_more(&mut self) -> Result<bool, Halt> {
        let cursor = self.cursor.clone();
        let more = !self.next(1).await?.is_empty();
        self.cursor = cursor;
        Ok(more)
    }

    /// How many may go out now.
    async fn room(&self) -> Result<u64, Halt> {
        let out = self.programme.in_the_last_hour(&self.order.task).await?;
        let left = self.order.limit.map_or(u64::MAX, |limit| limit.saturating_sub(self.waves.done));
        Ok(self.order.throttle.wave(out).min(left))
    }

    fn limit_is_reached(&self) -> bool {
        self.order.limit.is_some_and(|limit| self.waves.done >= limit)
    }

    /// When there is room again. A wave that would be tiny is not waited for alone.
    async fn next_at(&self) -> Result<Option<Timestamp>, Halt> {
        let now = self.programme.clock().now();
        let kind = self.order.task.kind();
        let hour = self.programme.ledger().errands_since(kind, hour_ago(now)).await?;
        let soon = later(now, Throttle::BETWEEN);
        let full = self.order.throttle.wave(hour.out) == 0;
        let at = if full { hour.first.map(|first| later(first, Throttle::HOUR)) } else { None };
        Ok(Some(at.map_or(soon, |at| at.max(soon))))
    }

    async fn next(&mut self, most: u64) -> Result<Vec<Bound>, Halt> {
        let most = u32::try_from(most).unwrap_or(u32::MAX);
        let Cursor { id, line } = self.cursor.clone();
        let crowd = self.order.crowd.clone();
        let page = self.order.task.page(self.programme.ledger(), crowd, (id, line), most).await?;
        if let Some(last) = page.last() {
            self.cursor = Cursor { id: last.okta_id.clone(), line: last.line() };
        }
        Ok(page)
    }

    /// Attends to these, for each of whom a request may have left at that time; how many mails or links it came to. All
    /// that was begun is brought to its end.
    async fn attend_all(
        &mut self,
        people: Vec<(Bound, Option<Timestamp>)>,
        tell: &mut impl FnMut(&Waves),
    ) -> Result<u64, Halt> {
        let mut waves = self.waves.clone();
        let halt = self.attend_these(people, &mut waves, tell).await;
        let out = waves.done - self.waves.done;
        self.waves = waves;
        halt.map_or(Ok(out), Err)
    }

    /// Why some of them were not attended to, if that is so.
    async fn attend_these(
        &self,
        people: Vec<(Bound, Option<Timestamp>)>,
        waves: &mut Waves,
        tell: &mut impl FnMut(&Waves),
    ) -> Option<Halt> {
        let (task, mut halt) = (&self.order.task, None);
        let attending = iter(people).map(|(person, asked)| self.attend(person, asked));
        let mut attending = std::pin::pin!(attending.buffer_unordered(task.at_once()));
        while let Some(end) = attending.next().await {
            match end {
                Ok(attended) => waves.count(attended),
                // Those that were not begun any more say nothing of why.
                Err(Halt::Stopped(StopReason::Interrupted)) => {
                    halt = halt.or(Some(Halt::Stopped(StopReason::Interrupted)));
                }
                Err(why) => halt = Some(why),
            }
            if task.is_swift() {
                tell(waves);
            }
        }
        halt
    }
}

impl Waves {
    fn count(&mut self, attended: Attended) {
        match attended {
            Attended::Done => self.done += 1,
            Attended::NotNeeded => self.not_needed += 1,
            Attended::Gone => self.gone += 1,
            Attended::Refused(why) => *self.refused.entry(why).or_default() += 1,
        }
    }
}

fn hour_ago(now: Timestamp) -> Timestamp {
    now.saturating_sub(SignedDuration::from_hours(1)).unwrap_or(Timestamp::MIN)
}

fn later(at: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    at.saturating_add(by).unwrap_or(Timestamp::MAX)
}
