//! What became of a row. Every row ends in exactly one outcome.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The final answer for one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Okta created the user in this run.
    Created,
    /// The answer to our create was lost; read-back showed that the user is ours.
    Adopted,
    /// Existed, differed, and the conflict policy said update.
    Updated,
    /// Existed and was already equal.
    Unchanged,
    /// Existed, and the policy said leave alone.
    Skipped,
    /// Found faulty before any request.
    Invalid,
    /// Okta refused it for good.
    Rejected,
    /// Gave up for a reason that is not the row's.
    Failed,
}

impl Outcome {
    /// All outcomes, in the order of reports.
    pub const ALL: [Self; 8] = [
        Self::Created,
        Self::Adopted,
        Self::Updated,
        Self::Unchanged,
        Self::Skipped,
        Self::Invalid,
        Self::Rejected,
        Self::Failed,
    ];

    /// The word in files and on the screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Adopted => "adopted",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Skipped => "skipped",
            Self::Invalid => "invalid",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
        }
    }

    /// The outcome of this word.
    pub fn from_name(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }

    /// Whether someone has to do something about the row.
    pub fn needs_attention(self) -> bool {
        matches!(self, Self::Invalid | Self::Rejected | Self::Failed)
    }

    /// Whose move it is.
    pub fn whose_move(self) -> &'static str {
        match self {
            Self::Invalid => "fix the data",
            Self::Rejected => "fix the data or the org",
            Self::Failed => "muster retry",
            _ => "–",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}

/// What became of a row's group memberships, apart from the user itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupOutcome {
    /// The row asks for no group, or never came so far.
    None,
    /// In all the groups that the row asks for.
    Joined,
    /// In some of them.
    Partial,
    /// In none of them.
    Failed,
}

impl GroupOutcome {
    /// All of them, in the order of reports.
    pub const ALL: [Self; 4] = [Self::None, Self::Joined, Self::Partial, Self::Failed];

    /// The outcome of a row that asked for `requested` groups and is in `joined` of them.
    pub fn of(requested: u32, joined: u32) -> Self {
        match (requested, joined) {
            (0, _) => Self::None,
            (_, 0) => Self::Failed,
            (requested, joined) if joined < requested => Self::Partial,
            _ => Self::Joined,
        }
    }

    /// The word in files and on the screen.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Joined => "joined",
            Self::Partial => "partial",
            Self::Failed => "failed",
        }
    }

    /// The outcome of this word.
    pub fn from_name(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }

    /// Whether someone has to do something about the memberships.
    pub fn needs_attention(self) -> bool {
        matches!(self, Self::Partial | Self::Failed)
    }
}

impl fmt::Display for GroupOutcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}

/// How many rows ended how.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Rows in the source.
    pub rows: u64,
    /// By outcome; all eight are present in files.
    pub outcomes: BTreeMap<Outcome, u64>,
    /// By group outcome, of the rows that have an outcome.
    pub groups: BTreeMap<GroupOutcome, u64>,
}

impl Tally {
    /// A tally of no settled rows, with every word present.
    pub fn of_rows(rows: u64) -> Self {
        Self {
            rows,
            outcomes: Outcome::ALL.into_iter().map(|outcome| (outcome, 0)).collect(),
            groups: GroupOutcome::ALL.into_iter().map(|outcome| (outcome, 0)).collect(),
        }
    }

    /// Counts one row.
    pub fn count(&mut self, outcome: Outcome, groups: GroupOutcome) {
        self.add(outcome, groups, 1);
    }

    /// Counts several rows of the same end.
    pub fn add(&mut self, outcome: Outcome, groups: GroupOutcome, rows: u64) {
        *self.outcomes.entry(outcome).or_default() += rows;
        *self.groups.entry(groups).or_default() += rows;
    }

    /// Rows with this outcome.
    pub fn of(&self, outcome: Outcome) -> u64 {
        self.outcomes.get(&outcome).copied().unwrap_or_default()
    }

    /// Rows that have an outcome.
    pub fn settled(&self) -> u64 {
        self.outcomes.values().sum()
    }

    /// Rows that have none yet.
    pub fn open(&self) -> u64 {
        self.rows.saturating_sub(self.settled())
    }

    /// Whether the row count equals the sum of the outcomes.
    pub fn balanced(&self) -> bool {
        self.rows == self.settled()
    }

    /// Rows that someone has to do something about.
    pub fn needing_attention(&self) -> u64 {
        let rows = Outcome::ALL
            .into_iter()
            .filter(|outcome| outcome.needs_attention())
            .map(|outcome| self.of(outcome));
        rows.sum()
    }

    /// Rows whose user is there and whose groups are not all.
    pub fn groups_needing_attention(&self) -> u64 {
        let wanting = GroupOutcome::ALL.into_iter().filter(|outcome| outcome.needs_attention());
        wanting.map(|outcome| self.groups.get(&outcome).copied().unwrap_or_default()).sum()
    }

    /// Whether every row is fine.
    pub fn all_fine(&self) -> bool {
        self.balanced() && self.needing_attention() == 0 && self.groups_needing_attention() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_balances_when_every_row_has_one_outcome() {
        let mut tally = Tally::of_rows(3);
        tally.count(Outcome::Created, GroupOutcome::Joined);
        tally.count(Outcome::Invalid, GroupOutcome::None);
        assert!(!tally.balanced());
        assert_eq!(tally.open(), 1);
        tally.count(Outcome::Created, GroupOutcome::Partial);
        assert!(tally.balanced() && !tally.all_fine());
        assert_eq!((tally.needing_attention(), tally.groups_needing_attention()), (1, 1));
    }

    #[test]
    fn words_in_files_are_the_words_in_code() {
        for outcome in Outcome::ALL {
            assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.as_str());
            assert_eq!(Outcome::from_name(outcome.as_str()), Some(outcome));
        }
        for outcome in GroupOutcome::ALL {
            assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.as_str());
            assert_eq!(GroupOutcome::from_name(outcome.as_str()), Some(outcome));
        }
    }

    #[test]
    fn group_outcomes_follow_the_counts() {
        assert_eq!(GroupOutcome::of(0, 0), GroupOutcome::None);
        assert_eq!(GroupOutcome::of(2, 0), GroupOutcome::Failed);
        assert_eq!(GroupOutcome::of(2, 1), GroupOutcome::Partial);
        assert_eq!(GroupOutcome::of(2, 2), GroupOutcome::Joined);
    }
}
