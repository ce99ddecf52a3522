//! Which columns can go to an identity source, and which can't (API.md §10: texts only; no passwords, no lists).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::column::{Mapping, Renames, Target};
use crate::schema::{Attribute, Kind, ProfileSchema};

/// The attributes that an identity source has by its own schema, with the most characters of each; none where the org
/// does not show it.
pub type SourceAttributes = Option<BTreeMap<String, Option<u64>>>;

/// Attributes that every identity source has, by Okta's names for users; its own name for `login` is `userName`.
const OWN: [&str; 7] =
    ["login", "firstName", "lastName", "email", "secondEmail", "mobilePhone", "homeAddress"];

/// The longest home address (API.md §10.2).
const LONGEST_ADDRESS: u64 = 4096;

/// What goes over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentAttributes {
    /// The org's name of an attribute → that of the identity source.
    pub names: BTreeMap<String, String>,
    /// Attributes that are no text in the org, and go as text.
    pub as_text: Vec<String>,
    /// What can't go.
    pub left_out: Vec<LeftOut>,
}

/// Attributes that Okta maps by itself: a user that came from the source has them as they were sent.
const MAPPED: [&str; 6] = ["login", "firstName", "lastName", "email", "secondEmail", "mobilePhone"];

/// A column that stays behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Its name in the source.
    pub column: String,
    /// Why, and what to do.
    pub reason: String,
}

impl SentAttributes {
    /// What of these columns goes to a source with these attributes.
    pub fn of(mapping: &Mapping, org: &ProfileSchema, source: &SourceAttributes) -> Self {
        let mut sent = Self::default();
        for (column, target) in mapping.header.iter().zip(&mapping.targets) {
            let why = match target {
                Target::Attribute(name) => sent.attribute(name, org, source),
                other => why_not(other),
            };
            if let Some(reason) = why {
                sent.left_out.push(LeftOut { column: column.clone(), reason: reason.to_owned() });
            }
        }
        // Either may stand in for the other when rows are read.
        for name in ["login", "email"] {
            sent.names.insert(name.to_owned(), name_at_source(name).to_owned());
        }
        sent
    }

    /// Of the profile that was sent, what the user must have, whatever else the org maps.
    pub fn mapped(&self, profile: &Map<String, Value>) -> Map<String, Value> {
        let mapped = profile.iter().filter(|(name, _)| MAPPED.contains(&name.as_str()));
        mapped.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// Of the profile of the row, all that was sent.
    pub fn sent(&self, profile: &Map<String, Value>) -> Map<String, Value> {
        let sent = profile.iter().filter(|(name, _)| self.names.contains_key(*name));
        sent.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// Takes the attribute, or says why it can't go.
    fn attribute(
        &mut self,
        name: &str,
        org: &ProfileSchema,
        source: &SourceAttributes,
    ) -> Option<&'static str> {
        let attribute = org.attribute(name);
        if attribute.is_some_and(|attribute| attribute.array) {
            return Some("it holds lists, and an identity source takes texts alone");
        }
        let its_name = name_at_source(name);
        let known = source.as_ref().is_none_or(|known| known.contains_key(its_name));
        if !known && !OWN.contains(&name) {
            return Some(
                "the identity source has no attribute of this name; add it to the app's profile in the org, with its mapping",
            );
        }
        if attribute.is_some_and(|attribute| attribute.kind != Kind::String) {
            self.as_text.push(name.to_owned());
        }
        self.names.insert(name.to_owned(), its_name.to_owned());
        None
    }
}

fn name_at_source(name: &str) -> &str {
    if name == "login" { "userName" } else { name }
}

/// Why a column that is no attribute can't go this way.
fn why_not(target: &Target) -> Option<&'static str> {
    match target {
        Target::Attribute(_) | Target::ExternalId | Target::Groups | Target::Ignored | Target::Unmapped => {
            None
        }
        Target::Password
        | Target::HashedPassword
        | Target::Salt
        | Target::SaltOrder
        | Target::Algorithm
        | Target::WorkFactor
        | Target::Iterations
        | Target::KeySize
        | Target::DigestAlgorithm
        | Target::PasswordHash
        | Target::CredentialData
        | Target::SecretData => Some(
            "an identity source takes no passwords; --then hook arms the people for the password-import hook afterwards",
        ),
        Target::RecoveryQuestion | Target::RecoveryAnswer => {
            Some("an identity source takes no recovery question")
        }
        Target::GroupIds => Some("groups of an identity source are its own: name them in a column groups"),
        Target::Status => Some("whether people are activated is a setting of the identity source in the org"),
        Target::RealmId => Some("an identity source does not choose realms"),
        Target::TypeId => Some("an identity source does not choose user types"),
    }
}

