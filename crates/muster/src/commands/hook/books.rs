//! What the books know of the hook of an org: which one is ours, and how many people depend on it.

use std::path::Path;

use jiff::Timestamp;
use muster_engine::Clock;
use muster_engine::programme::Programme;
use muster_ledger::{Ledger, PersonKind, RegisteredHook, RunStage};
use muster_okta::wire::InlineHook;
use url::Url;

use crate::commands::run::{existing_ledger, open_ledger};
use crate::error::Problem;
use crate::settings::Settings;

/// The books, as far as they are about one org's hook.
pub struct Books<'a> {
    settings: &'a Settings,
    org: String,
    ledger: Option<Ledger>,
    registered: Option<String>,
}

impl<'a> Books<'a> {
    /// Asks the books, if there are any.
    pub async fn open(settings: &'a Settings, org: &Url) -> Result<Self, Problem> {
        let org = org.to_string();
        let there = Path::exists(settings.ledger());
        let ledger = there.then(|| existing_ledger(settings)).transpose()?;
        let registered = match &ledger {
            Some(ledger) => ledger.registered_hook(org.clone()).await?.map(|hook| hook.okta_id),
            None => None,
        };
        Ok(Self { settings, org, ledger, registered })
    }

    /// The id of the hook that was registered from here and not ended.
    pub fn registered(&self) -> Option<&str> {
        self.registered.as_deref()
    }

    /// How many people can't sign in without the hook, where it is known.
    pub async fn armed(&self) -> Result<Option<u64>, Problem> {
        let Some(ledger) = &self.ledger else { return Ok(None) };
        let runs = ledger.runs().await?;
        let ours: Vec<_> =
            runs.into_iter().filter(|run| run.org == self.org && run.stage != RunStage::Planning).collect();
        if ours.is_empty() {
            return Ok(None);
        }
        let programme = Programme::new(ledger.clone(), ours, Clock::OfTheMachine);
        programme.enrol().await?;
        Ok(Some(ledger.person_tally(programme.crowd(), PersonKind::Hook).await?.open()))
    }

    /// The hook is ours from now on.
    pub async fn enter(&mut self, hook: &InlineHook) -> Result<(), Problem> {
        let ledger = match &self.ledger {
            Some(ledger) => ledger.clone(),
            None => open_ledger(self.settings)?,
        };
        let entry =
            RegisteredHook { okta_id: hook.id.clone(), name: hook.name.clone(), at: Timestamp::now() };
        ledger.hook_registered(self.org.clone(), entry).await?;
        self.registered = Some(hook.id.clone());
        self.ledger = Some(ledger);
        Ok(())
    }

    /// The hook is no more.
    pub async fn ended(&mut self, hook: &InlineHook) -> Result<(), Problem> {
        if let Some(ledger) = &self.ledger {
            ledger.hook_ended(self.org.clone(), hook.id.clone(), Timestamp::now()).await?;
        }
        self.registered.take_if(|id| *id == hook.id);
        Ok(())
    }
}
