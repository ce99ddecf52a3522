//! A run in virtual time: the pacer against the model of an org, event by event.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use muster_core::pace::{Admission, PaceSettings, Pacer, Reading};

use crate::pacing_org::{Counter, Dice, Limits, MILLISECOND, Opening, SECOND, Spent, Strangers, Time, View};

#[derive(Clone, Debug)]
pub struct Course {
    pub limits: Vec<Limits>,
    /// The counter that each kind of request draws on.
    pub kinds: Vec<usize>,
    pub share: f64,
    pub latency: Time,
    /// Up to so much more or less.
    pub jitter: Time,
    /// Between the reservation and the departure.
    pub commit: Time,
    pub concurrency: Option<u32>,
    pub max_in_flight: Option<u32>,
    /// Seconds by which the dates of answers are wrong.
    pub date_skew: i64,
    /// When the org's clock stands at the start of the run, within a second.
    pub phase: Time,
    pub windows: u32,
    pub seed: u64,
}

pub fn limits(limit: u64, seconds: u64) -> Limits {
    Limits { limit, length: seconds * SECOND, opening: Opening::Exact, strangers: Strangers::None }
}

impl Course {
    pub fn new(limits: Limits, latency: u64) -> Self {
        Self {
            limits: vec![limits],
            kinds: vec![0],
            share: 0.9,
            latency: latency * MILLISECOND,
            jitter: 0,
            commit: 0,
            concurrency: None,
            max_in_flight: None,
            date_skew: 0,
            phase: 371 * MILLISECOND,
            windows: 11,
            seed: 1,
        }
    }

    pub fn allowed(&self) -> u64 {
        let part = Duration::from_secs(self.limits[0].limit).mul_f64(self.share) + Duration::from_nanos(10);
        part.as_secs()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Leaves { kind: usize },
    Arrives { kind: usize, sent_at: Time, back: Time },
    Returns { kind: usize, sent_at: Time, answer: usize },
    Wakes,
}

/// What came of a run.
#[derive(Debug)]
pub struct Report {
    pub windows: Vec<Vec<Spent>>,
    pub quota_429: u64,
    pub concurrency_429: u64,
    pub peak: u32,
    pub allowed: u32,
    /// When each request left.
    pub longest_silence: Time,
    pub ended_at: Time,
    pub sent: u64,
    pub pacer: Pacer<usize>,
}

pub struct Run {
    course: Course,
    pacer: Pacer<usize>,
    counters: Vec<Counter>,
    dice: Dice,
    now: Time,
    events: BinaryHeap<Reverse<(Time, u64, Event)>>,
    order: u64,
    answers: Vec<(View, i64)>,
    free_answers: Vec<usize>,
    at_the_org: u32,
    waiting: Vec<usize>,
    reserved: u32,
    next_wake: Time,
    turn: usize,
    last_left: Time,
    report: (u64, u64, Time, u64),
}

const EPOCH: Time = 1_795_000_000 * SECOND;

fn time(time: Time) -> Duration {
    Duration::from_nanos(time)
}

impl Run {
    pub fn new(course: Course) -> Self {
        let start = EPOCH + course.phase;
        let counters = course.limits.iter().zip(course.seed..);
        let counters = counters.map(|(limits, seed)| Counter::new(limits.clone(), start, seed)).collect();
        let settings = PaceSettings { share: course.share, reserve: 0, max_in_flight: course.max_in_flight };
        Self {
            pacer: Pacer::new(settings),
            counters,
            dice: Dice(course.seed),
            course,
            now: 0,
            events: BinaryHeap::new(),
            order: 0,
            answers: Vec::new(),
            free_answers: Vec::new(),
            at_the_org: 0,
            waiting: Vec::new(),
            reserved: 0,
            next_wake: Time::MAX,
            turn: 0,
            last_left: 0,
            report: (0, 0, 0, 0),
        }
    }

    pub fn counter(&mut self, counter: usize) -> &mut Counter {
        &mut self.counters[counter]
    }

    pub fn finish(mut self) -> Report {
        let length = self.course.limits[0].length;
        self.go_on_until(length * u64::from(self.course.windows) + 2 * SECOND);
        self.report()
    }

    pub fn report(self) -> Report {
        Report {
            windows: self.counters.into_iter().map(|counter| counter.windows).collect(),
            quota_429: self.report.0,
            concurrency_429: self.report.1,
            peak: self.pacer.peak(),
            allowed: self.pacer.allowed(),
            longest_silence: self.report.2,
            ended_at: self.now,
            sent: self.report.3,
            pacer: self.pacer,
        }
    }

