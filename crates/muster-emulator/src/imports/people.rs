//! People: who is made, matched, changed and deactivated, and who is not imported at all.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Errand, mapping::mapped};
use crate::{
    api::{
        realms,
        user_body::{TAKEN, gathered, profile_faults},
    },
    model::{
        credentials::{Provider, ProviderKind},
        events::{EventKind, ImportTarget, Target},
        org::Org,
        profile::Profile,
        sources::{Outcome, Person, SourceChange},
        user::{Status, User},
    },
    refusal::Refusal,
};

/// The longest home address; the org has no attribute that would say so.
const LONGEST_ADDRESS: usize = 4096;

/// What is said of somebody.
#[derive(Clone, Debug)]
pub(crate) struct Given<'a> {
    pub external_id: &'a str,
    /// Null clears.
    pub attributes: BTreeMap<String, Option<String>>,
    /// Whether what is not said is cleared, too. A bulk upsert changes what it names (UNCONFIRMED).
    pub is_whole: bool,
}

/// Where the user of a person comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// The source has brought the user.
    Own,
    /// A user of the same login is there, and from no source.
    Matched,
    New,
}

/// Takes somebody in, or changes them. Everything is done or nothing.
pub(crate) fn upsert(org: &mut Org, errand: &Errand, given: Given<'_>) -> Result<Outcome, Refusal> {
    let source = org.resources.sources.by_id(&errand.source).ok_or_else(Refusal::internal)?;
    let (head, former) = (source.head.clone(), source.person(given.external_id).cloned());
    let external_id = given.external_id.into();
    let former_profile = former.as_ref().map(|person| person.profile.clone()).unwrap_or_default();
    let profile = profile_of(&head.attributes, &former_profile, given);
    check_source_profile(&profile)?;
    let (present, origin) = find(org, errand, former.as_ref(), &profile)?;
    let mut user = present.clone();
    change_profile(org, &mut user, origin, (&former_profile, &profile))?;
    if origin == Origin::Own && same(&profile, &former_profile) && same(&user.profile, &present.profile) {
        return Ok(Outcome::Unchanged);
    }
    if origin != Origin::Own {
        link(org, errand, &mut user, origin, head.activates)?;
    }
    user.touch(errand.at);
    let user = put(org, user, origin);
    let (id, created) = match former {
        Some(former) => (former.id, former.created),
        None => (org.ids.id("0ua").into(), errand.at),
    };
    let person = Person { id, external_id, profile, user, created, last_updated: errand.at };
    org.source_change(SourceChange::Person(errand.source.clone(), Box::new(person)));
    tell(org, errand, user, origin, head.activates);
    org.obey_rules(user, errand.at);
    Ok(Outcome::Done)
}

/// Takes somebody out of the source, and deactivates the user. Who is not known is nobody's fault.
pub(crate) fn remove(org: &mut Org, errand: &Errand, external_id: &str) -> Outcome {
    let source = org.resources.sources.by_id(&errand.source);
    let Some(person) = source.and_then(|source| source.person(external_id)).cloned() else {
        return Outcome::Unchanged;
    };
    let groups = org.groups.of_user(person.user).map(|group| group.ordinal);
    let is_own = |group: &u64| source.is_some_and(|source| source.group_at(*group).is_some());
    let groups: Vec<_> = groups.filter(is_own).collect();
    for group in groups {
        super::membership::end(org, errand, group, person.user);
    }
    if let Some(mut user) = org.users.by_ordinal(person.user).cloned()
        && user.status != Status::Deprovisioned
    {
        user.become_status(Status::Deprovisioned, errand.at);
        org.put_user(&mut user);
        org.happened(errand.event(EventKind::UserDeactivate, Target::User(person.user)));
    }
    org.source_change(SourceChange::PersonGone(errand.source.clone(), external_id.into()));
    let app_user = Some(person.named());
    let target = ImportTarget { user: Some(person.user), app_user, ..errand.target() };
    org.happened(errand.event(EventKind::ImportUserDelete, Target::Import(Box::new(target))));
    Outcome::Done
}

