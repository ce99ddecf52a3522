//! What the books know of the hook of an org: which one is ours, and how many people depend on it.

use std::path::PathBuf;

use jiff::Timestamp;
use muster_engine::Clock;
use muster_engine::programme::Programme;
use muster_ledger::{Ledger, PersonKind, RegisteredHook, RunStage};
use muster_okta::wire::InlineHook;
use url::Url;

use crate::commands::run::make_folder;
use crate::error::Problem;
use crate::settings::Settings;

/// The books, as far as they are about one org's hook.
pub struct Books {
    path: PathBuf,
    /// None as long as there are none; who only looks makes none.
    ledger: Option<Ledger>,
    org: String,
    registered: Option<String>,
}

impl Books {
    /// Asks the books, if there are any.
    pub async fn open(settings: &Settings, org: &Url) -> Result<Self, Problem> {
        let (path, org) = (settings.ledger().to_owned(), org.to_string());
        if !path.exists() {
            return Ok(Self { path, ledger: None, org, registered: None });
        }
        let ledger = Ledger::open(&path)?;
        let registered = ledger.registered_hook(org.clone()).await?.map(|hook| hook.okta_id);
        Ok(Self { path, ledger: Some(ledger), org, registered })
    }

    /// The id of the hook that was registered from here and not ended.
    pub fn registered(&self) -> Option<&str> {
        self.registered.as_deref()
    }

    /// How many people can't sign in without the hook, where it is known.
    pub async fn armed(&self) -> Result<Option<u64>, Problem> {
        let Some(ledger) = &self.ledger else { return Ok(None) };
        let mut runs = ledger.runs().await?;
        runs.retain(|run| run.stage != RunStage::Planning && run.org == self.org);
        if runs.is_empty() {
            return Ok(None);
        }
        let programme = Programme::new(ledger.clone(), runs, Clock::OfTheMachine);
        programme.enrol().await?;
        Ok(Some(ledger.person_tally(programme.crowd(), PersonKind::Hook).await?.open()))
    }

    /// The hook is ours from now on. The end of the programme asks for it.
    pub async fn enter(&mut self, hook: &InlineHook) -> Result<(), Problem> {
        let registered =
            RegisteredHook { okta_id: hook.id.clone(), name: hook.name.clone(), at: Timestamp::now() };
        let org = self.org.clone();
        self.ledger_to_write()?.hook_registered(org, registered).await?;
        self.registered = Some(hook.id.clone());
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

    fn ledger_to_write(&mut self) -> Result<&Ledger, Problem> {
        let ledger = if let Some(ledger) = self.ledger.take() {
            ledger
        } else {
            self.path.parent().map_or(Ok(()), make_folder)?;
            Ledger::open(&self.path)?
        };
        Ok(self.ledger.insert(ledger))
    }
}
