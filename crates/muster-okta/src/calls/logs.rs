//! The System Log (API.md §8.5).

use ::http::Method;
use jiff::Timestamp;

use super::Okta;
use crate::address::segment;
use crate::exchange::{Exchange, json};
use crate::wire::LogEvent;

/// The event of a password that was checked by the hook, or by an imported hash.
const FILTER: &str = "eventType eq \"user.import.password\"";

impl Okta {
    /// One page of the events about imported passwords since a time. `page` is the address that the page before gave:
    /// there always is one, and an empty page says that there are no more for now.
    pub async fn password_imports(&self, since: Timestamp, page: Option<&str>) -> Exchange<Vec<LogEvent>> {
        let address = match page {
            Some(page) => self.addresses.page(page),
            None => self.addresses.of(format_args!(
                "logs?since={since:.3}&filter={}&limit=1000&sortOrder=ASCENDING",
                segment(FILTER)
            )),
        };
        self.call(Method::GET, address, None, json).await
    }
}
