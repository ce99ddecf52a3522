//! `/inlineHooks`: the services outside that Okta asks.
//!
//! The words for a second password-import hook, and the codes for deleting an active hook and for executing an
//! inactive one, are not known of Okta: validation and E0000107 are the likely ones.

use http::StatusCode;
use serde_json::{Value, json};

use super::{
    call::{Answer, Call, Reply},
    hook_body::{HookBody, Kept},
    user_body::TAKEN,
};
use crate::{
    clock::written,
    model::{
        events::{EventKind, Target},
        hooks::{ChannelKind, Config, Hook, MOST, PASSWORD_IMPORT, TYPES},
        org::Org,
    },
    operation::{OperationId as Id, Recognised},
    refusal::Refusal,
};

/// Whether an operation is answered here. To execute a hook takes longer, and is done elsewhere.
pub(crate) fn answers(id: Id) -> bool {
    matches!(
        id,
        Id::ListInlineHooks
            | Id::CreateInlineHook
            | Id::GetInlineHook
            | Id::UpdateInlineHook
            | Id::ReplaceInlineHook
            | Id::DeleteInlineHook
            | Id::ActivateInlineHook
            | Id::DeactivateInlineHook
    )
}

/// Answers one of these operations.
pub(crate) fn answer(org: &mut Org, call: &Call<'_>, wanted: &Recognised<'_>) -> Answer {
    let id = wanted.parameter(0);
    match wanted.operation.id {
        Id::ListInlineHooks => list(org, call),
        Id::CreateInlineHook => create(org, call),
        Id::GetInlineHook => read(org, call, id),
        Id::UpdateInlineHook => update(org, call, id),
        Id::ReplaceInlineHook => replace(org, call, id),
        Id::DeleteInlineHook => delete(org, call, id),
        Id::ActivateInlineHook => turn(org, call, id, true),
        Id::DeactivateInlineHook => turn(org, call, id, false),
        _ => Err(Refusal::unsupported_operation()),
    }
}

/// `GET /inlineHooks`.
fn list(org: &Org, call: &Call<'_>) -> Answer {
    let kind = call.query.get("type").filter(|kind| !kind.is_empty());
    if kind.is_some_and(|kind| !TYPES.contains(&kind)) {
        return Err(unknown_type());
    }
    let wanted = org.hooks.all().iter().filter(|hook| kind.is_none_or(|kind| hook.kind == kind));
    let hooks: Vec<_> = wanted.map(|hook| view(call, hook)).collect();
    Reply::json(&hooks)
}

/// `POST /inlineHooks`. The new hook is active.
fn create(org: &mut Org, call: &Call<'_>) -> Answer {
    let body: HookBody = call.json()?;
    let name = free_name(org, &body, "")?;
    let kind = body.kind.clone().ok_or_else(|| Refusal::field("type", "The field cannot be left blank"))?;
    check_type(org, &kind)?;
    let version = body.version()?;
    let channel = body.channel.ok_or_else(no_channel)?.channel(None, org.hooks.plain_http)?;
    let id = org.ids.id("cal");
    let hook =
        Hook { id, name, kind, version, active: true, created: call.now, last_updated: call.now, channel };
    put(org, call, hook, EventKind::HookCreate)
}

/// `GET /inlineHooks/{id}`.
fn read(org: &Org, call: &Call<'_>, id: &str) -> Answer {
    Reply::json(&view(call, find(org, id)?))
}

/// `POST /inlineHooks/{id}`: what isn't sent stays.
fn update(org: &mut Org, call: &Call<'_>, id: &str) -> Answer {
    let mut hook = find(org, id)?.clone();
    let body: HookBody = call.json()?;
    check_same_type(&hook, &body)?;
    if body.name.is_some() {
        hook.name = free_name(org, &body, id)?;
    }
    if body.version.is_some() {
        hook.version = body.version()?;
    }
    if let Some(channel) = body.channel {
        hook.channel = channel.channel(Some((&hook.channel, Kept::All)), org.hooks.plain_http)?;
    }
    hook.last_updated = call.now;
    put(org, call, hook, EventKind::HookUpdate)
}

/// `PUT /inlineHooks/{id}`: what isn't sent is gone, but for the secrets.
fn replace(org: &mut Org, call: &Call<'_>, id: &str) -> Answer {
    let mut hook = find(org, id)?.clone();
    let body: HookBody = call.json()?;
    check_same_type(&hook, &body)?;
    hook.name = free_name(org, &body, id)?;
    hook.version = body.version()?;
    let channel = body.channel.ok_or_else(no_channel)?;
    hook.channel = channel.channel(Some((&hook.channel, Kept::Secrets)), org.hooks.plain_http)?;
    hook.last_updated = call.now;
    put(org, call, hook, EventKind::HookUpdate)
}

/// `DELETE /inlineHooks/{id}`: of an inactive one only.
fn delete(org: &mut Org, call: &Call<'_>, id: &str) -> Answer {
    let hook = find(org, id)?.clone();
    if hook.active {
        return Err(wrong_state());
    }
    org.remove_hook(id);
    org.happened(call.event(EventKind::HookDelete, target(&hook)));
    Ok(Reply::empty())
}

