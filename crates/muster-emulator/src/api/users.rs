//! `/users`: creating, reading, changing and deleting one user.

use super::{
    call::{Answer, Call, Reply},
    groups::GroupView,
    realms,
    user_body::{CredentialsBody, GivenPassword, UserBody, check_names, gathered, profile_faults},
    user_view::{Links, UserView},
};
use crate::{
    imports,
    model::{
        credentials::{Provider, Recovery},
        events::{Actor, EventKind, Target},
        groups::GroupKind,
        mails::MailKind,
        org::Org,
        profile::Profile,
        user::{Status, User},
    },
    refusal::Refusal,
};

/// The most groups that can be named in a create.
const MAX_GROUPS: usize = 20;

/// What the parameters of a create ask for.
struct Wish {
    activate: bool,
    provider: bool,
    expire: bool,
}

/// `POST /users`.
pub(crate) fn create(org: &mut Org, call: &Call<'_>) -> Answer {
    let wish = Wish::of(call)?;
    let mut body: UserBody = call.json()?;
    let mut credentials = body.credentials.take().unwrap_or_default();
    let password = credentials.password()?;
    wish.check(password.is_some())?;
    let realm = body.realm_id.take();
    let groups = known_groups(org, body.group_ids.as_deref().unwrap_or_default())?;
    let mut user = candidate(org, call, body, password.as_ref(), realm.as_deref())?;
    give_credentials(org, &mut user, credentials, password, &wish)?;
    if user.credentials.password.is_set() {
        user.password_changed = Some(call.now);
    }
    if wish.activate {
        user.activate(call.now);
    }
    if wish.expire {
        user.status = Status::PasswordExpired;
    }
    org.check_active(None, user.status)?;
    let status = user.status;
    let place = org.add_user(user);
    tell_of(org, call, place, status);
    for group in groups {
        if org.join(group, place) {
            org.happened(call.event(EventKind::MemberAdd, Target::Membership(place, group)));
            org.touch_membership(group, call.now);
        }
    }
    org.obey_rules(place, call.now);
    reply(org, call, org.users.by_ordinal(place).ok_or_else(Refusal::internal)?)
}

/// A new user is in the System Log, and is written to if there is a password to be set.
fn tell_of(org: &mut Org, call: &Call<'_>, place: u64, status: Status) {
    org.happened(call.event(EventKind::UserCreate, Target::User(place)));
    if status != Status::Staged {
        org.happened(call.event(EventKind::UserActivate, Target::User(place)));
    }
    if status == Status::Provisioned {
        org.mail(call.mail(MailKind::Activation, place));
    }
}

/// `GET /users/{id or login}`.
pub(crate) fn read(org: &Org, call: &Call<'_>, key: &str) -> Answer {
    // Who calls with the access token of an app is no user.
    if key == "me" && !matches!(call.actor, Actor::App(_)) {
        return Reply::json(&view(org, call, &org.owner));
    }
    let user = find(org, key)?;
    shown(org, call, &user.id)
}

/// `GET /users/{id}/groups`.
pub(crate) fn groups(org: &Org, call: &Call<'_>, key: &str) -> Answer {
    let user = find(org, key)?;
    let groups: Vec<_> = org.groups.of_user(user.ordinal).map(|group| GroupView::new(call, group)).collect();
    Reply::json(&groups)
}

/// `POST /users/{id}` (partial) and `PUT /users/{id}` (full).
pub(crate) fn update(org: &mut Org, call: &Call<'_>, key: &str, full: bool) -> Answer {
    let mut user = find(org, key)?.clone();
    user.check_match(call.header("if-match"))?;
    if user.status == Status::Deprovisioned {
        return Err(Refusal::status());
    }
    let mut body: UserBody = call.json()?;
    let former = user.clone();
    realms::enter(org, &mut user, body.realm_id.as_deref())?;
    if let Some(id) = body.user_type.take().and_then(|user_type| user_type.id) {
        change_type(org, &mut user, &id, full)?;
    }
    change_profile(org, &former, &mut user, body.profile.take(), full)?;
    let has_password = change_credentials(org, call, &mut user, body.credentials.take().unwrap_or_default())?;
    org.check_active(Some(former.status), user.status)?;
    user.touch(call.now);
    org.put_user(&mut user);
    if has_password {
        org.happened(call.event(EventKind::PasswordUpdate, Target::User(user.ordinal)));
    }
    org.happened(call.event(EventKind::UserProfile, Target::User(user.ordinal)));
    org.obey_rules(user.ordinal, call.now);
    shown(org, call, &user.id)
}

