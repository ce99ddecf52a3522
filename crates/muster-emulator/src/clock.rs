//! The org's time: the wall's at the start, and from then on the runtime's, so that a paused runtime pauses it.

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// Tells the time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    wall: Timestamp,
    started: Instant,
}

impl Clock {
    /// A clock that starts now, at `wall`.
    pub fn starting(wall: Timestamp) -> Self {
        Self { wall, started: Instant::now() }
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        let elapsed = SignedDuration::try_from(self.started.elapsed()).unwrap_or(SignedDuration::MAX);
        self.wall.saturating_add(elapsed).unwrap_or(Timestamp::MAX)
    }
}

/// The way that Okta writes a time: whole seconds, with three zeros.
pub(crate) fn written(time: Timestamp) -> String {
    let seconds = Timestamp::from_second(time.as_second()).unwrap_or(time);
    format!("{seconds:.3}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_three_zeros() {
        let time = Timestamp::from_millisecond(1_759_118_454_987).expect("a time");
        assert_eq!(written(time), "2025-09-29T04:00:54.000Z");
    }
}
