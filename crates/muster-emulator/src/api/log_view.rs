//! An event of the System Log as answers show it.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::model::{
    events::{Actor, Event, ImportTarget, Target},
    org::Org,
    sources::AppUserName,
};

/// The event of a number.
pub(super) fn view(org: &Org, number: u64, event: &Event) -> Value {
    let published = Timestamp::from_millisecond(event.at).map(|at| format!("{at:.3}")).unwrap_or_default();
    json!({
        "uuid": uuid(org, number),
        "published": published,
        "eventType": event.kind.name(),
        "version": "0",
        "severity": if event.failed { "WARN" } else { "INFO" },
        "displayMessage": event.kind.message(),
        "legacyEventType": null,
        "actor": actor(org, event.actor),
        "client": {
            "userAgent": null, "zone": null, "device": null, "id": null, "ipAddress": null,
            "geographicalContext": null,
        },
        "outcome": {"result": if event.failed { "FAILURE" } else { "SUCCESS" }, "reason": event.reason},
        "target": targets(org, &event.target),
        "transaction": {"type": "WEB", "id": uuid(org, number), "detail": {}},
        "debugContext": {"debugData": debug_data(org, &event.target)},
        "authenticationContext": {
            "authenticationProvider": null, "credentialProvider": null, "credentialType": null, "issuer": null,
            "authenticationStep": 0, "externalSessionId": "unknown", "interface": null,
        },
        "securityContext": {"asNumber": null, "asOrg": null, "isp": null, "domain": null, "isProxy": null},
        "request": {"ipChain": []},
    })
}

/// The same for an event at every start: made of its number and the org's id.
fn uuid(org: &Org, number: u64) -> String {
    let org =
        org.record.id.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let (high, low) = (org >> 32, org & 0xffff);
    format!("{high:08x}-{low:04x}-11f0-8000-{:012x}", number & 0xffff_ffff_ffff)
}

fn actor(org: &Org, actor: Actor) -> Value {
    match actor {
        Actor::Token(_) => {
            let owner = &org.owner;
            entity("User", &owner.id, owner.profile.login(), "Emulated Administrator")
        }
        Actor::App(place) => {
            // An org that was opened again may have fewer apps than it had.
            let id = org.client_ids.get(usize::from(place)).map_or("unknown", String::as_str);
            entity("PublicClientApp", id, id, "Service app")
        }
        Actor::User(ordinal) => user(org, ordinal),
        Actor::System => entity("SystemPrincipal", "system", "system@okta.com", "Okta System"),
    }
}

fn targets(org: &Org, target: &Target) -> Value {
    match target {
        Target::Nothing => Value::Null,
        Target::User(ordinal) => json!([user(org, *ordinal)]),
        Target::Group(ordinal) => json!([group(org, *ordinal)]),
        Target::Membership(of, to) => json!([user(org, *of), group(org, *to)]),
        Target::Other(other) => {
            let (kind, id, name) = other.as_ref();
            json!([entity(kind, id, name, name)])
        }
        Target::Sourced(of, session) => json!(import_targets(org, &sourced(org, *of, *session))),
        Target::Import(import) => json!(import_targets(org, import)),
    }
}

/// What an event of a session says of one of its people, in full.
fn sourced(org: &Org, user: u64, session: u64) -> ImportTarget {
    let sources = &org.resources.sources;
    let source = sources.session(session).map(|session| session.source.as_str()).unwrap_or_default();
    let here = sources.origin(user).filter(|(origin, _)| origin.head.id == source);
    let gone = || sources.by_id(source)?.departed(user).cloned();
    ImportTarget {
        source: source.into(),
        session: Some(session),
        user: Some(user),
        app_user: here.map(|(_, person)| person.named()).or_else(gone),
        ..ImportTarget::default()
    }
}

fn import_targets(org: &Org, import: &ImportTarget) -> Vec<Value> {
    let label = org.resources.sources.by_id(&import.source).map(|source| source.head.label.as_str());
    let label = label.unwrap_or("unknown");
    let app_group = import.app_group.as_ref();
    [
        import.user.map(|ordinal| user(org, ordinal)),
        import.group.map(|ordinal| group(org, ordinal)),
        app_group.map(|(id, name)| entity("UserGroup", "unknown", id, name)),
        Some(entity("AppInstance", &import.source, label, label)),
        import.app_user.as_ref().map(app_user),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn app_user(of: &AppUserName) -> Value {
    entity("AppUser", &of.id, &of.external_id, &of.user_name)
}

/// The session of an import; that it stands here is an invention.
fn debug_data(org: &Org, target: &Target) -> Value {
    let session = match target {
        Target::Sourced(_, session) => Some(*session),
        Target::Import(import) => import.session,
        _ => None,
    };
    let session = session.and_then(|session| org.resources.sources.session(session));
    session.map_or_else(|| json!({}), |session| json!({"importSessionId": session.id}))
}

fn user(org: &Org, ordinal: u64) -> Value {
    if let Some(user) = org.users.by_ordinal(ordinal) {
        let name = format!("{} {}", user.profile.text("firstName"), user.profile.text("lastName"));
        return entity("User", &user.id, user.profile.login(), &name);
    }
    let (id, login) = org.events.gone(ordinal).unwrap_or_default();
    entity("User", id, login, login)
}

fn group(org: &Org, ordinal: u64) -> Value {
    let here = org.groups.by_ordinal(ordinal).map(|group| (group.id.as_str(), group.name.as_str()));
    let (id, name) = here.or_else(|| org.resources.gone_group(ordinal)).unwrap_or(("unknown", "unknown"));
    entity("UserGroup", id, "unknown", name)
}

fn entity(kind: &str, id: &str, alternate: &str, name: &str) -> Value {
    json!({"id": id, "type": kind, "alternateId": alternate, "displayName": name, "detailEntry": null})
}
