//! DES, as the first `crypt` bent it: the salt swaps bits of the expanded half, and 25 or more encryptions follow
//! each other. No library that is still kept has it. It is no cipher to encrypt anything with.

/// Initial permutation; bits are counted from 1, the highest first, as in the standard. So are all tables here.
const IP: [u8; 64] = [
    58, 50, 42, 34, 26, 18, 10, 2, 60, 52, 44, 36, 28, 20, 12, 4, 62, 54, 46, 38, 30, 22, 14, 6, 64, 56, 48,
    40, 32, 24, 16, 8, 57, 49, 41, 33, 25, 17, 9, 1, 59, 51, 43, 35, 27, 19, 11, 3, 61, 53, 45, 37, 29, 21,
    13, 5, 63, 55, 47, 39, 31, 23, 15, 7,
];
/// Final permutation.
const FP: [u8; 64] = [
    40, 8, 48, 16, 56, 24, 64, 32, 39, 7, 47, 15, 55, 23, 63, 31, 38, 6, 46, 14, 54, 22, 62, 30, 37, 5, 45,
    13, 53, 21, 61, 29, 36, 4, 44, 12, 52, 20, 60, 28, 35, 3, 43, 11, 51, 19, 59, 27, 34, 2, 42, 10, 50, 18,
    58, 26, 33, 1, 41, 9, 49, 17, 57, 25,
];
/// The bits of the key that count.
const PC1: [u8; 56] = [
    57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44,
    36, 63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20,
    12, 4,
];
/// The bits of a round's key.
const PC2: [u8; 48] = [
    14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52, 31, 37,
    47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
];
/// How far the halves of the key turn before each round.
const TURNS: [u32; 16] = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1];
/// Half a round's permutation.
const P: [u8; 32] = [
    16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6,
    22, 11, 4, 25,
];
/// The eight boxes, in rows of 16: outer bits choose the row, inner bits the column.
const BOXES: [[u8; 64]; 8] = [
    [
        14, 4, 13, 1, 2, 15, 11, 8, 3, 10, 6, 12, 5, 9, 0, 7, 0, 15, 7, 4, 14, 2, 13, 1, 10, 6, 12, 11, 9, 5,
        3, 8, 4, 1, 14, 8, 13, 6, 2, 11, 15, 12, 9, 7, 3, 10, 5, 0, 15, 12, 8, 2, 4, 9, 1, 7, 5, 11, 3, 14,
        10, 0, 6, 13,
    ],
    [
        15, 1, 8, 14, 6, 11, 3, 4, 9, 7, 2, 13, 12, 0, 5, 10, 3, 13, 4, 7, 15, 2, 8, 14, 12, 0, 1, 10, 6, 9,
        11, 5, 0, 14, 7, 11, 10, 4, 13, 1, 5, 8, 12, 6, 9, 3, 2, 15, 13, 8, 10, 1, 3, 15, 4, 2, 11, 6, 7, 12,
        0, 5, 14, 9,
    ],
    [
        10, 0, 9, 14, 6, 3, 15, 5, 1, 13, 12, 7, 11, 4, 2, 8, 13, 7, 0, 9, 3, 4, 6, 10, 2, 8, 5, 14, 12, 11,
        15, 1, 13, 6, 4, 9, 8, 15, 3, 0, 11, 1, 2, 12, 5, 10, 14, 7, 1, 10, 13, 0, 6, 9, 8, 7, 4, 15, 14, 3,
        11, 5, 2, 12,
    ],
    [
        7, 13, 14, 3, 0, 6, 9, 10, 1, 2, 8, 5, 11, 12, 4, 15, 13, 8, 11, 5, 6, 15, 0, 3, 4, 7, 2, 12, 1, 10,
        14, 9, 10, 6, 9, 0, 12, 11, 7, 13, 15, 1, 3, 14, 5, 2, 8, 4, 3, 15, 0, 6, 10, 1, 13, 8, 9, 4, 5, 11,
        12, 7, 2, 14,
    ],
    [
        2, 12, 4, 1, 7, 10, 11, 6, 8, 5, 3, 15, 13, 0, 14, 9, 14, 11, 2, 12, 4, 7, 13, 1, 5, 0, 15, 10, 3, 9,
        8, 6, 4, 2, 1, 11, 10, 13, 7, 8, 15, 9, 12, 5, 6, 3, 0, 14, 11, 8, 12, 7, 1, 14, 2, 13, 6, 15, 0, 9,
        10, 4, 5, 3,
    ],
    [
        12, 1, 10, 15, 9, 2, 6, 8, 0, 13, 3, 4, 14, 7, 5, 11, 10, 15, 4, 2, 7, 12, 9, 5, 6, 1, 13, 14, 0, 11,
        3, 8, 9, 14, 15, 5, 2, 8, 12, 3, 7, 0, 4, 10, 1, 13, 11, 6, 4, 3, 2, 12, 9, 5, 15, 10, 11, 14, 1, 7,
        6, 0, 8, 13,
    ],
    [
        4, 11, 2, 14, 15, 0, 8, 13, 3, 12, 9, 7, 5, 10, 6, 1, 13, 0, 11, 7, 4, 9, 1, 10, 14, 3, 5, 12, 2, 15,
        8, 6, 1, 4, 11, 13, 12, 3, 7, 14, 10, 15, 6, 8, 0, 5, 9, 2, 6, 11, 13, 8, 1, 4, 10, 7, 9, 5, 0, 15,
        14, 2, 3, 12,
    ],
    [
        13, 2, 8, 4, 6, 15, 11, 1, 10, 9, 3, 14, 5, 0, 12, 7, 1, 15, 13, 8, 10, 3, 7, 4, 12, 5, 6, 11, 0, 14,
        9, 2, 7, 11, 4, 1, 9, 12, 14, 2, 0, 6, 10, 13, 15, 3, 5, 8, 2, 1, 14, 7, 4, 10, 8, 13, 15, 12, 9, 0,
        3, 5, 6, 11,
    ],
];
/// The boxes with the permutation after them.
static BOXED: [[u32; 64]; 8] = boxed();

