//! What can be wrong with a row before any request is made for it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The kinds of faults, by the stable names that `rejects.csv` and `results.csv` show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultCode {
    /// The row has fewer cells than the header.
    ShortRow,
    /// The row has more cells than the header.
    LongRow,
    /// A cell has bytes that are not valid in the encoding of the file.
    BadEncoding,
    /// A line of an NDJSON file is not a JSON object.
    BadJson,
    /// A required attribute is empty.
    Required,
    /// Longer than the org allows.
    TooLong,
    /// Shorter than the org allows.
    TooShort,
    /// Not an e-mail address where one is needed.
    BadEmail,
    /// Does not match the pattern that the org's schema gives.
    BadPattern,
    /// Not of the type that the org's schema gives.
    BadType,
    /// Not one of the values that the org's schema gives.
    NotInEnum,
    /// Below or above the bounds that the org's schema gives.
    OutOfRange,
    /// A character outside of Unicode's basic plane, which Okta does not take.
    UnsupportedCharacter,
    /// An earlier row of the same source has the same login.
    DuplicateLogin,
    /// An earlier row of the same source has the same external id.
    DuplicateExternalId,
    /// The row has no external id, and an identity source knows people by it.
    MissingExternalId,
    /// The row does not fit into one request.
    TooLarge,
    /// The org has no group of this id, or none that people can be put into.
    UnknownGroup,
    /// The org has no group of this name, and none was asked to be created.
    MissingGroup,
    /// More than one group of the org has this name.
    AmbiguousGroup,
    /// The stored password is in a notation that is not known.
    UnknownNotation,
    /// The stored password could be in several notations, or in one that it does not name.
    AmbiguousNotation,
    /// The stored password is in a known notation, but malformed.
    BadCredential,
    /// What the row asks for needs a credential that it does not have.
    MissingCredential,
    /// The status column has a word that is not one of Okta's.
    BadStatus,
}

impl FaultCode {
    /// All of them, for the reference page.
    pub const ALL: [Self; 25] = [
        Self::ShortRow,
        Self::LongRow,
        Self::BadEncoding,
        Self::BadJson,
        Self::Required,
        Self::TooLong,
        Self::TooShort,
        Self::BadEmail,
        Self::BadPattern,
        Self::BadType,
        Self::NotInEnum,
        Self::OutOfRange,
        Self::UnsupportedCharacter,
        Self::DuplicateLogin,
        Self::DuplicateExternalId,
        Self::MissingExternalId,
        Self::TooLarge,
        Self::UnknownGroup,
        Self::MissingGroup,
        Self::AmbiguousGroup,
        Self::UnknownNotation,
        Self::AmbiguousNotation,
        Self::BadCredential,
        Self::MissingCredential,
        Self::BadStatus,
    ];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ShortRow => "short_row",
            Self::LongRow => "long_row",
            Self::BadEncoding => "bad_encoding",
            Self::BadJson => "bad_json",
            Self::Required => "required",
            Self::TooLong => "too_long",
            Self::TooShort => "too_short",
            Self::BadEmail => "bad_email",
            Self::BadPattern => "bad_pattern",
            Self::BadType => "bad_type",
            Self::NotInEnum => "not_in_enum",
            Self::OutOfRange => "out_of_range",
            Self::UnsupportedCharacter => "unsupported_character",
            Self::DuplicateLogin => "duplicate_login",
            Self::DuplicateExternalId => "duplicate_external_id",
            Self::MissingExternalId => "missing_external_id",
            Self::TooLarge => "too_large",
            Self::UnknownGroup => "unknown_group",
            Self::MissingGroup => "missing_group",
            Self::AmbiguousGroup => "ambiguous_group",
            Self::UnknownNotation => "unknown_notation",
            Self::AmbiguousNotation => "ambiguous_notation",
            Self::BadCredential => "bad_credential",
            Self::MissingCredential => "missing_credential",
            Self::BadStatus => "bad_status",
        }
    }

    /// The code of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == name)
    }

    /// What to do about it.
    pub fn hint(self) -> &'static str {
        match self {
            Self::ShortRow => {
                "fill in the missing cells; a stray or unclosed quote in this or an earlier row is the usual cause"
            }
            Self::LongRow => "quote cells that hold the delimiter, or remove the extra cells",
            Self::BadEncoding => "save the file as UTF-8, or name its encoding with --encoding",
            Self::BadJson => "write one JSON object per line",
            Self::Required => "fill in the cell",
            Self::TooLong => "shorten the value",
            Self::TooShort => "give a longer value",
            Self::BadEmail => "write it as name@domain",
            Self::BadPattern => "write it as the pattern of the org's schema asks",
            Self::BadType => {
                "write it in the type of the org's schema, or change the attribute's type in the org"
            }
            Self::NotInEnum => "use one of the values that the org's schema lists",
            Self::OutOfRange => "use a value within the bounds of the org's schema",
            Self::UnsupportedCharacter => "replace the character: Okta takes no emoji and no rare ideographs",
            Self::DuplicateLogin => {
                "merge the two rows, or give one of them another login; case and accents make no difference to Okta"
            }
            Self::DuplicateExternalId => {
                "merge the two rows, or give one of them another external id; upper and lower case make two"
            }
            Self::MissingExternalId => {
                "fill in the external id: an identity source knows people by it; --external-id names its column"
            }
            Self::TooLarge => {
                "shorten the values, or leave out attributes or groups: the row does not fit into one request"
            }
            Self::UnknownGroup => "correct the id, or create the group and use its new id",
            Self::MissingGroup => {
                "correct the name, create the group in the org, or run with --create-groups"
            }
            Self::AmbiguousGroup => "name the group by its id",
            Self::UnknownNotation => {
                "name the notation by an algorithm column; where nobody knows it, --mode staged takes such rows without a password"
            }
            Self::AmbiguousNotation => {
                "say which it is: in an algorithm column, by --notation, or by proof with known passwords (muster hashes --known)"
            }
            Self::BadCredential => {
                "export the stored password again, whole; Okta would take it as it is and then refuse the sign-in"
            }
            Self::MissingCredential => "give the row a password or a hash, or choose another --mode",
            Self::BadStatus => {
                "use ACTIVE, STAGED, PROVISIONED, SUSPENDED, PASSWORD_EXPIRED or DEPROVISIONED"
            }
        }
    }
}

impl fmt::Display for FaultCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// One fault of one row: what was found, and what was expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The kind.
    pub code: FaultCode,
    /// The attribute or column at fault, where it is one.
    pub field: Option<String>,
    /// What was found and what was expected, in words. Never holds a secret.
    pub reason: String,
}

impl Fault {
    /// A fault of the row as such.
    pub fn of_row(code: FaultCode, reason: impl Into<String>) -> Self {
        Self { code, field: None, reason: reason.into() }
    }

    /// A fault of one attribute or column.
    pub fn of_field(code: FaultCode, field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { code, field: Some(field.into()), reason: reason.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.field {
            Some(field) => write!(out, "{field}: {}", self.reason),
            None => out.write_str(&self.reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_in_files_is_the_name_in_the_ledger() {
        for code in FaultCode::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
            assert_eq!(FaultCode::from_name(code.as_str()), Some(code));
        }
    }
}
