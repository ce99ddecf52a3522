//! What kind of people are wanted.

use std::str::FromStr;

use thiserror::Error;

/// The work factors of bcrypt that are made: libraries refuse fewer than 4, and with more than 12 a
/// list of any length takes hours.
const BCRYPT_COSTS: std::ops::RangeInclusive<u32> = 4..=12;
/// The rounds of PBKDF2 that are made.
const PBKDF2_ROUNDS: std::ops::RangeInclusive<u32> = 1..=1_000_000;
/// The longest domain: a login has 100 characters at most.
const LONGEST_DOMAIN: usize = 50;

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
    /// No stored password.
    #[default]
    None,
    /// The password itself.
    Cleartext,
}

/// What kind of people are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeopleSettings {
    /// The same seed gives the same people.
    pub seed: u64,
    /// How many.
    pub count: u64,
    /// The domain of their logins and mail addresses.
    pub domain: String,
    /// The mix of stored passwords; each person gets one of the list, so a kind that stands there twice is
    /// twice as frequent.
    pub hashes: Vec<HashKind>,
    /// The groups that people are in, none to three each.
    pub groups: Vec<String>,
    /// How many rows of a thousand are faulty.
    pub faulty_per_mille: u32,
}

/// Settings that nobody can be made from.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SettingsError {
    /// The domain is not one.
    #[error("\"{0}\" is no domain of at most {LONGEST_DOMAIN} characters, such as example.com")]
    Domain(String),
    /// The mix of stored passwords is empty.
    #[error("the mix of stored passwords is empty: name at least one kind, or none")]
    NoHashes,
    /// No kind of stored password has this name.
    #[error(
        "\"{0}\" is no kind of stored password: use bcrypt[:COST], ssha512, ssha256, ssha, smd5, \
         pbkdf2-sha256[:ITERATIONS], cleartext or none"
    )]
    HashKind(String),
    /// The work factor is out of bounds.
    #[error("bcrypt is made with work factors 4 to 12, not {0}")]
    Cost(u32),
    /// The rounds are out of bounds.
    #[error("PBKDF2 is made with 1 to 1,000,000 iterations, not {0}")]
    Iterations(u32),
    /// The name of a group can't be written into a cell with others.
    #[error("\"{0}\" can't be the name of a group here: it is empty or has a ; or | in it")]
    Group(String),
    /// More than all rows are faulty.
    #[error("at most 1000 rows of a thousand can be faulty, not {0}")]
    Faulty(u32),
}

impl PeopleSettings {
    /// People of `example.com` with bcrypt hashes, without groups or faults.
    pub fn new(seed: u64, count: u64) -> Self {
        Self {
            seed,
            count,
            domain: "example.com".to_owned(),
            hashes: vec![HashKind::Bcrypt { cost: 10 }],
            groups: Vec::new(),
            faulty_per_mille: 0,
        }
    }

    pub(crate) fn check(&self) -> Result<(), SettingsError> {
        if !is_domain(&self.domain) {
            return Err(SettingsError::Domain(self.domain.clone()));
        }
        if self.hashes.is_empty() {
            return Err(SettingsError::NoHashes);
        }
        if self.faulty_per_mille > 1000 {
            return Err(SettingsError::Faulty(self.faulty_per_mille));
        }
        let unfit = |group: &&String| group.trim().is_empty() || group.contains([';', '|']);
        if let Some(group) = self.groups.iter().find(unfit) {
            return Err(SettingsError::Group(group.clone()));
        }
        self.hashes.iter().try_for_each(|kind| kind.check())
    }
}

impl HashKind {
    fn check(self) -> Result<(), SettingsError> {
        match self {
            Self::Bcrypt { cost } if !BCRYPT_COSTS.contains(&cost) => Err(SettingsError::Cost(cost)),
            Self::Pbkdf2Sha256 { iterations } if !PBKDF2_ROUNDS.contains(&iterations) => {
                Err(SettingsError::Iterations(iterations))
            }
            _ => Ok(()),
        }
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
        let kind = match (name, work) {
            ("bcrypt", cost) => Self::Bcrypt { cost: cost.unwrap_or(10) },
            ("pbkdf2-sha256", rounds) => Self::Pbkdf2Sha256 { iterations: rounds.unwrap_or(29_000) },
            ("ssha512", None) => Self::Ssha512,
            ("ssha256", None) => Self::Ssha256,
            ("ssha", None) => Self::Ssha,
            ("smd5", None) => Self::Smd5,
            ("none", None) => Self::None,
            ("cleartext", None) => Self::Cleartext,
            _ => return Err(unknown()),
        };
        kind.check().map(|()| kind)
    }
}

fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    text.len() <= LONGEST_DOMAIN && text.contains('.') && text.split('.').all(label)
}
