//! The operations of the API: names as in Okta's own description, the paths they answer to, the bucket they count
//! against (API.md §3.3), and the right they need (API.md §2.4). Whoever wants to know what a request is asks here.

use crate::bucket::Bucket;

/// One operation.
#[derive(Debug)]
pub(crate) struct Operation {
    pub id: OperationId,
    /// The operationId of the description.
    pub name: &'static str,
    pub method: &'static str,
    /// The path, with names in braces where it varies.
    pub template: &'static str,
    /// How many segments the path has.
    depth: usize,
    pub bucket: Bucket,
    pub right: Right,
}

/// What a caller must be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Right {
    /// Nothing: anybody may.
    Open,
    /// To look at what is in an area.
    Read(Area),
    /// To change it.
    Manage(Area),
}

/// A part of the org that rights are given for, as in the OAuth scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Area {
    Users,
    Groups,
    Schemas,
    UserTypes,
    InlineHooks,
    Realms,
    PrincipalRateLimits,
    RateLimits,
    Apps,
    Logs,
    Orgs,
    IdentitySources,
}

/// A request, recognised: what it wants, and of whom.
#[derive(Debug)]
pub(crate) struct Recognised<'a> {
    pub operation: &'static Operation,
    /// What stands in the place of the names in braces, in their order.
    pub parameters: Vec<&'a str>,
}

/// What is wrong with a request that is none of the operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unrecognised {
    /// There is no such path.
    Path,
    /// The path is there, for other methods.
    Method,
}

macro_rules! operations {
    ($($id:ident $name:literal $method:ident $template:literal $bucket:ident $right:expr;)*) => {
        /// Which operation it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum OperationId { $($id,)* }

        /// All of them; of two that fit a path the first one is meant.
        pub(crate) const OPERATIONS: &[Operation] = &[$(Operation {
            id: OperationId::$id,
            name: $name,
            method: stringify!($method),
            template: $template,
            depth: depth($template),
            bucket: Bucket::$bucket,
            right: $right,
        },)*];
    };
}

use Area::{
    Apps, Groups, IdentitySources, InlineHooks, Logs, Orgs, PrincipalRateLimits, RateLimits, Realms, Schemas,
    UserTypes, Users,
};
use Right::{Manage, Open, Read};

