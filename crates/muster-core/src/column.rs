//! What the columns of a source mean (PRODUCT.md, "Source columns").

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::schema::ProfileSchema;

/// What one column is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Target {
    /// An attribute of the profile, by the org's spelling of its name.
    Attribute(String),
    /// A cleartext password.
    Password,
    /// A hash without its salt.
    HashedPassword,
    /// The salt of that hash.
    Salt,
    /// Whether the salt went before or after the password.
    SaltOrder,
    /// The algorithm of that hash.
    Algorithm,
    /// The cost of a bcrypt hash.
    WorkFactor,
    /// The rounds of a PBKDF2 hash.
    Iterations,
    /// The length of a PBKDF2 key in bytes.
    KeySize,
    /// The HMAC digest of a PBKDF2 hash.
    DigestAlgorithm,
    /// A stored password in any notation.
    PasswordHash,
    /// Keycloak's JSON of the algorithm of a hash.
    CredentialData,
    /// Keycloak's JSON of a hash and its salt.
    SecretData,
    /// Ids of groups.
    GroupIds,
    /// Names of groups.
    Groups,
    /// The key of the person in the old system; reported with the outcome.
    ExternalId,
    /// The status that the user shall have.
    Status,
    /// The recovery question.
    RecoveryQuestion,
    /// Its answer.
    RecoveryAnswer,
    /// The realm that the user shall be in.
    RealmId,
    /// The id of the Okta user type.
    TypeId,
    /// Left out on purpose.
    Ignored,
    /// Not understood; the plan says so.
    Unmapped,
}

impl std::fmt::Display for Target {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Attribute(name) => out.write_str(name),
            Self::Password => out.write_str("password"),
            Self::HashedPassword => out.write_str("hashedPassword"),
            Self::Salt => out.write_str("salt"),
            Self::SaltOrder => out.write_str("saltOrder"),
            Self::Algorithm => out.write_str("algorithm"),
            Self::WorkFactor => out.write_str("workFactor"),
            Self::Iterations => out.write_str("iterations"),
            Self::KeySize => out.write_str("keySize"),
            Self::DigestAlgorithm => out.write_str("digestAlgorithm"),
            Self::PasswordHash => out.write_str("passwordHash"),
            Self::CredentialData => out.write_str("credentialData"),
            Self::SecretData => out.write_str("secretData"),
            Self::GroupIds => out.write_str("groupIds"),
            Self::Groups => out.write_str("groups"),
            Self::ExternalId => out.write_str("externalId"),
            Self::Status => out.write_str("status"),
            Self::RecoveryQuestion => out.write_str("recoveryQuestion"),
            Self::RecoveryAnswer => out.write_str("recoveryAnswer"),
            Self::RealmId => out.write_str("realmId"),
            Self::TypeId => out.write_str("typeId"),
            Self::Ignored => out.write_str("(left out)"),
            Self::Unmapped => out.write_str("(not understood)"),
        }
    }
}

/// Names with a meaning of their own, lower-case letters and digits only. The dotted ones are the members of
/// a Users API request, so that rows of NDJSON may have its shape.
const SPECIAL: [(&str, Target); 38] = [
    ("password", Target::Password),
    ("credentialspasswordvalue", Target::Password),
    ("hashedpassword", Target::HashedPassword),
    ("credentialspasswordhashvalue", Target::HashedPassword),
    ("salt", Target::Salt),
    ("credentialspasswordhashsalt", Target::Salt),
    ("saltorder", Target::SaltOrder),
    ("credentialspasswordhashsaltorder", Target::SaltOrder),
    ("algorithm", Target::Algorithm),
    ("credentialspasswordhashalgorithm", Target::Algorithm),
    ("workfactor", Target::WorkFactor),
    ("credentialspasswordhashworkfactor", Target::WorkFactor),
    ("iterations", Target::Iterations),
    ("iterationcount", Target::Iterations),
    ("credentialspasswordhashiterationcount", Target::Iterations),
    ("keysize", Target::KeySize),
    ("credentialspasswordhashkeysize", Target::KeySize),
    ("digestalgorithm", Target::DigestAlgorithm),
    ("credentialspasswordhashdigestalgorithm", Target::DigestAlgorithm),
    ("passwordhash", Target::PasswordHash),
    ("credentialdata", Target::CredentialData),
    ("secretdata", Target::SecretData),
    ("groupid", Target::GroupIds),
    ("groupids", Target::GroupIds),
    ("group", Target::Groups),
    ("groups", Target::Groups),
    ("groupname", Target::Groups),
    ("groupnames", Target::Groups),
    ("externalid", Target::ExternalId),
    ("status", Target::Status),
    ("recoveryquestion", Target::RecoveryQuestion),
    ("credentialsrecoveryquestionquestion", Target::RecoveryQuestion),
    ("recoveryanswer", Target::RecoveryAnswer),
    ("credentialsrecoveryquestionanswer", Target::RecoveryAnswer),
    ("realmid", Target::RealmId),
    ("typeid", Target::TypeId),
    ("usertypeid", Target::TypeId),
    ("credentialspasswordhooktype", Target::Ignored),
];

