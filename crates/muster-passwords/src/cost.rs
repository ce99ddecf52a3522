//! What it costs to check one password.

use muster_core::stored::{Digest, StoredHash};

use crate::{des_crypt, scrypt_key, yescrypt_text};

/// An estimate, to compare hashes with one another and to shed load by. It holds within a factor of two or so on
/// a server's core of the years around 2020.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cost {
    /// Microseconds of one core, at least 1.
    pub work: u64,
    /// Bytes that are held while it lasts, beyond a few kilobytes.
    pub memory_bytes: u64,
}

/// What it costs to check one password against `stored`. Nothing is computed, and the ceilings don't count: what
/// is beyond them costs nothing in truth, because it is refused.
pub fn cost(stored: &StoredHash) -> Cost {
    let (nanoseconds, memory_bytes) = match stored {
        StoredHash::Peppered { hash, .. } => return cost(hash),
        StoredHash::Argon2 { memory, passes, .. } => {
            let blocks = u64::from(*memory);
            (
                blocks.saturating_mul((*passes).into()).saturating_mul(ARGON2_BLOCK),
                blocks.saturating_mul(1024),
            )
        }
        StoredHash::Scrypt { log_n, r, p, .. } => scrypt(*log_n, *r, *p),
        StoredHash::Firebase { project, .. } => scrypt(project.memory_cost, project.rounds, 1),
        StoredHash::Yescrypt(text) => yescrypt(text),
        slow => (nanoseconds(slow), 0),
    };
    Cost { work: (nanoseconds / 1000).max(1), memory_bytes }
}

/// Nanoseconds per block of Argon2 (1 KiB).
const ARGON2_BLOCK: u64 = 850;
/// Nanoseconds per 128 bytes that scrypt fills and reads again.
const SCRYPT_BLOCK: u64 = 260;
/// Nanoseconds per 128 bytes of yescrypt.
const YESCRYPT_BLOCK: u64 = 200;
/// Nanoseconds per round of bcrypt.
const BCRYPT_ROUND: u64 = 58_000;
/// Nanoseconds per encryption with DES.
const DES_BLOCK: u64 = 150;

/// The forms that need no memory.
fn nanoseconds(stored: &StoredHash) -> u64 {
    match stored {
        StoredHash::Bcrypt { cost, .. } => {
            1_u64.checked_shl(*cost).map_or(u64::MAX, |rounds| rounds.saturating_mul(BCRYPT_ROUND))
        }
        StoredHash::Digest { digest, rounds, .. } => u64::from(*rounds).saturating_mul(block(*digest)),
        StoredHash::Hmac { digest, .. } => 2 * keyed(*digest),
        StoredHash::Pbkdf2 { digest, iterations, value, .. } => {
            let blocks = u64::try_from(value.len().div_ceil(digest.size())).unwrap_or(u64::MAX);
            u64::from(*iterations).saturating_mul(blocks).saturating_mul(keyed(*digest))
        }
        StoredHash::Md5Crypt { .. } => 1200 * block(Digest::Md5),
        StoredHash::ShaCrypt { digest, rounds, .. } => {
            u64::from(*rounds).saturating_mul(block(*digest) * 5 / 4)
        }
        StoredHash::Sha1Crypt { rounds, .. } => u64::from(*rounds).saturating_mul(keyed(Digest::Sha1)),
        StoredHash::Phpass { digest, log_rounds, .. } => 1_u64
            .checked_shl((*log_rounds).into())
            .map_or(u64::MAX, |rounds| rounds.saturating_mul(block(*digest))),
        StoredHash::DesCrypt(_) => 25 * DES_BLOCK,
        StoredHash::BsdiCrypt(text) => {
            u64::from(des_crypt::bsdi_rounds(text).unwrap_or_default()).saturating_mul(DES_BLOCK)
        }
        _ => 0,
    }
}

/// Nanoseconds per short message.
fn block(digest: Digest) -> u64 {
    match digest {
        Digest::Md5 => 140,
        Digest::Md4 | Digest::Sha1 | Digest::Sha256 => 100,
        Digest::Sha384 | Digest::Sha512 => 310,
    }
}

/// Nanoseconds per round of an HMAC with a key that is laid out already.
fn keyed(digest: Digest) -> u64 {
    match digest {
        Digest::Md4 | Digest::Md5 => 250,
        Digest::Sha1 | Digest::Sha256 => 150,
        Digest::Sha384 | Digest::Sha512 => 640,
    }
}

fn scrypt(log_n: u8, r: u32, p: u32) -> (u64, u64) {
    let memory = scrypt_key::memory(log_n, r);
    ((memory / 128).saturating_mul(p.into()).saturating_mul(SCRYPT_BLOCK), memory)
}

fn yescrypt(text: &str) -> (u64, u64) {
    let params = yescrypt_text::parts(text).and_then(|[params, _, _]| yescrypt_text::bearable(params));
    params.map_or((0, 0), |(params, time)| {
        let blocks = params.n().saturating_mul(params.r().into());
        (blocks.saturating_mul((time + 1).into()).saturating_mul(YESCRYPT_BLOCK), blocks.saturating_mul(128))
    })
}
