//! Rows that wait for their next request. What finishes a row that was begun goes before what begins a new one.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::time::Duration;

use muster_core::flow::RowFlow;

/// Rows that may wait to go on before no new one is begun.
const MOST_BEGUN: usize = 256;

/// The queues of a run.
#[derive(Default)]
pub struct Queue {
    begun: VecDeque<Box<RowFlow>>,
    fresh: VecDeque<Box<RowFlow>>,
    later: BinaryHeap<Reverse<Waiting>>,
    number: u64,
}

impl Queue {
    /// A row that may go now.
    pub fn push(&mut self, flow: Box<RowFlow>) {
        if flow.begun() { self.begun.push_back(flow) } else { self.fresh.push_back(flow) }
    }

    /// A row whose request was refused before it was done: it goes first when it may.
    pub fn push_front(&mut self, flow: Box<RowFlow>) {
        if flow.begun() { self.begun.push_front(flow) } else { self.fresh.push_front(flow) }
    }

    /// A row that may go at that time.
    pub fn push_at(&mut self, at: Duration, flow: Box<RowFlow>) {
        self.number += 1;
        self.later.push(Reverse(Waiting { at, number: self.number, flow }));
    }

    /// Rows whose time has come may go.
    pub fn wake(&mut self, now: Duration) {
        while self.later.peek().is_some_and(|Reverse(waiting)| waiting.at <= now) {
            if let Some(Reverse(waiting)) = self.later.pop() {
                self.push(waiting.flow);
            }
        }
    }

    /// When the next waiting row may go.
    pub fn next_wake(&self) -> Option<Duration> {
        self.later.peek().map(|Reverse(waiting)| waiting.at)
    }

    /// The first row that was begun and may be sent, by what `may` says of it. Rows are looked at from the front,
    /// as far as a request of another kind may overtake.
    pub fn take_begun(&mut self, may: impl FnMut(&RowFlow) -> bool) -> Option<Box<RowFlow>> {
        const LOOK_AHEAD: usize = 32;
        let mut may = may;
        let at = self.begun.iter().take(LOOK_AHEAD).position(|flow| may(flow))?;
        self.begun.remove(at)
    }

    /// Whether there is a row to begin. None is begun while many wait to go on: what they wait for would only
    /// grow, and the queue with it.
    pub fn may_begin(&self) -> bool {
        !self.fresh.is_empty() && self.begun.len() + self.later.len() < MOST_BEGUN
    }

    /// The first row that nothing was sent for.
    pub fn take_fresh(&mut self) -> Option<Box<RowFlow>> {
        self.fresh.pop_front()
    }

    /// Takes out the rows that nothing was sent for.
    pub fn drain_fresh(&mut self) -> impl Iterator<Item = Box<RowFlow>> + '_ {
        self.fresh.drain(..)
    }

    /// Whether so many rows wait that no more need be read. A run that goes on may have nothing but rows that were
    /// begun: they count as well as those that were not, or all of them would be read at once.
    pub fn holds(&self, most: usize) -> bool {
        self.fresh.len() >= most || self.begun.len() + self.later.len() >= most
    }

    /// Whether nobody waits.
    pub fn is_empty(&self) -> bool {
        self.begun.is_empty() && self.fresh.is_empty() && self.later.is_empty()
    }
}

struct Waiting {
    at: Duration,
    number: u64,
    flow: Box<RowFlow>,
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.number) == (other.at, other.number)
    }
}

impl Eq for Waiting {}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use muster_core::candidate::{Candidate, Credential, OnConflict};
    use muster_core::flow::Start;
    use muster_core::login::Login;
    use muster_core::record::Line;

    use super::*;

    fn row(start: Start) -> Box<RowFlow> {
        let candidate = Candidate {
            line: Line(2),
            login: Login::parse("kim@example.com").unwrap(),
            external_id: None,
            profile: serde_json::Map::new(),
            credential: Credential::None,
            stored: None,
            recovery: None,
            activate: false,
            change_password: false,
            other_status: false,
            afterwards: None,
            groups: BTreeSet::new(),
            realm_id: None,
            type_id: None,
        };
        Box::new(RowFlow::new(candidate, Vec::new(), OnConflict::Skip, start))
    }

    #[test]
    fn rows_of_every_kind_are_enough_to_read_no_more() {
        let begun = || row(Start::InDoubt("2026-11-21T10:00:00Z".parse().unwrap()));
        let mut queue = Queue::default();
        (0..4).for_each(|_| queue.push(row(Start::Fresh)));
        assert!(queue.holds(4) && !queue.holds(5));
        let mut queue = Queue::default();
        queue.push(begun());
        queue.push_at(Duration::from_secs(1), begun());
        assert!(queue.holds(2) && !queue.holds(3));
    }

    #[test]
    fn begun_rows_go_first_and_hold_back_new_ones() {
        let mut queue = Queue::default();
        queue.push(row(Start::Fresh));
        let begun = || row(Start::InDoubt("2026-11-21T10:00:00Z".parse().unwrap()));
        queue.push(begun());
        assert!(queue.may_begin());
        assert!(queue.take_begun(|_| true).unwrap().begun());
        for number in 0..MOST_BEGUN {
            queue.push_at(Duration::from_secs(number as u64), begun());
        }
        assert!(!queue.may_begin(), "too many wait already");
        queue.wake(Duration::ZERO);
        assert!(queue.take_begun(|_| true).unwrap().begun());
        assert!(queue.may_begin() && !queue.take_fresh().unwrap().begun());
    }
}