/// What each column of one source is for, in the order of its header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// The header of the source.
    pub header: Vec<String>,
    /// One target per column.
    pub targets: Vec<Target>,
}

/// Why a header can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// Two columns claim one meaning.
    #[error(
        "the columns {first:?} and {second:?} both mean {meaning}; rename one of them, or leave it out by --map"
    )]
    Twice {
        /// The earlier column.
        first: String,
        /// The later column.
        second: String,
        /// What both mean.
        meaning: String,
    },
    /// Nothing to know a person by.
    #[error(
        "no column for the login: {found}; expected `login` or `email` among them.\n\
         Rename the column, or say --map FILE with a line such as: \"E-Mail Address\" = \"email\""
    )]
    NoLogin {
        /// The header.
        found: String,
    },
    /// The map file speaks of a column that is not there.
    #[error(
        "--map names the column {column:?}, which the source does not have among its {columns}; they are those of its first line, to the letter"
    )]
    NoSuchColumn {
        /// The column of the map file.
        column: String,
        /// How many columns there are.
        columns: usize,
    },
    /// The map file gives a meaning that nobody knows.
    #[error(
        "--map gives the column {column:?} the meaning {meaning:?}, which is neither an attribute of the org's schema nor a column name that Muster knows (docs/source-columns.md)"
    )]
    NoSuchMeaning {
        /// The column of the map file.
        column: String,
        /// The meaning it gives.
        meaning: String,
    },
}

/// Renamings by the operator: column of the source → the name that is meant; an empty name leaves it out.
pub type Renames = BTreeMap<String, String>;

impl Mapping {
    /// Finds out what each column means. Exact names go before those that differ by spaces, dashes or underscores.
    pub fn new(header: &[String], schema: &ProfileSchema, renames: &Renames) -> Result<Self, MappingError> {
        let mapping = Self::of_keys(header, schema, renames)?;
        mapping.check_login()?;
        Ok(mapping)
    }

    /// The same for a source that may have no login: where people are known by their external id alone.
    pub fn of_keys(
        header: &[String],
        schema: &ProfileSchema,
        renames: &Renames,
    ) -> Result<Self, MappingError> {
        let mut targets = vec![Target::Unmapped; header.len()];
        for (column, meaning) in renames {
            let Some(at) = header.iter().position(|name| name == column) else {
                return Err(MappingError::NoSuchColumn { column: column.clone(), columns: header.len() });
            };
            targets[at] = renamed(column, meaning, schema)?;
        }
        for exact in [true, false] {
            for (at, name) in header.iter().enumerate() {
                if targets[at] == Target::Unmapped && !renames.contains_key(name) {
                    let found = meaning_of(name, schema, exact);
                    if exact || !targets.contains(&found) {
                        targets[at] = found;
                    }
                }
            }
        }
        let mapping = Self { header: header.to_vec(), targets };
        mapping.check_doubles()?;
        Ok(mapping)
    }

    fn check_doubles(&self) -> Result<(), MappingError> {
        for (at, target) in self.targets.iter().enumerate() {
            let several_allowed =
                matches!(target, Target::Ignored | Target::Unmapped | Target::Groups | Target::GroupIds);
            if let Some(first) = self.targets[..at].iter().position(|earlier| earlier == target)
                && !several_allowed
            {
                return Err(MappingError::Twice {
                    first: self.header[first].clone(),
                    second: self.header[at].clone(),
                    meaning: target.to_string(),
                });
            }
        }
        Ok(())
    }

    fn check_login(&self) -> Result<(), MappingError> {
        let named = |name: &str| {
            self.targets.iter().any(|target| matches!(target, Target::Attribute(found) if found == name))
        };
        if named("login") || named("email") {
            Ok(())
        } else {
            Err(MappingError::NoLogin { found: self.understood() })
        }
    }

    /// The names that are understood. Others are counted: a file without a header has people in its first line.
    fn understood(&self) -> String {
        let pairs = self.header.iter().zip(&self.targets);
        let known: Vec<&str> =
            pairs.filter(|(_, target)| **target != Target::Unmapped).map(|(name, _)| name.as_str()).collect();
        if known.is_empty() {
            return format!("none of the {} names in the first line is understood", self.header.len());
        }
        let others = self.header.len() - known.len();
        format!("{} is understood, {others} other names in the first line are not", known.join(", "))
    }

    /// The columns that nobody understood.
    pub fn unmapped(&self) -> impl Iterator<Item = &str> {
        self.columns_for(&Target::Unmapped)
    }

    /// Whether the source is a reject file of ours, by its columns.
    pub fn is_reject_file(&self) -> bool {
        OF_REJECT_FILES.iter().all(|name| self.header.iter().any(|column| column == name))
    }

    /// Whether any column has this meaning.
    pub fn has(&self, target: &Target) -> bool {
        self.targets.contains(target)
    }

    /// The names of the columns with this meaning.
    pub fn columns_for<'a>(&'a self, target: &'a Target) -> impl Iterator<Item = &'a str> {
        let pairs = self.header.iter().zip(&self.targets);
        pairs.filter(move |(_, found)| *found == target).map(|(name, _)| name.as_str())
    }
}

