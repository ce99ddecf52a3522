//! Chance: one stream of numbers for each thing that is left to it, so that more throws of the one change nothing of
//! the other.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// What chance decides on.
#[derive(Clone, Copy, Debug)]
pub enum About {
    /// How the world is.
    World = 1,
    /// Who is to be moved.
    Crowd,
    /// The way between us and the org.
    Wire,
    /// The commits of the books.
    Office,
    /// What others do.
    Strangers,
    /// When processes die.
    Doom,
}

/// Dice for one thing. Clones throw from the same row of numbers.
#[derive(Clone, Debug)]
pub struct Dice(Arc<Mutex<ChaCha8Rng>>);

impl Dice {
    /// Those of a world.
    pub fn of(seed: u64, about: About) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(about as u64);
        Self(Arc::new(Mutex::new(rng)))
    }

    fn rng<T>(&self, throw: impl FnOnce(&mut ChaCha8Rng) -> T) -> T {
        throw(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A number from `least` to `most`.
    pub fn between(&self, least: u64, most: u64) -> u64 {
        self.rng(|rng| rng.random_range(least..=most))
    }

    /// A number below `end`, which is not 0.
    pub fn below(&self, end: usize) -> usize {
        self.rng(|rng| rng.random_range(0..end))
    }

    /// True in so many of a thousand cases.
    pub fn per_mille(&self, cases: u64) -> bool {
        self.between(0, 999) < cases
    }

    /// One of them.
    pub fn pick<T: Clone>(&self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    /// A number up to `most` whose magnitude is even: small ones are as frequent as large ones.
    pub fn scaled(&self, most: u64) -> u64 {
        let magnitude = self.between(0, u64::from(most.max(1).ilog2()));
        self.between(0, most.min((2 << magnitude) - 1))
    }

    /// A length of time.
    pub fn time(&self, least: Duration, most: Duration) -> Duration {
        let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Duration::from_millis(self.between(milliseconds(least), milliseconds(most)))
    }

    /// A seed for something else.
    pub fn seed(&self) -> u64 {
        self.rng(RngExt::random)
    }
}
