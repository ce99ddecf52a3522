//! Who gets which name. Names are dealt like cards: all pairs of a first and a last name go out once before any
//! goes out again, so logins are unique without a list of those that are taken.

use crate::names::{FIRST, LAST};

/// The names of one person.
pub(crate) struct Hand {
    pub(crate) first: &'static str,
    pub(crate) last: &'static str,
    /// How often this pair went out before.
    pub(crate) lap: u64,
}

/// Rounds of the shuffle.
const ROUNDS: u64 = 4;

/// Deals to the person with this number.
pub(crate) fn deal(seed: u64, index: u64) -> Hand {
    let firsts = size(FIRST);
    let pairs = firsts * size(LAST);
    let (lap, card) = (index / pairs, index % pairs);
    let pair = shuffled(seed ^ mixed(lap), card, pairs);
    Hand { first: entry(FIRST, pair % firsts), last: entry(LAST, pair / firsts), lap }
}

/// The place of a card after shuffling a stack: a Feistel network over the next power of four, walked on until
/// it ends within the stack.
fn shuffled(key: u64, card: u64, stack: u64) -> u64 {
    let half = (u64::BITS - stack.leading_zeros()).div_ceil(2);
    let mask = (1 << half) - 1;
    let mut place = card;
    loop {
        let (mut left, mut right) = (place >> half, place & mask);
        for round in 0..ROUNDS {
            (left, right) = (right, left ^ (mixed(key ^ mixed(right) ^ round) & mask));
        }
        place = left << half | right;
        if place < stack {
            return place;
        }
    }
}

/// The finaliser of `SplitMix64`.
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

fn size(list: &[&str]) -> u64 {
    u64::try_from(list.len()).unwrap_or(u64::MAX)
}

fn entry(list: &[&'static str], at: u64) -> &'static str {
    usize::try_from(at).ok().and_then(|at| list.get(at)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_shuffle_loses_no_card() {
        for stack in [1, 2, 3, 16, 17, 1000] {
            let places: BTreeSet<u64> = (0..stack).map(|card| shuffled(7, card, stack)).collect();
            assert_eq!(places, (0..stack).collect());
        }
    }

    #[test]
    fn the_second_lap_starts_when_all_pairs_are_out() {
        let pairs = size(FIRST) * size(LAST);
        assert_eq!(deal(1, pairs - 1).lap, 0);
        assert_eq!(deal(1, pairs).lap, 1);
        assert_ne!((deal(1, 0).first, deal(1, 0).last), (deal(1, pairs).first, deal(1, pairs).last));
    }
}
