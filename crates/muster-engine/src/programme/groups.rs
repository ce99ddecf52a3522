//! The groups that people are counted by: who is in them is read from the org, and kept for a while.

use jiff::SignedDuration;
use muster_core::candidate::GroupWish;
use muster_ledger::WatchedGroup;
use muster_okta::Endpoint;

use super::{Contact, Programme};
use crate::directory::Directory;
use crate::error::EngineError;
use crate::gate::Halt;

/// How long a reading is good enough to count by.
const GOOD_ENOUGH: SignedDuration = SignedDuration::from_hours(1);

impl Programme {
    /// The groups of these names. Their members are read anew if `afresh`, or where the last reading is an hour old.
    pub async fn watch(
        &self,
        contact: &Contact,
        names: &[String],
        afresh: bool,
    ) -> Result<Vec<WatchedGroup>, Halt> {
        let mut directory = Directory::new(contact.okta.clone());
        let mut groups = Vec::with_capacity(names.len());
        for name in names {
            directory.learn(&GroupWish::Name(name.clone())).await.map_err(EngineError::from)?;
            let found: Vec<&str> = directory.of_name(name).iter().map(|group| group.id.as_str()).collect();
            let id = match found.as_slice() {
                [id] => *id,
                [] => return Err(unknown(name, directory.similar(name)).into()),
                several => return Err(ambiguous(name, several).into()),
            };
            groups.push(self.watch_one(contact, id, name, afresh).await?);
        }
        Ok(groups)
    }

    /// The groups of these ids, as they were last read; those that never were are left out.
    pub async fn watched(&self, ids: &[String]) -> Result<Vec<WatchedGroup>, EngineError> {
        let mut groups = Vec::new();
        for id in ids {
            groups.extend(self.ledger.watched(id.clone()).await?);
        }
        Ok(groups)
    }

    /// The groups of these names, as they were last read; those that never were are left out.
    pub async fn watched_by_name(&self, names: &[String]) -> Result<Vec<WatchedGroup>, EngineError> {
        let mut groups = Vec::new();
        for name in names {
            groups.extend(self.ledger.watched_by_name(name.clone()).await?);
        }
        Ok(groups)
    }

    async fn watch_one(
        &self,
        contact: &Contact,
        id: &str,
        name: &str,
        afresh: bool,
    ) -> Result<WatchedGroup, Halt> {
        let now = self.clock.now();
        let recent = |group: &WatchedGroup| now.duration_since(group.taken_at) < GOOD_ENOUGH;
        if let Some(known) =
            self.ledger.watched(id.to_owned()).await?.filter(|group| !afresh && recent(group))
        {
            return Ok(known);
        }
        let key = self.ledger.watch_group(id.to_owned(), name.to_owned()).await?;
        let mut page = None::<String>;
        loop {
            let listing = contact
                .gate
                .patiently(Endpoint::ListMembers, || contact.okta.list_members(id, page.as_deref()));
            let exchange = listing.await?;
            let error = |error| contact.trouble(&error, "read the members of a group", "okta.groups.read");
            let members = exchange.result.map_err(error)?;
            self.ledger.watch_members(key, members.into_iter().map(|member| member.id).collect()).await?;
            page = exchange.next;
            if page.is_none() {
                break;
            }
        }
        self.ledger.watching(key, now).await?;
        Ok(WatchedGroup { key, okta_id: id.to_owned(), name: name.to_owned(), taken_at: now })
    }
}

fn unknown(name: &str, similar: Option<&str>) -> EngineError {
    let hint = similar.map(|similar| format!("; there is {similar:?}")).unwrap_or_default();
    EngineError::Group(format!("the org has no group named {name:?}{hint}"))
}

fn ambiguous(name: &str, ids: &[&str]) -> EngineError {
    EngineError::Group(format!("the org has {} groups named {name:?}: {}", ids.len(), ids.join(", ")))
}
