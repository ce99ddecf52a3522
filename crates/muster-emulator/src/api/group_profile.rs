//! What clients send about a group, checked against the group schema.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    call::Call,
    user_body::{TAKEN, gathered},
};
use crate::{
    model::{groups::Group, org::Org, profile::Profile, schema::Schema},
    refusal::Refusal,
};

#[derive(Deserialize)]
struct GroupBody {
    profile: Option<Map<String, Value>>,
}

/// A profile that was found to be sound.
pub(super) struct GroupProfile {
    pub name: String,
    pub description: Option<String>,
    pub custom: BTreeMap<String, Value>,
}

impl GroupProfile {
    /// The profile in a body. A group that has one already is not its own namesake.
    pub fn of(org: &Org, call: &Call<'_>, own: Option<&Group>) -> Result<Self, Refusal> {
        let body: GroupBody = call.json()?;
        let given =
            body.profile.ok_or_else(|| Refusal::field("profile", "The field cannot be left blank"))?;
        let schema = &org.resources.group_schema;
        check_names(schema, &given)?;
        let mut profile = Profile::default();
        profile.merge(given);
        if own.is_none() {
            schema.fill_defaults(&mut profile);
        }
        let former = own.map(|group| group.custom.clone().into_iter().collect::<Profile>());
        schema.check_mutability(former.as_ref(), &profile)?;
        gathered(faults(org, schema, &profile, own))?;
        let mut custom: BTreeMap<_, _> =
            profile.iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let name = taken_text(&mut custom, "name").unwrap_or_default();
        let description = taken_text(&mut custom, "description");
        Ok(Self { name, description, custom })
    }
}

fn check_names(schema: &Schema, given: &Map<String, Value>) -> Result<(), Refusal> {
    match schema.undefined(given.keys()).first() {
        None => Ok(()),
        Some(unknown) => {
            let cause = format!("Property name '{unknown}' is not defined in profile");
            Err(Refusal::validation("newGroup").because(cause))
        }
    }
}

fn faults(org: &Org, schema: &Schema, profile: &Profile, own: Option<&Group>) -> Vec<Refusal> {
    let faults = schema.faults(profile);
    let mut refusals: Vec<_> = faults.iter().map(|fault| Refusal::field(&fault.field, fault.wrong)).collect();
    let is_other = |group: &Group| own.is_none_or(|own| own.ordinal != group.ordinal);
    if org.groups.has_namesake(profile.text("name"), own.map(|own| own.ordinal)) {
        refusals.push(Refusal::field("name", TAKEN));
    }
    for name in schema.unique_names() {
        let Some(value) = profile.get(name) else { continue };
        if org.groups.after(None).any(|group| is_other(group) && group.custom.get(name) == Some(&value)) {
            refusals.push(Refusal::field(name, TAKEN));
        }
    }
    refusals
}

fn taken_text(values: &mut BTreeMap<String, Value>, name: &str) -> Option<String> {
    match values.remove(name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}
