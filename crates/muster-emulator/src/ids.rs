//! Ids and tokens, from a seed.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A source of ids. Every start of an org draws from another stream, so that none comes twice.
#[derive(Debug)]
pub(crate) struct Ids(ChaCha8Rng);

impl Ids {
    /// A source for the given start of the org.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        dice.set_stream(stream);
        Self(dice)
    }

    /// An id of 20 characters with a prefix such as `00u`.
    pub fn id(&mut self, prefix: &str) -> String {
        self.token(prefix, 20)
    }

    /// A token of so many characters.
    pub fn token(&mut self, prefix: &str, length: usize) -> String {
        let mut token = String::with_capacity(length);
        token.push_str(prefix);
        while token.len() < length {
            token.push(char::from(LETTERS[self.0.random_range(0..LETTERS.len())]));
        }
        token
    }

    /// A salt.
    pub fn salt(&mut self) -> [u8; 16] {
        self.0.random()
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: u32) -> u32 {
        self.0.random_range(0..limit.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_repeat_with_the_seed_and_differ_with_the_stream() {
        assert_eq!(Ids::new(7, 1).id("00u"), Ids::new(7, 1).id("00u"));
        assert_ne!(Ids::new(7, 1).id("00u"), Ids::new(7, 2).id("00u"));
        assert_eq!(Ids::new(7, 1).id("00u").len(), 20);
    }
}
