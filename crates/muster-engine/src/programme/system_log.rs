//! Reading the System Log: who has come over.
//!
//! It is read on from where the last reading ended, and a while before that, since events may show late. The same
//! event again changes nothing in the books.

use jiff::{SignedDuration, Timestamp};
use muster_core::login::Login;
use muster_ledger::Arrival;
use muster_okta::Endpoint;
use muster_okta::wire::LogEvent;

use super::{Contact, Programme};
use crate::gate::Halt;

/// How late an event may show.
const OVERLAP: SignedDuration = SignedDuration::from_mins(15);

/// This machine's clock may be ahead of the org's when a run begins.
const BEFORE_THE_RUN: SignedDuration = SignedDuration::from_hours(1);

/// Okta keeps events for 90 days.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 89);

/// What Okta says of a wrong password.
const WRONG: &str = "INVALID_CREDENTIALS";

impl Programme {
    /// Reads what the System Log has that is new; how many have newly come over.
    pub async fn sync(&self, contact: &Contact) -> Result<u64, Halt> {
        self.enrol().await?;
        let since = self.since().await?;
        let (mut page, mut read_to, mut new) = (None::<String>, None, 0);
        loop {
            let reading = contact
                .gate
                .patiently(Endpoint::ReadLog, || contact.okta.password_imports(since, page.as_deref()));
            let exchange = reading.await?;
            let error = |error| contact.trouble(&error, "read the System Log", "okta.logs.read");
            let events = exchange.result.map_err(error)?;
            // What comes after this answer is for the next reading.
            read_to = read_to.or(exchange.date);
            if events.is_empty() {
                break;
            }
            new += self.ledger.arrived(events.iter().filter_map(arrival).collect()).await?;
            page = exchange.next;
            if page.is_none() {
                break;
            }
        }
        self.ledger.recognise().await?;
        let read_to = read_to.unwrap_or(since);
        self.ledger.log_was_read(self.org.clone(), read_to).await?;
        tracing::info!(new, "the System Log was read");
        Ok(new)
    }

    async fn since(&self) -> Result<Timestamp, Halt> {
        let begun = self.runs.iter().map(|run| run.created_at).min();
        let begun = begun.unwrap_or(Timestamp::UNIX_EPOCH);
        let since = match self.ledger.log_read_to(self.org.clone()).await? {
            // Another run of the same org may have been followed before, and this one not.
            Some(read_to) => before(read_to, OVERLAP),
            None => before(begun, BEFORE_THE_RUN),
        };
        Ok(since.max(before(self.clock.now(), KEPT)))
    }
}

fn before(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_sub(by).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// What an event says of somebody, if it does. A failure for another reason than the password says nothing.
fn arrival(event: &LogEvent) -> Option<Arrival> {
    let good = event.succeeded();
    if !good && event.reason() != Some(WRONG) {
        return None;
    }
    let person = event.person()?;
    let login = person.alternate_id.as_deref().and_then(Login::parse).map(|login| login.fingerprint());
    Some(Arrival { okta_id: person.id.clone(), login, at: event.published?, good })
}
