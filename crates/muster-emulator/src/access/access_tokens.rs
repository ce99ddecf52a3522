//! Access tokens that were given out. They are opaque here, as Okta says that they are to be taken, and they end with
//! the process: an org that is opened again knows none of them.

use std::{collections::HashMap, fmt, sync::Arc};

use jiff::Timestamp;

use super::scope::Scope;

/// What is known of an access token.
#[derive(Clone)]
pub(crate) struct AccessToken {
    /// The place of its app in the settings.
    pub app: usize,
    pub scopes: Arc<[Scope]>,
    pub expires: Timestamp,
    /// The thumbprint of the key that it is bound to, with DPoP.
    pub bound_to: Option<String>,
}

/// All that were given out and have not expired.
#[derive(Default)]
pub(crate) struct AccessTokens {
    all: HashMap<String, AccessToken>,
    full: usize,
}

/// Below this number nothing is forgotten.
const FEW: usize = 1024;

impl AccessTokens {
    /// Keeps a new one.
    pub fn keep(&mut self, text: String, token: AccessToken, now: Timestamp) {
        if self.all.len() >= self.full.max(FEW) {
            self.all.retain(|_, token| token.expires > now);
            self.full = self.all.len().saturating_mul(2);
        }
        self.all.insert(text, token);
    }

    /// The one of this text, if it is good.
    pub fn find(&self, text: &str, now: Timestamp) -> Option<&AccessToken> {
        self.all.get(text).filter(|token| token.expires > now)
    }

    /// Ends them all; how many were good.
    pub fn end(&mut self, now: Timestamp) -> usize {
        self.all.drain().filter(|(_, token)| token.expires > now).count()
    }
}

impl fmt::Debug for AccessTokens {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("AccessTokens").field("kept", &self.all.len()).finish_non_exhaustive()
    }
}
