//! Chance, from a seed. A draw depends on what it is for, on the operation and on how many came before of the same
//! operation, and on nothing else: requests of other operations, and their order, change nothing.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

/// The source of all draws.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dice {
    seed: u64,
}

impl Dice {
    /// The dice of a seed.
    pub fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The stream for the n-th of its kind.
    pub fn stream(self, purpose: &str, about: &str, number: u64) -> ChaCha8Rng {
        let mut digest = Sha256::new();
        digest.update(self.seed.to_le_bytes());
        digest.update(purpose);
        digest.update([0]);
        digest.update(about);
        let mut stream = ChaCha8Rng::from_seed(digest.finalize().into());
        stream.set_stream(number);
        stream
    }

    /// A number from 0 up to, but without, 1.
    pub fn share(self, purpose: &str, about: &str, number: u64) -> f64 {
        self.stream(purpose, about, number).random()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_is_known_by_seed_purpose_subject_and_number() {
        let draw = |seed, purpose, about, number| Dice::new(seed).share(purpose, about, number).to_bits();
        let one = draw(1, "lag", "00u1", 0);
        assert_eq!(draw(1, "lag", "00u1", 0), one);
        for other in [
            draw(2, "lag", "00u1", 0),
            draw(1, "la", "g00u1", 0),
            draw(1, "lag", "00u2", 0),
            draw(1, "lag", "00u1", 1),
        ] {
            assert_ne!(other, one);
        }
    }
}
