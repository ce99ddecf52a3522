//! What an answer of the org means for the request that was made, and how long to wait before the next try
//! (API.md §4.3).

use std::time::Duration;

/// The part of an answer that decides what happens next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerKind<'a> {
    /// The HTTP status.
    pub status: u16,
    /// Okta's error code, if the body is Okta's.
    pub code: Option<&'a str>,
    /// `X-Rate-Limit-Limit`, if the answer has one.
    pub limit: Option<u64>,
    /// `X-Rate-Limit-Remaining`, if the answer has one.
    pub remaining: Option<u64>,
}

/// What to do about an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// It worked.
    Success,
    /// The budget of the window is spent. Nothing was done.
    OverQuota,
    /// Too many requests at the same time. Nothing was done.
    OverConcurrency,
    /// The org could not do it now. Whether it was done is open.
    Doubtful,
    /// The org said that it did not do it, and that it may work later.
    Later,
    /// The org does not write at the moment (read-only mode): everything has to wait.
    ReadOnly,
    /// There is no such thing.
    NotFound,
    /// The credentials are not accepted: no request of this run will work.
    Unauthorised,
    /// The access token was refused and a new one is being had. Nothing was done: send again.
    TokenSpent,
    /// Not allowed. Of a create, it means that no create will work.
    Forbidden,
    /// Refused for good.
    Refused,
}

/// The class of an answer.
pub fn classify(answer: AnswerKind<'_>) -> Class {
    match (answer.status, answer.code) {
        (200..=299, _) => Class::Success,
        (429, _) if answer.limit == Some(0) && answer.remaining == Some(0) => Class::OverConcurrency,
        (429, _) => Class::OverQuota,
        (_, Some("E0000010")) => Class::ReadOnly,
        (408 | 500..=599, _) if answer.code != Some("E0000060") => Class::Doubtful,
        (409, Some("E0000112" | "E0000253" | "E0000249")) | (423, _) => Class::Later,
        (401, Some("E0000015")) => Class::Refused,
        (401, _) => Class::Unauthorised,
        (403, Some("E0000006")) => Class::Forbidden,
        // Okta signs its errors: what comes without a code came from something in between, or is no org.
        (300..=399 | 403 | 404 | 405 | 407 | 421 | 451, None) => Class::Doubtful,
        (404, _) => Class::NotFound,
        _ => Class::Refused,
    }
}

/// The wait before try number `tries + 1` of one request: doubling from half a second to half a minute.
/// `dice` in 0..1 spreads it over its upper half, so that those who failed together don't return together.
pub fn back_off(tries: u32, dice: f64) -> Duration {
    const FIRST: Duration = Duration::from_millis(500);
    const LONGEST: Duration = Duration::from_secs(30);
    let whole = FIRST.saturating_mul(1_u32 << tries.saturating_sub(1).min(10)).min(LONGEST);
    whole.mul_f64(0.5 + dice.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(status: u16, code: Option<&str>, limit: Option<u64>) -> Class {
        classify(AnswerKind { status, code, limit, remaining: limit })
    }

    #[test]
    fn the_three_kinds_of_pressure_are_told_apart() {
        assert_eq!(class(429, Some("E0000047"), Some(0)), Class::OverConcurrency);
        assert_eq!(class(429, Some("E0000047"), Some(600)), Class::OverQuota);
        assert_eq!(class(429, None, None), Class::OverQuota);
        assert_eq!(class(503, Some("E0000010"), None), Class::ReadOnly);
        assert_eq!(class(502, None, None), Class::Doubtful);
        assert_eq!(class(500, Some("E0000009"), None), Class::Doubtful);
    }

    #[test]
    fn the_table_of_the_fact_sheet() {
        for (status, code, expected) in [
            (200, None, Class::Success),
            (204, None, Class::Success),
            (400, Some("E0000001"), Class::Refused),
            (401, Some("E0000011"), Class::Unauthorised),
            (403, Some("E0000006"), Class::Forbidden),
            (403, Some("E0000038"), Class::Refused),
            (404, Some("E0000007"), Class::NotFound),
            (409, Some("E0000112"), Class::Later),
            (423, Some("E0000239"), Class::Later),
            (404, Some("E0000007"), Class::NotFound),
            (404, None, Class::Doubtful),
            (302, None, Class::Doubtful),
            (407, None, Class::Doubtful),
            (403, None, Class::Doubtful),
            (400, None, Class::Refused),
            (501, Some("E0000060"), Class::Refused),
        ] {
            assert_eq!(class(status, code, Some(600)), expected, "{status} {code:?}");
        }
    }

    #[test]
    fn back_off_doubles_and_is_bounded() {
        assert_eq!(back_off(1, 1.0), Duration::from_millis(500));
        assert_eq!(back_off(2, 0.0), Duration::from_millis(500));
        assert_eq!(back_off(3, 1.0), Duration::from_secs(2));
        assert_eq!(back_off(99, 1.0), Duration::from_secs(30));
    }
}
