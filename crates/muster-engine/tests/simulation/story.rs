//! What happened when, for those who replay one seed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::time::Instant;

/// Tells on standard error, if anybody wants to hear it.
#[derive(Clone, Debug)]
pub struct Story {
    told: bool,
    begun: Instant,
    faults: Arc<AtomicU64>,
}

impl Story {
    /// A story that begins now.
    pub fn begin(told: bool) -> Self {
        Self { told, begun: Instant::now(), faults: Arc::default() }
    }

    /// Seconds since it began, to the millisecond.
    pub fn now(&self) -> f64 {
        self.begun.elapsed().as_secs_f64()
    }

    /// Something happened.
    #[expect(clippy::print_stderr, reason = "somebody asked for the story")]
    pub fn tell(&self, what: impl FnOnce() -> String) {
        if self.told {
            eprintln!("{:10.3}  {}", self.now(), what());
        }
    }

    /// Something went wrong with a request.
    pub fn fault(&self, what: impl FnOnce() -> String) {
        self.faults.fetch_add(1, Ordering::Relaxed);
        self.tell(what);
    }

    /// How often something went wrong with a request.
    pub fn faults(&self) -> u64 {
        self.faults.load(Ordering::Relaxed)
    }
}