/// The keys of the 16 rounds, each as two halves of 24 bits.
pub(crate) struct Schedule([(u32, u32); 16]);

impl Schedule {
    /// The keys of a key of eight bytes; the lowest bit of each byte does not count.
    pub(crate) fn of(key: u64) -> Self {
        let chosen = permuted(key, 64, &PC1);
        let (mut left, mut right) = (high28(chosen), low28(chosen));
        Self(TURNS.map(|turn| {
            (left, right) = (turned(left, turn), turned(right, turn));
            let round = permuted(u64::from(left) << 28 | u64::from(right), 56, &PC2);
            (low24(round >> 24), low24(round))
        }))
    }

    /// A block, encrypted as many times. `salt` has 24 bits, the lowest for the first bit of a half.
    pub(crate) fn encrypted(&self, block: u64, salt: u32, times: u32) -> u64 {
        let swaps = salt.reverse_bits() >> 8;
        let start = permuted(block, 64, &IP);
        let (mut left, mut right) = (low32(start >> 32), low32(start));
        // The final permutation of one encryption and the first of the next undo each other.
        for _ in 0..times {
            for key in &self.0 {
                (left, right) = (right, left ^ mixed(right, *key, swaps));
            }
            (left, right) = (right, left);
        }
        permuted(u64::from(left) << 32 | u64::from(right), 64, &FP)
    }
}

impl Drop for Schedule {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.0);
    }
}

/// What a round does with a half.
fn mixed(half: u32, (key_left, key_right): (u32, u32), swaps: u32) -> u32 {
    let left = (half & 1) << 23
        | (half & 0xf800_0000) >> 9
        | (half & 0x1f80_0000) >> 11
        | (half & 0x01f8_0000) >> 13
        | (half & 0x001f_8000) >> 15;
    let right = (half & 0x0001_f800) << 7
        | (half & 0x0000_1f80) << 5
        | (half & 0x0000_01f8) << 3
        | (half & 0x0000_001f) << 1
        | half >> 31;
    let swapped = (left ^ right) & swaps;
    boxes(left ^ swapped ^ key_left, 0) | boxes(right ^ swapped ^ key_right, 4)
}

/// Four boxes over 24 bits. The six bits behind each mask are below 64, so no index is out of bounds.
fn boxes(bits: u32, from: usize) -> u32 {
    BOXED[from][(bits >> 18 & 63) as usize]
        | BOXED[from + 1][(bits >> 12 & 63) as usize]
        | BOXED[from + 2][(bits >> 6 & 63) as usize]
        | BOXED[from + 3][(bits & 63) as usize]
}

const fn boxed() -> [[u32; 64]; 8] {
    let mut all = [[0; 64]; 8];
    let mut box_at = 0;
    while box_at < 8 {
        let mut bits = 0;
        while bits < 64 {
            let place = (bits >> 4 & 2 | bits & 1) << 4 | bits >> 1 & 15;
            all[box_at][bits] = spread((BOXES[box_at][place] as u32) << (28 - 4 * box_at));
            bits += 1;
        }
        box_at += 1;
    }
    all
}

/// The permutation at the end of a round.
const fn spread(half: u32) -> u32 {
    let (mut spread, mut at) = (0, 0);
    while at < 32 {
        spread = spread << 1 | half >> (32 - P[at] as u32) & 1;
        at += 1;
    }
    spread
}

/// The bits of a number of `width` bits that a table names, in its order.
fn permuted(bits: u64, width: u32, table: &[u8]) -> u64 {
    table.iter().fold(0, |all, at| all << 1 | bits >> (width - u32::from(*at)) & 1)
}

fn turned(half: u32, by: u32) -> u32 {
    (half << by | half >> (28 - by)) & 0x0fff_ffff
}

fn low32(bits: u64) -> u32 {
    (bits & 0xffff_ffff) as u32
}

fn low28(bits: u64) -> u32 {
    low32(bits & 0x0fff_ffff)
}

fn high28(bits: u64) -> u32 {
    low28(bits >> 28)
}

fn low24(bits: u64) -> u32 {
    low32(bits & 0x00ff_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_des_gives_the_published_blocks() {
        for (key, block, encrypted) in [
            (0x1334_5779_9bbc_dff1, 0x0123_4567_89ab_cdef, 0x85e8_1354_0f0a_b405),
            (0x0e32_9232_ea6d_0d73, 0x8787_8787_8787_8787, 0),
        ] {
            assert_eq!(Schedule::of(key).encrypted(block, 0, 1), encrypted);
        }
    }
}
