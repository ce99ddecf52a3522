//! Where a run takes time and chance from: the machine, or a seed.
//!
//! With a simulated clock, dice from a seed and a source that is read in the same thread, a whole run is one
//! function of that seed.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use tokio::time::Instant;

/// Tells the time of day.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// This machine's.
    OfTheMachine,
    /// It was this time at that instant, and moves on with the runtime, which may be paused.
    Simulated(Timestamp, Instant),
}

impl Clock {
    /// What time it is.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::OfTheMachine => Timestamp::now(),
            Self::Simulated(start, since) => {
                let elapsed = SignedDuration::try_from(since.elapsed()).unwrap_or(SignedDuration::MAX);
                start.saturating_add(elapsed).unwrap_or(Timestamp::MAX)
            }
        }
    }
}

/// Dice that spread back-offs. Clones throw from the same row of numbers.
#[derive(Clone, Debug)]
pub struct Dice(Arc<Mutex<ChaCha8Rng>>);

impl Dice {
    /// Always the same throws.
    pub fn from_seed(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(ChaCha8Rng::seed_from_u64(seed))))
    }

    /// Throws that nobody foresees.
    pub fn of_the_machine() -> Self {
        Self::from_seed(rand::random())
    }

    /// A number in 0..1.
    pub fn throw(&self) -> f64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).random()
    }
}

/// Who reads the source while a run is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A thread of its own, ahead of the run.
    ThreadOfItsOwn,
    /// The run itself, when it needs a row.
    InTheRun,
}

/// All of it.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The time of day.
    pub clock: Clock,
    /// Chance.
    pub dice: Dice,
    /// The reader of the source.
    pub reading: Reading,
}

impl Surroundings {
    /// Those of the machine.
    pub fn of_the_machine() -> Self {
        Self { clock: Clock::OfTheMachine, dice: Dice::of_the_machine(), reading: Reading::ThreadOfItsOwn }
    }

    /// Those of a seed, where it is `start` now.
    pub fn simulated(seed: u64, start: Timestamp) -> Self {
        Self {
            clock: Clock::Simulated(start, Instant::now()),
            dice: Dice::from_seed(seed),
            reading: Reading::InTheRun,
        }
    }
}