/// `GET /users/{id}/blocks`: nobody is blocked from any device, so that `expand=blocks` has nothing to add either.
pub(crate) fn blocks(org: &Org, key: &str) -> Answer {
    find(org, key)?;
    Reply::json(&serde_json::json!([]))
}

/// `DELETE /users/{id}`: deactivates first, and deletes the second time. Who prefers not to wait gets the same
/// answer: the description knows no other than 204 (UNCONFIRMED, API.md §5.6).
pub(crate) fn delete(org: &mut Org, call: &Call<'_>, key: &str) -> Answer {
    let mut user = find(org, key)?.clone();
    if call.query.flag("sendEmail", false)? {
        org.mail(call.mail(MailKind::Administrator, user.ordinal));
    }
    if user.status == Status::Deprovisioned {
        org.remove_user(&user.id);
        org.happened(call.event(EventKind::UserDelete, Target::User(user.ordinal)));
    } else {
        user.become_status(Status::Deprovisioned, call.now);
        org.put_user(&mut user);
        org.happened(call.event(EventKind::UserDeactivate, Target::User(user.ordinal)));
    }
    Ok(Reply::empty())
}

/// The user of an id, login or short name.
pub(crate) fn find<'a>(org: &'a Org, key: &str) -> Result<&'a User, Refusal> {
    org.users.by_key(key).ok_or_else(|| Refusal::not_found(key, "User"))
}

/// The whole user, as the answer.
pub(crate) fn shown(org: &Org, call: &Call<'_>, id: &str) -> Answer {
    reply(org, call, org.users.by_id(id).ok_or_else(Refusal::internal)?)
}

fn reply(org: &Org, call: &Call<'_>, user: &User) -> Answer {
    let mut reply = Reply::json(&view(org, call, user))?;
    reply.etag = Some(user.etag());
    Ok(reply)
}

fn view<'a>(org: &'a Org, call: &'a Call<'_>, user: &'a User) -> UserView<'a> {
    let schema = org.schema_of(&user.type_id).map_or("default", |schema| schema.id.as_str());
    UserView::new(call, user, schema, Links::Full)
}

impl Wish {
    fn of(call: &Call<'_>) -> Result<Self, Refusal> {
        let expire = match call.query.get("nextLogin") {
            None | Some("") => false,
            Some("changePassword") => true,
            Some(_) => return Err(Refusal::field("nextLogin", "The value must be changePassword")),
        };
        let flag = |name, default| call.query.flag(name, default);
        Ok(Self { activate: flag("activate", true)?, provider: flag("provider", false)?, expire })
    }

    fn check(&self, has_password: bool) -> Result<(), Refusal> {
        match self {
            Self { expire: true, activate: false, .. } => Err(Refusal::expire_needs_activation()),
            Self { expire: true, .. } if !has_password => Err(Refusal::expire_needs_password()),
            _ => Ok(()),
        }
    }
}

fn known_groups(org: &Org, ids: &[String]) -> Result<Vec<u64>, Refusal> {
    if ids.len() > MAX_GROUPS {
        return Err(Refusal::too_many_groups());
    }
    let known = |id: &String| match org.groups.by_id(id) {
        Some(group) if super::memberships::is_open(group) => Ok(Some(group.ordinal)),
        Some(group) if group.kind == GroupKind::BuiltIn => Ok(None),
        Some(_) => Err(Refusal::unsupported_operation()),
        None => Err(Refusal::not_found(id, "UserGroup")),
    };
    ids.iter().map(known).filter_map(Result::transpose).collect()
}

