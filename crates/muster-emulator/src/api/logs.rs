//! `GET /logs`: the System Log.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    call::{Answer, Call, Reply},
    page::Page,
};
use crate::{
    expression::{Case, Expression, Operator},
    model::{
        events::{Actor, Event, Target},
        org::Org,
    },
    refusal::Refusal,
};

const DEFAULT_PAGE: usize = 100;
const LARGEST_PAGE: usize = 1000;

/// The span of time that is asked for, in milliseconds.
struct Span {
    since: i64,
    until: i64,
}

/// `GET /logs`. Without `until` and in ascending order it is a poll, and there is always a next page.
pub(crate) fn list(org: &Org, call: &Call<'_>) -> Answer {
    let page = Page::of(call, DEFAULT_PAGE, LARGEST_PAGE)?;
    let span = Span::of(call)?;
    let filter =
        call.query.get("filter").filter(|text| !text.is_empty()).map(Expression::read).transpose()?;
    if let Some(filter) = &filter {
        filter.check(&filterable, &Refusal::filter())?;
    }
    let words = call.query.get("q").map(str::to_lowercase);
    let descending =
        call.query.get("sortOrder").is_some_and(|order| order.eq_ignore_ascii_case("DESCENDING"));
    let from = page.after.map(|after| after.saturating_add(1));
    let shown = |(number, event): (u64, &Event)| {
        if event.at < span.since || event.at >= span.until {
            return None;
        }
        let view = view(org, number, event);
        let fits =
            filter.as_ref().is_none_or(|filter| filter.holds(Case::Counts, &|name| member(&view, name)));
        let said =
            words.as_ref().is_none_or(|words| view.to_string().to_lowercase().contains(words.as_str()));
        (fits && said).then_some((number, view))
    };
    let events = (0_u64..).zip(org.events.all());
    if descending {
        let before = page.after.unwrap_or(u64::MAX);
        let total = org.events.all().len() as u64;
        let events =
            (0..total).rev().zip(org.events.all().iter().rev()).filter(|(number, _)| *number < before);
        return page.reply(call, events.filter_map(shown), |(_, view)| view.clone(), |(number, _)| *number);
    }
    let polls = call.query.get("until").is_none();
    let events = events.skip_while(|(number, _)| from.is_some_and(|from| *number < from)).filter_map(shown);
    if !polls {
        return page.reply(call, events, |(_, view)| view.clone(), |(number, _)| *number);
    }
    let found: Vec<_> = events.take(page.limit).collect();
    let total = (org.events.all().len() as u64).checked_sub(1);
    let last = if found.len() < page.limit { total } else { found.last().map(|(number, _)| *number) };
    let mut reply = Reply::json(&found.into_iter().map(|(_, view)| view).collect::<Vec<_>>())?;
    reply.links = page.links(call, Some(last.or(page.after).unwrap_or(u64::MAX)));
    Ok(reply)
}

impl Span {
    fn of(call: &Call<'_>) -> Result<Self, Refusal> {
        let time = |name: &str| -> Result<Option<i64>, Refusal> {
            let Some(text) = call.query.get(name) else { return Ok(None) };
            let time: Timestamp =
                text.parse().map_err(|_| Refusal::field(name, "The field must be a date and time"))?;
            Ok(Some(time.as_millisecond()))
        };
        Ok(Self { since: time("since")?.unwrap_or(i64::MIN), until: time("until")?.unwrap_or(i64::MAX) })
    }
}

fn filterable(_: &str, operator: Operator) -> bool {
    operator != Operator::Pr
}

/// A member of an event by its path, such as `target.id` or `outcome.result`.
fn member(view: &Value, path: &str) -> Option<Value> {
    path.split('.').try_fold(view.clone(), |value, name| match value {
        Value::Array(elements) => elements.into_iter().find_map(|element| element.get(name).cloned()),
        other => other.get(name).cloned(),
    })
}

fn view(org: &Org, number: u64, event: &Event) -> Value {
    let published = Timestamp::from_millisecond(event.at).map(|at| format!("{at:.3}")).unwrap_or_default();
    json!({
        "uuid": uuid(org, number),
        "published": published,
        "eventType": event.kind.name(),
        "version": "0",
        "severity": if event.failed { "WARN" } else { "INFO" },
        "displayMessage": event.kind.message(),
        "actor": actor(org, event.actor),
        "outcome": {"result": if event.failed { "FAILURE" } else { "SUCCESS" }, "reason": event.reason},
        "target": targets(org, &event.target),
        "transaction": {"type": "WEB", "id": uuid(org, number), "detail": {}},
        "debugContext": {"debugData": {}},
        "authenticationContext": {"authenticationStep": 0, "externalSessionId": "unknown"},
        "securityContext": {},
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
        Target::Other(kind, id, name) => json!([entity(kind, id, name, name)]),
    }
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
    let (id, name) =
        org.groups.by_ordinal(ordinal).map_or(("unknown", "unknown"), |group| (&group.id, &group.name));
    entity("UserGroup", id, "unknown", name)
}

fn entity(kind: &str, id: &str, alternate: &str, name: &str) -> Value {
    json!({"id": id, "type": kind, "alternateId": alternate, "displayName": name, "detailEntry": null})
}