operations! {
    ListUsers "listUsers" GET "/api/v1/users" Users Read(Users);
    CreateUser "createUser" POST "/api/v1/users" Users Manage(Users);
    GetUser "getUser" GET "/api/v1/users/{id}" UserReads Read(Users);
    UpdateUser "updateUser" POST "/api/v1/users/{id}" UserWrites Manage(Users);
    ReplaceUser "replaceUser" PUT "/api/v1/users/{id}" UserWrites Manage(Users);
    DeleteUser "deleteUser" DELETE "/api/v1/users/{id}" UserWrites Manage(Users);
    ListUserBlocks "listUserBlocks" GET "/api/v1/users/{id}/blocks" Users Read(Users);
    ListUserGroups "listUserGroups" GET "/api/v1/users/{id}/groups" Users Read(Users);
    ActivateUser "activateUser" POST "/api/v1/users/{id}/lifecycle/activate" Users Manage(Users);
    DeactivateUser "deactivateUser" POST "/api/v1/users/{id}/lifecycle/deactivate" Users Manage(Users);
    ExpirePassword "expirePassword" POST "/api/v1/users/{id}/lifecycle/expire_password" Users Manage(Users);
    ExpirePasswordTemporarily "expirePasswordWithTempPassword"
        POST "/api/v1/users/{id}/lifecycle/expire_password_with_temp_password" Users Manage(Users);
    ReactivateUser "reactivateUser" POST "/api/v1/users/{id}/lifecycle/reactivate" Users Manage(Users);
    ResetFactors "resetFactors" POST "/api/v1/users/{id}/lifecycle/reset_factors" Users Manage(Users);
    ResetPassword "resetPassword" POST "/api/v1/users/{id}/lifecycle/reset_password" Users Manage(Users);
    SuspendUser "suspendUser" POST "/api/v1/users/{id}/lifecycle/suspend" Users Manage(Users);
    UnlockUser "unlockUser" POST "/api/v1/users/{id}/lifecycle/unlock" Users Manage(Users);
    UnsuspendUser "unsuspendUser" POST "/api/v1/users/{id}/lifecycle/unsuspend" Users Manage(Users);
    ChangePassword "changePassword" POST "/api/v1/users/{userId}/credentials/change_password" Users Manage(Users);
    ChangeRecoveryQuestion "changeRecoveryQuestion"
        POST "/api/v1/users/{userId}/credentials/change_recovery_question" Users Manage(Users);
    ForgotPassword "forgotPassword" POST "/api/v1/users/{userId}/credentials/forgot_password" Users Manage(Users);
    ListGroupRules "listGroupRules" GET "/api/v1/groups/rules" Groups Read(Groups);
    CreateGroupRule "createGroupRule" POST "/api/v1/groups/rules" Groups Manage(Groups);
    GetGroupRule "getGroupRule" GET "/api/v1/groups/rules/{groupRuleId}" Groups Read(Groups);
    ReplaceGroupRule "replaceGroupRule" PUT "/api/v1/groups/rules/{groupRuleId}" Groups Manage(Groups);
    DeleteGroupRule "deleteGroupRule" DELETE "/api/v1/groups/rules/{groupRuleId}" Groups Manage(Groups);
    ActivateGroupRule "activateGroupRule"
        POST "/api/v1/groups/rules/{groupRuleId}/lifecycle/activate" Groups Manage(Groups);
    DeactivateGroupRule "deactivateGroupRule"
        POST "/api/v1/groups/rules/{groupRuleId}/lifecycle/deactivate" Groups Manage(Groups);
    ListGroups "listGroups" GET "/api/v1/groups" Groups Read(Groups);
    AddGroup "addGroup" POST "/api/v1/groups" Groups Manage(Groups);
    GetGroup "getGroup" GET "/api/v1/groups/{groupId}" Group Read(Groups);
    ReplaceGroup "replaceGroup" PUT "/api/v1/groups/{groupId}" Group Manage(Groups);
    DeleteGroup "deleteGroup" DELETE "/api/v1/groups/{groupId}" Group Manage(Groups);
    ListGroupUsers "listGroupUsers" GET "/api/v1/groups/{groupId}/users" Groups Read(Groups);
    AssignUserToGroup "assignUserToGroup" PUT "/api/v1/groups/{groupId}/users/{userId}" Groups Manage(Groups);
    UnassignUserFromGroup "unassignUserFromGroup"
        DELETE "/api/v1/groups/{groupId}/users/{userId}" Groups Manage(Groups);
    GetUserSchema "getUserSchema" GET "/api/v1/meta/schemas/user/{schemaId}" Other Read(Schemas);
    UpdateUserSchema "updateUserProfile" POST "/api/v1/meta/schemas/user/{schemaId}" Other Manage(Schemas);
    GetGroupSchema "getGroupSchema" GET "/api/v1/meta/schemas/group/default" Other Read(Schemas);
    UpdateGroupSchema "updateGroupSchema" POST "/api/v1/meta/schemas/group/default" Other Manage(Schemas);
    ListUserTypes "listUserTypes" GET "/api/v1/meta/types/user" Other Read(UserTypes);
    CreateUserType "createUserType" POST "/api/v1/meta/types/user" Other Manage(UserTypes);
    GetUserType "getUserType" GET "/api/v1/meta/types/user/{typeId}" Other Read(UserTypes);
    UpdateUserType "updateUserType" POST "/api/v1/meta/types/user/{typeId}" Other Manage(UserTypes);
    ReplaceUserType "replaceUserType" PUT "/api/v1/meta/types/user/{typeId}" Other Manage(UserTypes);
    DeleteUserType "deleteUserType" DELETE "/api/v1/meta/types/user/{typeId}" Other Manage(UserTypes);
    ListInlineHooks "listInlineHooks" GET "/api/v1/inlineHooks" Other Read(InlineHooks);
    CreateInlineHook "createInlineHook" POST "/api/v1/inlineHooks" Other Manage(InlineHooks);
    GetInlineHook "getInlineHook" GET "/api/v1/inlineHooks/{inlineHookId}" Other Read(InlineHooks);
    UpdateInlineHook "updateInlineHook" POST "/api/v1/inlineHooks/{inlineHookId}" Other Manage(InlineHooks);
    ReplaceInlineHook "replaceInlineHook" PUT "/api/v1/inlineHooks/{inlineHookId}" Other Manage(InlineHooks);
    DeleteInlineHook "deleteInlineHook" DELETE "/api/v1/inlineHooks/{inlineHookId}" Other Manage(InlineHooks);
    ExecuteInlineHook "executeInlineHook"
        POST "/api/v1/inlineHooks/{inlineHookId}/execute" Other Manage(InlineHooks);
    ActivateInlineHook "activateInlineHook"
        POST "/api/v1/inlineHooks/{inlineHookId}/lifecycle/activate" Other Manage(InlineHooks);
    DeactivateInlineHook "deactivateInlineHook"
        POST "/api/v1/inlineHooks/{inlineHookId}/lifecycle/deactivate" Other Manage(InlineHooks);
    ListRealms "listRealms" GET "/api/v1/realms" Realms Read(Realms);
    GetRealm "getRealm" GET "/api/v1/realms/{realmId}" Realms Read(Realms);
    ListPrincipalRateLimits "listPrincipalRateLimitEntities"
        GET "/api/v1/principal-rate-limits" PrincipalRateLimits Read(PrincipalRateLimits);
    GetPrincipalRateLimit "getPrincipalRateLimitEntity"
        GET "/api/v1/principal-rate-limits/{principalRateLimitId}" PrincipalRateLimits Read(PrincipalRateLimits);
    GetAdminNotifications "getRateLimitSettingsAdminNotifications"
        GET "/api/v1/rate-limit-settings/admin-notifications" Other Read(RateLimits);
    GetPerClientSettings "getRateLimitSettingsPerClient"
        GET "/api/v1/rate-limit-settings/per-client" Other Read(RateLimits);
    GetWarningThreshold "getRateLimitSettingsWarningThreshold"
        GET "/api/v1/rate-limit-settings/warning-threshold" Other Read(RateLimits);
    ListApplications "listApplications" GET "/api/v1/apps" Apps Read(Apps);
    GetApplicationUserSchema "getApplicationUserSchema"
        GET "/api/v1/meta/schemas/apps/{appId}/default" Other Read(Schemas);
    ListApplicationUsers "listApplicationUsers" GET "/api/v1/apps/{appId}/users" Apps Read(Apps);
    AssignUserToApplication "assignUserToApplication" POST "/api/v1/apps/{appId}/users" Apps Manage(Apps);
    GetApplicationUser "getApplicationUser" GET "/api/v1/apps/{appId}/users/{userId}" Apps Read(Apps);
    ListSourceSessions "listIdentitySourceSessions"
        GET "/api/v1/identity-sources/{identitySourceId}/sessions" IdentitySourceSessions Read(IdentitySources);
    CreateSourceSession "createIdentitySourceSession"
        POST "/api/v1/identity-sources/{identitySourceId}/sessions" IdentitySourceSessions Manage(IdentitySources);
    GetSourceSession "getIdentitySourceSession"
        GET "/api/v1/identity-sources/{identitySourceId}/sessions/{sessionId}" IdentitySourceSessions Read(IdentitySources);
    DeleteSourceSession "deleteIdentitySourceSession"
        DELETE "/api/v1/identity-sources/{identitySourceId}/sessions/{sessionId}" IdentitySourceSessions Manage(IdentitySources);
    LoadPeople "uploadIdentitySourceDataForUpsert"
        POST "/api/v1/identity-sources/{identitySourceId}/sessions/{sessionId}/bulk-upsert" IdentitySourceBulk Manage(IdentitySources);
    LoadPeopleGone "uploadIdentitySourceDataForDelete"
        POST "/api/v1/identity-sources/{identitySourceId}/sessions/{sessionId}/bulk-delete" IdentitySourceBulk Manage(IdentitySources);
    LoadGroups "uploadIdentitySourceGroupsForUpsert"
        POST "/api/v1/identity-sources/{identitySourceId}/sessions/{sessionId}/bulk-groups-upsert" IdentitySourceBulk Manage(IdentitySources);
    LoadGroupsGone "uploadIdentitySourceGroupsDataForDelete"
        POST "/api/v1/identity-sources/{identitySourceId}/sessions/{sessionId}/bulk-groups-delete" IdentitySourceBulk Manage(IdentitySources);
    LoadMembers "uploadIdentitySourceGroupMembershipsForUpsert"
        POST "/api/v1/identity-sources/{identitySourceId}/sessions/{sessionId}/bulk-group-memberships-upsert" IdentitySourceBulk Manage(IdentitySources);
    LoadMembersGone "uploadIdentitySourceGroupMembershipsForDelete"
        POST "/api/v1/identity-sources/{identitySourceId}/sessions/{sessionId}/bulk-group-memberships-delete" IdentitySourceBulk Manage(IdentitySources);
    StartImport "startImportFromIdentitySource"
        POST "/api/v1/identity-sources/{identitySourceId}/sessions/{sessionId}/start-import" IdentitySourceBulk Manage(IdentitySources);
    CreateSourceUser "createIdentitySourceUser"
        POST "/api/v1/identity-sources/{identitySourceId}/users" IdentitySourceBulk Manage(IdentitySources);
    GetSourceUser "getIdentitySourceUser"
        GET "/api/v1/identity-sources/{identitySourceId}/users/{externalId}" IdentitySourceBulk Read(IdentitySources);
    ReplaceSourceUser "replaceExistingIdentitySourceUser"
        PUT "/api/v1/identity-sources/{identitySourceId}/users/{externalId}" IdentitySourceBulk Manage(IdentitySources);
    UpdateSourceUser "updateIdentitySourceUsers"
        PATCH "/api/v1/identity-sources/{identitySourceId}/users/{externalId}" IdentitySourceBulk Manage(IdentitySources);
    DeleteSourceUser "deleteIdentitySourceUser"
        DELETE "/api/v1/identity-sources/{identitySourceId}/users/{externalId}" IdentitySourceBulk Manage(IdentitySources);
    CreateSourceGroup "createIdentitySourceGroups"
        POST "/api/v1/identity-sources/{identitySourceId}/groups" IdentitySourceBulk Manage(IdentitySources);
    GetSourceGroup "getIdentitySourceGroup"
        GET "/api/v1/identity-sources/{identitySourceId}/groups/{groupOrExternalId}" IdentitySourceBulk Read(IdentitySources);
    UpdateSourceGroup "updateIdentitySourceGroups"
        POST "/api/v1/identity-sources/{identitySourceId}/groups/{groupOrExternalId}" IdentitySourceBulk Manage(IdentitySources);
    DeleteSourceGroup "deleteIdentitySourceGroup"
        DELETE "/api/v1/identity-sources/{identitySourceId}/groups/{groupOrExternalId}" IdentitySourceBulk Manage(IdentitySources);
    GetSourceMembers "getIdentitySourceGroupMemberships"
        GET "/api/v1/identity-sources/{identitySourceId}/groups/{groupOrExternalId}/membership" IdentitySourceBulk Read(IdentitySources);
    AddSourceMember "createIdentitySourceGroupsMemberships"
        POST "/api/v1/identity-sources/{identitySourceId}/groups/{groupOrExternalId}/membership" IdentitySourceBulk Manage(IdentitySources);
    RemoveSourceMember "deleteIdentitySourceGroupMemberships"
        DELETE "/api/v1/identity-sources/{identitySourceId}/groups/{groupOrExternalId}/membership/{memberExternalId}" IdentitySourceBulk Manage(IdentitySources);
    ListLogEvents "listLogEvents" GET "/api/v1/logs" Logs Read(Logs);
    GetOrgSettings "getOrgSettings" GET "/api/v1/org" Other Read(Orgs);
    SignIn "authn" POST "/api/v1/authn" Authn Open;
    Token "token" POST "/oauth2/v1/token" Token Open;
    OAuthKeys "oauthKeys" GET "/oauth2/v1/keys" Other Open;
    OpenIdConfiguration "getWellKnownOpenIDConfiguration" GET "/.well-known/openid-configuration" Other Open;
    OAuthMetadata "getWellKnownOAuthConfiguration" GET "/.well-known/oauth-authorization-server" Other Open;
}

