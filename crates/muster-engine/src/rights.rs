//! Requests that the org forbids: the token's fault, or the row's.
//!
//! Which of the two, the other requests to the same endpoint tell. Until then the rows are put aside, and none is
//! burnt for a right that is missing.

use std::collections::BTreeSet;

use muster_okta::Endpoint;

use crate::request::Returned;

/// Refusals of one endpoint, with no success among them, after which it is the token's.
const MOST_ASIDE: usize = 5;

/// What the token may do, as far as this leg has seen, and the rows that wait to know.
#[derive(Default)]
pub struct Rights {
    allowed: BTreeSet<Endpoint>,
    aside: Vec<Returned>,
}

impl Rights {
    /// Puts a forbidden request aside, and says whether the run has to stop.
    pub fn forbidden(&mut self, returned: Returned) -> bool {
        let endpoint = returned.endpoint;
        self.aside.push(returned);
        let refusals = self.aside.iter().filter(|aside| aside.endpoint == endpoint).count();
        // Nobody can be in the way of a create: the first one tells. Users and groups may be out of a token's reach
        // one by one, such as those of other administrators.
        let first_create = endpoint == Endpoint::CreateUser && !self.allowed.contains(&endpoint);
        first_create || refusals >= MOST_ASIDE
    }

    /// A request to this endpoint was allowed: those put aside were refused for what they are.
    pub fn allowed(&mut self, endpoint: Endpoint) -> Vec<Returned> {
        self.allowed.insert(endpoint);
        self.aside.extract_if(.., |aside| aside.endpoint == endpoint).collect()
    }

    /// Nothing else is left to tell.
    pub fn rest(&mut self) -> Vec<Returned> {
        std::mem::take(&mut self.aside)
    }

    /// Whether no row waits.
    pub fn is_empty(&self) -> bool {
        self.aside.is_empty()
    }
}

/// The scope of an access token that this endpoint asks for (API.md §2.4).
pub fn scope(endpoint: Endpoint) -> &'static str {
    match endpoint {
        Endpoint::ReadUser | Endpoint::ListUsers => "okta.users.read",
        Endpoint::ListGroups | Endpoint::ReadGroup => "okta.groups.read",
        Endpoint::CreateGroup | Endpoint::JoinGroup => "okta.groups.manage",
        Endpoint::ReadSchema => "okta.schemas.read",
        _ => "okta.users.manage",
    }
}
