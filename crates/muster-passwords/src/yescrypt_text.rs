//! `$y$`, taken apart and computed.

use muster_core::stored::Bytes;
use yescrypt::{Mode, Params};
use zeroize::Zeroizing;

use crate::ceilings::{MAX_SCRYPT_MEMORY, MAX_SCRYPT_WORK, MAX_YESCRYPT_TIME};
use crate::crypt64;

/// The bytes of a hash: 43 characters.
const VALUE: usize = 32;

/// The three parts of a text: parameters, salt, hash.
pub(crate) fn parts(text: &str) -> Option<[&str; 3]> {
    let (params, rest) = text.strip_prefix("$y$")?.split_once('$')?;
    let (salt, hash) = rest.split_once('$')?;
    Some([params, salt, hash])
}

/// The hash that is written in a text, as bytes.
pub(crate) fn written(text: &str) -> Option<Bytes> {
    let [_, _, hash] = parts(text)?;
    crypt64::decode(hash).filter(|bytes| bytes.len() == VALUE)
}

/// The hash of a password with the parameters and the salt of a text.
pub(crate) fn value(secret: &str, text: &str) -> Option<Bytes> {
    let [params, salt, _] = parts(text)?;
    let (params, _) = bearable(params)?;
    let salt = crypt64::decode(salt)?;
    let mut hash = Zeroizing::new(vec![0; VALUE]);
    yescrypt::yescrypt(secret.as_bytes(), &salt, &params, &mut hash).ok().map(|()| hash)
}

/// The parameters, if they are below the ceilings, and the time parameter. The library tells all of them but
/// that one, so it is found by trying. It also overlooks what follows the parameters.
pub(crate) fn bearable(text: &str) -> Option<(Params, u32)> {
    let params: Params = text.parse().ok()?;
    let (n, r, p) = (params.n(), params.r(), params.p());
    let block = 128_u64.checked_mul(r.into())?;
    let memory = block.checked_mul(n)?;
    let lanes = block.checked_mul(p.into())?;
    if memory > MAX_SCRYPT_MEMORY || lanes > MAX_SCRYPT_MEMORY || params.to_string() != text {
        return None;
    }
    let (mode, time) = [Mode::Rw, Mode::Worm, Mode::Classic]
        .into_iter()
        .flat_map(|mode| (0..=MAX_YESCRYPT_TIME).map(move |time| (mode, time)))
        .find(|(mode, time)| {
            Params::new_with_all_params(*mode, n, r, p, *time, 0).is_ok_and(|same| same == params)
        })?;
    // Outside of the read-write mode every lane goes over all of the memory.
    let turns = if mode.is_rw() { 1 } else { p };
    (memory.checked_mul(turns.into())? <= MAX_SCRYPT_WORK).then_some((params, time))
}
