//! People loaded through an identity source, in import sessions (API.md §10): what can go that way, how much fits into
//! one request and one session, and what became of a person when Okta gives no result per person.
//!
//! Knows nothing of requests and books.

mod attributes;
mod claim;
mod page;
mod person;
mod verdict;

use serde::{Deserialize, Serialize};

pub use attributes::{LeftOut, SentAttributes, SourceAttributes, source_schema, with_user_name};
pub use claim::{Claim, NoSuchColumn};
pub use page::{Filling, MOST_BYTES, MOST_ENTITIES, MOST_REQUESTS, MOST_USERS, PageLimits, SessionRoom};
pub use person::SourcedPerson;
pub use verdict::{LogFinding, Seen, SentRow, SourceVerdict, after_deletion, after_upsert, to_the_second};

/// What the sessions do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// Create and update people.
    #[default]
    CreateUpdate,
    /// Deactivate people, and take them off the source.
    Deactivate,
}

/// Where the outcome of each person is read, since Okta gives none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Settle {
    /// In the System Log, and for whom it says nothing in the users.
    #[default]
    Log,
    /// In the users alone.
    Read,
    /// Nowhere: the rows fail with that reason.
    None,
}

/// What was decided about an import by sessions; a part of the plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sourcing {
    /// The id of the identity source, which is that of its app.
    pub source: String,
    /// What the sessions do.
    pub operation: Operation,
    /// Entities in one request at most.
    pub page_size: usize,
    /// Where the outcomes are read.
    pub settle: Settle,
    /// Where the external id of a row is.
    pub claim: Claim,
    /// What goes over, and what can't.
    pub attributes: SentAttributes,
    /// Whether the people are armed with the password-import hook afterwards.
    pub then_hook: bool,
    /// Whether people who are gone from the source are deactivated.
    pub deactivate_missing: bool,
    /// Seconds that Okta wants between two sessions (API.md §10.1).
    pub gap_seconds: u64,
    /// Seconds between two looks at a session that is being processed.
    pub poll_seconds: u64,
    /// The numbers.
    pub counts: SourcingCounts,
}

/// The numbers of such a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourcingCounts {
    /// Rows that are as Okta was told before, and are not sent.
    pub unchanged: u64,
    /// People whom the source is known to have.
    pub known: u64,
    /// Those of them who are in no row.
    pub missing: u64,
    /// Requests that carry people, groups and memberships.
    pub uploads: u64,
    /// Sessions.
    pub sessions: u64,
}

impl Sourcing {
    /// What fits into one request.
    pub fn limits(&self) -> PageLimits {
        PageLimits { entities: self.page_size.clamp(1, MOST_ENTITIES), bytes: MOST_BYTES }
    }
}
