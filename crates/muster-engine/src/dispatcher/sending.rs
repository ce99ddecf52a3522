//! What leaves next: what finishes a row that was begun goes before what begins a new one.
//!
//! A row that is begun goes through two gates: its budget is reserved and its intent is made durable; then it
//! leaves as soon as there is room. So no more rows are in doubt after a crash than were about to leave.

use std::time::Duration;

use muster_core::flow::RowFlow;
use muster_core::pace::Admission;
use muster_okta::Endpoint;

use super::Dispatcher;
use crate::feed::nothing_left;
use crate::request::{endpoint, perform};

/// Intents that are made ahead of their requests, for each request that may be under way: a commit takes as long as
/// several requests of a quick org. And never more than so many, for what is in doubt after a crash is read back.
const INTENTS_PER_REQUEST: usize = 16;
const MOST_INTENTS: usize = 1024;

impl Dispatcher {
    pub(super) fn send_what_may_go(&mut self) {
        self.opens_at = None;
        if self.stopping.is_some() {
            return;
        }
        while self.may_send() {
            if let Some(flow) = self.next_begun() {
                self.send(flow);
            } else if let Some(flow) = self.ready.pop_front() {
                self.leave(flow, Endpoint::CreateUser);
            } else {
                break;
            }
        }
        self.intend_what_may_follow();
    }

    fn may_send(&self) -> bool {
        self.stopping.is_none() && self.pacer.has_room() && self.may_probe() && self.now() >= self.rests_until
    }

    /// While the org is away, one request at a time finds out whether it is back.
    fn may_probe(&self) -> bool {
        self.health.is_well() || (self.in_flight.is_empty() && self.now() >= self.probe_at)
    }

    pub(super) fn probe_time(&self) -> Option<Duration> {
        let away = !self.health.is_well() && self.in_flight.is_empty();
        // Once that time has come, a row that may be sent is what is waited for.
        away.then_some(self.probe_at).filter(|at| *at > self.now())
    }

    fn next_begun(&mut self) -> Option<Box<RowFlow>> {
        let (now, pacer, opens_at) = (self.now(), &mut self.pacer, &mut self.opens_at);
        self.queue.take_begun(|flow| {
            match flow.call_kind().map(|kind| pacer.admit(endpoint(flow, kind), now)) {
                None | Some(Admission::Now) => true,
                Some(Admission::WhenOneReturns) => false,
                Some(Admission::At(at)) => {
                    *opens_at = Some(opens_at.map_or(at, |earlier| earlier.min(at)));
                    false
                }
            }
        })
    }

    /// Reserves budget for rows that can leave soon, and has their intents made durable.
    fn intend_what_may_follow(&mut self) {
        let most = (self.pacer.allowed() as usize * INTENTS_PER_REQUEST).min(MOST_INTENTS);
        let most = if self.health.is_well() { most } else { 1 };
        while self.ready.len() + self.books.intents() < most && self.queue.may_begin() {
            let now = self.now();
            match self.pacer.admit(Endpoint::CreateUser, now) {
                Admission::Now => {}
                Admission::WhenOneReturns => return,
                Admission::At(at) => {
                    self.opens_at = Some(self.opens_at.map_or(at, |earlier| earlier.min(at)));
                    return;
                }
            }
            let Some(flow) = self.queue.take_fresh() else { return };
            self.pacer.reserve(Endpoint::CreateUser, now);
            let at = self.org_now();
            self.books.intend(flow, at);
        }
    }

    /// Sends a row that was begun, or finishes it if it needs nothing more.
    fn send(&mut self, mut flow: Box<RowFlow>) {
        let Some(kind) = flow.call_kind() else {
            if let Some(result) = nothing_left(&mut flow) {
                self.finish(result);
            }
            return;
        };
        let endpoint = endpoint(&flow, kind);
        let now = self.now();
        self.pacer.reserve(endpoint, now);
        self.leave(flow, endpoint);
    }

    fn leave(&mut self, mut flow: Box<RowFlow>, endpoint: Endpoint) {
        let Some(call) = flow.call() else { return };
        let now = self.now();
        flow.sending();
        self.pacer.sent(endpoint, now);
        if endpoint == Endpoint::CreateUser {
            self.counts.create(now);
        }
        let request = perform(self.context.okta.clone(), flow, call, endpoint, now, self.org_now());
        self.in_flight.push(Box::pin(request));
    }
}
