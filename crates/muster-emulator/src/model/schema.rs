//! The schema of a user type: which attributes its users have, and how it is changed.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    attribute::{Attribute, Unique},
    attribute_rules,
    base_attributes::base_attributes,
    profile::Profile,
};
use crate::refusal::Refusal;

/// How many attributes of a type may be unique.
const MAX_UNIQUE: usize = 5;

/// Names that no custom attribute may have, in lower case.
const RESERVED: [&str; 19] = [
    "id",
    "profile",
    "status",
    "transitioningtostatus",
    "created",
    "activated",
    "statuschanged",
    "lastlogin",
    "lastupdated",
    "passwordchanged",
    "type",
    "realm",
    "realmid",
    "password",
    "credentials",
    "_links",
    "_embedded",
    "class",
    "classloader",
];

/// The schema of one user type.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Schema {
    pub id: String,
    pub type_id: String,
    pub created: Timestamp,
    pub last_updated: Timestamp,
    pub base: BTreeMap<String, Attribute>,
    pub custom: BTreeMap<String, Attribute>,
}

/// One fault of a profile: the field and what is wrong with it.
pub(crate) struct ProfileFault {
    pub field: String,
    pub wrong: &'static str,
}

/// What is asked of a schema: attributes to add, change, or (null) remove.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct SchemaChange {
    definitions: Definitions,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Definitions {
    custom: Part,
    base: Part,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Part {
    properties: BTreeMap<String, Option<Attribute>>,
}

impl Schema {
    /// The schema of a new type: the base attributes alone.
    pub fn new(id: String, type_id: String, now: Timestamp) -> Self {
        Self {
            id,
            type_id,
            created: now,
            last_updated: now,
            base: base_attributes(),
            custom: BTreeMap::new(),
        }
    }

    /// The attribute of a name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.base.get(name).or_else(|| self.custom.get(name))
    }

    /// Makes the patterns ready for use, after the schema has been read from a file.
    pub fn compile(&mut self) {
        for attribute in self.base.values_mut().chain(self.custom.values_mut()) {
            attribute.compile();
        }
    }

    /// The names that are not defined here.
    pub fn undefined<'a>(&self, names: impl Iterator<Item = &'a String>) -> Vec<String> {
        names.filter(|name| self.attribute(name).is_none()).cloned().collect()
    }

    /// The values of attributes that say so, where a new user has none.
    pub fn fill_defaults(&self, profile: &mut Profile) {
        for (name, attribute) in &self.custom {
            if let Some(default) = &attribute.default
                && !profile.contains(name)
            {
                profile.insert(name.clone(), default.clone());
            }
        }
    }

    /// Everything that is wrong with a profile, login and e-mail first.
    pub fn faults(&self, profile: &Profile) -> Vec<ProfileFault> {
        let blank = "The field cannot be left blank";
        let all = self.base.iter().chain(&self.custom);
        let missing = all
            .filter(|(name, attribute)| attribute.is_required() && !profile.contains(name))
            .map(|(name, _)| ProfileFault { field: name.clone(), wrong: blank });
        let wrong = profile.iter().filter_map(|(name, value)| {
            let wrong = self.attribute(name)?.fault_of(name, &value)?;
            Some(ProfileFault { field: name.to_owned(), wrong })
        });
        let mut faults: Vec<_> = missing.chain(wrong).collect();
        faults.sort_by_key(|fault| match fault.field.as_str() {
            "login" => 0,
            "email" => 1,
            _ => 2,
        });
        faults
    }

    /// Refuses a change to what can only be read, or only be written once. A new user has no former profile.
    pub fn check_mutability(&self, former: Option<&Profile>, next: &Profile) -> Result<(), Refusal> {
        for (name, attribute) in &self.custom {
            let before = former.and_then(|former| former.get(name));
            let same = before == next.get(name);
            match attribute.mutability.as_deref() {
                Some("READ_ONLY") if !same => return Err(Refusal::read_only_attribute(name)),
                Some("IMMUTABLE") if !same && before.is_some() => return Err(Refusal::immutable(name)),
                _ => {}
            }
        }
        Ok(())
    }

    /// The names of attributes whose values must differ.
    pub fn unique_names(&self) -> impl Iterator<Item = &String> {
        self.custom.iter().filter(|(_, attribute)| attribute.is_unique()).map(|(name, _)| name)
    }

    /// The schema after a change, and the names of the attributes that are gone.
    pub fn changed(&self, change: SchemaChange, now: Timestamp) -> Result<(Self, Vec<String>), Refusal> {
        let mut next = self.clone();
        let mut gone = Vec::new();
        for (name, wanted) in change.definitions.base.properties {
            next.change_base(&name, wanted)?;
        }
        for (name, wanted) in change.definitions.custom.properties {
            match wanted {
                Some(attribute) => next.put_custom(name, attribute)?,
                None if next.custom.remove(&name).is_some() => gone.push(name),
                None => return Err(Refusal::not_found(&name, "UserSchemaAttribute")),
            }
        }
        if next.unique_names().count() > MAX_UNIQUE {
            return Err(Refusal::field("unique", "No more than 5 attributes may be unique"));
        }
        next.last_updated = now;
        Ok((next, gone))
    }

    /// Only permissions, whether a name may be missing, and the login's pattern can be changed.
    fn change_base(&mut self, name: &str, wanted: Option<Attribute>) -> Result<(), Refusal> {
        let (Some(present), Some(wanted)) = (self.base.get_mut(name), wanted) else {
            return Err(Refusal::field(name, "A base attribute cannot be added or removed"));
        };
        if let Some(permissions) = wanted.permissions {
            present.permissions = Some(permissions);
        }
        if matches!(name, "firstName" | "lastName") && wanted.required.is_some() {
            present.required = wanted.required.filter(|required| *required);
            present.min_length = present.required.map(|_| 1);
        }
        if name == "login" && wanted.pattern.is_some() {
            present.pattern = wanted.pattern;
            present.min_length = None;
            if !present.compile() {
                return Err(Refusal::field("pattern", "The pattern is not a regular expression"));
            }
        }
        Ok(())
    }

    fn put_custom(&mut self, name: String, mut attribute: Attribute) -> Result<(), Refusal> {
        check_name(&name)?;
        let taken = |other: &&String| other.eq_ignore_ascii_case(&name) && **other != name;
        if self.base.keys().any(|base| base.eq_ignore_ascii_case(&name))
            || self.custom.keys().any(|other| taken(&other))
        {
            return Err(Refusal::field(&name, "An attribute of this name exists already"));
        }
        if !attribute.compile() {
            return Err(Refusal::field(&name, "The pattern is not a regular expression"));
        }
        attribute_rules::check(&name, &attribute, self.custom.get(&name))?;
        attribute.unique = attribute.is_unique().then(|| Unique::State("UNIQUE_VALIDATED".to_owned()));
        attribute.scope.get_or_insert_with(|| "NONE".to_owned());
        attribute.mutability.get_or_insert_with(|| "READ_WRITE".to_owned());
        attribute.master.get_or_insert_with(|| serde_json::json!({"type": "PROFILE_MASTER"}));
        attribute
            .permissions
            .get_or_insert_with(|| serde_json::json!([{"principal": "SELF", "action": "READ_ONLY"}]));
        self.custom.insert(name, attribute);
        Ok(())
    }
}

fn check_name(name: &str) -> Result<(), Refusal> {
    let shaped = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !shaped || RESERVED.contains(&name.to_ascii_lowercase().as_str()) {
        return Err(Refusal::field(name, "This name cannot be used for an attribute"));
    }
    Ok(())
}
