//! Requests that the org forbids: the token's fault, or the row's.
//!
//! Which of the two, the other requests to the same endpoint tell. Until then the rows are put aside, and none is
//! burnt for a right that is missing.

use std::collections::BTreeSet;

use muster_core::record::Line;
use muster_okta::Endpoint;

use crate::request::Returned;

/// Refusals of one endpoint, with no success among them, after which it is the token's.
const MOST_ASIDE: usize = 5;

/// Rows aside at most while one that went on is awaited.
const MOST_WITH_A_SCOUT: usize = 256;

/// What the token may do, as far as this leg has seen, and the rows that wait to know.
#[derive(Default)]
pub struct Rights {
    allowed: BTreeSet<Endpoint>,
    /// Groups that somebody was put into.
    groups: BTreeSet<String>,
    /// Rows that went on past a forbidden group and have not come back.
    scouts: BTreeSet<Line>,
    aside: Vec<Returned>,
}

/// What is to blame for what was forbidden.
pub enum Blame {
    /// That is not known yet.
    Unclear,
    /// What the run may do: it has to stop.
    Token,
    /// What these rows ask for.
    Rows(Vec<Returned>),
}

impl Rights {
    /// Puts a forbidden request aside, and says whose fault it is.
    pub fn forbidden(&mut self, returned: Returned) -> Blame {
        let endpoint = returned.endpoint;
        self.scouts.remove(&returned.flow.candidate().line);
        self.aside.push(returned);
        let refusals = self.aside.iter().filter(|aside| aside.endpoint == endpoint).count();
        // Nobody can be in the way of a create: the first one tells. Users and groups may be out of a token's reach
        // one by one, such as those of other administrators.
        let first_create = endpoint == Endpoint::CreateUser && !self.allowed.contains(&endpoint);
        if first_create {
            return Blame::Token;
        }
        match endpoint {
            _ if refusals < MOST_ASIDE => Blame::Unclear,
            Endpoint::JoinGroup => self.of_groups(),
            _ => Blame::Token,
        }
    }

    /// A group that gives an administrator's role takes nobody from lesser ones. Where people were put into others,
    /// it is the group; where none was yet, one row that asks for another one, too, goes on and tells.
    fn of_groups(&mut self) -> Blame {
        let mut aside = self.aside.iter().filter_map(|aside| aside.flow.group_asked());
        if aside.any(|group| self.groups.contains(group)) {
            return Blame::Token;
        }
        if self.allowed.contains(&Endpoint::JoinGroup) {
            return Blame::Rows(self.take(Endpoint::JoinGroup));
        }
        // A stop forgets what a scout missed, so none is lost where it is the token after all.
        if let Some(at) = self.aside.iter().position(|aside| aside.flow.asks_more_groups()) {
            let scout = self.aside.remove(at);
            self.scouts.insert(scout.flow.candidate().line);
            return Blame::Rows(vec![scout]);
        }
        let awaited = !self.scouts.is_empty() && self.aside.len() < MOST_WITH_A_SCOUT;
        if awaited { Blame::Unclear } else { Blame::Token }
    }

    /// A request to this endpoint was allowed: those put aside were refused for what they are.
    pub fn allowed(&mut self, good: &Returned) -> Vec<Returned> {
        self.allowed.insert(good.endpoint);
        if let Some(group) = good.flow.group_asked().filter(|group| !self.groups.contains(*group)) {
            self.groups.insert(group.to_owned());
        }
        if good.endpoint == Endpoint::JoinGroup {
            self.scouts.clear();
        }
        self.take(good.endpoint)
    }

    fn take(&mut self, endpoint: Endpoint) -> Vec<Returned> {
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
        Endpoint::ListGroups | Endpoint::ReadGroup | Endpoint::ListMembers => "okta.groups.read",
        Endpoint::CreateGroup | Endpoint::JoinGroup => "okta.groups.manage",
        Endpoint::ReadSchema | Endpoint::ReadAppSchema => "okta.schemas.read",
        Endpoint::ReadLog => "okta.logs.read",
        Endpoint::InlineHooks => "okta.inlineHooks.manage",
        Endpoint::ImportSessions | Endpoint::BulkUpload | Endpoint::StartImport => {
            "okta.identitySources.manage"
        }
        Endpoint::SourceUsers | Endpoint::SourceGroups => "okta.identitySources.read",
        Endpoint::ListApps => "okta.apps.read",
        _ => "okta.users.manage",
    }
}
