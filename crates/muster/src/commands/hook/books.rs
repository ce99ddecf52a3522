//! What the books know of the hook of an org: which one is ours, and how many people depend on it.
//!
//! The books of this release hold neither. Everything that asks them goes through here, so that only this file
//! changes when they do; until then a hook of ours is known by its name and address.

use muster_okta::wire::InlineHook;
use url::Url;

use crate::error::Problem;
use crate::settings::Settings;

/// The books, as far as they are about one org's hook.
pub struct Books {
    registered: Option<String>,
}

impl Books {
    /// Asks the books, if there are any.
    #[expect(clippy::unused_async, reason = "the books are a database")]
    pub async fn open(_settings: &Settings, _org: &Url) -> Result<Self, Problem> {
        Ok(Self { registered: None })
    }

    /// The id of the hook that was registered from here and not ended.
    pub fn registered(&self) -> Option<&str> {
        self.registered.as_deref()
    }

    /// How many people can't sign in without the hook, where it is known.
    #[expect(clippy::unused_async, reason = "the books are a database")]
    pub async fn armed(&self) -> Result<Option<u64>, Problem> {
        Ok(None)
    }

    /// The hook is ours from now on.
    #[expect(clippy::unused_async, reason = "the books are a database")]
    pub async fn enter(&mut self, hook: &InlineHook) -> Result<(), Problem> {
        self.registered = Some(hook.id.clone());
        Ok(())
    }

    /// The hook is no more.
    #[expect(clippy::unused_async, reason = "the books are a database")]
    pub async fn ended(&mut self, hook: &InlineHook) -> Result<(), Problem> {
        self.registered.take_if(|id| *id == hook.id);
        Ok(())
    }
}
