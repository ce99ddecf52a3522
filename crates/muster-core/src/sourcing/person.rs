//! A person as an identity source shall have them.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::claim::text;
use super::{Operation, Sourcing};
use crate::candidate::{Candidate, GroupWish};
use crate::fault::{Fault, FaultCode};
use crate::record::Line;

/// The longest external id of a person (API.md §10.2).
const LONGEST_ID: usize = 512;
/// The longest external id of a member, and of a group.
const LONGEST_MEMBER: usize = 255;

/// One person, ready to be loaded.
#[derive(Clone, Debug, PartialEq)]
pub struct SourcedPerson {
    /// The row.
    pub line: Line,
    /// The login, as Okta will have it.
    pub login: String,
    /// The key at the source.
    pub external_id: String,
    /// What is sent, under the names of the identity source: texts alone.
    pub profile: Map<String, Value>,
    /// The groups of the source, by name, sorted.
    pub groups: Vec<String>,
}

impl Sourcing {
    /// What this row means for the identity source, or what is wrong with it.
    pub fn person(&self, candidate: &Candidate) -> Result<SourcedPerson, Fault> {
        let external_id = self.claim.external_id(candidate).ok_or_else(|| {
            let reason = "is empty; an identity source knows people by it alone";
            Fault::of_field(FaultCode::MissingExternalId, "externalId", reason)
        })?;
        let groups = self.groups(candidate);
        let most = if groups.is_empty() { LONGEST_ID } else { LONGEST_MEMBER };
        check_length("externalId", &external_id, most)?;
        check_characters("externalId", &external_id)?;
        groups.iter().try_for_each(|group| {
            check_length("groups", group, LONGEST_MEMBER)?;
            check_characters("groups", group)
        })?;
        if groups.len() > self.limits().entities {
            let most = self.limits().entities;
            let reason =
                format!("has {} groups; one request takes {most} memberships of a person", groups.len());
            return Err(Fault::of_field(FaultCode::TooLarge, "groups", reason));
        }
        Ok(SourcedPerson {
            line: candidate.line,
            login: candidate.login.as_str().to_owned(),
            external_id,
            profile: self.profile(candidate),
            groups,
        })
    }

    fn groups(&self, candidate: &Candidate) -> Vec<String> {
        let names = candidate.groups.iter().filter_map(|wish| match wish {
            GroupWish::Name(name) if self.operation == Operation::CreateUpdate => Some(name.clone()),
            GroupWish::Name(_) | GroupWish::Id(_) => None,
        });
        names.collect()
    }

    fn profile(&self, candidate: &Candidate) -> Map<String, Value> {
        if self.operation == Operation::Deactivate {
            return Map::new();
        }
        let sent = candidate.profile.iter().filter_map(|(name, value)| {
            Some((self.attributes.names.get(name)?.clone(), Value::String(text(value)?)))
        });
        sent.collect()
    }
}

impl SourcedPerson {
    /// Half of a SHA-256 of all that is sent: two people with the same one are told to Okta alike.
    pub fn digest(&self) -> [u8; 16] {
        let mut hash = Sha256::new();
        let mut add = |part: &str| {
            hash.update(part.len().to_le_bytes());
            hash.update(part.as_bytes());
        };
        add(&self.external_id);
        let mut names: Vec<&String> = self.profile.keys().collect();
        names.sort();
        for name in names {
            add(name);
            add(self.profile.get(name).and_then(Value::as_str).unwrap_or_default());
        }
        add("");
        self.groups.iter().for_each(|group| add(group));
        let whole = hash.finalize();
        std::array::from_fn(|at| whole.get(at).copied().unwrap_or_default())
    }
}

fn check_length(field: &str, text: &str, most: usize) -> Result<(), Fault> {
    let length = text.chars().count();
    if length <= most {
        return Ok(());
    }
    let reason = format!("has {length} characters, an identity source takes {most}");
    Err(Fault::of_field(FaultCode::TooLong, field, reason))
}

/// Okta takes characters of the basic plane alone (API.md §1).
fn check_characters(field: &str, text: &str) -> Result<(), Fault> {
    match text.chars().find(|letter| u32::from(*letter) > 0xFFFF) {
        None => Ok(()),
        Some(letter) => {
            let reason =
                format!("holds {letter:?} (U+{:X}); Okta takes characters up to U+FFFF", u32::from(letter));
            Err(Fault::of_field(FaultCode::UnsupportedCharacter, field, reason))
        }
    }
}
