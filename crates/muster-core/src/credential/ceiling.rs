//! What a hash may cost and how long its parts may be. A number that was planted in a source, or torn on the way,
//! must neither stall the server of the hook nor become a hash that no password will ever match.

use crate::stored::{BcryptInput, Digest, StoredHash};

use super::{binary, yescrypt};

/// The longest text that is looked at: the longest hash in use, of a 389 Directory Server, has 500 characters.
pub(super) const LONGEST_TEXT: usize = 4096;
/// bcrypt itself goes up to 31. Okta takes 20, where a sign-in takes a minute.
const BCRYPT_OF_OKTA: u32 = 20;
/// The hook has three seconds: 16 takes about four on a slow core, and each step doubles it.
pub(super) const BCRYPT_OF_HOOK: u32 = 16;
/// The lowest cost that any implementation of bcrypt takes.
const BCRYPT_LEAST: u32 = 4;
/// Rounds of a digest or an HMAC: ten million take some seconds; the highest default in use is 1.3 million.
const ROUNDS: u32 = 10_000_000;
/// Rounds of PBKDF2 times the blocks of its key, which are what is computed.
const BLOCK_ROUNDS: u64 = 20_000_000;
/// The longest key of PBKDF2 or scrypt in use has 256 bytes.
const LONGEST_KEY: usize = 512;
/// No one derives shorter keys: a shorter one was cut.
const SHORTEST_KEY: usize = 16;
/// The shortest hash that the specification of Argon2's text allows.
const SHORTEST_ARGON2: usize = 12;
/// The longest salt in use has 64 bytes.
const LONGEST_SALT: usize = 1024;
/// Memory for one password, in bytes.
const MEMORY: u64 = 1 << 30;
/// Memory that is written for one password, in bytes: it is what takes the time.
const MEMORY_WRITTEN: u64 = 4 << 30;
/// The format goes up to 999,999,999; five million rounds take some seconds.
const SHA_CRYPT: u32 = 5_000_000;
/// The format goes up to 30; 24 takes some seconds.
const PHPASS: u8 = 24;

/// What is wrong with the lengths and costs of a hash, if anything is.
pub(super) fn fault_of(stored: &StoredHash) -> Option<String> {
    match stored {
        StoredHash::Bcrypt { cost, salt, value, input } => {
            bcrypt(*cost, *input).or_else(|| crypt_text(salt, 22)).or_else(|| crypt_text(value, 31))
        }
        StoredHash::Digest { digest, salt, rounds, value, .. } => number("rounds", *rounds, 1, ROUNDS)
            .or_else(|| salt_length(salt))
            .or_else(|| digest_length(*digest, value)),
        StoredHash::Hmac { digest, key, value } => {
            bytes("a key", key.len(), 1, LONGEST_SALT).or_else(|| digest_length(*digest, value))
        }
        StoredHash::Pbkdf2 { digest, salt, iterations, value } => {
            number("iterations", *iterations, 1, ROUNDS)
                .or_else(|| salt_length(salt))
                .or_else(|| bytes("a key", value.len(), SHORTEST_KEY, LONGEST_KEY))
                .or_else(|| block_rounds(*digest, *iterations, value.len()))
        }
        StoredHash::Argon2 { .. } => argon2(stored),
        StoredHash::Scrypt { log_n, r, p, salt, value } => scrypt(*log_n, *r, *p)
            .or_else(|| salt_length(salt))
            .or_else(|| bytes("a key", value.len(), SHORTEST_KEY, LONGEST_KEY)),
        StoredHash::Firebase { project, salt, value } => scrypt(project.memory_cost, project.rounds, 1)
            .or_else(|| bytes("a salt", salt.len(), 1, LONGEST_SALT))
            .or_else(|| exactly("a hash", value.len(), project.signer_key.len(), "the signer key's")),
        _ => crypt_fault(stored),
    }
}

/// The notations that are characters of crypt's own base 64.
fn crypt_fault(stored: &StoredHash) -> Option<String> {
    match stored {
        StoredHash::Md5Crypt { salt, value, .. } => crypt_salt(salt, 8).or_else(|| crypt_text(value, 22)),
        StoredHash::ShaCrypt { digest, rounds, salt, value } => number("rounds", *rounds, 1000, SHA_CRYPT)
            .or_else(|| crypt_salt(salt, 16))
            .or_else(|| crypt_text(value, if *digest == Digest::Sha512 { 86 } else { 43 })),
        StoredHash::Sha1Crypt { rounds, salt, value } => number("rounds", *rounds, 1, ROUNDS)
            .or_else(|| crypt_salt(salt, 64))
            .or_else(|| crypt_text(value, 28)),
        StoredHash::Yescrypt(text) => yescrypt::fault_of(text),
        StoredHash::DesCrypt(text) => crypt_text(text, 13),
        StoredHash::BsdiCrypt(text) => bsdi(text),
        StoredHash::Phpass { digest, log_rounds, salt, value, .. } => power("rounds", *log_rounds, 7, PHPASS)
            .or_else(|| crypt_text(salt, 8))
            .or_else(|| crypt_text(value, if *digest == Digest::Sha512 { 43 } else { 22 })),
        _ => None,
    }
}

