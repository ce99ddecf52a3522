//! What a request is refused for because the org is late: users who are still being activated, ids that are not
//! known everywhere yet, attributes that were just added.

use serde_json::Value;

use super::call::Call;
use crate::{
    model::org::Org,
    operation::{OperationId, Recognised},
    refusal::Refusal,
};

/// Refuses a request that comes too early.
pub(crate) fn check(org: &Org, call: &Call<'_>, wanted: &Recognised<'_>) -> Result<(), Refusal> {
    check_freshness(org, call, wanted)?;
    check_activation(org, call, wanted)?;
    check_attributes(org, call, wanted)
}

/// What lies below a fresh id is not found: a user's groups, lifecycle and credentials, and memberships.
fn check_freshness(org: &Org, call: &Call<'_>, wanted: &Recognised<'_>) -> Result<(), Refusal> {
    if org.lags.lag.fresh.is_zero() {
        return Ok(());
    }
    let template = wanted.operation.template;
    let (first, second) = (wanted.parameter(0), wanted.parameter(1));
    if template.starts_with("/api/v1/users/{") && !template.ends_with('}') {
        return check_user(org, call, first);
    }
    if template.starts_with("/api/v1/groups/{groupId}/users") {
        check_group(org, call, first)?;
        return check_user(org, call, second);
    }
    Ok(())
}

fn check_user(org: &Org, call: &Call<'_>, key: &str) -> Result<(), Refusal> {
    let Some(user) = org.users.by_key(key) else { return Ok(()) };
    if is_fresh(org, call, &user.id, user.created) { Err(Refusal::not_found(key, "User")) } else { Ok(()) }
}

fn check_group(org: &Org, call: &Call<'_>, id: &str) -> Result<(), Refusal> {
    let Some(group) = org.groups.by_id(id) else { return Ok(()) };
    if is_fresh(org, call, id, group.created) { Err(Refusal::not_found(id, "UserGroup")) } else { Ok(()) }
}

fn is_fresh(org: &Org, call: &Call<'_>, id: &str, created: jiff::Timestamp) -> bool {
    let lags = &org.lags;
    lags.lasts(lags.lag.fresh, "fresh", id, created, call.now) && lags.is_unlucky(id)
}

/// A user who was just activated can't be updated.
fn check_activation(org: &Org, call: &Call<'_>, wanted: &Recognised<'_>) -> Result<(), Refusal> {
    let updates = matches!(wanted.operation.id, OperationId::UpdateUser | OperationId::ReplaceUser);
    if !updates || org.lags.lag.activation.is_zero() {
        return Ok(());
    }
    let user = org.users.by_key(wanted.parameter(0));
    let Some((user, activated)) = user.and_then(|user| Some((user, user.activated?))) else { return Ok(()) };
    let lags = &org.lags;
    let lasts = lags.lasts(lags.lag.activation, "activation", &user.id, activated, call.now);
    if lasts { Err(Refusal::still_activating()) } else { Ok(()) }
}

/// An attribute that was just added is not defined yet. A profile that can't be read is refused elsewhere.
fn check_attributes(org: &Org, call: &Call<'_>, wanted: &Recognised<'_>) -> Result<(), Refusal> {
    use OperationId as Id;
    let writes = matches!(wanted.operation.id, Id::CreateUser | Id::UpdateUser | Id::ReplaceUser);
    if !writes || org.lags.lag.schema.is_zero() {
        return Ok(());
    }
    let body: Value = serde_json::from_slice(call.body).unwrap_or_default();
    let Some(profile) = body.get("profile").and_then(Value::as_object) else { return Ok(()) };
    let young = org.lags.young_attributes(profile.keys(), call.now);
    if young.is_empty() { Ok(()) } else { Err(Refusal::undefined(young)) }
}
