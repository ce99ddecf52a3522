//! Whether people are in the groups of the source that they were put into.

use std::collections::{BTreeMap, HashMap, HashSet};

use muster_core::sourcing::Settle;
use muster_ledger::LoadedRow;
use muster_okta::Endpoint;

use super::Sessions;
use crate::gate::Halt;

/// In how many of its groups each person was found.
#[derive(Debug, Default)]
pub(super) struct Members(HashMap<String, u32>);

impl Members {
    /// The groups that this person is in, of those that were asked about.
    pub fn count(&self, external_id: &str) -> u32 {
        self.0.get(external_id).copied().unwrap_or(0)
    }
}

impl Sessions<'_> {
    /// Lists the members of each group until all who were put into it are found.
    pub(super) async fn members(&self, rows: &[LoadedRow]) -> Result<Members, Halt> {
        let mut members = Members::default();
        if self.sourcing.settle == Settle::None {
            return Ok(members);
        }
        let mut wanted: BTreeMap<&str, HashSet<&str>> = BTreeMap::new();
        for row in rows {
            for group in &row.groups {
                wanted.entry(group).or_default().insert(&row.external_id);
            }
        }
        for (group, mut people) in wanted {
            self.find_members(group, &mut people, &mut members).await?;
        }
        Ok(members)
    }

    async fn find_members(
        &self,
        group: &str,
        people: &mut HashSet<&str>,
        members: &mut Members,
    ) -> Result<(), Halt> {
        let mut page: Option<String> = None;
        loop {
            let call =
                || self.contact.okta.list_source_group_members(&self.contact.source, group, page.as_deref());
            let exchange = self.contact.gate.patiently(Endpoint::SourceGroups, call).await?;
            page.clone_from(&exchange.next);
            let Ok(found) = exchange.result.inspect_err(|error| {
                tracing::warn!(%error, "the members of a group of the source can't be listed");
            }) else {
                return Ok(());
            };
            for member in found.iter().filter(|member| people.remove(member.as_str())) {
                *members.0.entry(member.clone()).or_default() += 1;
            }
            if page.is_none() || people.is_empty() {
                return Ok(());
            }
        }
    }
}
