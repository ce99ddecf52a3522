//! scrypt.

use muster_core::stored::Bytes;
use scrypt::Params;
use zeroize::Zeroizing;

use crate::ceilings::{MAX_SCRYPT_MEMORY, MAX_SCRYPT_WORK, MAX_VALUE};

/// The key of `size` bytes; none for parameters beyond the ceilings or the definition.
pub(crate) fn value(secret: &str, salt: &[u8], log_n: u8, r: u32, p: u32, size: usize) -> Option<Bytes> {
    if size > MAX_VALUE || !is_bearable(log_n, r, p) {
        return None;
    }
    let params = Params::new(log_n, r, p).ok()?;
    let mut key = Zeroizing::new(vec![0; size]);
    scrypt::scrypt(secret.as_bytes(), salt, &params, &mut key).ok().map(|()| key)
}

/// Whether memory and time stay below the ceilings; the memory is 128 × N × r, the lanes go one after the other.
pub(crate) fn is_bearable(log_n: u8, r: u32, p: u32) -> bool {
    let memory = memory(log_n, r);
    let lanes = 128_u64.saturating_mul(r.into()).saturating_mul(p.into());
    (1..64).contains(&log_n)
        && (1..=1 << 20).contains(&r)
        && p >= 1
        && lanes <= MAX_SCRYPT_MEMORY
        && memory <= MAX_SCRYPT_MEMORY
        && memory.saturating_mul(p.into()) <= MAX_SCRYPT_WORK
}

/// The bytes that one lane fills.
pub(crate) fn memory(log_n: u8, r: u32) -> u64 {
    1_u64.checked_shl(log_n.into()).map_or(u64::MAX, |n| n.saturating_mul(128).saturating_mul(r.into()))
}
