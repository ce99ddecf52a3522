//! Where the external id of a row comes from: the key by which an identity source knows a person for ever.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::candidate::Candidate;
use crate::column::{Mapping, Renames, Target};
use crate::schema::ProfileSchema;

/// Where the external id is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Claim {
    /// In the column of that meaning.
    #[default]
    Column,
    /// In the column of this attribute, which is sent as well.
    Attribute(String),
}

/// `--external-id` names a column that the source does not have, or one that can't be a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoSuchColumn {
    /// It is not there.
    #[error(
        "--external-id names the column {column:?}, which the source does not have; its columns: {columns}"
    )]
    Absent {
        /// The column that was named.
        column: String,
        /// Those of the source.
        columns: String,
    },
    /// It means something that is no key.
    #[error("--external-id names the column {column:?}, which means {meaning} and can't be a key")]
    NoKey {
        /// The column that was named.
        column: String,
        /// What it means.
        meaning: String,
    },
    /// No column is named, and none has that meaning.
    #[error(
        "an identity source knows people by an external id that never changes, and the source has no column externalId.\n\
         Name the column that holds one with --external-id COLUMN, such as an employee number; its columns: {columns}"
    )]
    Unclaimed {
        /// Those of the source.
        columns: String,
    },
}

impl Claim {
    /// Finds the key. A column without a meaning of its own gets that of the external id, by a renaming.
    pub fn of(
        named: Option<&str>,
        header: &[String],
        schema: &ProfileSchema,
        renames: &mut Renames,
    ) -> Result<Self, NoSuchColumn> {
        let columns = || header.join(", ");
        // A header without a login is told of later, in its own words.
        let meanings = Mapping::of_keys(header, schema, renames).ok();
        let Some(named) = named else {
            let has = meanings.is_none_or(|mapping| mapping.has(&Target::ExternalId));
            return if has { Ok(Self::Column) } else { Err(NoSuchColumn::Unclaimed { columns: columns() }) };
        };
        let absent = || NoSuchColumn::Absent { column: named.to_owned(), columns: columns() };
        let exact = header.iter().position(|column| column == named);
        let at = exact.or_else(|| header.iter().position(|column| column.eq_ignore_ascii_case(named)));
        let at = at.ok_or_else(absent)?;
        let target = meanings.and_then(|mapping| mapping.targets.get(at).cloned());
        match target.unwrap_or(Target::Unmapped) {
            Target::ExternalId => Ok(Self::Column),
            Target::Attribute(name) => Ok(Self::Attribute(name)),
            Target::Unmapped | Target::Ignored => {
                for (column, meaning) in meanings_of_external_id(header, schema, renames) {
                    renames.insert(column, meaning);
                }
                renames.insert(header[at].clone(), "externalId".to_owned());
                Ok(Self::Column)
            }
            other => Err(NoSuchColumn::NoKey { column: named.to_owned(), meaning: other.to_string() }),
        }
    }

    /// The external id of this row, if it has one.
    pub fn external_id(&self, candidate: &Candidate) -> Option<String> {
        let found = match self {
            Self::Column => candidate.external_id.clone(),
            Self::Attribute(name) => candidate.profile.get(name).and_then(text),
        };
        found.as_deref().and_then(key)
    }

    /// That of a row that is faulty, by the column of that meaning; nothing where the key is an attribute, for such a
    /// row has no profile.
    pub fn of_faulty(&self, column: Option<&str>) -> Option<String> {
        match self {
            Self::Column => column.and_then(key),
            Self::Attribute(_) => None,
        }
    }
}

/// Blanks around a key are none of it.
fn key(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|id| !id.is_empty())
}

/// A column that has that meaning already gives way to the one that was named.
fn meanings_of_external_id(
    header: &[String],
    schema: &ProfileSchema,
    renames: &Renames,
) -> Vec<(String, String)> {
    let Ok(mapping) = Mapping::of_keys(header, schema, renames) else { return Vec::new() };
    let found: Vec<String> = mapping.columns_for(&Target::ExternalId).map(str::to_owned).collect();
    found.into_iter().map(|column| (column, String::new())).collect()
}

/// A scalar as text: an identity source takes nothing else (API.md §10).
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(columns: &str) -> Vec<String> {
        columns.split(',').map(str::to_owned).collect()
    }

    fn claim(named: Option<&str>, columns: &str) -> (Result<Claim, NoSuchColumn>, Renames) {
        let mut renames = Renames::new();
        let claim = Claim::of(named, &header(columns), &ProfileSchema::base(), &mut renames);
        (claim, renames)
    }

    #[test]
    fn a_column_of_that_meaning_needs_no_word() {
        assert_eq!(claim(None, "email,External ID").0, Ok(Claim::Column));
        assert!(matches!(claim(None, "email,firstName").0, Err(NoSuchColumn::Unclaimed { .. })));
    }

    #[test]
    fn an_attribute_is_a_key_and_stays_an_attribute() {
        let (found, renames) = claim(Some("EmployeeNumber"), "email,employeeNumber");
        assert_eq!((found, renames.len()), (Ok(Claim::Attribute("employeeNumber".to_owned())), 0));
    }

    #[test]
    fn any_other_column_is_renamed_and_takes_the_place_of_another() {
        let (found, renames) = claim(Some("badge"), "email,badge,externalId");
        assert_eq!(found, Ok(Claim::Column));
        assert_eq!(renames.get("badge").map(String::as_str), Some("externalId"));
        assert_eq!(renames.get("externalId").map(String::as_str), Some(""));
    }

    #[test]
    fn a_faulty_row_has_the_key_of_the_source_or_none() {
        assert_eq!(Claim::Column.of_faulty(Some(" E7 ")).as_deref(), Some("E7"));
        assert_eq!(Claim::Column.of_faulty(Some("  ")), None);
        assert_eq!(Claim::Attribute("employeeNumber".to_owned()).of_faulty(Some("E7")), None);
    }

    #[test]
    fn what_can_be_no_key_is_said() {
        assert!(matches!(claim(Some("nope"), "email").0, Err(NoSuchColumn::Absent { .. })));
        assert!(matches!(claim(Some("password"), "email,password").0, Err(NoSuchColumn::NoKey { .. })));
    }
}
