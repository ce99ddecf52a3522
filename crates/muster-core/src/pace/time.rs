//! Time and counts as numbers to reckon with: seconds since the start of the run.

use std::time::Duration;

/// Seconds since the start of the run, or between two moments of it.
pub(super) type Seconds = f64;

/// Two moments that are nearer than this are the same: what was rounded on its way must not be waited for twice.
pub(super) const INSTANT: Seconds = 1e-6;

/// How late a request may be without the pace being spread anew: timers are not exact.
pub(super) const LATE: Seconds = 0.05;

/// Windows last a minute. A reset that is further away is a mistake, and must not stop a run for ever.
pub(super) const LONGEST_WINDOW: Seconds = 120.0;

/// What Okta documents.
pub(super) const USUAL_WINDOW: Seconds = 60.0;

pub(super) fn seconds(duration: Duration) -> Seconds {
    duration.as_secs_f64()
}

pub(super) fn duration(seconds: Seconds) -> Duration {
    Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX)
}

/// A count as a fraction.
pub(super) fn number(count: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts and limits are far below 2^52")]
    let number = count as f64;
    number
}

/// The whole part of a number that isn't negative.
pub(super) fn whole(number: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped, and floored on purpose"
    )]
    let whole = number.max(0.0) as u64;
    whole
}