impl Operation {
    /// The operation that a request asks for; `path` is its path in segments, decoded.
    pub fn of<'a>(method: &str, path: &[&'a str]) -> Result<Recognised<'a>, Unrecognised> {
        let mut refusal = Unrecognised::Path;
        for operation in OPERATIONS {
            // Most are told from the path by its length alone.
            if operation.depth != path.len() || !operation.fits(path) {
                continue;
            }
            if operation.method == method {
                return Ok(Recognised { operation, parameters: operation.parameters(path) });
            }
            refusal = Unrecognised::Method;
        }
        Err(refusal)
    }

    /// The operation of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        OPERATIONS.iter().find(|operation| operation.name == name)
    }

    /// Whether a path of the same depth fits the template.
    fn fits(&self, path: &[&str]) -> bool {
        let wanted = self.template.split('/').skip(1);
        wanted.zip(path).all(|(wanted, segment)| wanted == *segment || wanted.starts_with('{'))
    }

    /// What stands where the template varies, in a path that fits it.
    fn parameters<'a>(&self, path: &[&'a str]) -> Vec<&'a str> {
        let both = self.template.split('/').skip(1).zip(path);
        both.filter(|(wanted, _)| wanted.starts_with('{')).map(|(_, segment)| *segment).collect()
    }
}

