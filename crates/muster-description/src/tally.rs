//! The count of what was judged.

use serde::Serialize;

use crate::{Side, Violation};

/// How many distinct violations are kept of each sort.
const KEPT: usize = 100;

/// A violation and how often it was met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Noted {
    /// The first of its kind.
    #[serde(flatten)]
    pub violation: Violation,
    /// How often this kind was met.
    pub count: u64,
}

/// What a judge has seen so far. Violations are of one kind when side, operation, place and expectation agree;
/// positions in lists do not tell kinds apart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// How many requests were judged.
    pub requests_judged: u64,
    /// How many answers were judged.
    pub answers_judged: u64,
    /// How many violations have no excuse.
    pub violations: u64,
    /// How many violations are known errors of the description.
    pub excused: u64,
    /// The first kinds without an excuse, at most a hundred.
    pub first: Vec<Noted>,
    /// The first kinds with an excuse, at most a hundred.
    pub first_excused: Vec<Noted>,
}

impl Tally {
    /// Counts one judgement, which may be without violations.
    pub fn note(&mut self, side: Side, violations: Vec<Violation>) {
        match side {
            Side::Request => self.requests_judged += 1,
            Side::Answer => self.answers_judged += 1,
        }
        for violation in violations {
            self.note_one(violation);
        }
    }

    /// Whether everything that was met has an excuse.
    pub fn is_clean(&self) -> bool {
        self.violations == 0
    }

    fn note_one(&mut self, violation: Violation) {
        let (count, list) = match violation.excuse {
            Some(_) => (&mut self.excused, &mut self.first_excused),
            None => (&mut self.violations, &mut self.first),
        };
        *count += 1;
        let is_full = list.len() >= KEPT;
        match list.iter_mut().find(|noted| is_of_one_kind(&noted.violation, &violation)) {
            Some(noted) => noted.count += 1,
            None if is_full => {}
            None => list.push(Noted { violation, count: 1 }),
        }
    }
}

fn is_of_one_kind(one: &Violation, other: &Violation) -> bool {
    one.side == other.side
        && one.operation == other.operation
        && one.expected == other.expected
        && one.excuse == other.excuse
        && is_one_place(&one.place, &other.place)
}

/// Compares places segment by segment; any position in a list is as good as any other.
fn is_one_place(one: &str, other: &str) -> bool {
    let position = |segment: &str| !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
    let (mut ours, mut theirs) = (one.split('/'), other.split('/'));
    loop {
        match (ours.next(), theirs.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if a == b || (position(a) && position(b)) => {}
            _ => return false,
        }
    }
}