/// The schema by which rows are read that go to an identity source: the org's own, and what the source has beside it.
pub fn source_schema(org: &ProfileSchema, source: &SourceAttributes) -> ProfileSchema {
    let mut address = Attribute::text("homeAddress");
    address.max_length = Some(LONGEST_ADDRESS);
    let others = source.iter().flatten().map(|(name, most)| {
        let mut attribute = Attribute::text(name);
        attribute.max_length = *most;
        attribute
    });
    let more =
        others.chain([address]).filter(|found| found.name != "userName" && org.find(&found.name).is_none());
    let more: BTreeMap<String, Attribute> = more.map(|found| (found.name.clone(), found)).collect();
    ProfileSchema::new(org.attributes().cloned().chain(more.into_values()))
}

/// A column `userName` is the login, as the identity source calls it, unless another column is.
pub fn with_user_name(header: &[String], mut renames: Renames) -> Renames {
    let squeezed = |name: &str| {
        let bare = name.strip_prefix("profile.").unwrap_or(name);
        bare.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
    };
    let taken = header.iter().any(|column| squeezed(column) == "login")
        || renames.values().any(|meaning| squeezed(meaning) == "login");
    let found = header.iter().find(|column| squeezed(column) == "username");
    if let Some(column) = found.filter(|column| !taken && !renames.contains_key(*column)) {
        renames.insert(column.clone(), "login".to_owned());
    }
    renames
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(columns: &str) -> Vec<String> {
        columns.split(',').map(str::to_owned).collect()
    }

    fn sent(columns: &str, org: &ProfileSchema, source: &SourceAttributes) -> SentAttributes {
        let header = header(columns);
        let schema = source_schema(org, source);
        let renames = with_user_name(&header, Renames::new());
        SentAttributes::of(&Mapping::new(&header, &schema, &renames).unwrap(), org, source)
    }

    #[test]
    fn the_cards_fields_go_under_their_names() {
        let sent = sent(
            "externalId,User Name,firstName,lastName,email,secondEmail,mobilePhone,homeAddress",
            &ProfileSchema::base(),
            &None,
        );
        assert_eq!(sent.names["login"], "userName");
        assert_eq!((sent.names.len(), sent.left_out.len()), (7, 0));
    }

    #[test]
    fn what_cannot_go_is_said_with_its_reason() {
        let mut tags = Attribute::text("tags");
        tags.array = true;
        let mut age = Attribute::text("age");
        age.kind = Kind::Integer;
        let org = ProfileSchema::new(ProfileSchema::base().attributes().cloned().chain([tags, age]));
        let sent = sent("email,tags,age,password,groupIds,status,groups", &org, &None);
        let columns: Vec<&str> = sent.left_out.iter().map(|left| left.column.as_str()).collect();
        assert_eq!(columns, ["tags", "password", "groupIds", "status"]);
        assert_eq!(sent.as_text, ["age"]);
    }

    #[test]
    fn a_source_that_shows_its_attributes_takes_no_others() {
        let source = Some(BTreeMap::from([("badge".to_owned(), Some(9)), ("userName".to_owned(), None)]));
        let sent = sent("email,badge,title", &ProfileSchema::base(), &source);
        assert!(sent.names.contains_key("badge") && !sent.names.contains_key("title"));
        assert_eq!(sent.left_out[0].column, "title");
        let schema = source_schema(&ProfileSchema::base(), &source);
        assert_eq!(schema.attribute("badge").and_then(|badge| badge.max_length), Some(9));
        assert!(schema.attribute("userName").is_none());
    }
}
