//! What kind of people are wanted.

use thiserror::Error;

use crate::hash_kind::HashKind;

/// The longest domain: a login has 100 characters at most.
const LONGEST_DOMAIN: usize = 50;

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
         pbkdf2-sha256[:ITERATIONS], pbkdf2-sha512[:ITERATIONS], django-pbkdf2[:ITERATIONS], cleartext or none; for \
         the hook argon2id[:KIB], scrypt[:LOG2N], pbkdf2-sha1[:ITERATIONS], sha512-crypt[:ROUNDS], \
         sha256-crypt[:ROUNDS], phpass[:LOG2ROUNDS], drupal7[:LOG2ROUNDS], md5-crypt"
    )]
    HashKind(String),
    /// The work factor is out of bounds.
    #[error("bcrypt is made with work factors 4 to 12, not {0}")]
    Cost(u32),
    /// The rounds are out of bounds.
    #[error("PBKDF2 is made with 1 to 1,000,000 iterations, not {0}")]
    Iterations(u32),
    /// Some other work factor is out of bounds.
    #[error("{kind} is made with {least} to {most}, not {found}")]
    Work {
        /// The kind.
        kind: &'static str,
        /// The least.
        least: u32,
        /// The most.
        most: u32,
        /// What was asked for.
        found: u32,
    },
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

fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    text.len() <= LONGEST_DOMAIN && text.contains('.') && text.split('.').all(label)
}
