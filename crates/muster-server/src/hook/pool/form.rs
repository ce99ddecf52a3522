//! What kind of hash it is and what it costs: two hashes of one form take the same time.

use std::time::Duration;

use muster_core::stored::StoredHash;

/// A kind of hash with its costs, and nothing of the hash itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Form {
    kind: &'static str,
    costs: [u64; 4],
}

impl Form {
    /// The form of a hash.
    pub fn of(stored: &StoredHash) -> Self {
        let of = |kind, costs| Self { kind, costs };
        match stored {
            StoredHash::Bcrypt { cost, input, .. } => of("bcrypt", [u64::from(*cost), *input as u64, 0, 0]),
            StoredHash::Digest { digest, rounds, again, .. } => {
                of("digest", [*digest as u64, u64::from(*rounds), *again as u64, 0])
            }
            StoredHash::Hmac { digest, .. } => of("hmac", [*digest as u64, 0, 0, 0]),
            StoredHash::Pbkdf2 { digest, iterations, value, .. } => {
                of("pbkdf2", [*digest as u64, u64::from(*iterations), blocks(value.len(), digest.size()), 0])
            }
            StoredHash::Argon2 { variant, memory, passes, lanes, .. } => {
                of("argon2", [*variant as u64, u64::from(*memory), u64::from(*passes), u64::from(*lanes)])
            }
            StoredHash::Scrypt { log_n, r, p, .. } => {
                of("scrypt", [u64::from(*log_n), u64::from(*r), u64::from(*p), 0])
            }
            StoredHash::Firebase { project, .. } => {
                of("firebase", [u64::from(project.memory_cost), u64::from(project.rounds), 0, 0])
            }
            StoredHash::Md5Crypt { .. } => of("md5-crypt", [0; 4]),
            StoredHash::ShaCrypt { digest, rounds, .. } => {
                of("sha-crypt", [*digest as u64, u64::from(*rounds), 0, 0])
            }
            StoredHash::Sha1Crypt { rounds, .. } => of("sha1-crypt", [u64::from(*rounds), 0, 0, 0]),
            StoredHash::Yescrypt(text) => of("yescrypt", [parameters(text, 2), 0, 0, 0]),
            StoredHash::DesCrypt(_) => of("des-crypt", [0; 4]),
            StoredHash::BsdiCrypt(text) => of("bsdi-crypt", [packed(text.get(1..5)), 0, 0, 0]),
            StoredHash::Phpass { digest, log_rounds, .. } => {
                of("phpass", [*digest as u64, u64::from(*log_rounds), 0, 0])
            }
            StoredHash::Peppered { hash, .. } => Self::of(hash),
        }
    }

    /// About how long one takes, before any was measured: rather too long than too short.
    pub fn first_guess(&self) -> Duration {
        let [first, second, third, fourth] = self.costs;
        let nanoseconds = match self.kind {
            "bcrypt" => power(first).saturating_mul(70_000),
            "digest" => 2_000_u64.saturating_add(second.saturating_mul(700)),
            "hmac" => 4_000,
            "pbkdf2" => second.saturating_mul(third.max(1)).saturating_mul(900),
            "argon2" => second.saturating_mul(third.max(1)).saturating_mul(1_200),
            "scrypt" => power(first).saturating_mul(second).saturating_mul(third).saturating_mul(500),
            "firebase" => power(first).saturating_mul(second).saturating_mul(500),
            "sha-crypt" | "sha1-crypt" => {
                let rounds = if self.kind == "sha-crypt" { second } else { first };
                rounds.saturating_mul(1_500)
            }
            "phpass" => power(second).saturating_mul(600),
            "md5-crypt" | "des-crypt" => 1_000_000,
            _ => 50_000_000,
        };
        Duration::from_nanos(nanoseconds.saturating_add(fourth))
    }
}

fn power(exponent: u64) -> u64 {
    u32::try_from(exponent).ok().and_then(|exponent| 1_u64.checked_shl(exponent)).unwrap_or(u64::MAX)
}

fn blocks(length: usize, block: usize) -> u64 {
    u64::try_from(length.div_ceil(block.max(1))).unwrap_or(u64::MAX)
}

/// The parameters of a text like `$y$j9T$salt$hash`, as a number.
fn parameters(text: &str, place: usize) -> u64 {
    packed(text.split('$').nth(place))
}

fn packed(text: Option<&str>) -> u64 {
    text.unwrap_or_default().bytes().take(8).fold(0, |packed, byte| (packed << 8) | u64::from(byte))
}
