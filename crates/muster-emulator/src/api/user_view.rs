//! A user as answers show it.

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::call::Call;
use crate::{
    clock::written,
    model::{
        credentials::Provider,
        profile::ProfileView,
        user::{Status, User},
    },
};

/// How much of the user's links is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Links {
    /// All that can be done with the user, and its schema and type.
    Full,
    /// The user alone, as in lists.
    SelfOnly,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserView<'a> {
    id: &'a str,
    status: Status,
    /// Nobody is ever on the way: null, or left out at the client's wish.
    #[serde(skip_serializing_if = "Option::is_none")]
    transitioning_to_status: Option<()>,
    created: String,
    activated: Option<String>,
    status_changed: Option<String>,
    last_login: Option<String>,
    last_updated: String,
    password_changed: Option<String>,
    #[serde(rename = "type")]
    user_type: TypeView<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    realm_id: Option<&'a str>,
    profile: ProfileView<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    credentials: Option<CredentialsView<'a>>,
    #[serde(rename = "_links")]
    links: LinksView<'a>,
}

#[derive(Serialize)]
struct TypeView<'a> {
    id: &'a str,
}

#[derive(Serialize)]
struct CredentialsView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<Nothing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recovery_question: Option<QuestionView<'a>>,
    emails: [EmailView<'a>; 1],
    provider: &'a Provider,
}

/// `{}`.
#[derive(Serialize)]
struct Nothing {}

#[derive(Serialize)]
struct QuestionView<'a> {
    question: &'a str,
}

#[derive(Serialize)]
struct EmailView<'a> {
    value: &'a str,
    status: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
}

struct LinksView<'a>(Vec<(&'static str, LinkView<'a>)>);

#[derive(Serialize)]
struct LinkView<'a> {
    href: Href<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'static str>,
}

/// An address, put together as it is written: an answer has a dozen of them. The pieces are the base, the path, the
/// id, and what comes behind the id.
struct Href<'a>([&'a str; 4]);

impl Serialize for Href<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let [base, path, id, tail] = self.0;
        serializer.collect_str(&format_args!("{base}{path}{id}{tail}"))
    }
}

impl Serialize for LinksView<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, link) in &self.0 {
            map.serialize_entry(name, link)?;
        }
        map.end()
    }
}

impl<'a> UserView<'a> {
    /// The user, with the schema of its type.
    pub fn new(call: &'a Call<'_>, user: &'a User, schema_id: &'a str, links: Links) -> Self {
        let trimmed = trimmings(call);
        let links = match links {
            Links::SelfOnly => vec![("self", user_link(call, user, "", None))],
            Links::Full => full_links(call, user, schema_id, trimmed.links),
        };
        Self {
            id: &user.id,
            status: user.status,
            transitioning_to_status: (!trimmed.transition).then_some(()),
            created: written(user.created),
            activated: user.activated.map(written),
            status_changed: user.status_changed.map(written),
            last_login: user.last_login.map(written),
            last_updated: written(user.last_updated),
            password_changed: user.password_changed.map(written),
            user_type: TypeView { id: &user.type_id },
            realm_id: user.realm_id.as_deref(),
            profile: ProfileView(&user.profile),
            credentials: (!trimmed.credentials).then(|| CredentialsView::new(user)),
            links: LinksView(links),
        }
    }
}

impl<'a> CredentialsView<'a> {
    fn new(user: &'a User) -> Self {
        let credentials = &user.credentials;
        Self {
            password: credentials.password.is_set().then_some(Nothing {}),
            recovery_question: credentials
                .recovery
                .as_ref()
                .map(|recovery| QuestionView { question: &recovery.question }),
            emails: [EmailView { value: user.profile.text("email"), status: "VERIFIED", kind: "PRIMARY" }],
            provider: &credentials.provider,
        }
    }
}

struct Trimmings {
    credentials: bool,
    links: bool,
    transition: bool,
}

/// What the client said it can do without, in `Content-Type: application/json; okta-response=…`.
fn trimmings(call: &Call<'_>) -> Trimmings {
    let wanted = call.header("content-type").and_then(|kind| kind.split_once("okta-response="));
    let has = |name| {
        wanted.is_some_and(|(_, list)| list.trim_matches('"').split(',').any(|item| item.trim() == name))
    };
    Trimmings {
        credentials: has("omitCredentials"),
        links: has("omitCredentialsLinks"),
        transition: has("omitTransitioningToStatus"),
    }
}

const CREDENTIAL_LINKS: [&str; 5] =
    ["resetPassword", "expirePassword", "changePassword", "changeRecoveryQuestion", "forgotPassword"];

fn full_links<'a>(
    call: &'a Call<'_>,
    user: &'a User,
    schema_id: &'a str,
    trimmed: bool,
) -> Vec<(&'static str, LinkView<'a>)> {
    let operations = operations(user).iter().filter(|name| !trimmed || !CREDENTIAL_LINKS.contains(name));
    let mut links = Vec::with_capacity(12);
    links.extend(operations.map(|name| (*name, operation_link(call, user, name))));
    let plain = |path, id| LinkView { href: Href([&call.base, path, id, ""]), method: None };
    links.push(("schema", plain("/api/v1/meta/schemas/user/", schema_id)));
    links.push(("type", plain("/api/v1/meta/types/user/", &user.type_id)));
    links.push(("self", user_link(call, user, "", None)));
    links
}

/// What can be done with a user in its status, in the order of the answers.
fn operations(user: &User) -> &'static [&'static str] {
    match user.status {
        Status::Staged => &["activate"],
        Status::Provisioned | Status::Recovery => &["reactivate", "resetPassword", "suspend", "deactivate"],
        Status::Suspended => &["unsuspend", "deactivate"],
        Status::Deprovisioned => &["activate", "delete"],
        Status::Active | Status::PasswordExpired if !user.credentials.password.is_set() => {
            &["suspend", "deactivate"]
        }
        Status::Active | Status::PasswordExpired => &[
            "suspend",
            "resetPassword",
            "forgotPassword",
            "expirePassword",
            "changeRecoveryQuestion",
            "changePassword",
            "deactivate",
        ],
        Status::LockedOut => &[
            "unlock",
            "resetPassword",
            "forgotPassword",
            "expirePassword",
            "changeRecoveryQuestion",
            "changePassword",
            "deactivate",
        ],
    }
}

fn operation_link<'a>(call: &'a Call<'_>, user: &'a User, name: &str) -> LinkView<'a> {
    let tail = match name {
        "resetPassword" => "/lifecycle/reset_password",
        "expirePassword" => "/lifecycle/expire_password",
        "changePassword" => "/credentials/change_password",
        "changeRecoveryQuestion" => "/credentials/change_recovery_question",
        "forgotPassword" => "/credentials/forgot_password",
        "activate" => "/lifecycle/activate",
        "deactivate" => "/lifecycle/deactivate",
        "reactivate" => "/lifecycle/reactivate",
        "suspend" => "/lifecycle/suspend",
        "unsuspend" => "/lifecycle/unsuspend",
        "unlock" => "/lifecycle/unlock",
        // "delete" alone is no lifecycle operation.
        _ => return user_link(call, user, "", Some("DELETE")),
    };
    user_link(call, user, tail, Some("POST"))
}

fn user_link<'a>(
    call: &'a Call<'_>,
    user: &'a User,
    tail: &'static str,
    method: Option<&'static str>,
) -> LinkView<'a> {
    LinkView { href: Href([&call.base, "/api/v1/users/", &user.id, tail]), method }
}
