//! The dice of one person.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// Chance that depends on the seed and the number of the person alone.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice of the person with this number.
    pub(crate) fn of(seed: u64, index: u64) -> Self {
        let mut key = *b"................muster people v1";
        let numbers = seed.to_le_bytes().into_iter().chain(index.to_le_bytes());
        for (place, byte) in key.iter_mut().zip(numbers) {
            *place = byte;
        }
        Self(ChaCha8Rng::from_seed(key))
    }

    /// A number below `bound`; 0 when there is none.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).min(u64::from(u32::MAX));
        let scaled = (u64::from(self.0.next_u32()) * bound) >> 32;
        usize::try_from(scaled).unwrap_or_default()
    }

    /// One entry of a list; the default when it is empty.
    pub(crate) fn pick<T: Copy + Default>(&mut self, list: &[T]) -> T {
        let at = self.below(list.len());
        list.get(at).copied().unwrap_or_default()
    }

    /// Random bytes, for a salt.
    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }
}
