//! What the System Log says of the people of a session.

use std::collections::HashMap;

use jiff::Timestamp;
use muster_core::login::fold;
use muster_core::sourcing::{LogFinding, to_the_second};
use muster_okta::Endpoint;
use muster_okta::wire::LogEvent;

use super::Sessions;
use crate::gate::Halt;

/// How often an end of the log is read again: events come late, and after the session is said to be processed.
const MORE_LOOKS: u32 = 3;

/// The people who are looked for, by their keys.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    by_login: HashMap<String, u64>,
    by_external_id: HashMap<String, u64>,
    people: usize,
}

impl Wanted {
    /// One more; `number` is given back with what is found.
    pub fn add(&mut self, number: u64, login: Option<&str>, external_id: &str) {
        if let Some(login) = login {
            self.by_login.insert(fold(login), number);
        }
        self.by_external_id.insert(external_id.to_owned(), number);
        self.people += 1;
    }

    /// Whose event it is: by the external id, or else by the login. Which of the two an `AppUser` is named by is
    /// UNCONFIRMED.
    fn find(&self, event: &LogEvent) -> Option<u64> {
        let named = |kind| event.targets(kind).find_map(|entity| entity.alternate_id.as_deref());
        let by_id = named("AppUser").and_then(|id| self.by_external_id.get(id));
        let by_login = |kind| named(kind).and_then(|login| self.by_login.get(&fold(login)));
        by_id.or_else(|| by_login("User")).or_else(|| by_login("AppUser")).copied()
    }
}

/// What was found of one person.
#[derive(Clone, Debug)]
pub(super) struct Logged {
    pub finding: LogFinding,
    pub okta_id: Option<String>,
}

impl Sessions<'_> {
    /// What the log says of these people since that time; of nobody where it can't be read.
    pub(super) async fn read_log(
        &self,
        session: &str,
        since: Timestamp,
        wanted: &Wanted,
    ) -> Result<HashMap<u64, Logged>, Halt> {
        let mut found = HashMap::new();
        let since = to_the_second(since);
        let (mut page, mut looks, mut over): (Option<String>, u32, bool) = (None, 0, false);
        loop {
            let call = || self.contact.okta.import_events(since, page.as_deref());
            let exchange = self.contact.gate.patiently(Endpoint::ReadLog, call).await?;
            let next = exchange.next.clone();
            let Ok(events) = exchange.result.inspect_err(|error| {
                tracing::warn!(%error, "the System Log can't be read: the users are looked at instead");
            }) else {
                return Ok(found);
            };
            let is_end = events.is_empty();
            for event in events.iter().filter(|event| is_ours(event, &self.contact.source, session)) {
                over |= event.event_type == "system.import.complete";
                note(&mut found, wanted, event);
            }
            if found.len() >= wanted.people {
                return Ok(found);
            }
            if is_end || next.is_none() {
                looks += 1;
                if over || looks > MORE_LOOKS {
                    return Ok(found);
                }
                self.contact.gate.pause(self.poll()).await?;
            }
            // The last page has a next one, too: it is where later events will be.
            page = next.or(page);
        }
    }
}

/// Whether the event may be of this session. Every app whose people are imported has such events: AD, for one. What Okta
/// says in them of the app and of the session is UNCONFIRMED; what it does say counts.
fn is_ours(event: &LogEvent, source: &str, session: &str) -> bool {
    let mut apps = event.targets("AppInstance").filter_map(|app| app.id.as_deref()).peekable();
    let of_source = apps.peek().is_none() || apps.any(|id| id == source);
    of_source && event.import_session().is_none_or(|id| id == session)
}

fn note(found: &mut HashMap<u64, Logged>, wanted: &Wanted, event: &LogEvent) {
    let Some(finding) = finding(event) else { return };
    let Some(number) = wanted.find(event) else { return };
    let okta_id = event.targets("User").find_map(|entity| entity.id.clone());
    // A user who was created and then changed is created.
    if let Some(known) = found.get_mut(&number) {
        known.okta_id = known.okta_id.take().or(okta_id);
        if known.finding != LogFinding::Created {
            known.finding = finding;
        }
    } else {
        found.insert(number, Logged { finding, okta_id });
    }
}

fn finding(event: &LogEvent) -> Option<LogFinding> {
    let kind = event.event_type.strip_prefix("system.import.user.")?;
    if !event.succeeded() {
        let reason = event.reason().unwrap_or("Okta's System Log says FAILURE and no reason");
        return Some(LogFinding::Refused(reason.to_owned()));
    }
    match kind {
        "create" => Some(LogFinding::Created),
        "update" | "match" | "unsuspend" => Some(LogFinding::Updated),
        "delete" | "suspend" => Some(LogFinding::Deactivated),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(target: &serde_json::Value, session: Option<&str>) -> LogEvent {
        let event = json!({"eventType": "system.import.user.update", "outcome": {"result": "SUCCESS"},
            "target": target, "debugContext": {"debugData": {"importSessionId": session}}});
        serde_json::from_value(event).unwrap()
    }

    #[test]
    fn what_another_app_imports_is_not_ours() {
        let app =
            |id: &str| json!([{"type": "AppInstance", "id": id}, {"type": "User", "alternateId": "a@b.co"}]);
        assert!(is_ours(&event(&app("0oaHR"), None), "0oaHR", "aps1"));
        assert!(!is_ours(&event(&app("0oaAD"), None), "0oaHR", "aps1"));
        assert!(!is_ours(&event(&app("0oaHR"), Some("aps2")), "0oaHR", "aps1"));
        assert!(is_ours(&event(&json!([{"type": "User"}]), None), "0oaHR", "aps1"), "no app is named");
    }

    #[test]
    fn people_are_found_by_their_key_first_and_by_either_login() {
        let mut wanted = Wanted::default();
        wanted.add(1, Some("Ada@b.co"), "E1");
        wanted.add(2, Some("kim@b.co"), "E2");
        let of = |target: serde_json::Value| wanted.find(&event(&target, None));
        let user = json!({"type": "User", "alternateId": "ada@B.co"});
        assert_eq!(of(json!([user, {"type": "AppUser", "alternateId": "E2"}])), Some(2));
        assert_eq!(of(json!([user, {"type": "AppUser", "alternateId": "0ua7"}])), Some(1));
        assert_eq!(of(json!([{"type": "AppUser", "alternateId": "KIM@b.co"}])), Some(2));
        assert_eq!(of(json!([{"type": "AppUser", "alternateId": "E3"}])), None);
    }
}
