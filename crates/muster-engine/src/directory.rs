//! The groups of the org, as far as the rows ask for them.

use std::collections::HashMap;

use muster_core::candidate::GroupWish;
use muster_core::fault::{Fault, FaultCode};
use muster_okta::wire::Group;
use muster_okta::{CallError, Okta};
use serde::{Deserialize, Serialize};

use crate::error::OrgTrouble;
use crate::patience::patiently;

/// A group of the org.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgGroup {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether people can be put into it by the API.
    pub takes_members: bool,
}

impl From<Group> for OrgGroup {
    fn from(group: Group) -> Self {
        let takes_members = group.takes_members();
        Self { id: group.id, name: group.profile.name, takes_members }
    }
}

const SCOPE: &str = "okta.groups.read";

/// What is known of the org's groups. Listed once, when the first name is asked for; ids are read one by one
/// when the list does not have them, for the list lags behind (API.md §7).
#[derive(Debug)]
pub struct Directory {
    okta: Okta,
    listed: bool,
    by_id: HashMap<String, Option<OrgGroup>>,
    by_name: HashMap<String, Vec<String>>,
}

impl Directory {
    /// The directory of this org, nothing read yet.
    pub fn new(okta: Okta) -> Self {
        Self { okta, listed: false, by_id: HashMap::new(), by_name: HashMap::new() }
    }

    /// The org.
    pub fn okta(&self) -> &Okta {
        &self.okta
    }

    /// Makes sure that the answer to this wish is known.
    pub async fn learn(&mut self, wish: &GroupWish) -> Result<(), OrgTrouble> {
        match wish {
            GroupWish::Name(_) if !self.listed => self.list().await,
            GroupWish::Id(id) if !self.by_id.contains_key(id) && is_id(id) => self.read(id).await,
            _ => Ok(()),
        }
    }

    /// The group that a row asks for, or what is wrong with the wish. A name that the org does not have is
    /// `None`: whether it is to be created is not decided here.
    pub fn find(&self, wish: &GroupWish) -> Result<Option<&OrgGroup>, Fault> {
        let group = match wish {
            GroupWish::Id(id) => {
                let reason = || format!("the org has no group with the id {id}");
                let known = self.by_id.get(id).and_then(Option::as_ref);
                known.ok_or_else(|| Fault::of_field(FaultCode::UnknownGroup, "groupId", reason()))?
            }
            GroupWish::Name(name) => match self.named(name).as_slice() {
                [] => return Ok(None),
                [group] => *group,
                several => return Err(ambiguous(name, several)),
            },
        };
        if group.takes_members {
            return Ok(Some(group));
        }
        let reason = format!(
            "the group {} ({}) takes its members from elsewhere; the API can't add to it",
            group.name, group.id
        );
        Err(Fault::of_field(FaultCode::UnknownGroup, "groups", reason))
    }

    /// All groups of this name, whoever fills them; those that the API can fill alone, where there are any.
    pub fn of_name(&self, name: &str) -> Vec<&OrgGroup> {
        self.named(name)
    }

    /// A group whose name is this one but for case.
    pub fn similar(&self, name: &str) -> Option<&str> {
        let wanted = name.to_lowercase();
        self.by_name.keys().find(|found| found.to_lowercase() == wanted).map(String::as_str)
    }

    fn named(&self, name: &str) -> Vec<&OrgGroup> {
        let ids = self.by_name.get(name).map(Vec::as_slice).unwrap_or_default();
        let groups: Vec<&OrgGroup> = ids.iter().filter_map(|id| self.by_id.get(id)?.as_ref()).collect();
        // App groups may have the name of one of the org's own (API.md §7): then the own one is meant.
        let own: Vec<&OrgGroup> = groups.iter().copied().filter(|group| group.takes_members).collect();
        if own.is_empty() { groups } else { own }
    }

    fn enter(&mut self, group: OrgGroup) {
        let ids = self.by_name.entry(group.name.clone()).or_default();
        if !ids.contains(&group.id) {
            ids.push(group.id.clone());
        }
        self.by_id.insert(group.id.clone(), Some(group));
    }

    async fn list(&mut self) -> Result<(), OrgTrouble> {
        let mut page = None;
        loop {
            let attempt = patiently(|| self.okta.list_groups(page.as_deref())).await;
            let groups = attempt.result.map_err(|error| self.trouble(&error, "list groups"))?;
            groups.into_iter().map(OrgGroup::from).for_each(|group| self.enter(group));
            page = attempt.next;
            if page.is_none() {
                self.listed = true;
                return Ok(());
            }
        }
    }

    async fn read(&mut self, id: &str) -> Result<(), OrgTrouble> {
        match patiently(|| self.okta.read_group(id)).await.result {
            Ok(group) => self.enter(group.into()),
            // 404, and 400 for what can't be an id at all.
            Err(CallError::Okta { status: 400 | 404, .. } | CallError::NotOkta { status: 400 | 404, .. }) => {
                drop(self.by_id.insert(id.to_owned(), None));
            }
            Err(error) => return Err(self.trouble(&error, "read a group")),
        }
        Ok(())
    }

    fn trouble(&self, error: &CallError, what: &str) -> OrgTrouble {
        OrgTrouble::of(error, self.okta.base().as_str(), what, SCOPE)
    }
}

/// Ids are of letters and digits (API.md §0); nothing else is put into a path.
fn is_id(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn ambiguous(name: &str, several: &[&OrgGroup]) -> Fault {
    let ids: Vec<&str> = several.iter().map(|group| group.id.as_str()).collect();
    let reason = format!("the org has {} groups named {name:?}: {}", several.len(), ids.join(", "));
    Fault::of_field(FaultCode::AmbiguousGroup, "groups", reason)
}
