//! What is loaded into a session: the bodies of the bulk requests, and what is wrong with them before anything is
//! processed.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use crate::{
    model::sources::{GroupWish, Load},
    refusal::Refusal,
};

const LONGEST_PERSON_ID: usize = 512;
const LONGEST_GROUP_ID: usize = 255;

/// `bulk-upsert` and `bulk-delete`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PeopleBody {
    entity_type: Option<String>,
    #[serde(default)]
    profiles: Said<Vec<PersonBody>>,
}

/// Whether a member is there at all: null is, and holds nothing.
#[derive(Default)]
enum Said<T> {
    #[default]
    Nothing,
    Given(T),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PersonBody {
    external_id: Option<String>,
    profile: Option<BTreeMap<String, Option<String>>>,
}

/// `bulk-groups-upsert`.
#[derive(Deserialize)]
pub(super) struct GroupsBody {
    profiles: Option<Vec<GroupBody>>,
}

/// A group by itself, and one of many.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GroupBody {
    pub external_id: Option<String>,
    pub profile: Option<GroupWish>,
}

/// `bulk-groups-delete`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GroupsGoneBody {
    external_ids: Option<Vec<String>>,
}

/// `bulk-group-memberships-upsert` and `-delete`.
#[derive(Deserialize)]
pub(super) struct MembersBody {
    memberships: Option<Vec<MembershipBody>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MembershipBody {
    group_external_id: Option<String>,
    member_external_ids: Option<Vec<String>>,
}

impl PeopleBody {
    /// The people, as they are to be processed. None of them is taken; none said at all is a fault.
    pub fn loads(self, gone: bool) -> Result<Vec<Load>, Refusal> {
        if self.entity_type.as_deref() != Some("USERS") {
            return Err(Refusal::field("entityType", "The field entityType is not valid."));
        }
        let Said::Given(profiles) = self.profiles else { return Err(blank("profiles")) };
        let load = |body: PersonBody| {
            let id = id("externalId", body.external_id, LONGEST_PERSON_ID)?;
            Ok(if gone { Load::PersonGone(id) } else { Load::Person(id, body.profile.unwrap_or_default()) })
        };
        profiles.into_iter().map(load).collect()
    }
}

impl GroupsBody {
    /// The groups, as they are to be processed.
    pub fn loads(self) -> Result<Vec<Load>, Refusal> {
        let profiles = some("profiles", self.profiles)?;
        let load = |body: GroupBody| {
            Ok(Load::Group(group_id("externalId", body.external_id)?, body.profile.unwrap_or_default()))
        };
        profiles.into_iter().map(load).collect()
    }
}

impl GroupsGoneBody {
    /// The groups, as they are to be processed.
    pub fn loads(self) -> Result<Vec<Load>, Refusal> {
        let ids = some("externalIds", self.external_ids)?;
        ids.into_iter().map(|id| Ok(Load::GroupGone(group_id("externalIds", Some(id))?))).collect()
    }
}

impl MembersBody {
    /// The memberships, each pair for itself.
    pub fn loads(self, gone: bool) -> Result<Vec<Load>, Refusal> {
        let mut loads = Vec::new();
        for body in some("memberships", self.memberships)? {
            let group = group_id("groupExternalId", body.group_external_id)?;
            let members = body.member_external_ids.ok_or_else(|| blank("memberExternalIds"))?;
            for member in members {
                let pair = (group.clone(), group_id("memberExternalIds", Some(member))?);
                loads.push(if gone { Load::Leave(pair.0, pair.1) } else { Load::Join(pair.0, pair.1) });
            }
        }
        Ok(loads)
    }
}

/// The id of a group or of a member of one.
pub(super) fn group_id(field: &str, given: Option<String>) -> Result<Box<str>, Refusal> {
    id(field, given, LONGEST_GROUP_ID)
}

/// The id of a person.
pub(super) fn person_id(given: Option<String>) -> Result<Box<str>, Refusal> {
    id("externalId", given, LONGEST_PERSON_ID)
}

fn id(field: &str, given: Option<String>, longest: usize) -> Result<Box<str>, Refusal> {
    let given = given.filter(|given| !given.is_empty()).ok_or_else(|| blank(field))?;
    if given.chars().count() > longest {
        return Err(Refusal::field(field, "The field is too long"));
    }
    Ok(given.into())
}

fn some<T>(field: &str, given: Option<Vec<T>>) -> Result<Vec<T>, Refusal> {
    given.filter(|given| !given.is_empty()).ok_or_else(|| blank(field))
}

fn blank(field: &str) -> Refusal {
    Refusal::field(field, "The field cannot be left blank")
}

impl<'de, T: Default + Deserialize<'de>> Deserialize<'de> for Said<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(|given| Self::Given(given.unwrap_or_default()))
    }
}