/// The profile in the source, with what is said now. What the schema of the source does not have is left out.
fn profile_of(declared: &[String], former: &Profile, given: Given<'_>) -> Profile {
    let mut profile = if given.is_whole { Profile::default() } else { former.clone() };
    let has = |name: &String| declared.is_empty() || BASE.contains(&name.as_str()) || declared.contains(name);
    let given = given.attributes.into_iter().filter(|(name, _)| has(name));
    profile.merge(given.map(|(name, value)| (name, value.map_or(Value::Null, Value::String))).collect());
    profile
}

/// The attributes that every source has.
pub(crate) const BASE: [&str; 7] =
    ["userName", "firstName", "lastName", "email", "secondEmail", "mobilePhone", "homeAddress"];

fn check_source_profile(profile: &Profile) -> Result<(), Refusal> {
    let blank = |name: &&str| profile.text(name).trim().is_empty();
    let missing = ["userName", "email"].into_iter().filter(blank);
    gathered(missing.map(|name| Refusal::field(name, "The field cannot be left blank")).collect())?;
    if profile.text("homeAddress").chars().count() > LONGEST_ADDRESS {
        return Err(Refusal::field("homeAddress", "The field is too long"));
    }
    Ok(())
}

/// A user of the same login is matched, unless a source has brought it.
fn find(
    org: &Org,
    errand: &Errand,
    former: Option<&Person>,
    profile: &Profile,
) -> Result<(User, Origin), Refusal> {
    if let Some(user) = former.and_then(|person| org.users.by_ordinal(person.user)) {
        return Ok((user.clone(), Origin::Own));
    }
    let Some(user) = org.users.by_login(profile.text("userName")) else {
        return Ok((fresh(org, errand)?, Origin::New));
    };
    match org.resources.sources.origin(user.ordinal) {
        None => Ok((user.clone(), Origin::Matched)),
        Some(_) => Err(Refusal::field("login", TAKEN)),
    }
}

/// Somebody of the default type and realm.
fn fresh(org: &Org, errand: &Errand) -> Result<User, Refusal> {
    let type_id = org.user_type("default").ok_or_else(Refusal::internal)?.id.clone();
    let mut user = User::new(String::new(), type_id, errand.at);
    realms::enter(org, &mut user, None)?;
    Ok(user)
}

/// Gives the user what the source says, if the org takes it.
fn change_profile(
    org: &Org,
    user: &mut User,
    origin: Origin,
    (former, profile): (&Profile, &Profile),
) -> Result<(), Refusal> {
    let schema = org.schema_of(&user.type_id).ok_or_else(Refusal::internal)?;
    user.profile.merge(mapped(schema, former, profile)?);
    if origin == Origin::New {
        schema.fill_defaults(&mut user.profile);
    }
    let own = if origin == Origin::New { u64::MAX } else { user.ordinal };
    let mut faults = profile_faults(org, schema, &user.profile, own);
    faults.extend(realms::faults(org, user.realm_id.as_deref(), &user.profile));
    gathered(faults)
}

/// Makes the user one of the source. Who is new, or was deactivated, begins as the source has it.
fn link(org: &Org, errand: &Errand, user: &mut User, origin: Origin, activates: bool) -> Result<(), Refusal> {
    user.credentials.provider = Provider::of(ProviderKind::Import);
    let former = (origin == Origin::Matched).then_some(user.status);
    if former.is_some_and(|status| status != Status::Deprovisioned) {
        return Ok(());
    }
    user.become_status(if activates { Status::Active } else { Status::Staged }, errand.at);
    if activates {
        user.activated = Some(errand.at);
    }
    org.check_active(former, user.status)
}

fn put(org: &mut Org, mut user: User, origin: Origin) -> u64 {
    if origin == Origin::New {
        user.id = org.ids.id("00u");
        return org.add_user(user);
    }
    org.put_user(&mut user);
    user.ordinal
}

fn tell(org: &mut Org, errand: &Errand, user: u64, origin: Origin, activates: bool) {
    if origin == Origin::New {
        org.happened(errand.event(EventKind::UserCreate, Target::User(user)));
        if activates {
            org.happened(errand.event(EventKind::UserActivate, Target::User(user)));
        }
        return errand.tell_of_person(org, EventKind::ImportUserCreate, user);
    }
    if origin == Origin::Matched {
        errand.tell_of_person(org, EventKind::ImportUserMatch, user);
    }
    errand.tell_of_person(org, EventKind::ImportUserUpdate, user);
}

fn same(one: &Profile, other: &Profile) -> bool {
    one.iter().eq(other.iter())
}
