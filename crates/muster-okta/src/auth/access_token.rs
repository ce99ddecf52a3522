//! An access token, and when it is time for another one.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ::http::HeaderValue;
use tokio::time::Instant;

/// One access token.
pub struct AccessToken {
    /// Which one it is of this process, from 1.
    pub generation: u64,
    /// The `Authorization` header.
    pub header: HeaderValue,
    /// Its hash, when it is bound to the key of the proofs.
    pub bound: Option<String>,
    /// The scopes that it was given for.
    pub scopes: Vec<String>,
    /// How long it is good in all.
    pub life: Duration,
    /// When another one should be had.
    pub renew_at: Instant,
    /// When it is good no longer.
    pub ends_at: Instant,
    /// Whether the org has taken it.
    worked: AtomicBool,
}

impl AccessToken {
    /// A token that was asked for at this time.
    pub fn new(
        generation: u64,
        (header, bound): (HeaderValue, Option<String>),
        scopes: Vec<String>,
        (asked_at, life): (Instant, Duration),
    ) -> Self {
        // No token of an org lasts for a year; a sum that is out of bounds would be a panic.
        let life = life.min(Duration::from_hours(24 * 365));
        let (renew_at, ends_at) = (asked_at + renewal_of(life), asked_at + life);
        Self { generation, header, bound, scopes, life, renew_at, ends_at, worked: AtomicBool::new(false) }
    }

    /// Notes that the org has taken it; whether that is news.
    pub fn has_worked(&self) -> bool {
        !self.worked.swap(true, Ordering::Relaxed)
    }

    /// Whether the org has taken it before.
    pub fn worked(&self) -> bool {
        self.worked.load(Ordering::Relaxed)
    }
}

/// After how much of its life a token is renewed: at four fifths, and a minute before the end at least; a short life
/// at its half.
fn renewal_of(life: Duration) -> Duration {
    const AHEAD: Duration = Duration::from_mins(1);
    if life < AHEAD * 2 { life / 2 } else { life.mul_f64(0.8).min(life.saturating_sub(AHEAD)) }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("AccessToken")
            .field("generation", &self.generation)
            .field("life", &self.life)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_renewed_ahead_of_its_end() {
        for (life, renewed) in [(3600, 2880), (600, 480), (240, 180), (120, 60), (60, 30), (2, 1), (0, 0)] {
            assert_eq!(renewal_of(Duration::from_secs(life)), Duration::from_secs(renewed), "{life}");
        }
    }
}
