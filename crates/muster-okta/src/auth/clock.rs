//! The org's clock. This machine's may be wrong by hours, and Okta refuses what is signed at another time.

use std::sync::{Mutex, MutexGuard, PoisonError};

use ::http::HeaderMap;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// A `Date` is cut to whole seconds and comes late by the way it took; what is nearer than this is no news.
const NO_NEWS: SignedDuration = SignedDuration::from_secs(3);

/// What time it is at the org, as far as its answers tell.
#[derive(Debug, Default)]
pub struct OrgClock {
    reading: Mutex<Option<Reading>>,
}

#[derive(Clone, Copy, Debug)]
struct Reading {
    date: Timestamp,
    at: Instant,
}

impl OrgClock {
    /// The time at the org; this machine's, as long as the org has said nothing.
    pub fn now(&self) -> Timestamp {
        let Some(reading) = *self.locked() else { return Timestamp::now() };
        let since = SignedDuration::try_from(reading.at.elapsed()).unwrap_or(SignedDuration::ZERO);
        reading.date.saturating_add(since).unwrap_or(reading.date)
    }

    /// Takes the `Date` of an answer. How far off the clock was before.
    pub fn hear(&self, headers: &HeaderMap) -> SignedDuration {
        let Some(date) = date(headers) else { return SignedDuration::ZERO };
        let off = date.duration_since(self.now());
        let mut reading = self.locked();
        if reading.is_none() || off.abs() > NO_NEWS {
            *reading = Some(Reading { date, at: Instant::now() });
        }
        off.abs()
    }

    fn locked(&self) -> MutexGuard<'_, Option<Reading>> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let text = headers.get("date")?.to_str().ok()?;
    Timestamp::try_from(httpdate::parse_http_date(text).ok()?).ok()
}
