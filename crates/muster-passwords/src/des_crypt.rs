//! The first `crypt`, and BSDi's.

use muster_core::stored::Bytes;
use zeroize::Zeroizing;

use crate::ceilings::MAX_BSDI_ROUNDS;
use crate::crypt64;
use crate::des::Schedule;

/// Encryptions of the first crypt.
const ROUNDS: u32 = 25;

/// Salt and value of a text of 13 characters.
pub(crate) fn parts(text: &str) -> Option<(&str, &str)> {
    text.split_at_checked(2).filter(|(_, value)| is_value(value))
}

/// Rounds, salt and value of a text of 20 characters.
pub(crate) fn bsdi_parts(text: &str) -> Option<(&str, &str, &str)> {
    let (rounds, rest) = text.strip_prefix('_')?.split_at_checked(4)?;
    let (salt, value) = rest.split_at_checked(4)?;
    is_value(value).then_some((rounds, salt, value))
}

/// The 11 characters that the first crypt makes of eight characters of a password.
pub(crate) fn value(secret: &str, text: &str) -> Option<Bytes> {
    let (salt, _) = parts(text)?;
    let salt = crypt64::number(salt.as_bytes())?;
    // A zero would pass for the end of the password.
    let blocks = (!secret.contains('\0')).then(|| blocks(secret))?;
    let key = blocks.first().copied().unwrap_or_default();
    Some(written(Schedule::of(key).encrypted(0, salt, ROUNDS)))
}

/// The 11 characters that BSDi's crypt makes of a whole password.
pub(crate) fn bsdi_value(secret: &str, text: &str) -> Option<Bytes> {
    let (rounds, salt, _) = bsdi_parts(text)?;
    let (rounds, salt) = (crypt64::number(rounds.as_bytes())?, crypt64::number(salt.as_bytes())?);
    if secret.contains('\0') || !(1..=MAX_BSDI_ROUNDS).contains(&rounds) {
        return None;
    }
    let blocks = blocks(secret);
    let (first, rest) = blocks.split_first()?;
    let key = rest.iter().fold(*first, |key, block| Schedule::of(key).encrypted(key, 0, 1) ^ block);
    Some(written(Schedule::of(key).encrypted(0, salt, rounds)))
}

/// The rounds that a text of BSDi's asks for.
pub(crate) fn bsdi_rounds(text: &str) -> Option<u32> {
    bsdi_parts(text).and_then(|(rounds, _, _)| crypt64::number(rounds.as_bytes()))
}

/// Eight characters each as a key, at least one: seven bits of a character, the lowest bit of a byte is free.
fn blocks(secret: &str) -> Zeroizing<Vec<u64>> {
    let key = |piece: &[u8]| {
        let mut bytes = [0; 8];
        for (place, byte) in bytes.iter_mut().zip(piece) {
            *place = byte << 1;
        }
        u64::from_be_bytes(bytes)
    };
    let mut keys: Vec<u64> = secret.as_bytes().chunks(8).map(key).collect();
    if keys.is_empty() {
        keys.push(0);
    }
    Zeroizing::new(keys)
}

/// 64 bits as 11 characters, high bits first.
fn written(block: u64) -> Bytes {
    let bits = u128::from(block) << 2;
    let letter = |at: u32| crypt64::letter(u32::try_from(bits >> (60 - 6 * at) & 63).unwrap_or_default());
    Zeroizing::new((0..11).map(letter).collect::<String>().into_bytes())
}

fn is_value(value: &str) -> bool {
    value.len() == 11 && value.bytes().all(|letter| crypt64::bits(letter).is_some())
}
