//! The resources of the API: one file each, and the way from a path to them. They must not know sockets, limits
//! or tokens: a request that comes here has been let in.

pub(crate) mod authn;
pub(crate) mod call;
pub(crate) mod credentials;
mod groups;
mod hook_body;
pub(crate) mod hooks;
mod lagging;
mod lifecycle;
mod logs;
mod memberships;
mod org_info;
mod page;
mod schemas;
mod user_body;
mod user_list;
mod user_view;
mod users;

use self::call::{Answer, Call};
use crate::{
    model::org::Org,
    operation::{OperationId, Recognised},
    refusal::Refusal,
};

/// Answers a request. Those that take longer than the model does (sign-ins, hooks, tokens) do not come here.
pub(crate) fn answer(org: &mut Org, call: &Call<'_>, wanted: &Recognised<'_>) -> Answer {
    use OperationId as Id;
    lagging::check(org, call, wanted)?;
    let (one, two) = (wanted.parameter(0), wanted.parameter(1));
    match wanted.operation.id {
        Id::ListUsers => user_list::list(org, call),
        Id::CreateUser => users::create(org, call),
        Id::GetUser => users::read(org, call, one),
        Id::UpdateUser => users::update(org, call, one, false),
        Id::ReplaceUser => users::update(org, call, one, true),
        Id::DeleteUser => users::delete(org, call, one),
        Id::ListUserGroups => users::groups(org, call, one),
        Id::ActivateUser => lifecycle::activate(org, call, one),
        Id::DeactivateUser => lifecycle::deactivate(org, call, one),
        Id::ReactivateUser => lifecycle::reactivate(org, call, one),
        Id::SuspendUser => lifecycle::suspend(org, call, one),
        Id::UnsuspendUser => lifecycle::unsuspend(org, call, one),
        Id::UnlockUser => lifecycle::unlock(org, call, one),
        Id::ResetFactors => lifecycle::reset_factors(org, one),
        Id::ExpirePassword => lifecycle::expire_password(org, call, one),
        Id::ExpirePasswordTemporarily => lifecycle::expire_with_temporary(org, call, one),
        Id::ResetPassword => lifecycle::reset_password(org, call, one),
        Id::ListGroups => groups::list(org, call),
        Id::AddGroup => groups::create(org, call),
        Id::GetGroup => groups::read(org, call, one),
        Id::ReplaceGroup => groups::replace(org, call, one),
        Id::DeleteGroup => groups::delete(org, call, one),
        Id::ListGroupUsers => memberships::list(org, call, one),
        Id::AssignUserToGroup => memberships::join(org, call, one, two),
        Id::UnassignUserFromGroup => memberships::leave(org, call, one, two),
        Id::GetUserSchema => schemas::read(org, call, one),
        Id::UpdateUserSchema => schemas::update(org, call, one),
        Id::ListUserTypes => schemas::types(org, call),
        Id::GetUserType => schemas::read_type(org, call, one),
        Id::GetOrgSettings => org_info::read(org, call),
        Id::ListLogEvents => logs::list(org, call),
        Id::ForgotPassword => credentials::forgot(org, call, one),
        id if hooks::answers(id) => hooks::answer(org, call, wanted),
        _ => Err(Refusal::unsupported_operation()),
    }
}
