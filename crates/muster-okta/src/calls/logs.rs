//! The System Log (API.md §8.5).

use ::http::Method;
use jiff::Timestamp;

use super::Okta;
use crate::address::segment;
use crate::exchange::{Exchange, json};
use crate::wire::LogEvent;

/// The event of a password that was checked by the hook, or by an imported hash.
const PASSWORDS: [&str; 1] = ["user.import.password"];

/// The events that tell what became of an import session.
const IMPORTS: [&str; 7] = [
    "system.import.user.create",
    "system.import.user.update",
    "system.import.user.delete",
    "system.import.user.match",
    "system.import.user.suspend",
    "system.import.user.unsuspend",
    "system.import.complete",
];

impl Okta {
    /// One page of the events about imported passwords since a time. `page` is the address that the page before gave:
    /// there always is one, and an empty page says that there are no more for now.
    pub async fn password_imports(&self, since: Timestamp, page: Option<&str>) -> Exchange<Vec<LogEvent>> {
        self.events(&PASSWORDS, since, page).await
    }

    /// One page of the events that tell what became of an import session, since a time and of all sessions. Pages come
    /// as those of [`Okta::password_imports`] do.
    pub async fn import_events(&self, since: Timestamp, page: Option<&str>) -> Exchange<Vec<LogEvent>> {
        self.events(&IMPORTS, since, page).await
    }

    async fn events(&self, types: &[&str], since: Timestamp, page: Option<&str>) -> Exchange<Vec<LogEvent>> {
        let address = match page {
            Some(page) => self.addresses.page(page),
            None => self.addresses.of(format_args!(
                "logs?since={since:.3}&filter={}&limit=1000&sortOrder=ASCENDING",
                segment(&filter(types))
            )),
        };
        self.call(Method::GET, address, None, json).await
    }
}

/// Events of one of these types.
fn filter(types: &[&str]) -> String {
    let terms: Vec<String> = types.iter().map(|kind| format!("eventType eq \"{kind}\"")).collect();
    terms.join(" or ")
}
