//! What the credential columns of a row mean, and what Okta can do with them.
//!
//! A stored password is recognised or named as unknown; none is guessed about. Whatever it is written like, it
//! becomes a [`StoredHash`], and from that alone follows what Okta can check itself (`conversion`). What only
//! another verifier can check is left to the password-import hook; what nobody can, to a reset. A text that could
//! be several notations is a fault until a [`Settlement`] or a column says which.
//! This module must not verify or make hashes, and its messages must not show one.

mod algorithm;
mod argon2;
mod aspnet;
mod auth0;
mod bare;
mod bcrypt;
mod binary;
mod ceiling;
mod cell;
mod cleartext;
mod columns;
mod conversion;
mod crypt;
mod digest;
mod firebase;
mod framework;
mod hash;
mod json;
mod keycloak;
mod ldap;
mod modular;
mod notation;
mod params;
mod pbkdf2;
mod reading;
mod revealed;
mod scrypt;
mod settlement;
mod spring;
mod understood;
mod yescrypt;

use std::fmt;

use crate::fault::Fault;
use crate::secret::Secret;
use crate::stored::StoredHash;

pub use self::conversion::okta_hash;
pub use self::hash::{DigestAlgorithm, OktaHash, Pbkdf2Digest, SaltOrder};
pub use self::notation::Notation;
pub use self::revealed::RevealedHash;
pub use self::settlement::Settlement;
pub use self::understood::{Understood, candidates, understand};

use self::ceiling::LONGEST_TEXT;
use self::cell::Cell;
use self::reading::{Found, Reading};

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
    /// `credentialData`: Keycloak's JSON of the algorithm and its parameters.
    pub credential_data: Option<&'a str>,
    /// `secretData`: Keycloak's JSON of salt and hash.
    pub secret_data: Option<&'a str>,
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
            ("credentialData", self.credential_data),
            ("secretData", self.secret_data),
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
        /// What a verifier needs.
        stored: StoredHash,
    },
    /// Nobody can check it: the person needs a new password.
    Reset {
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
            Self::Hash { notation, .. } | Self::Hook { notation, .. } | Self::Reset { notation } => {
                Some(*notation)
            }
            Self::Cleartext(_) | Self::None => None,
        }
    }
}

impl From<Understood> for Verdict {
    fn from(Understood { notation, stored, okta }: Understood) -> Self {
        match (okta, stored) {
            (Some(hash), _) => Self::Hash { notation, hash },
            (None, Some(stored)) => Self::Hook { notation, stored },
            (None, None) => Self::Reset { notation },
        }
    }
}

/// Says what the credential columns of a row are. A hash wins over a cleartext password.
pub fn recognise(stored: &StoredPassword<'_>, settlement: &Settlement) -> Result<Verdict, Fault> {
    match read(stored, settlement)? {
        Some(Found::Sure(reading)) => Ok(reading.understood(settlement)?.into()),
        Some(Found::Unsure(unsure)) => Err(unsure.fault()),
        None => cleartext::recognise(stored.cleartext),
    }
}

/// What the hash of a row could be, once it is settled; none where the row has none.
fn read(stored: &StoredPassword<'_>, settlement: &Settlement) -> Result<Option<Found>, Fault> {
    let found = match hash_cell(stored)? {
        Some(cell) => read_cell(cell, stored, settlement)?,
        None => match keycloak::columns(stored)? {
            Some(reading) => Found::Sure(reading),
            None => return Ok(None),
        },
    };
    let Found::Unsure(_) = found else { return Ok(Some(found)) };
    let named = Cell::new("algorithm", stored.algorithm).and_then(algorithm::notation_named);
    let found = found.narrowed(|notation| named == Some(notation));
    Ok(Some(found.narrowed(|notation| settlement.meant.contains(&notation))))
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
fn read_cell(cell: Cell<'_>, stored: &StoredPassword<'_>, settlement: &Settlement) -> Result<Found, Fault> {
    if cell.text.len() > LONGEST_TEXT {
        return Err(cell.too_long());
    }
    if let Some(found) = self_describing(cell) {
        return found;
    }
    if cell.text.starts_with(['$', '{']) {
        return Err(cell.unknown(format!("the notation of {} is not known", cell.shape())));
    }
    if bare::is_unusable(cell.text) {
        return Ok(Found::Sure(Reading::unverifiable(Notation::Unusable)));
    }
    if let Some(found) = ldap::decoded(cell.text).and_then(|text| ldap::recognise(cell.part(&text))) {
        return found.map(Found::Sure);
    }
    match Cell::new("algorithm", stored.algorithm) {
        Some(algorithm) => columns::recognise(cell, algorithm, stored, settlement).map(Found::Sure),
        None => bare::recognise(cell, stored, settlement),
    }
}

/// The reading of a text that starts with the marker of a known notation.
fn self_describing(cell: Cell<'_>) -> Option<Result<Found, Fault>> {
    match cell.text.chars().next()? {
        '$' => modular::recognise(cell).map(|found| found.map(Found::Sure)),
        '{' | '[' if json::is_object(cell.text) => Some(json::recognise(cell).map(Found::Sure)),
        '{' => ldap::recognise(cell).map(|found| found.map(Found::Sure)),
        _ => framework::recognise(cell),
    }
}
