//! Whether the org has a hook that people who are armed can sign in by.

use muster_okta::Endpoint;

use super::Contact;
use crate::gate::Halt;

impl Contact {
    /// Whether a password-import hook of the org is active; nothing where that is not shown, with the org's words.
    pub async fn has_active_hook(&self) -> Result<Result<bool, String>, Halt> {
        let listing = self.gate.patiently(Endpoint::InlineHooks, || self.okta.list_password_hooks()).await?;
        let hooks = listing.result.map_err(|error| error.to_string());
        Ok(hooks.map(|hooks| hooks.iter().any(muster_okta::wire::InlineHook::is_active)))
    }
}
