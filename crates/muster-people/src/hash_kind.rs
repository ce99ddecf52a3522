//! How the made-up old system stores passwords.

use std::ops::RangeInclusive;
use std::str::FromStr;

use crate::settings::SettingsError;

/// The work factors of bcrypt that are made: libraries refuse fewer than 4, and with more than 12 a
/// list of any length takes hours.
const BCRYPT_COSTS: RangeInclusive<u32> = 4..=12;
/// The rounds of PBKDF2 that are made.
const PBKDF2_ROUNDS: RangeInclusive<u32> = 1..=1_000_000;
/// The KiB of Argon2 that are made: less than 8 is not defined.
const ARGON2_MEMORY: RangeInclusive<u32> = 8..=65_536;
/// The exponents of scrypt that are made.
const SCRYPT_LOG_N: RangeInclusive<u32> = 4..=16;
/// The rounds of `$5$` and `$6$` that are made: less than 1,000 is not defined.
const CRYPT_ROUNDS: RangeInclusive<u32> = 1_000..=1_000_000;
/// The exponents of PHPass that are made: less than 7 is not defined.
const PHPASS_LOG_ROUNDS: RangeInclusive<u32> = 7..=16;

/// How the password of a person is stored in the made-up old system.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum HashKind {
    /// `$2b$`.
    Bcrypt {
        /// The work factor, 4 to 12.
        cost: u32,
    },
    /// `{SSHA512}`.
    Ssha512,
    /// `{SSHA256}`.
    Ssha256,
    /// `{SSHA}`.
    Ssha,
    /// `{SMD5}`.
    Smd5,
    /// `$pbkdf2-sha256$`, as passlib writes it.
    Pbkdf2Sha256 {
        /// The rounds, 1 to 1,000,000.
        iterations: u32,
    },
    /// `$pbkdf2-sha512$`, as passlib writes it.
    Pbkdf2Sha512 {
        /// The rounds, 1 to 1,000,000.
        iterations: u32,
    },
    /// `pbkdf2_sha256$`, as Django writes it.
    DjangoPbkdf2 {
        /// The rounds, 1 to 1,000,000.
        iterations: u32,
    },
    /// `$pbkdf2$`, over SHA-1, as passlib writes it. Okta can't check this one, nor any of those below.
    Pbkdf2Sha1 {
        /// The rounds, 1 to 1,000,000.
        iterations: u32,
    },
    /// `$argon2id$`, two passes, one lane.
    Argon2id {
        /// The memory in KiB, 8 to 65,536.
        memory: u32,
    },
    /// `$scrypt$`, as passlib writes it, with r 8 and p 1.
    Scrypt {
        /// Two to this power is N; 4 to 16.
        log_n: u32,
    },
    /// `$6$`.
    Sha512Crypt {
        /// The rounds, 1,000 to 1,000,000.
        rounds: u32,
    },
    /// `$5$`.
    Sha256Crypt {
        /// The rounds, 1,000 to 1,000,000.
        rounds: u32,
    },
    /// `$P$`.
    Phpass {
        /// Two to this power rounds, 7 to 16.
        log_rounds: u32,
    },
    /// `$S$`.
    Drupal7 {
        /// Two to this power rounds, 7 to 16.
        log_rounds: u32,
    },
    /// `$1$`.
    Md5Crypt,
    /// No stored password.
    #[default]
    None,
    /// The password itself.
    Cleartext,
}

impl HashKind {
    pub(crate) fn check(self) -> Result<(), SettingsError> {
        let within = |kind, bounds: RangeInclusive<u32>, found| {
            let (least, most) = (*bounds.start(), *bounds.end());
            let work = SettingsError::Work { kind, least, most, found };
            bounds.contains(&found).then_some(()).ok_or(work)
        };
        match self {
            Self::Bcrypt { cost } if !BCRYPT_COSTS.contains(&cost) => Err(SettingsError::Cost(cost)),
            Self::Pbkdf2Sha256 { iterations }
            | Self::Pbkdf2Sha512 { iterations }
            | Self::DjangoPbkdf2 { iterations }
            | Self::Pbkdf2Sha1 { iterations }
                if !PBKDF2_ROUNDS.contains(&iterations) =>
            {
                Err(SettingsError::Iterations(iterations))
            }
            Self::Argon2id { memory } => within("argon2id", ARGON2_MEMORY, memory),
            Self::Scrypt { log_n } => within("scrypt", SCRYPT_LOG_N, log_n),
            Self::Sha512Crypt { rounds } => within("sha512-crypt", CRYPT_ROUNDS, rounds),
            Self::Sha256Crypt { rounds } => within("sha256-crypt", CRYPT_ROUNDS, rounds),
            Self::Phpass { log_rounds } => within("phpass", PHPASS_LOG_ROUNDS, log_rounds),
            Self::Drupal7 { log_rounds } => within("drupal7", PHPASS_LOG_ROUNDS, log_rounds),
            _ => Ok(()),
        }
    }

    /// The kind of a name, with its work factor where one is said.
    fn named(name: &str, work: Option<u32>) -> Option<Self> {
        let or = |usual| work.unwrap_or(usual);
        Some(match name {
            "bcrypt" => Self::Bcrypt { cost: or(10) },
            "pbkdf2-sha256" => Self::Pbkdf2Sha256 { iterations: or(29_000) },
            "pbkdf2-sha512" => Self::Pbkdf2Sha512 { iterations: or(25_000) },
            "django-pbkdf2" => Self::DjangoPbkdf2 { iterations: or(36_000) },
            "pbkdf2-sha1" => Self::Pbkdf2Sha1 { iterations: or(20_000) },
            "argon2id" => Self::Argon2id { memory: or(4096) },
            "scrypt" => Self::Scrypt { log_n: or(12) },
            "sha512-crypt" => Self::Sha512Crypt { rounds: or(5000) },
            "sha256-crypt" => Self::Sha256Crypt { rounds: or(5000) },
            "phpass" => Self::Phpass { log_rounds: or(13) },
            "drupal7" => Self::Drupal7 { log_rounds: or(15) },
            _ if work.is_some() => return None,
            "ssha512" => Self::Ssha512,
            "ssha256" => Self::Ssha256,
            "ssha" => Self::Ssha,
            "smd5" => Self::Smd5,
            "md5-crypt" => Self::Md5Crypt,
            "none" => Self::None,
            "cleartext" => Self::Cleartext,
            _ => return None,
        })
    }
}

/// `bcrypt`, `bcrypt:4`, `ssha512`, `pbkdf2-sha256:29000` and so on.
impl FromStr for HashKind {
    type Err = SettingsError;

    fn from_str(text: &str) -> Result<Self, SettingsError> {
        let unknown = || SettingsError::HashKind(text.to_owned());
        let (name, work) = match text.split_once(':') {
            Some((name, work)) => (name, Some(work.parse().map_err(|_| unknown())?)),
            None => (text, None),
        };
        let kind = Self::named(name, work).ok_or_else(unknown)?;
        kind.check().map(|()| kind)
    }
}
