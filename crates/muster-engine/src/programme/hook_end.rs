//! The end of the hook: deactivated, then deleted, if it is ours.

use muster_okta::wire::InlineHook;
use muster_okta::{Endpoint, Exchange};

use super::{Contact, Programme};
use crate::gate::Halt;

/// A password-import hook of the org.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrgHook {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// What became of the hook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HookEnd {
    /// It is deleted.
    Ended(OrgHook),
    /// The org has none.
    NotThere,
    /// It is not known to be ours, and was left alone.
    NotOurs(Vec<OrgHook>),
}

const SCOPE: &str = "okta.inlineHooks.manage";

impl Programme {
    /// Ends the hook that was named by id or name, or the one that these books have registered.
    pub async fn end_hook(&self, contact: &Contact, named: Option<&str>) -> Result<HookEnd, Halt> {
        let ours = self.ledger.registered_hook(self.org.clone()).await?.map(|hook| hook.okta_id);
        let hooks = password_hooks(contact).await?;
        let is_meant = |hook: &&InlineHook| match named {
            Some(named) => hook.id == named || hook.name == named,
            None => ours.as_ref() == Some(&hook.id),
        };
        let Some(hook) = hooks.iter().find(is_meant) else {
            if hooks.is_empty() {
                if let Some(gone) = ours {
                    self.ledger.hook_ended(self.org.clone(), gone, self.clock.now()).await?;
                }
                return Ok(HookEnd::NotThere);
            }
            let others = hooks.into_iter().map(|hook| OrgHook { id: hook.id, name: hook.name });
            return Ok(HookEnd::NotOurs(others.collect()));
        };
        if hook.is_active() {
            let call = || contact.okta.deactivate_hook(&hook.id);
            there(
                contact,
                contact.gate.patiently(Endpoint::InlineHooks, call).await?,
                "deactivate the hook",
            )?;
        }
        let call = || contact.okta.delete_hook(&hook.id);
        there(contact, contact.gate.patiently(Endpoint::InlineHooks, call).await?, "delete the hook")?;
        self.ledger.hook_ended(self.org.clone(), hook.id.clone(), self.clock.now()).await?;
        Ok(HookEnd::Ended(OrgHook { id: hook.id.clone(), name: hook.name.clone() }))
    }
}

async fn password_hooks(contact: &Contact) -> Result<Vec<InlineHook>, Halt> {
    let listing = contact.gate.patiently(Endpoint::InlineHooks, || contact.okta.list_password_hooks());
    listing.await?.result.map_err(|error| contact.trouble(&error, "list the org's hooks", SCOPE))
}

/// One that is gone already needs no more: the answer to an earlier try may have been lost.
fn there<T>(contact: &Contact, exchange: Exchange<T>, what: &str) -> Result<(), Halt> {
    match exchange.result {
        Ok(_) => Ok(()),
        Err(error) if error.status() == Some(404) => Ok(()),
        Err(error) => Err(contact.trouble(&error, what, SCOPE)),
    }
}
