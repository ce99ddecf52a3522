//! Whom a question is about.

use std::fmt::Write;

use muster_core::record::Line;

use super::groups::WatchedKey;
use crate::place::Place;
use crate::run::RunKey;

/// Why somebody's first sign-in counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonKind {
    /// The hook is asked about their password.
    Hook,
    /// Okta has a hash of the old system's.
    Hash,
}

impl PersonKind {
    pub(super) fn number(self) -> i64 {
        match self {
            Self::Hook => 0,
            Self::Hash => 1,
        }
    }
}

/// The people of some runs, or those of them who are in a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Crowd {
    /// The runs.
    pub runs: Vec<RunKey>,
    /// The group, as its members were when they were last read.
    pub group: Option<WatchedKey>,
}

impl Crowd {
    /// The people of these runs.
    pub fn of(runs: impl Into<Vec<RunKey>>) -> Self {
        Self { runs: runs.into(), group: None }
    }

    /// Those of them who are in this group.
    #[must_use]
    pub fn in_group(&self, group: WatchedKey) -> Self {
        Self { runs: self.runs.clone(), group: Some(group) }
    }

    /// The condition on a table with a place and an id; nothing in it comes from outside but numbers.
    pub(super) fn condition(&self, place: &str, okta_id: &str) -> String {
        let mut text = String::from("(0");
        for run in &self.runs {
            let (first, last) = (Place::of(*run, Line(0)).0, Place::last(*run).0);
            // Writing into a string can't fail.
            let _ = write!(text, " OR {place} BETWEEN {first} AND {last}");
        }
        text.push(')');
        if let Some(WatchedKey(number)) = self.group {
            let _ = write!(
                text,
                " AND EXISTS (SELECT 1 FROM watched_member WHERE number = {number} AND watched_member.okta_id = {okta_id})"
            );
        }
        text
    }
}
