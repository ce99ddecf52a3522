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

    fn find(&self, event: &LogEvent) -> Option<u64> {
        let external = event.targets("AppUser").find_map(|entity| entity.alternate_id.as_ref());
        let by_id = external.and_then(|id| self.by_external_id.get(id));
        let login = || event.targets("User").find_map(|entity| entity.alternate_id.as_deref());
        by_id.copied().or_else(|| login().and_then(|login| self.by_login.get(&fold(login))).copied())
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
            for event in events.iter().filter(|event| event.import_session().is_none_or(|id| id == session)) {
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
