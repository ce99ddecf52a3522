//! How the org takes sign-ins: when it locks somebody out, and how fast one person may try (API.md §3.6).

use std::collections::HashMap;

use jiff::Timestamp;

use crate::{model::fold::folded, rate::RateView};

/// The rules for sign-ins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInRules {
    /// After how many wrong passwords in a row a user is locked out; none if never. Okta's default policy says 10.
    pub lockout: Option<u32>,
    /// Whether somebody who is locked out is told so, with a status in place of a refusal. Okta's default policy
    /// does not.
    pub tells_lockout: bool,
    /// How often a username may sign in within a second; none if there is no limit.
    pub per_second: Option<u32>,
}

/// How often each username was used in the present second.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    second: i64,
    used: HashMap<String, u32>,
}

impl Default for SignInRules {
    fn default() -> Self {
        Self { lockout: Some(10), tells_lockout: false, per_second: Some(4) }
    }
}

impl Pace {
    /// Lets a sign-in pass, or says when the next one may. A refused one is not counted.
    pub fn take(&mut self, username: &str, limit: Option<u32>, now: Timestamp) -> Result<(), RateView> {
        let Some(limit) = limit else { return Ok(()) };
        if self.second != now.as_second() {
            self.second = now.as_second();
            self.used.clear();
        }
        let used = self.used.entry(folded(username)).or_default();
        if *used >= limit {
            return Err(RateView { limit, remaining: 0, reset: self.second.saturating_add(1) });
        }
        *used += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_username_has_so_many_tries_in_a_second() {
        let at = |milliseconds| Timestamp::from_millisecond(milliseconds).expect("a time");
        let mut pace = Pace::default();
        for milliseconds in [100, 200] {
            assert_eq!(pace.take("ada", Some(2), at(milliseconds)), Ok(()));
        }
        let stop = pace.take("ADA", Some(2), at(999)).expect_err("two are enough");
        assert_eq!((stop.limit, stop.remaining, stop.reset), (2, 0, 1));
        assert_eq!(pace.take("bob", Some(2), at(999)), Ok(()), "everybody has their own");
        assert_eq!(pace.take("ada", Some(2), at(1000)), Ok(()));
        assert_eq!(pace.take("ada", None, at(1000)), Ok(()));
    }
}