/// `…/lifecycle/activate` and `…/lifecycle/deactivate`. The one who is there already is left alone.
fn turn(org: &mut Org, call: &Call<'_>, id: &str, active: bool) -> Answer {
    let mut hook = find(org, id)?.clone();
    if hook.active == active {
        return Reply::json(&view(call, &hook));
    }
    hook.active = active;
    hook.last_updated = call.now;
    put(org, call, hook, if active { EventKind::HookActivate } else { EventKind::HookDeactivate })
}

/// The hook that `…/execute` is to call. Of the others Okta would send payloads that are not known here.
pub(crate) fn executable(org: &Org, id: &str) -> Result<Hook, Refusal> {
    let hook = find(org, id)?;
    if hook.kind != PASSWORD_IMPORT {
        return Err(Refusal::unsupported_operation());
    }
    if hook.active { Ok(hook.clone()) } else { Err(wrong_state()) }
}

/// The hook, for the System Log.
pub(crate) fn target(hook: &Hook) -> Target {
    Target::other("InlineHook", hook.id.clone(), hook.name.clone())
}

fn find<'a>(org: &'a Org, id: &str) -> Result<&'a Hook, Refusal> {
    org.hooks.by_id(id).ok_or_else(|| Refusal::not_found(id, "InlineHook"))
}

fn put(org: &mut Org, call: &Call<'_>, hook: Hook, kind: EventKind) -> Answer {
    let reply = Reply::json(&view(call, &hook));
    org.happened(call.event(kind, target(&hook)));
    org.put_hook(hook);
    reply
}

fn free_name(org: &Org, body: &HookBody, own: &str) -> Result<String, Refusal> {
    let name = body.name()?;
    let namesake = |hook: &Hook| hook.id != own && hook.name.to_lowercase() == name.to_lowercase();
    if org.hooks.all().iter().any(namesake) {
        return Err(Refusal::field("name", TAKEN));
    }
    Ok(name)
}

fn check_type(org: &Org, kind: &str) -> Result<(), Refusal> {
    if !TYPES.contains(&kind) {
        return Err(unknown_type());
    }
    if kind == PASSWORD_IMPORT && org.hooks.all().iter().any(|hook| hook.kind == kind) {
        return Err(Refusal::field(
            "type",
            "Only one inline hook of this type is allowed in an organization",
        ));
    }
    if org.hooks.all().len() >= MOST {
        let wrong = format!("The organization has {MOST} inline hooks, and cannot have more");
        return Err(Refusal::validation("inlineHook").because(wrong));
    }
    Ok(())
}

fn check_same_type(hook: &Hook, body: &HookBody) -> Result<(), Refusal> {
    match &body.kind {
        Some(kind) if *kind != hook.kind => Err(Refusal::field("type", "The field cannot be changed")),
        _ => Ok(()),
    }
}

fn unknown_type() -> Refusal {
    Refusal::field("type", "The value is not a type of inline hooks")
}

fn no_channel() -> Refusal {
    Refusal::field("channel", "The field cannot be left blank")
}

fn wrong_state() -> Refusal {
    let summary = "The entity is not in the expected state for the requested transition.";
    Refusal::new(StatusCode::FORBIDDEN, "E0000107", summary)
}

/// The hook as answers show it: without its secrets.
fn view(call: &Call<'_>, hook: &Hook) -> Value {
    json!({
        "id": hook.id,
        "status": if hook.active { "ACTIVE" } else { "INACTIVE" },
        "name": hook.name,
        "type": hook.kind,
        "version": hook.version,
        "channel": {
            "type": hook.channel.kind.name(),
            "version": hook.channel.version,
            "config": config(hook.channel.kind, &hook.channel.config),
        },
        "created": written(hook.created),
        "lastUpdated": written(hook.last_updated),
        "_links": links(call, hook),
    })
}

fn config(kind: ChannelKind, config: &Config) -> Value {
    let scheme = config.auth_scheme.as_ref();
    let mut shown = json!({
        "uri": config.uri,
        "headers": config.headers,
        "method": config.method,
        "authScheme": scheme.map(|scheme| json!({"type": scheme.kind, "key": scheme.key})),
    });
    if let (ChannelKind::Oauth, Some(members)) = (kind, shown.as_object_mut()) {
        members.insert("authType".to_owned(), json!(config.auth_type));
        members.insert("clientId".to_owned(), json!(config.client_id));
        members.insert("tokenUrl".to_owned(), json!(config.token_url));
        members.insert("scope".to_owned(), json!(config.scope));
        if let Some(key) = &config.hook_key_id {
            members.insert("hookKeyId".to_owned(), json!(key));
        }
    }
    shown
}

fn links(call: &Call<'_>, hook: &Hook) -> Value {
    let own = call.href(&format!("/api/v1/inlineHooks/{}", hook.id));
    let allow =
        |tail: &str, method: &str| json!({"href": format!("{own}{tail}"), "hints": {"allow": [method]}});
    if hook.active {
        json!({
            "self": {"href": own},
            "execute": allow("/execute", "POST"),
            "deactivate": allow("/lifecycle/deactivate", "POST"),
        })
    } else {
        json!({
            "self": {"href": own},
            "activate": allow("/lifecycle/activate", "POST"),
            "delete": allow("", "DELETE"),
        })
    }
}
