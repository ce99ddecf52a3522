//! The credential cells of one person, owned: what the places that hold hashes hand on.

use std::fmt;

use muster_core::credential::{Settlement, StoredPassword, Understood, understand};
use zeroize::Zeroizing;

use super::Known;

/// The columns that a hash is read from, by their names in a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Column {
    /// `passwordHash`
    PasswordHash = 1,
    /// `hashedPassword`
    HashedPassword = 2,
    /// `salt`
    Salt = 3,
    /// `saltOrder`
    SaltOrder = 4,
    /// `algorithm`
    Algorithm = 5,
    /// `workFactor`
    WorkFactor = 6,
    /// `iterations`
    Iterations = 7,
    /// `keySize`
    KeySize = 8,
    /// `digestAlgorithm`
    DigestAlgorithm = 9,
    /// `credentialData`
    CredentialData = 10,
    /// `secretData`
    SecretData = 11,
}

impl Column {
    /// All of them. Their numbers stand in credential files and never change.
    pub const ALL: [Self; 11] = [
        Self::PasswordHash,
        Self::HashedPassword,
        Self::Salt,
        Self::SaltOrder,
        Self::Algorithm,
        Self::WorkFactor,
        Self::Iterations,
        Self::KeySize,
        Self::DigestAlgorithm,
        Self::CredentialData,
        Self::SecretData,
    ];

    /// The name in a source.
    pub fn name(self) -> &'static str {
        match self {
            Self::PasswordHash => "passwordHash",
            Self::HashedPassword => "hashedPassword",
            Self::Salt => "salt",
            Self::SaltOrder => "saltOrder",
            Self::Algorithm => "algorithm",
            Self::WorkFactor => "workFactor",
            Self::Iterations => "iterations",
            Self::KeySize => "keySize",
            Self::DigestAlgorithm => "digestAlgorithm",
            Self::CredentialData => "credentialData",
            Self::SecretData => "secretData",
        }
    }

    /// The number in credential files.
    pub(super) fn number(self) -> u8 {
        self as u8
    }

    /// The column of this number.
    pub(super) fn of_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.number() == number)
    }

    /// The column that a name of a source or of a query's result means; case, dashes and underscores make no
    /// difference.
    pub fn of_name(name: &str) -> Option<Self> {
        let squeezed: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        if squeezed.eq_ignore_ascii_case("iterationCount") {
            return Some(Self::Iterations);
        }
        Self::ALL.into_iter().find(|column| column.name().eq_ignore_ascii_case(&squeezed))
    }
}

/// The credential cells of one person; empty ones are none.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CredentialCells([Option<Zeroizing<String>>; 11]);

impl CredentialCells {
    /// The cells of a row. A cleartext password is not among them.
    pub fn of(stored: &StoredPassword<'_>) -> Self {
        let mut cells = Self::default();
        for (column, text) in [
            (Column::PasswordHash, stored.password_hash),
            (Column::HashedPassword, stored.hashed_password),
            (Column::Salt, stored.salt),
            (Column::SaltOrder, stored.salt_order),
            (Column::Algorithm, stored.algorithm),
            (Column::WorkFactor, stored.work_factor),
            (Column::Iterations, stored.iterations),
            (Column::KeySize, stored.key_size),
            (Column::DigestAlgorithm, stored.digest_algorithm),
            (Column::CredentialData, stored.credential_data),
            (Column::SecretData, stored.secret_data),
        ] {
            cells.set(column, text.unwrap_or_default());
        }
        cells
    }

    /// Fills a cell; an empty text leaves it empty.
    pub fn set(&mut self, column: Column, text: &str) {
        if let Some(cell) = self.0.get_mut(usize::from(column.number()) - 1) {
            *cell = (!text.is_empty()).then(|| Zeroizing::new(text.to_owned()));
        }
    }

    /// What stands in a column.
    pub fn get(&self, column: Column) -> Option<&str> {
        self.0.get(usize::from(column.number()) - 1)?.as_ref().map(|text| text.as_str())
    }

    /// As `credential` reads them.
    pub fn as_stored(&self) -> StoredPassword<'_> {
        StoredPassword {
            cleartext: None,
            hashed_password: self.get(Column::HashedPassword),
            salt: self.get(Column::Salt),
            algorithm: self.get(Column::Algorithm),
            work_factor: self.get(Column::WorkFactor),
            salt_order: self.get(Column::SaltOrder),
            iterations: self.get(Column::Iterations),
            key_size: self.get(Column::KeySize),
            digest_algorithm: self.get(Column::DigestAlgorithm),
            password_hash: self.get(Column::PasswordHash),
            credential_data: self.get(Column::CredentialData),
            secret_data: self.get(Column::SecretData),
        }
    }

    /// What a place that holds these cells knows.
    pub fn known(&self, settlement: &Settlement) -> Known {
        let mut readings = match understand(&self.as_stored(), settlement) {
            Ok(readings) => readings,
            Err(fault) => return Known::Unreadable(fault.to_string()),
        };
        match (readings.pop(), readings.as_slice()) {
            (None, _) => Known::Unreadable("the user has no stored hash".to_owned()),
            (Some(Understood { notation, stored: Some(stored), .. }), []) => Known::Hash { notation, stored },
            (Some(Understood { notation, .. }), []) => {
                Known::Unreadable(format!("{notation}: nobody can verify this notation"))
            }
            (Some(last), others) => Known::Unreadable(ambiguous(others, &last)),
        }
    }
}

fn ambiguous(others: &[Understood], last: &Understood) -> String {
    let names: Vec<&str> = others.iter().chain([last]).map(|reading| reading.notation.as_str()).collect();
    format!("the hash may be {}; settle which by `meant`", names.join(" or "))
}

/// Shows which columns are filled, and nothing that is in them.
impl fmt::Debug for CredentialCells {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let filled = Column::ALL.into_iter().filter(|column| self.get(*column).is_some());
        out.write_str("CredentialCells ")?;
        out.debug_set().entries(filled.map(Column::name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_spelling() {
        assert_eq!(Column::of_name("PASSWORD_HASH"), Some(Column::PasswordHash));
        assert_eq!(Column::of_name("passwordhash"), Some(Column::PasswordHash));
        assert_eq!(Column::of_name("iteration-count"), Some(Column::Iterations));
        assert_eq!(Column::of_name("id"), None);
    }

    #[test]
    fn cells_never_print() {
        let mut cells = CredentialCells::default();
        cells.set(Column::Salt, "pepper");
        cells.set(Column::PasswordHash, "");
        assert_eq!(format!("{cells:?}"), r#"CredentialCells {"salt"}"#);
    }

    #[test]
    fn what_can_not_be_read_is_said() {
        let known = |text: &str| {
            let mut cells = CredentialCells::default();
            cells.set(Column::PasswordHash, text);
            cells.known(&Settlement::default())
        };
        assert!(matches!(known(""), Known::Unreadable(why) if why.contains("no stored hash")));
        let Known::Unreadable(why) = known("$nobody$knows$this") else { panic!("read") };
        assert!(!why.contains("knows$this"), "{why}");
    }
}