/// How many segments a template has: one behind each slash.
const fn depth(template: &str) -> usize {
    let (bytes, mut place, mut depth) = (template.as_bytes(), 0, 0);
    while place < bytes.len() {
        if bytes[place] == b'/' {
            depth += 1;
        }
        place += 1;
    }
    depth
}

impl Recognised<'_> {
    /// The parameter at a place; empty if there is none.
    pub fn parameter(&self, place: usize) -> &str {
        self.parameters.get(place).copied().unwrap_or_default()
    }
}

impl Right {
    /// The OAuth scope that gives this right, if one is needed.
    pub fn scope(self) -> Option<String> {
        match self {
            Open => None,
            Read(area) => Some(format!("okta.{}.read", area.name())),
            Manage(area) => Some(format!("okta.{}.manage", area.name())),
        }
    }
}

impl Area {
    /// Every area.
    pub const ALL: [Self; 12] = [
        Users,
        Groups,
        Schemas,
        UserTypes,
        InlineHooks,
        Realms,
        PrincipalRateLimits,
        RateLimits,
        Apps,
        Logs,
        Orgs,
        IdentitySources,
    ];

    /// The name in the scopes.
    pub fn name(self) -> &'static str {
        match self {
            Users => "users",
            Groups => "groups",
            Schemas => "schemas",
            UserTypes => "userTypes",
            InlineHooks => "inlineHooks",
            Realms => "realms",
            PrincipalRateLimits => "principalRateLimits",
            RateLimits => "rateLimits",
            Apps => "apps",
            Logs => "logs",
            Orgs => "orgs",
            IdentitySources => "identitySources",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(method: &str, path: &[&str]) -> Result<&'static str, Unrecognised> {
        Operation::of(method, path).map(|recognised| recognised.operation.name)
    }

    #[test]
    fn requests_are_recognised() {
        assert_eq!(name("GET", &["api", "v1", "groups", "rules"]), Ok("listGroupRules"));
        assert_eq!(name("GET", &["api", "v1", "groups", "00g1"]), Ok("getGroup"));
        assert_eq!(name("PATCH", &["api", "v1", "groups", "00g1"]), Err(Unrecognised::Method));
        assert_eq!(name("GET", &["api", "v1", "people"]), Err(Unrecognised::Path));
        let path = ["api", "v1", "groups", "00g1", "users", "00u1"];
        let joined = Operation::of("PUT", &path).expect("an operation");
        assert_eq!((joined.parameter(0), joined.parameter(1), joined.parameter(2)), ("00g1", "00u1", ""));
        assert_eq!(joined.operation.right.scope().as_deref(), Some("okta.groups.manage"));
    }

    #[test]
    fn no_operation_is_hidden_by_another() {
        for operation in OPERATIONS {
            let path: Vec<_> = operation.template.split('/').skip(1).collect();
            assert_eq!(name(operation.method, &path), Ok(operation.name));
            assert_eq!(
                Operation::named(operation.name).map(|found| found.template),
                Some(operation.template)
            );
        }
    }
}
