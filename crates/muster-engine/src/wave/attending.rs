//! One person: looked at, intended, asked for, and entered.

use std::borrow::Cow;
use std::sync::atomic::Ordering;

use jiff::Timestamp;
use muster_core::retry::Class;
use muster_ledger::{Bound, ErrandEnd, Finding};
use muster_okta::wire::{ActivationLink, UserStanding};
use muster_okta::{CallError, Exchange};

use super::Carrying;
use super::task::{Need, NotNeeded, Task, Way};
use crate::error::EngineError;
use crate::gate::{Halt, Trying, Verdict};
use crate::programme::forbidden;
use crate::programme::look::came_over_at;
use crate::run::StopReason;

/// Refusals for want of a right, with nothing done in between, after which it is the token's.
const MOST_FORBIDDEN: u64 = 5;
const SCOPE: &str = "okta.users.manage";

/// How it ended for one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Attended {
    Done,
    NotNeeded,
    Gone,
    Refused(String),
}

impl Carrying<'_> {
    /// `doubt` is when a request of an earlier process was intended that may have arrived.
    pub(super) async fn attend(&self, person: Bound, mut doubt: Option<Timestamp>) -> Result<Attended, Halt> {
        let mut trying = Trying::default();
        // What is sent again counts for the hour in which it is sent again.
        let mut intended = None;
        loop {
            let step = self.step(&person, &mut doubt, &mut intended, &mut trying).await;
            match step {
                Ok(Some(attended)) => return Ok(attended),
                Ok(None) => {}
                Err(halt) => {
                    self.halted.store(true, Ordering::Relaxed);
                    // What may have arrived stays in the books as it is; whoever begins again reads it back.
                    if intended.is_some() && doubt.is_none() {
                        let ledger = self.programme.ledger();
                        ledger.withdraw_errand(self.order.task.kind(), person.okta_id.clone()).await?;
                    }
                    return Err(halt);
                }
            }
        }
    }

    /// One look, and one request where it is needed; nothing comes back where there has to be another.
    async fn step(
        &self,
        person: &Bound,
        doubt: &mut Option<Timestamp>,
        intended: &mut Option<Timestamp>,
        trying: &mut Trying,
    ) -> Result<Option<Attended>, Halt> {
        if self.contact.gate.is_closed() || self.halted.load(Ordering::Relaxed) {
            return Err(Halt::Stopped(StopReason::Interrupted));
        }
        let user = match self.contact.look(&person.okta_id).await? {
            Ok(user) => user,
            Err(words) => return self.turned_down(person, words, None).await.map(Some),
        };
        let way = match self.order.task.need(user.as_ref(), *doubt) {
            Need::Request(way) => way,
            settled => return self.settled(person, user.as_ref(), settled).await.map(Some),
        };
        let Some(at) = self.intend(person, doubt, intended).await? else { return Ok(None) };
        let exchange = self.send(person, way).await?;
        let verdict = Verdict::of(&exchange);
        // A later answer that nothing was done says nothing of an earlier one that was lost; and what is done is
        // not taken back if the books fail now.
        if matches!(verdict, Verdict::Doubt | Verdict::Final) {
            *doubt = doubt.or(Some(at));
        }
        match verdict {
            Verdict::Final => self.answered(person, user.as_ref(), exchange).await.map(Some),
            verdict => {
                self.contact.gate.wait(verdict, &exchange, trying).await?;
                Ok(None)
            }
        }
    }

    /// The request stands in the books before it leaves; since when. Nothing where one of another run stands open: what
    /// the look has shown has to be read in that light.
    async fn intend(
        &self,
        person: &Bound,
        doubt: &mut Option<Timestamp>,
        intended: &mut Option<Timestamp>,
    ) -> Result<Option<Timestamp>, Halt> {
        if intended.is_some() {
            return Ok(*intended);
        }
        let (kind, at) = (self.order.task.kind(), self.programme.clock().now());
        let before = self.programme.ledger().intend_errand(kind, person.clone(), at).await?;
        *intended = Some(at);
        if doubt.is_none() && before.is_some() {
            *doubt = before;
            return Ok(None);
        }
        Ok(Some(at))
    }

    async fn send(&self, person: &Bound, way: Way) -> Result<Exchange<ActivationLink>, Halt> {
        let call = self.order.task.send(&self.contact.okta, &person.okta_id, way);
        self.contact.gate.pass(self.order.task.endpoint(), call).await
    }

    async fn answered(
        &self,
        person: &Bound,
        user: Option<&UserStanding>,
        exchange: Exchange<ActivationLink>,
    ) -> Result<Attended, Halt> {
        let class = exchange.class();
        match exchange.result {
            Ok(link) => {
                self.allowed.fetch_add(1, Ordering::Relaxed);
                if let (Task::ActivationByLink(file), Some(url)) = (&self.order.task, link.activation_url) {
                    file.append(&person.login, &person.okta_id, &url)?;
                }
                self.end(person, ErrandEnd::Done, self.order.task.done()).await?;
                Ok(Attended::Done)
            }
            Err(error) if class == Some(Class::Forbidden) => {
                self.turned_down(person, error.to_string(), Some("forbidden")).await
            }
            Err(error) => {
                let status = user.map(|user| user.status.as_str()).unwrap_or_default();
                self.refuse(person, format!("{status}: {}", words(&error))).await
            }
        }
    }

    /// Nothing is to be done any more, or nothing can be.
    async fn settled(
        &self,
        person: &Bound,
        user: Option<&UserStanding>,
        need: Need,
    ) -> Result<Attended, Halt> {
        let (why, found) = match need {
            Need::IsDone => {
                self.end(person, ErrandEnd::Done, self.order.task.done()).await?;
                return Ok(Attended::Done);
            }
            Need::Cannot(why) => return self.refuse(person, why).await,
            Need::Nothing(why, found) => (why, found),
            Need::Request(_) => (Cow::default(), NotNeeded::DoneElsewhere),
        };
        let reset = matches!(self.order.task, Task::Reset);
        let finding = match found {
            NotNeeded::ComeOver => {
                let at = came_over_at(user, None, self.programme.clock().now());
                Some(Finding::ComeOver(at))
            }
            NotNeeded::DoneElsewhere => Some(Finding::Reset),
            NotNeeded::Gone => Some(Finding::Gone),
        };
        self.end(person, ErrandEnd::NotNeeded(why.into_owned()), finding.filter(|_| reset)).await?;
        Ok(if found == NotNeeded::Gone { Attended::Gone } else { Attended::NotNeeded })
    }

    /// The token may not see or touch this user. Where it may touch nobody, that is no matter of the person.
    async fn turned_down(&self, person: &Bound, words: String, why: Option<&str>) -> Result<Attended, Halt> {
        let refusals = self.forbidden.fetch_add(1, Ordering::Relaxed) + 1;
        if refusals >= MOST_FORBIDDEN && self.allowed.load(Ordering::Relaxed) == 0 {
            return Err(forbidden(&words, SCOPE));
        }
        self.refuse(person, why.map_or(words, str::to_owned)).await
    }

    async fn refuse(&self, person: &Bound, why: String) -> Result<Attended, Halt> {
        let finding = self.order.task.refused(&why);
        self.end(person, ErrandEnd::InVain(why.clone()), finding).await?;
        Ok(Attended::Refused(why))
    }

    async fn end(&self, person: &Bound, end: ErrandEnd, finding: Option<Finding>) -> Result<(), EngineError> {
        let (ledger, at) = (self.programme.ledger(), self.programme.clock().now());
        ledger.end_errand(self.order.task.kind(), person.clone(), end, finding, at).await?;
        Ok(())
    }
}

/// Without what is different for each person.
fn words(error: &CallError) -> String {
    match error {
        CallError::Okta { error, .. } => format!("{} {}", error.error_code, error.error_summary),
        other => other.to_string(),
    }
}
