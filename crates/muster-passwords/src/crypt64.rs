//! The base 64 of `crypt`: `./0-9A-Za-z`, low bits first.

use muster_core::stored::Bytes;
use zeroize::Zeroizing;

/// The letters.
const LETTERS: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The letter of six bits; higher bits don't count.
pub(crate) fn letter(bits: u32) -> char {
    char::from(LETTERS.get((bits & 63) as usize).copied().unwrap_or(b'.'))
}

/// The six bits of a letter.
pub(crate) fn bits(letter: u8) -> Option<u32> {
    Some(match letter {
        b'.' | b'/' => u32::from(letter - b'.'),
        b'0'..=b'9' => u32::from(letter - b'0') + 2,
        b'A'..=b'Z' => u32::from(letter - b'A') + 12,
        b'a'..=b'z' => u32::from(letter - b'a') + 38,
        _ => return None,
    })
}

/// The number that a few letters stand for, the lowest six bits first.
pub(crate) fn number(letters: &[u8]) -> Option<u32> {
    letters.iter().rev().try_fold(0, |number, letter| Some(number << 6 | bits(*letter)?))
}

/// Bytes as letters, three to four, low bits first.
pub(crate) fn encode(bytes: impl IntoIterator<Item = u8>) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(88));
    let (mut held, mut width) = (0, 0);
    for byte in bytes {
        held |= u32::from(byte) << width;
        width += 8;
        while width >= 6 {
            text.push(letter(held));
            held >>= 6;
            width -= 6;
        }
    }
    if width > 0 {
        text.push(letter(held));
    }
    text
}

/// The bytes in an order of their own; an index beyond them is left out.
pub(crate) fn encode_in_order(bytes: &[u8], order: &[u8]) -> Zeroizing<String> {
    encode(order.iter().filter_map(|at| bytes.get(usize::from(*at)).copied()))
}

/// The bytes behind letters; bits left over at the end must be 0.
pub(crate) fn decode(text: &str) -> Option<Bytes> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let (mut held, mut width) = (0, 0);
    for letter in text.bytes() {
        held |= bits(letter)? << width;
        width += 6;
        if width >= 8 {
            bytes.push((held & 0xff) as u8);
            held >>= 8;
            width -= 8;
        }
    }
    (held == 0 && width < 6).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_bits_are_each_other() {
        for number in 0..64 {
            assert_eq!(bits(u8::try_from(letter(number)).expect("ASCII")), Some(number));
        }
        assert_eq!((bits(b'$'), bits(b'-'), bits(b'\xe4')), (None, None, None));
        assert_eq!(number(b"J9.."), Some(725));
    }

    #[test]
    fn bytes_come_back() {
        for size in 0..20 {
            let bytes: Vec<u8> = (0..size).map(|at: u8| at.wrapping_mul(37) ^ 0xc8).collect();
            assert_eq!(*decode(&encode(bytes.iter().copied())).expect("letters"), bytes);
        }
        assert!(decode("z").is_none() && decode("zz").is_none());
    }
}
