//! `$y$`: its parameters, which are numbers of varying length in crypt's own base 64.

use super::binary::{crypt64_digit, is_crypt64};
use super::ceiling;

/// The last flavour there is. That of every yescrypt that crypt(3) writes is 47, the `j`.
const LAST_FLAVOUR: u32 = 2 + (0x3fc >> 2);

/// What is wrong with it, if anything is.
pub(super) fn fault_of(text: &str) -> Option<String> {
    let form = || Some("expected $y$, the parameters, a salt and 43 characters between $".to_owned());
    let mut parts = text.strip_prefix("$y$").unwrap_or_default().split('$');
    let (Some(params), Some(salt), Some(value), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return form();
    };
    if salt.is_empty() || !is_crypt64(salt) {
        return form();
    }
    params_fault(params).or_else(|| ceiling::crypt_salt(salt, 86)).or_else(|| ceiling::crypt_text(value, 43))
}

fn params_fault(params: &str) -> Option<String> {
    let Some(params) = Params::read(params) else {
        return Some("found parameters that can't be read".to_owned());
    };
    let log_n = u8::try_from(params.log_n).unwrap_or(u8::MAX);
    // A pass more over the memory costs what one more in parallel does.
    ceiling::scrypt(log_n, params.r, params.p.saturating_mul(params.t.saturating_add(1)))
}

struct Params {
    log_n: u32,
    r: u32,
    p: u32,
    t: u32,
}

impl Params {
    fn read(text: &str) -> Option<Self> {
        let mut bytes = text.bytes();
        let flavour = number(&mut bytes, 0)?;
        if flavour > LAST_FLAVOUR {
            return None;
        }
        let mut params = Self { log_n: number(&mut bytes, 1)?, r: number(&mut bytes, 1)?, p: 1, t: 0 };
        if bytes.len() == 0 {
            return Some(params);
        }
        let have = number(&mut bytes, 1)?;
        if have & 1 != 0 {
            params.p = number(&mut bytes, 2)?;
        }
        if have & 2 != 0 {
            params.t = number(&mut bytes, 1)?;
        }
        // Upgrades of the hash and a ROM in the memory of the server are not what crypt(3) writes.
        (have < 4 && bytes.len() == 0).then_some(params)
    }
}

/// One number: the first character says how many follow, and what all smaller ones have covered is added.
fn number(bytes: &mut impl Iterator<Item = u8>, least: u32) -> Option<u32> {
    let first = crypt64_digit(bytes.next()?)?;
    let (mut start, mut end, mut bits, mut number) = (0u32, 47u32, 0u32, least);
    while first > end {
        number = number.checked_add((end + 1 - start).checked_shl(bits)?)?;
        start = end + 1;
        end = start + (62 - end) / 2;
        bits += 6;
    }
    number = number.checked_add((first - start).checked_shl(bits)?)?;
    while bits > 0 {
        bits -= 6;
        number = number.checked_add(crypt64_digit(bytes.next()?)?.checked_shl(bits)?)?;
    }
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_of_crypt_is_16_mebibytes() {
        let params = Params::read("j9T").unwrap();
        assert_eq!((params.log_n, params.r, params.p, params.t), (12, 32, 1, 0));
        assert!(params_fault("j9T").is_none());
    }

    #[test]
    fn a_cost_beyond_the_ceiling_is_a_fault() {
        assert!(params_fault("jJT").unwrap().contains("MiB"), "two to the power of 22, r 32");
        assert!(Params::read("").is_none());
        assert!(Params::read("j9").is_none());
        assert!(Params::read("j9T\u{e4}").is_none());
    }
}
