//! What waits for a worker, and what is not even let in. A pure structure: the time is an argument.
//!
//! There are two lanes, for hashes that cost little and for those that cost much; where both have work, each gets
//! half of the time, so that a hash of a millisecond never waits for a crowd of those that take 300. Within a lane
//! the one with the nearest deadline goes first. What could not be done in time is not let in, or thrown out as soon
//! as that is seen: no time is spent on an answer that nobody waits for.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::estimates::Estimate;

/// What costs no more than this goes by the fast lane.
const CHEAP: Duration = Duration::from_millis(5);

/// When a job has to be done, and a number that makes it the only one.
type Place = (Instant, u64);

/// Work that waits.
#[derive(Debug)]
struct Waiting<J> {
    job: J,
    estimate: Estimate,
}

#[derive(Debug)]
struct Lane<J> {
    jobs: BTreeMap<Place, Waiting<J>>,
    /// How long all of them will take.
    work: Duration,
    /// How much time was given to this lane.
    served: Duration,
}

/// The queue before the workers.
#[derive(Debug)]
pub struct Queue<J> {
    lanes: [Lane<J>; 2],
    /// When each worker will be free.
    busy_until: Vec<Option<Instant>>,
    most: usize,
    next: u64,
}

/// A job that was taken.
#[derive(Debug)]
pub struct Taken<J> {
    /// The job.
    pub job: J,
    lane: usize,
}

impl<J> Queue<J> {
    /// An empty queue before so many workers, in which at most so many wait.
    pub fn new(workers: usize, most: usize) -> Self {
        let lane = || Lane { jobs: BTreeMap::new(), work: Duration::ZERO, served: Duration::ZERO };
        Self { lanes: [lane(), lane()], busy_until: vec![None; workers.max(1)], most, next: 0 }
    }

    /// Lets a job in if it can be done by its deadline. It is given back if not. What is thrown out for being late is
    /// dropped, and whoever waits for it learns of it by that.
    pub fn enter(&mut self, job: J, estimate: Estimate, now: Instant, deadline: Instant) -> Result<(), J> {
        self.throw_out(now);
        let lane = lane_of(estimate);
        let left = deadline.saturating_duration_since(now);
        let wait = self.wait(lane, now);
        // Two fifths of the time are kept for what estimates can't know: a slower moment, the way back.
        let is_late = wait > left * 3 / 5 || wait + estimate.careful() > left;
        if is_late || self.waiting() >= self.most {
            return Err(job);
        }
        self.next += 1;
        let number = self.next;
        self.wake_lane(lane);
        if let Some(lane) = self.lanes.get_mut(lane) {
            lane.work += estimate.usual;
            lane.jobs.insert((deadline, number), Waiting { job, estimate });
        }
        Ok(())
    }

    /// Takes the job that is next, if it can still be done in time.
    pub fn take(&mut self, worker: usize, now: Instant) -> Option<Taken<J>> {
        self.throw_out(now);
        let with_work = self.lanes.iter().enumerate().filter(|(_, lane)| !lane.jobs.is_empty());
        let (number, _) = with_work.min_by_key(|(_, lane)| lane.served)?;
        let lane = self.lanes.get_mut(number)?;
        let (_, waiting) = lane.jobs.pop_first()?;
        lane.work = lane.work.saturating_sub(waiting.estimate.usual);
        if let Some(busy) = self.busy_until.get_mut(worker) {
            *busy = Some(now + waiting.estimate.usual);
        }
        Some(Taken { job: waiting.job, lane: number })
    }

    /// A worker is free again.
    pub fn done(&mut self, worker: usize, lane: usize, taken: Duration) {
        if let Some(busy) = self.busy_until.get_mut(worker) {
            *busy = None;
        }
        if let Some(lane) = self.lanes.get_mut(lane) {
            lane.served += taken;
        }
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.lanes.iter().map(|lane| lane.jobs.len()).sum()
    }

    /// How long a newcomer of that lane would wait, at most: for what is being done, for its own lane, and for as
    /// much of the other one.
    fn wait(&self, lane: usize, now: Instant) -> Duration {
        if self.waiting() < self.busy_until.iter().filter(|busy| busy.is_none()).count() {
            return Duration::ZERO;
        }
        let running = self.busy_until.iter().flatten().map(|until| until.saturating_duration_since(now));
        let all: Duration = self.lanes.iter().map(|lane| lane.work).sum();
        let own = self.lanes.get(lane).map_or(Duration::ZERO, |lane| lane.work);
        let workers = u32::try_from(self.busy_until.len()).unwrap_or(u32::MAX).max(1);
        (running.sum::<Duration>() + all.min(own * 2)) / workers
    }

    /// A lane that was empty does not get the time that it did not need.
    fn wake_lane(&mut self, number: usize) {
        let most = self.lanes.iter().map(|lane| lane.served).max().unwrap_or_default();
        if let Some(lane) = self.lanes.get_mut(number).filter(|lane| lane.jobs.is_empty()) {
            lane.served = lane.served.max(most);
        }
    }

    /// Those with the nearest deadlines are the first that can't be met.
    fn throw_out(&mut self, now: Instant) {
        for lane in &mut self.lanes {
            while let Some(first) = lane.jobs.first_entry() {
                let estimate = first.get().estimate.usual;
                if now + estimate <= first.key().0 {
                    break;
                }
                first.remove();
                lane.work = lane.work.saturating_sub(estimate);
            }
        }
    }
}

impl<J> Taken<J> {
    /// By which lane it came.
    pub fn lane(&self) -> usize {
        self.lane
    }
}

fn lane_of(estimate: Estimate) -> usize {
    usize::from(estimate.usual > CHEAP)
}
