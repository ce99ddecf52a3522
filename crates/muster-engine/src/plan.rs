//! The plan as data: all that carrying it out needs, and the numbers that people decide by.

use std::collections::{BTreeMap, BTreeSet};

use muster_core::candidate::{Candidate, GroupWish, OnConflict};
use muster_core::column::Mapping;
use muster_core::interpret::{Interpreter, Wishes};
use muster_core::schema::ProfileSchema;
use muster_core::sourcing::{Operation, Sourcing};
use muster_legacy::files::Survey;
use serde::{Deserialize, Serialize};

/// The format of a stored plan.
pub const FORMAT: u32 = 1;

/// Everything that was decided before the first write. A later process goes on by it alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Plan {
    /// The format of this document.
    pub format: u32,
    /// The release that made it.
    pub muster_version: String,
    /// The run, once it has one.
    pub run: Option<String>,
    /// The org's address.
    pub org: String,
    /// The source as it was found.
    pub source: Survey,
    /// What the columns mean.
    pub mapping: Mapping,
    /// The org's rules for profiles when the plan was made.
    pub schema: ProfileSchema,
    /// Whether these are the rules of the org, or only the base attributes because it does not show its own.
    pub schema_is_the_orgs: bool,
    /// What the operator decided for all rows.
    pub wishes: Wishes,
    /// What to do with users who are there already.
    pub on_conflict: OnConflict,
    /// Rows taken at most.
    pub limit: Option<u64>,
    /// What was decided about import sessions; none where people are created by the Users API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sourcing: Option<Sourcing>,
    /// The groups.
    pub groups: GroupPlan,
    /// The numbers.
    pub counts: PlanCounts,
}

/// Which groups the rows ask for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct GroupPlan {
    /// Name → id, of those that are there.
    pub ids: BTreeMap<String, String>,
    /// Names that will be created before the first user.
    pub to_create: BTreeSet<String>,
    /// Ids of those that this run has created.
    #[serde(default)]
    pub created: BTreeSet<String>,
    /// Names that the org does not have, with the number of rows that ask for them.
    pub missing: BTreeMap<String, u64>,
}

/// The numbers of a plan.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PlanCounts {
    /// Rows in the source.
    pub rows: u64,
    /// Rows that will be sent.
    pub to_send: u64,
    /// Rows that will be sent, by the word of their credential.
    pub credentials: BTreeMap<String, u64>,
    /// Rows with a stored hash, by where it goes (`hash`, `hook`, `reset`) and by its notation.
    #[serde(default)]
    pub notations: BTreeMap<String, BTreeMap<String, u64>>,
    /// Rows that will be activated at once.
    pub activated: u64,
    /// Rows that end in another status than their status column says.
    #[serde(default)]
    pub other_status: u64,
    /// Activation mails that Okta will send when all users are new.
    pub mails: u64,
    /// Requests that the run needs when all users are new: creates, memberships above twenty, status changes.
    pub requests: u64,
    /// What is wrong, by code.
    pub faults: Vec<FaultCount>,
}

/// The rows with one kind of fault.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FaultCount {
    /// The code.
    pub code: String,
    /// How many rows.
    pub rows: u64,
    /// The first of them.
    pub first_line: u64,
    /// The first one's fault in words.
    pub example: String,
    /// What to do.
    pub hint: String,
}

impl Plan {
    /// The interpreter that reads the source exactly as it was planned.
    pub fn interpreter(&self) -> Interpreter {
        let interpreter = Interpreter::new(self.mapping.clone(), &self.schema, self.wishes.clone());
        let departing =
            self.sourcing.as_ref().is_some_and(|sourcing| sourcing.operation == Operation::Deactivate);
        if departing { interpreter.for_departures() } else { interpreter }
    }

    /// Whether people are armed for the password-import hook once they are loaded.
    pub fn arms_afterwards(&self) -> bool {
        self.sourcing.as_ref().is_some_and(|sourcing| sourcing.then_hook)
    }

    /// Rows that are faulty.
    pub fn invalid(&self) -> u64 {
        let unchanged = self.sourcing.as_ref().map_or(0, |sourcing| sourcing.counts.unchanged);
        self.counts.rows.saturating_sub(self.counts.to_send + unchanged)
    }

    /// The ids of the groups that a row asks for, in a fixed order. Names without an id are left out: the plan
    /// has made sure that there are none.
    pub fn group_ids(&self, candidate: &Candidate) -> Vec<String> {
        let ids = candidate.groups.iter().filter_map(|wish| match wish {
            GroupWish::Id(id) => Some(id),
            GroupWish::Name(name) => self.groups.ids.get(name),
        });
        ids.collect::<BTreeSet<_>>().into_iter().cloned().collect()
    }
}
