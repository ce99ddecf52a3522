//! The System Log: what happened in the org, as API.md §8.5 has it. Events name users and groups by their place, so
//! that a million of them stay small; whoever is deleted leaves id and name behind.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{packed_events::PackedEvents, sources::AppUserName};

/// One event, as it is told; it is kept in a smaller form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Event {
    /// Milliseconds since 1970.
    pub at: i64,
    pub kind: EventKind,
    pub actor: Actor,
    pub target: Target,
    pub failed: bool,
    /// Why it failed, or what more there is to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Box<str>>,
}

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Actor {
    /// The owner of an API token, by the token's place.
    Token(u16),
    /// A service app, by its place.
    App(u16),
    /// A user, by the user's place: the one who signs in.
    User(u64),
    /// Okta itself.
    System,
}

/// Whom or what it happened to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Target {
    Nothing,
    User(u64),
    /// A user, and a group.
    Membership(u64, u64),
    Group(u64),
    /// Something of another kind: its type, id and name.
    Other(Box<(String, String, String)>),
    /// A user whom an import session is about.
    Sourced(u64, u64),
    /// Something of an identity source that is said in full.
    Import(Box<ImportTarget>),
}

/// What an event of an identity source is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ImportTarget {
    /// The id of the source.
    pub source: Box<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<u64>,
    /// Somebody as the source knows them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_user: Option<AppUserName>,
    /// A group that the org does not have: its id in the source, and its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_group: Option<(Box<str>, Box<str>)>,
}

impl Target {
    /// Something of another kind than users and groups.
    pub fn other(kind: &str, id: String, name: String) -> Self {
        Self::Other(Box::new((kind.to_owned(), id, name)))
    }
}

macro_rules! kinds {
    ($($kind:ident $name:literal $message:literal;)*) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub(crate) enum EventKind { $(#[serde(rename = $name)] $kind,)* }

        impl EventKind {
            /// The event type, as in Okta's catalogue.
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }

            /// The display message.
            pub fn message(self) -> &'static str {
                match self { $(Self::$kind => $message,)* }
            }
        }
    };
}

kinds! {
    UserCreate "user.lifecycle.create" "Create Okta user";
    UserActivate "user.lifecycle.activate" "Activate Okta user";
    UserReactivate "user.lifecycle.reactivate" "Reactivate Okta user";
    UserDeactivate "user.lifecycle.deactivate" "Deactivate Okta user";
    UserSuspend "user.lifecycle.suspend" "Suspend Okta user";
    UserUnsuspend "user.lifecycle.unsuspend" "Unsuspend Okta user";
    UserDelete "user.lifecycle.delete.completed" "Delete Okta user";
    UserProfile "user.account.update_profile" "Update user profile for Okta";
    UserUnlock "user.account.unlock_by_admin" "Unlock user account by admin";
    UserLock "user.account.lock" "Max sign in attempts exceeded";
    PasswordUpdate "user.account.update_password" "Update user password for Okta";
    PasswordReset "user.account.reset_password" "Fire password reset email for user";
    PasswordExpire "user.account.expire_password" "Expire all user passwords";
    PasswordImport "user.import.password" "User import password";
    SignIn "user.session.start" "User login to Okta";
    HookCreate "inline_hook.created" "Create inline hook";
    HookActivate "inline_hook.activated" "Activate inline hook";
    HookDeactivate "inline_hook.deactivated" "Deactivate inline hook";
    HookUpdate "inline_hook.updated" "Update inline hook";
    HookDelete "inline_hook.deleted" "Delete inline hook";
    HookExecute "inline_hook.executed" "Inline hook was executed";
    HookProcess "inline_hook.response.processed" "Inline hook response was processed";
    GroupCreate "group.lifecycle.create" "Create Okta group";
    GroupDelete "group.lifecycle.delete" "Delete Okta group";
    GroupProfile "group.profile.update" "Update Okta group";
    MemberAdd "group.user_membership.add" "Add user to group membership";
    MemberRemove "group.user_membership.remove" "Remove user from group membership";
    ImportComplete "system.import.complete" "Import complete";
    ImportUserCreate "system.import.user.create" "Create user by import";
    ImportUserUpdate "system.import.user.update" "Update user by import";
    ImportUserMatch "system.import.user.match" "Match user by import";
    ImportUserDelete "system.import.user.delete" "Delete user by import";
    ImportGroupCreate "system.import.group.create" "Create group by import";
    ImportGroupUpdate "system.import.group.update" "Update group by import";
    ImportGroupDelete "system.import.group.delete" "Delete group by import";
    ImportSessionCreate "system.import.session.created" "Import session created";
    ImportSessionTrigger "system.import.session.triggered" "Import session triggered";
    ImportSessionCancel "system.import.session.cancelled" "Import session cancelled";
    ImportSessionExpire "system.import.session.expired" "Import session expired";
    BulkUpsert "system.identity_sources.bulk_upsert" "Bulk upsert of an identity source";
    BulkDelete "system.identity_sources.bulk_delete" "Bulk delete of an identity source";
    RateLimit "system.org.rate_limit.violation" "Rate limit violation";
    Concurrency "core.concurrency.org.limit.violation" "Too many concurrent requests in the org";
}

/// All events, in their order.
#[derive(Debug, Default)]
pub(crate) struct Events {
    all: PackedEvents,
    /// Id and login of those who are deleted, by their place.
    gone: HashMap<u64, (String, String)>,
}

impl Events {
    /// One more. Requests that run at once can come in an order that is not that of their times; an event is never
    /// earlier than the one before it, so that they can be searched by time.
    pub fn push(&mut self, mut event: Event) {
        event.at = self.all.last_at().map_or(event.at, |last| last.max(event.at));
        self.all.push(event);
    }

    /// How many lines they take in a file.
    pub fn size(&self) -> usize {
        self.all.len() + self.gone.len()
    }

    /// The event of a number.
    pub fn get(&self, number: usize) -> Option<Event> {
        self.all.get(number)
    }

    /// The number of the first event that is not earlier than a time.
    pub fn first_from(&self, at: i64) -> usize {
        self.all.first_from(at)
    }

    /// All of them, from number 0 on.
    pub fn all(&self) -> impl Iterator<Item = Event> {
        self.all.iter()
    }

    /// Remembers somebody who is deleted.
    pub fn remember(&mut self, ordinal: u64, id: String, login: String) {
        self.gone.insert(ordinal, (id, login));
    }

    /// Place, id and login of all who are deleted.
    pub fn departed(&self) -> impl Iterator<Item = (u64, &str, &str)> {
        self.gone.iter().map(|(ordinal, (id, login))| (*ordinal, id.as_str(), login.as_str()))
    }

    /// Id and login of somebody who is deleted.
    pub fn gone(&self, ordinal: u64) -> Option<(&str, &str)> {
        self.gone.get(&ordinal).map(|(id, login)| (id.as_str(), login.as_str()))
    }
}
