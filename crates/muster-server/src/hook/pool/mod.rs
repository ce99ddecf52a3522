//! Threads that do nothing but verify. A verification takes up to a third of a second of a processor: it must not
//! stand in the way of the calls that come in.

mod estimates;
mod form;
mod memory;
mod queue;
#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use muster_core::secret::Secret;
use muster_core::stored::StoredHash;
use tokio::sync::oneshot;

pub use estimates::{Estimate, Estimates};
pub use form::Form;
use memory::Memory;
pub use queue::Queue;

use super::locked;
use super::verifier::Verifier;
use crate::error::ServerError;

/// How much is done at once.
#[derive(Clone, Copy, Debug)]
pub struct PoolSettings {
    /// So many threads verify.
    pub workers: usize,
    /// So many calls wait at most, however cheap they are.
    pub queue: usize,
    /// So many bytes are taken by verifications together, at most.
    pub memory: u64,
    /// What takes less is done at once, by whoever asks: handing it over would cost more.
    pub at_once_below: Duration,
}

impl Default for PoolSettings {
    fn default() -> Self {
        let workers = thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self { workers, queue: 4096, memory: 1 << 30, at_once_below: Duration::from_micros(50) }
    }
}

/// Why nothing was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotVerified {
    /// It could not have been done in time.
    Overloaded,
    /// The verification itself broke down.
    Broken,
}

/// The threads and their queue.
pub struct Pool {
    shared: Arc<Shared>,
    at_once_below: Duration,
    threads: Vec<JoinHandle<()>>,
}

struct Shared {
    queue: Mutex<Work>,
    wake: Condvar,
    estimates: Estimates,
    memory: Memory,
    verifier: Verifier,
}

struct Work {
    queue: Queue<Job>,
    is_closed: bool,
}

struct Job {
    stored: StoredHash,
    secret: Secret,
    form: Form,
    bytes: u64,
    reply: oneshot::Sender<Option<bool>>,
}

impl Pool {
    /// Starts the threads.
    pub fn start(settings: PoolSettings, verifier: Verifier) -> Result<Self, ServerError> {
        let workers = settings.workers.max(1);
        let queue = Queue::new(workers, settings.queue.max(1));
        let shared = Arc::new(Shared {
            queue: Mutex::new(Work { queue, is_closed: false }),
            wake: Condvar::new(),
            estimates: Estimates::default(),
            memory: Memory::new(settings.memory),
            verifier,
        });
        let mut pool = Self { shared, at_once_below: settings.at_once_below, threads: Vec::new() };
        for number in 0..workers {
            let shared = Arc::clone(&pool.shared);
            let thread = thread::Builder::new().name(format!("verify-{number}"));
            let thread = thread.spawn(move || shared.work(number)).map_err(ServerError::Thread)?;
            pool.threads.push(thread);
        }
        Ok(pool)
    }

    /// Whether the password is right, by the deadline or not at all.
    pub async fn verify(
        &self,
        stored: StoredHash,
        secret: Secret,
        deadline: tokio::time::Instant,
    ) -> Result<bool, NotVerified> {
        let form = Form::of(&stored);
        let bytes = muster_passwords::cost(&stored).memory_bytes;
        if !self.shared.memory.can_hold(bytes) {
            tracing::warn!("a {form:?} takes {} MiB, which is more than memory_mib", bytes >> 20);
            return Err(NotVerified::Overloaded);
        }
        let estimate = self.shared.estimates.of(&form);
        if estimate.usual < self.at_once_below {
            return self.shared.verify(&form, &stored, &secret).ok_or(NotVerified::Broken);
        }
        let (reply, verified) = oneshot::channel();
        let job = Job { stored, secret, form, bytes, reply };
        let (now, until) = (Instant::now(), deadline.into_std());
        let entered = locked(&self.shared.queue).queue.enter(job, estimate, now, until);
        entered.map_err(|job| {
            self.shared.estimates.doubt(&job.form, until.saturating_duration_since(now));
            NotVerified::Overloaded
        })?;
        self.shared.wake.notify_one();
        match tokio::time::timeout_at(deadline, verified).await {
            Ok(Ok(verified)) => verified.ok_or(NotVerified::Broken),
            Ok(Err(_)) | Err(_) => Err(NotVerified::Overloaded),
        }
    }

    /// How many calls wait for a worker.
    pub fn waiting(&self) -> usize {
        locked(&self.shared.queue).queue.waiting()
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        locked(&self.shared.queue).is_closed = true;
        self.shared.wake.notify_all();
        for thread in self.threads.drain(..) {
            // A worker that broke down has said so.
            drop(thread.join());
        }
    }
}

impl Shared {
    fn work(&self, number: usize) {
        step_back();
        while let Some(taken) = self.next(number) {
            let started = Instant::now();
            let lane = taken.lane();
            let Job { stored, secret, form, bytes, reply } = taken.job;
            let _held = self.memory.hold(bytes);
            if !reply.is_closed() {
                // Whoever asked may have gone.
                let _ = reply.send(self.verify(&form, &stored, &secret));
            }
            locked(&self.queue).queue.done(number, lane, started.elapsed());
        }
    }

    /// Waits for a job; none when it is over.
    fn next(&self, worker: usize) -> Option<queue::Taken<Job>> {
        let mut work = locked(&self.queue);
        loop {
            if let Some(taken) = work.queue.take(worker, Instant::now()) {
                return Some(taken);
            }
            if work.is_closed {
                return None;
            }
            work = self.wake.wait(work).unwrap_or_else(std::sync::PoisonError::into_inner);
        }
    }

    /// None if it broke down, which ends that verification and nothing else.
    fn verify(&self, form: &Form, stored: &StoredHash, secret: &Secret) -> Option<bool> {
        let started = Instant::now();
        let verify = || (self.verifier.verify)(secret.reveal(), stored);
        let verified = catch_unwind(AssertUnwindSafe(verify));
        self.estimates.note(form, started.elapsed());
        verified.inspect_err(|_| tracing::error!("the verification of a {form:?} broke down")).ok()
    }
}

/// Those who take calls in and send answers out go first, whatever there is to verify.
#[cfg(target_os = "linux")]
fn step_back() {
    // Where the system does not allow it, the workers share alike.
    let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), 5);
}

/// Those who take calls in and send answers out go first: not known how, here.
#[cfg(not(target_os = "linux"))]
fn step_back() {}
