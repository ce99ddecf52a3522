//! `/apps/{id}/users`: who is assigned to an application.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    call::{Answer, Call, Reply},
    page::Page,
    user_list::listed,
};
use crate::{
    clock::written,
    model::{
        apps::{App, AppUser},
        org::Org,
        resources::ResourceChange,
        user::{Status, User},
    },
    refusal::Refusal,
};

const DEFAULT_PAGE: usize = 50;
const LARGEST_PAGE: usize = 500;
/// How deep the values of a profile may be nested: in the state file they lie deeper still, and must be read again.
const DEEPEST: usize = 32;

#[derive(Deserialize)]
struct AssignBody {
    id: Option<String>,
    scope: Option<String>,
    credentials: Option<CredentialsBody>,
    profile: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CredentialsBody {
    user_name: Option<String>,
}

/// `GET /apps/{id}/users`; `q` is the beginning of a name or address.
pub(crate) fn list(org: &Org, call: &Call<'_>, app: &str) -> Answer {
    let app = find(org, app)?;
    let page = Page::of(call, DEFAULT_PAGE, LARGEST_PAGE)?;
    let start = call.query.get("q").unwrap_or_default().to_lowercase();
    let users = org.resources.apps.users_after(&app.id, page.after);
    let users = users.filter_map(|assigned| Some((assigned, org.users.by_ordinal(assigned.user)?)));
    let users = users.filter(|(assigned, user)| starts(assigned, user, &start));
    page.reply(call, users, |(assigned, user)| view(call, assigned, user), |(assigned, _)| assigned.user)
}

/// `GET /apps/{id}/users/{id}`.
pub(crate) fn read(org: &Org, call: &Call<'_>, app: &str, id: &str) -> Answer {
    let app = find(org, app)?;
    let user = org.users.by_id(id);
    let found = user.and_then(|user| Some((org.resources.apps.user(&app.id, user.ordinal)?, user)));
    let (assigned, user) = found.ok_or_else(|| Refusal::not_found(id, "AppUser"))?;
    Reply::json(&view(call, assigned, user))
}

/// `POST /apps/{id}/users`.
pub(crate) fn assign(org: &mut Org, call: &Call<'_>, app: &str) -> Answer {
    let app = find(org, app)?.id.clone();
    let body: AssignBody = call.json()?;
    let id = body.id.ok_or_else(|| Refusal::field("id", "The field cannot be left blank"))?;
    if body.scope.is_some_and(|scope| scope != "USER") {
        return Err(Refusal::field("scope", "The scope must be USER"));
    }
    if body.profile.iter().flat_map(Map::values).any(|value| is_deeper(value, DEEPEST)) {
        return Err(Refusal::malformed());
    }
    let user = org.users.by_id(&id).ok_or_else(|| Refusal::not_found(&id, "User"))?;
    if matches!(user.status, Status::Deprovisioned | Status::Suspended) {
        return Err(Refusal::inactive_user());
    }
    if org.resources.apps.user(&app, user.ordinal).is_some() {
        return Err(Refusal::assigned_already());
    }
    let assigned = AppUser {
        app,
        user: user.ordinal,
        user_name: body.credentials.and_then(|credentials| credentials.user_name),
        profile: body.profile.unwrap_or_default(),
        created: call.now,
    };
    let reply = Reply::json(&view(call, &assigned, user));
    org.change(ResourceChange::Assigned(Box::new(assigned)));
    reply
}

fn is_deeper(value: &Value, levels: usize) -> bool {
    let goes_on = |inner: &Value| levels == 0 || is_deeper(inner, levels - 1);
    match value {
        Value::Array(elements) => elements.iter().any(goes_on),
        Value::Object(members) => members.values().any(goes_on),
        _ => false,
    }
}

fn find<'a>(org: &'a Org, id: &str) -> Result<&'a App, Refusal> {
    org.resources.apps.by_id(id).ok_or_else(|| Refusal::not_found(id, "AppInstance"))
}

/// The name that the application knows the user by: the login, unless another was given.
fn user_name<'a>(assigned: &'a AppUser, user: &'a User) -> &'a str {
    assigned.user_name.as_deref().unwrap_or_else(|| user.profile.login())
}

fn starts(assigned: &AppUser, user: &User, start: &str) -> bool {
    let names = ["firstName", "lastName", "email"].map(|name| user.profile.text(name));
    let mut names = names.into_iter().chain([user_name(assigned, user)]);
    names.any(|name| name.to_lowercase().starts_with(start))
}

fn view(call: &Call<'_>, assigned: &AppUser, user: &User) -> Value {
    let created = written(assigned.created);
    let mut view = json!({
        "id": user.id,
        "externalId": null,
        "created": created,
        "lastUpdated": created,
        "scope": "USER",
        "status": "ACTIVE",
        "statusChanged": created,
        "passwordChanged": null,
        "syncState": "DISABLED",
        "credentials": {"userName": user_name(assigned, user)},
        "profile": assigned.profile,
        "_links": {
            "app": {"href": call.href(&format!("/api/v1/apps/{}", assigned.app))},
            "user": {"href": call.href(&format!("/api/v1/users/{}", user.id))},
        },
    });
    if call.query.get("expand") == Some("user")
        && let Ok(user) = serde_json::to_value(listed(call, user))
    {
        view["_embedded"] = json!({"user": user});
    }
    view
}
