//! What the credential columns of a row mean, and what Okta can do with them.
//!
//! A stored password is recognised or named as unknown; none is guessed about. What Okta can check is
//! converted to its hash object, what only another verifier can check is left to the password-import hook.
//! This module must not verify or make hashes, and its messages must not show one.

mod bare;
mod bcrypt;
mod binary;
mod cell;
mod cleartext;
mod columns;
mod digest;
mod framework;
mod hash;
mod ldap;
mod modular;
mod notation;
mod pbkdf2;
mod revealed;
mod settlement;
#[cfg(test)]
mod tests;
mod understood;

use std::fmt;

use crate::fault::Fault;
use crate::secret::Secret;

pub use self::hash::{DigestAlgorithm, OktaHash, Pbkdf2Digest, SaltOrder};
pub use self::notation::Notation;
pub use self::revealed::RevealedHash;
pub use self::settlement::Settlement;
pub use self::understood::{Understood, understand};

use self::cell::Cell;

/// The credential columns of one row as they stand in the source. An empty cell is no cell.
#[derive(Clone, Copy, Default)]
pub struct StoredPassword<'a> {
    /// `password`: the password itself.
    pub cleartext: Option<&'a str>,
    /// `hashedPassword`: the hash, with its salt and parameters in columns of their own.
    pub hashed_password: Option<&'a str>,
    /// `salt`: bcrypt's 22 characters, or base64 or hex of the bytes; `hex:`, `base64:` or `text:` before
    /// it says which.
    pub salt: Option<&'a str>,
    /// `algorithm`: by Okta's name or a usual spelling of it.
    pub algorithm: Option<&'a str>,
    /// `workFactor`: bcrypt's cost.
    pub work_factor: Option<&'a str>,
    /// `saltOrder`: `PREFIX` or `POSTFIX`.
    pub salt_order: Option<&'a str>,
    /// `iterations` or `iterationCount`: the rounds of PBKDF2.
    pub iterations: Option<&'a str>,
    /// `keySize`: the bytes of a PBKDF2 key.
    pub key_size: Option<&'a str>,
    /// `digestAlgorithm`: the HMAC of PBKDF2.
    pub digest_algorithm: Option<&'a str>,
    /// `passwordHash`: the hash in any notation, one text.
    pub password_hash: Option<&'a str>,
}

/// Shows which columns are filled, and nothing that is in them.
impl fmt::Debug for StoredPassword<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cells = [
            ("password", self.cleartext),
            ("hashedPassword", self.hashed_password),
            ("salt", self.salt),
            ("algorithm", self.algorithm),
            ("workFactor", self.work_factor),
            ("saltOrder", self.salt_order),
            ("iterations", self.iterations),
            ("keySize", self.key_size),
            ("digestAlgorithm", self.digest_algorithm),
            ("passwordHash", self.password_hash),
        ];
        let filled = cells.iter().filter(|(_, cell)| cell.is_some_and(|text| !text.is_empty()));
        out.write_str("StoredPassword ")?;
        out.debug_set().entries(filled.map(|(name, _)| name)).finish()
    }
}

/// What can be done with the stored password of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Okta can check it itself.
    Hash {
        /// How it was written in the source.
        notation: Notation,
        /// What to send.
        hash: OktaHash,
    },
    /// Okta can't check it, but whoever runs the password-import hook can.
    Hook {
        /// How it was written in the source.
        notation: Notation,
    },
    /// The password itself is known.
    Cleartext(Secret),
    /// There is no stored password.
    None,
}

impl Verdict {
    /// The notation of a hash, for a census.
    pub fn notation(&self) -> Option<Notation> {
        match self {
            Self::Hash { notation, .. } | Self::Hook { notation } => Some(*notation),
            Self::Cleartext(_) | Self::None => None,
        }
    }
}

/// A stored hash, understood.
#[derive(Clone, Debug, PartialEq)]
struct Reading {
    /// How it was written in the source.
    notation: Notation,
    /// What to send to Okta; none where Okta can't check it.
    hash: Option<OktaHash>,
}

impl Reading {
    fn hash(notation: Notation, hash: OktaHash) -> Self {
        Self { notation, hash: Some(hash) }
    }

    fn hook(notation: Notation) -> Self {
        Self { notation, hash: None }
    }
}

/// Says what the credential columns of a row are. A hash wins over a cleartext password.
pub fn recognise(stored: &StoredPassword<'_>) -> Result<Verdict, Fault> {
    match read_hash(stored)? {
        Some(Reading { notation, hash: Some(hash) }) => Ok(Verdict::Hash { notation, hash }),
        Some(Reading { notation, hash: None }) => Ok(Verdict::Hook { notation }),
        None => cleartext::recognise(stored.cleartext),
    }
}

/// The hash of a row; none where the row has none.
fn read_hash(stored: &StoredPassword<'_>) -> Result<Option<Reading>, Fault> {
    hash_cell(stored)?.map(|cell| read_cell(cell, stored)).transpose()
}

/// The one cell that holds a hash.
fn hash_cell<'a>(stored: &StoredPassword<'a>) -> Result<Option<Cell<'a>>, Fault> {
    let whole = Cell::new("passwordHash", stored.password_hash);
    let split = Cell::new("hashedPassword", stored.hashed_password);
    match (whole, split) {
        (Some(whole), Some(split)) if whole.text != split.text => {
            Err(whole.bad("passwordHash and hashedPassword hold different hashes: empty one of the two"))
        }
        (whole, split) => Ok(whole.or(split)),
    }
}

/// A hash that says itself what it is needs no other column; any other needs one that says it.
fn read_cell(cell: Cell<'_>, stored: &StoredPassword<'_>) -> Result<Reading, Fault> {
    if let Some(found) = self_describing(cell) {
        return found;
    }
    if cell.text.starts_with(['$', '{']) {
        return Err(cell.unknown(format!("the notation of {} is not known", cell.shape())));
    }
    match Cell::new("algorithm", stored.algorithm) {
        Some(algorithm) => columns::recognise(cell, algorithm, stored),
        None => bare::recognise(cell, stored),
    }
}

/// The reading of a text that starts with the marker of a known notation.
fn self_describing(cell: Cell<'_>) -> Option<Result<Reading, Fault>> {
    match cell.text.chars().next()? {
        '$' => modular::recognise(cell),
        '{' => ldap::recognise(cell),
        _ => framework::recognise(cell),
    }
}