fn renamed(column: &str, meaning: &str, schema: &ProfileSchema) -> Result<Target, MappingError> {
    if meaning.is_empty() {
        return Ok(Target::Ignored);
    }
    match meaning_of(meaning, schema, false) {
        Target::Unmapped => {
            Err(MappingError::NoSuchMeaning { column: column.to_owned(), meaning: meaning.to_owned() })
        }
        target => Ok(target),
    }
}

/// The columns that a reject file has beside the source's own: a corrected one may come back as a source.
const OF_REJECT_FILES: [&str; 5] = ["_line", "_outcome", "_code", "_reason", "_hint"];

fn meaning_of(name: &str, schema: &ProfileSchema, exact: bool) -> Target {
    if OF_REJECT_FILES.contains(&name) {
        return Target::Ignored;
    }
    let bare = name.strip_prefix("profile.").unwrap_or(name);
    let squeezed: String =
        bare.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let wanted = if exact { bare.to_ascii_lowercase() } else { squeezed.clone() };
    if let Some(attribute) = schema.find(bare) {
        // A custom attribute of the org goes before a word of ours, but for the external id, which is both.
        return if attribute.name.eq_ignore_ascii_case("externalId") {
            Target::ExternalId
        } else {
            Target::Attribute(attribute.name.clone())
        };
    }
    if !exact
        && let Some(attribute) =
            schema.attributes().find(|attribute| attribute.name.eq_ignore_ascii_case(&squeezed))
    {
        return Target::Attribute(attribute.name.clone());
    }
    let dotted = name.starts_with("credentials.") || name == "type.id";
    let special = SPECIAL.iter().find(|(known, _)| *known == if dotted { &squeezed } else { &wanted });
    special.map_or(Target::Unmapped, |(_, target)| target.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Attribute;

    fn mapped(header: &str) -> Vec<Target> {
        let header: Vec<String> = header.split(',').map(str::to_owned).collect();
        Mapping::new(&header, &ProfileSchema::base(), &Renames::new()).unwrap().targets
    }

    fn attribute(name: &str) -> Target {
        Target::Attribute(name.to_owned())
    }

    #[test]
    fn the_seeds_headers_need_no_mapping() {
        assert_eq!(
            mapped("login,email,firstName,lastName,password,groupId"),
            [
                attribute("login"),
                attribute("email"),
                attribute("firstName"),
                attribute("lastName"),
                Target::Password,
                Target::GroupIds
            ]
        );
        assert_eq!(
            mapped("firstName,lastName,email,salt,hashedPassword")[3..],
            [Target::Salt, Target::HashedPassword]
        );
    }

    #[test]
    fn any_case_and_common_spellings_are_understood() {
        assert_eq!(
            mapped("LOGIN,First Name,last_name"),
            [attribute("login"), attribute("firstName"), attribute("lastName")]
        );
        assert_eq!(
            mapped("profile.email,type.id,groupIds"),
            [attribute("email"), Target::TypeId, Target::GroupIds]
        );
        assert_eq!(mapped("email,credentials.password.hash.value")[1], Target::HashedPassword);
        assert_eq!(mapped("email,shoeSize")[1], Target::Unmapped);
    }

    #[test]
    fn an_exact_name_goes_before_a_similar_one() {
        assert_eq!(mapped("E-Mail,email"), [Target::Unmapped, attribute("email")]);
    }

    #[test]
    fn custom_attributes_of_the_org_are_columns() {
        let custom = ProfileSchema::new(
            ProfileSchema::base().attributes().cloned().chain([Attribute::text("shoeSize")]),
        );
        let header = ["email".to_owned(), "SHOESIZE".to_owned()];
        let mapping = Mapping::new(&header, &custom, &Renames::new()).unwrap();
        assert_eq!(mapping.targets[1], attribute("shoeSize"));
    }

    #[test]
    fn a_map_file_renames_and_leaves_out() {
        let header = ["Mail".to_owned(), "note".to_owned()];
        let renames =
            Renames::from([("Mail".to_owned(), "email".to_owned()), ("note".to_owned(), String::new())]);
        let mapping = Mapping::new(&header, &ProfileSchema::base(), &renames).unwrap();
        assert_eq!(mapping.targets, [attribute("email"), Target::Ignored]);
        let wrong = Renames::from([("Post".to_owned(), "email".to_owned())]);
        assert!(matches!(
            Mapping::new(&header, &ProfileSchema::base(), &wrong),
            Err(MappingError::NoSuchColumn { .. })
        ));
    }

    #[test]
    fn a_header_without_login_or_twice_the_same_is_refused() {
        let refuse = |header: &str| {
            let header: Vec<String> = header.split(',').map(str::to_owned).collect();
            Mapping::new(&header, &ProfileSchema::base(), &Renames::new()).unwrap_err()
        };
        assert!(matches!(refuse("firstName,lastName"), MappingError::NoLogin { .. }));
        assert!(matches!(refuse("email,EMAIL"), MappingError::Twice { .. }));
    }
}