    pub fn go_on_until(&mut self, end: Time) {
        self.send();
        while let Some(Reverse((at, _, event))) = self.events.pop() {
            if at > end {
                self.at(at, event);
                break;
            }
            self.now = at;
            match event {
                Event::Leaves { kind } => self.waiting.push(kind),
                Event::Arrives { kind, sent_at, back } => self.arrives(kind, sent_at, back),
                Event::Returns { kind, sent_at, answer } => self.returns(kind, sent_at, answer),
                // One that was overtaken by an earlier one.
                Event::Wakes if at != self.next_wake => continue,
                Event::Wakes => self.next_wake = Time::MAX,
            }
            self.leave();
            self.send();
        }
        self.now = end;
    }

    pub fn sleep_until(&mut self, end: Time) {
        self.now = end;
        self.events.clear();
    }

    fn at(&mut self, at: Time, event: Event) {
        self.order += 1;
        self.events.push(Reverse((at, self.order, event)));
    }

    /// Reserves all that may be reserved, the kinds by turns.
    fn send(&mut self) {
        let kinds = self.course.kinds.len();
        let mut refused = 0;
        while self.pacer.room() > self.reserved && refused < kinds {
            let kind = self.turn % kinds;
            self.turn += 1;
            match self.pacer.admit(kind, time(self.now)) {
                Admission::Now => {
                    refused = 0;
                    self.pacer.reserve(kind, time(self.now));
                    self.reserved += 1;
                    if self.course.commit == 0 {
                        self.waiting.push(kind);
                        self.leave();
                    } else {
                        self.at(self.now + self.course.commit, Event::Leaves { kind });
                    }
                }
                Admission::At(at) => {
                    refused += 1;
                    self.wake(u64::try_from(at.as_nanos()).unwrap());
                }
                Admission::WhenOneReturns => refused += 1,
            }
        }
    }

    fn wake(&mut self, at: Time) {
        assert!(at > self.now, "told to come back at once, for ever");
        if at < self.next_wake {
            self.next_wake = at;
            self.at(at, Event::Wakes);
        }
    }

    fn leave(&mut self) {
        while self.pacer.has_room()
            && let Some(kind) = self.waiting.pop()
        {
            self.reserved -= 1;
            self.pacer.sent(kind, time(self.now));
            self.report.2 = self.report.2.max(self.now - self.last_left);
            self.last_left = self.now;
            self.report.3 += 1;
            let there = self.half();
            let back = self.half();
            self.at(self.now + there, Event::Arrives { kind, sent_at: self.now, back });
        }
    }

    /// One way: half of the latency, and of what it varies.
    fn half(&mut self) -> Time {
        let varies = self.dice.below(self.course.jitter + 1);
        (self.course.latency / 2 + varies).saturating_sub(self.course.jitter / 2)
    }

    fn arrives(&mut self, kind: usize, sent_at: Time, back: Time) {
        let org_now = EPOCH + self.course.phase + self.now;
        let crowded = self.course.concurrency.is_some_and(|most| self.at_the_org >= most);
        let view = if crowded {
            self.report.1 += 1;
            View { counted: false, limit: 0, remaining: 0, resets_at: org_now / SECOND + 60 }
        } else {
            self.at_the_org += 1;
            self.counters[self.course.kinds[kind]].take(org_now)
        };
        self.report.0 += u64::from(!view.counted && view.limit > 0);
        let date = i64::try_from((org_now + back / 2) / SECOND).unwrap() + self.course.date_skew;
        let answer = self.free_answers.pop().unwrap_or_else(|| {
            self.answers.push((view, date));
            self.answers.len() - 1
        });
        self.answers[answer] = (view, date);
        self.at(self.now + back, Event::Returns { kind, sent_at, answer });
    }

    fn returns(&mut self, kind: usize, sent_at: Time, answer: usize) {
        let (view, date) = self.answers[answer];
        self.free_answers.push(answer);
        let resets_at = i64::try_from(view.resets_at).unwrap();
        let resets_in = Duration::from_secs(u64::try_from(resets_at - date).unwrap_or(0));
        let reading =
            Reading { limit: view.limit, remaining: view.remaining, resets_in, resets_at, date: Some(date) };
        let (now, sent) = (time(self.now), time(sent_at));
        self.pacer.returned(kind, sent, Some(reading), now);
        if view.limit == 0 {
            return self.pacer.over_concurrency(sent, now);
        }
        self.at_the_org -= 1;
        if view.counted {
            self.pacer.went_well(kind, now.checked_sub(sent).unwrap(), now);
        } else {
            self.pacer.over_quota(kind, Some(resets_in), now);
        }
    }

    pub fn pacer(&mut self) -> &mut Pacer<usize> {
        &mut self.pacer
    }

    pub fn now(&self) -> Time {
        self.now
    }
}