/// The new user, its profile and password found to be sound; nothing is changed yet.
fn candidate(
    org: &mut Org,
    call: &Call<'_>,
    body: UserBody,
    password: Option<&GivenPassword>,
    realm: Option<&str>,
) -> Result<User, Refusal> {
    let type_id = body.user_type.and_then(|user_type| user_type.id).unwrap_or_else(|| "default".to_owned());
    let type_id = org.user_type(&type_id).ok_or_else(|| Refusal::not_found(&type_id, "CVDType"))?.id.clone();
    let schema = org.schema_of(&type_id).ok_or_else(Refusal::internal)?;
    let given = body.profile.ok_or_else(|| Refusal::field("profile", "The field cannot be left blank"))?;
    check_names(schema, &given)?;
    let mut profile = Profile::default();
    profile.merge(given);
    schema.check_mutability(None, &profile)?;
    schema.fill_defaults(&mut profile);
    let mut user = User::new(String::new(), type_id, call.now);
    realms::enter(org, &mut user, realm)?;
    let mut faults = profile_faults(org, schema, &profile, u64::MAX);
    faults.extend(realms::faults(org, user.realm_id.as_deref(), &profile));
    faults.extend(password.and_then(|password| password.check(profile.login()).err()));
    gathered(faults)?;
    user.id = org.ids.id("00u");
    user.profile = profile;
    Ok(user)
}

fn give_credentials(
    org: &mut Org,
    user: &mut User,
    mut given: CredentialsBody,
    password: Option<GivenPassword>,
    wish: &Wish,
) -> Result<(), Refusal> {
    let salt = org.ids.salt();
    if let Some(provider) = given.outside_provider().filter(|_| wish.provider) {
        if password.is_some() || given.has_question() {
            return Err(Refusal::field("password", "Password"));
        }
        user.credentials.provider = Provider { kind: provider.kind, name: provider.name.into() };
    }
    user.credentials.recovery = recovery(org, &mut given)?;
    if let Some(password) = password {
        password.give_to(&mut user.credentials, salt);
    }
    Ok(())
}

fn recovery(org: &mut Org, given: &mut CredentialsBody) -> Result<Option<Recovery>, Refusal> {
    let salt = org.ids.salt();
    given.recovery(salt)
}

/// A type can be changed by a full update only.
fn change_type(org: &Org, user: &mut User, id: &str, full: bool) -> Result<(), Refusal> {
    let wanted = org.user_type(id).ok_or_else(|| Refusal::not_found(id, "CVDType"))?;
    if !full && wanted.id != user.type_id {
        return Err(Refusal::field("type", "The type of a user can be changed by PUT only"));
    }
    user.type_id.clone_from(&wanted.id);
    Ok(())
}

/// A new type or realm is a reason to look at the profile again, even if nothing of it was sent.
fn change_profile(
    org: &Org,
    former: &User,
    user: &mut User,
    given: Option<serde_json::Map<String, serde_json::Value>>,
    full: bool,
) -> Result<(), Refusal> {
    let moved = former.type_id != user.type_id || former.realm_id != user.realm_id;
    let given = match given {
        Some(given) => given,
        None if moved => user.profile.iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        None => return Ok(()),
    };
    let schema = org.schema_of(&user.type_id).ok_or_else(Refusal::internal)?;
    check_names(schema, &given)?;
    if full {
        user.profile = Profile::default();
    }
    user.profile.merge(given);
    imports::check_mastered(org, former.ordinal, &former.profile, &user.profile)?;
    schema.check_mutability(Some(&former.profile), &user.profile)?;
    let mut faults = profile_faults(org, schema, &user.profile, user.ordinal);
    faults.extend(realms::faults(org, user.realm_id.as_deref(), &user.profile));
    gathered(faults)
}

/// Whether there is a new password.
fn change_credentials(
    org: &mut Org,
    call: &Call<'_>,
    user: &mut User,
    mut given: CredentialsBody,
) -> Result<bool, Refusal> {
    let password = given.password()?;
    let has_password = password.is_some();
    if let Some(password) = password {
        check_password(user, &password)?;
        let usable = !matches!(password, GivenPassword::Hash(_));
        password.give_to(&mut user.credentials, org.ids.salt());
        user.password_changed = Some(call.now);
        if usable && matches!(user.status, Status::Provisioned | Status::Recovery | Status::PasswordExpired) {
            user.become_status(Status::Active, call.now);
        }
    }
    if let Some(recovery) = recovery(org, &mut given)? {
        user.credentials.recovery = Some(recovery);
    }
    Ok(has_password)
}

fn check_password(user: &User, password: &GivenPassword) -> Result<(), Refusal> {
    if user.is_federated() {
        return Err(Refusal::field("password", "Password"));
    }
    if matches!(password, GivenPassword::Hash(_)) && user.status != Status::Staged {
        let wrong = "An imported password may only be specified for a user with status: STAGED";
        return Err(Refusal::field("password", wrong));
    }
    password.check(user.profile.login())
}
