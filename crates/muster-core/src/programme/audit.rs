//! What the hook's audit files say, in numbers.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Histogram;
use crate::hook_call::{HookCall, HookResult};

const HOUR: i64 = 3600;

/// One hour of the hook.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuditHour {
    /// Right passwords.
    pub verified: u64,
    /// Wrong ones.
    pub wrong: u64,
    /// Names that no backend knows.
    pub unknown: u64,
}

/// The numbers of any number of calls. It grows with the hours, and not with the calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditTally {
    /// Calls, repeated ones with them.
    pub calls: u64,
    /// Calls that were answered as an earlier one with the same event id; in no other count.
    pub repeated: u64,
    /// Calls while the hook answered UNVERIFIED whatever it found.
    pub shadow: u64,
    /// Calls by how they ended.
    pub results: BTreeMap<HookResult, u64>,
    /// By the hour, which is counted since 1970.
    pub hours: BTreeMap<i64, AuditHour>,
    /// How long the answers took.
    pub latency: Histogram,
}

impl AuditTally {
    /// One more call.
    pub fn add(&mut self, call: &HookCall) {
        self.calls += 1;
        if call.repeated {
            self.repeated += 1;
            return;
        }
        self.shadow += u64::from(call.shadow);
        *self.results.entry(call.result).or_default() += 1;
        self.latency.add(call.micros);
        let hour = self.hours.entry(hour_of(call.at)).or_default();
        match call.result {
            HookResult::Verified => hour.verified += 1,
            HookResult::WrongPassword => hour.wrong += 1,
            HookResult::UnknownUser => hour.unknown += 1,
            _ => {}
        }
    }

    /// Calls that ended so.
    pub fn of(&self, result: HookResult) -> u64 {
        self.results.get(&result).copied().unwrap_or_default()
    }
}

fn hour_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(HOUR)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(second: i64, result: HookResult) -> HookCall {
        HookCall {
            at: Timestamp::from_second(second).unwrap(),
            event_id: "e".to_owned(),
            user: "kim@example.com".to_owned(),
            result,
            backend: None,
            notation: None,
            micros: 2000,
            repeated: false,
            shadow: false,
        }
    }

    #[test]
    fn a_repeated_call_counts_once() {
        let mut tally = AuditTally::default();
        tally.add(&call(10, HookResult::Verified));
        tally.add(&HookCall { repeated: true, ..call(12, HookResult::Verified) });
        tally.add(&call(3700, HookResult::WrongPassword));
        tally.add(&HookCall { shadow: true, ..call(3701, HookResult::UnknownUser) });
        assert_eq!((tally.calls, tally.repeated, tally.shadow), (4, 1, 1));
        assert_eq!(tally.of(HookResult::Verified), 1);
        assert_eq!(tally.hours[&0], AuditHour { verified: 1, wrong: 0, unknown: 0 });
        assert_eq!(tally.hours[&1], AuditHour { verified: 0, wrong: 1, unknown: 1 });
        assert_eq!(tally.latency.permille(500), Some(2000));
    }
}
