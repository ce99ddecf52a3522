//! The resources of the API: one file each, and the way from a path to them. They must not know sockets, limits
//! or tokens: a request that comes here has been let in.

mod app_users;
mod apps;
pub(crate) mod authn;
pub(crate) mod call;
pub(crate) mod credentials;
mod group_list;
mod group_profile;
mod group_rules;
mod group_schema;
mod group_stats;
mod groups;
mod hook_body;
pub(crate) mod hooks;
mod identity_sources;
pub(crate) mod lagging;
mod lifecycle;
mod log_query;
mod log_view;
mod logs;
mod memberships;
mod org_info;
mod page;
mod principals;
mod projection;
mod rate_settings;
pub(crate) mod realms;
mod schemas;
pub(crate) mod user_body;
mod user_list;
mod user_types;
mod user_view;
mod users;

use self::call::{Answer, Call};
use crate::{
    model::org::Org,
    operation::{OperationId, Recognised},
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
        Id::ListGroups => group_list::list(org, call),
        Id::AddGroup => groups::create(org, call),
        Id::GetGroup => groups::read(org, call, one),
        Id::ReplaceGroup => groups::replace(org, call, one),
        Id::DeleteGroup => groups::delete(org, call, one),
        Id::ListGroupUsers => memberships::list(org, call, one),
        Id::AssignUserToGroup => memberships::join(org, call, one, two),
        Id::UnassignUserFromGroup => memberships::leave(org, call, one, two),
        Id::GetUserSchema => schemas::read(org, call, one),
        Id::UpdateUserSchema => schemas::update(org, call, one),
        Id::GetOrgSettings => org_info::read(org, call),
        Id::ListLogEvents => logs::list(org, call),
        Id::ForgotPassword => credentials::forgot(org, call, one),
        id if hooks::answers(id) => hooks::answer(org, call, wanted),
        _ => answer_beside(org, call, wanted),
    }
}

/// What there is beside users and groups.
fn answer_beside(org: &mut Org, call: &Call<'_>, wanted: &Recognised<'_>) -> Answer {
    use OperationId as Id;
    let (one, two) = (wanted.parameter(0), wanted.parameter(1));
    match wanted.operation.id {
        Id::ListUserTypes => user_types::list(org, call),
        Id::CreateUserType => user_types::create(org, call),
        Id::GetUserType => user_types::read(org, call, one),
        Id::UpdateUserType => user_types::update(org, call, one),
        Id::ReplaceUserType => user_types::replace(org, call, one),
        Id::DeleteUserType => user_types::delete(org, one),
        Id::GetGroupSchema => group_schema::read(org, call),
        Id::UpdateGroupSchema => group_schema::update(org, call),
        Id::ListGroupRules => group_rules::list(org, call),
        Id::CreateGroupRule => group_rules::create(org, call),
        Id::GetGroupRule => group_rules::read(org, call, one),
        Id::ReplaceGroupRule => group_rules::replace(org, call, one),
        Id::DeleteGroupRule => group_rules::delete(org, call, one),
        Id::ActivateGroupRule => group_rules::activate(org, call, one),
        Id::DeactivateGroupRule => group_rules::deactivate(org, call, one),
        Id::ListRealms => realms::list(org, call),
        Id::GetRealm => realms::read(org, call, one),
        Id::ListPrincipalRateLimits => principals::list(org, call),
        Id::GetPrincipalRateLimit => principals::read(org, one),
        Id::GetAdminNotifications => rate_settings::notifications(),
        Id::GetPerClientSettings => rate_settings::per_client(),
        Id::GetWarningThreshold => rate_settings::warning(org),
        Id::ListApplicationUsers => app_users::list(org, call, one),
        Id::AssignUserToApplication => app_users::assign(org, call, one),
        Id::GetApplicationUser => app_users::read(org, call, one, two),
        Id::ListUserBlocks => users::blocks(org, one),
        Id::ListApplications => apps::list(org, call),
        Id::GetApplicationUserSchema => apps::schema(org, call, one),
        _ => identity_sources::answer(org, call, wanted),
    }
}