fn bcrypt(cost: u32, input: BcryptInput) -> Option<String> {
    let (least, most) = match input {
        BcryptInput::Password => (1, BCRYPT_OF_OKTA),
        _ => (BCRYPT_LEAST, BCRYPT_OF_HOOK),
    };
    let fits = (least..=most).contains(&cost);
    (!fits).then(|| format!("found work factor {cost}, expected {least} to {most}"))
}

fn argon2(stored: &StoredHash) -> Option<String> {
    let StoredHash::Argon2 { version, memory, passes, lanes, salt, value, .. } = stored else { return None };
    if !matches!(version, 0x10 | 0x13) {
        return Some(format!("found version {version}, expected 16 or 19"));
    }
    let written = u64::from(*memory) * 1024 * u64::from(*passes);
    number("lanes", *lanes, 1, 255)
        .or_else(|| number("passes", *passes, 1, u32::MAX))
        .or_else(|| number("KiB of memory", *memory, lanes.saturating_mul(8), mebi(MEMORY) * 1024))
        .or_else(|| {
            (written > MEMORY_WRITTEN).then(|| {
                format!(
                    "found {} MiB to be written, expected {} at most",
                    written >> 20,
                    mebi(MEMORY_WRITTEN)
                )
            })
        })
        .or_else(|| bytes("a salt", salt.len(), 8, LONGEST_SALT))
        .or_else(|| bytes("a hash", value.len(), SHORTEST_ARGON2, LONGEST_KEY))
}

/// What scrypt would cost with these numbers, where that is too much.
pub(super) fn scrypt(log_n: u8, r: u32, p: u32) -> Option<String> {
    if let Some(fault) = power("as N", log_n, 1, 30) {
        return Some(fault);
    }
    if r == 0 || p == 0 {
        return Some("found r or p of 0, expected 1 or more".to_owned());
    }
    let memory = (128u64 << log_n).saturating_mul(u64::from(r));
    if memory > MEMORY {
        return Some(format!("found {} MiB of memory, expected {} at most", memory >> 20, mebi(MEMORY)));
    }
    let written = memory.saturating_mul(u64::from(p));
    (written > MEMORY_WRITTEN).then(|| {
        format!("found {} MiB to be written, expected {} at most", written >> 20, mebi(MEMORY_WRITTEN))
    })
}

fn bsdi(text: &str) -> Option<String> {
    let rest = text.strip_prefix('_').unwrap_or_default();
    let rounds = rest.get(..4).and_then(binary::crypt64_number).unwrap_or_default();
    crypt_text(rest, 19).or_else(|| number("rounds", rounds, 1, SHA_CRYPT))
}

fn block_rounds(digest: Digest, iterations: u32, key: usize) -> Option<String> {
    let blocks = u64::try_from(key.div_ceil(digest.size())).unwrap_or(u64::MAX);
    let found = u64::from(iterations).saturating_mul(blocks);
    (found > BLOCK_ROUNDS).then(|| {
        format!("found {found} iterations over all blocks of the key, expected {BLOCK_ROUNDS} at most")
    })
}

fn number(what: &str, found: u32, least: u32, most: u32) -> Option<String> {
    let fits = (least..=most).contains(&found);
    (!fits).then(|| format!("found {found} {what}, expected {least} to {most}"))
}

fn power(what: &str, found: u8, least: u8, most: u8) -> Option<String> {
    let fits = (least..=most).contains(&found);
    (!fits).then(|| format!("found 2^{found} {what}, expected 2^{least} to 2^{most}"))
}

fn bytes(what: &str, found: usize, least: usize, most: usize) -> Option<String> {
    let fits = (least..=most).contains(&found);
    (!fits).then(|| format!("found {what} of {found} bytes, expected {least} to {most}"))
}

fn salt_length(salt: &[u8]) -> Option<String> {
    bytes("a salt", salt.len(), 0, LONGEST_SALT)
}

fn digest_length(digest: Digest, value: &[u8]) -> Option<String> {
    exactly("a digest", value.len(), digest.size(), "its")
}

fn exactly(what: &str, found: usize, expected: usize, whose: &str) -> Option<String> {
    (found != expected).then(|| format!("found {what} of {found} bytes, expected {whose} {expected}"))
}

/// A part of fixed length.
pub(super) fn crypt_text(text: &str, expected: usize) -> Option<String> {
    let found = text.chars().count();
    if found != expected {
        return Some(format!("found {found} characters, expected {expected} in their place"));
    }
    (!binary::is_crypt64(text)).then(|| "found a character that is not one of ./A-Za-z0-9".to_owned())
}

/// A salt that is taken as it stands.
pub(super) fn crypt_salt(salt: &str, most: usize) -> Option<String> {
    let found = salt.chars().count();
    if found > most {
        return Some(format!("found a salt of {found} characters, expected {most} at most"));
    }
    let fits = salt.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'$' | b':'));
    (!fits).then(|| "found a salt with a character that no salt has".to_owned())
}

fn mebi(bytes: u64) -> u32 {
    u32::try_from(bytes >> 20).unwrap_or(u32::MAX)
}
