//! A service app (API.md §2.2): who it is, and how it says so.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;

use super::jws;
use super::scopes::ScopeNeed;
use super::signing_key::SigningKey;

/// How long an assertion is good, in seconds. Okta takes up to an hour; it is used at once.
const LIFE: i64 = 300;

/// An OAuth 2.0 service app of the org.
#[derive(Clone, Debug)]
pub struct ServiceApp {
    client_id: String,
    key: Arc<SigningKey>,
    needs: Vec<ScopeNeed>,
    dpop: bool,
}

impl ServiceApp {
    /// An app that asks for these scopes.
    pub fn new(client_id: impl Into<String>, key: SigningKey, needs: Vec<ScopeNeed>) -> Self {
        Self { client_id: client_id.into(), key: Arc::new(key), needs, dpop: false }
    }

    /// Proves what it holds from the first request on. Without this it does so once the org demands it.
    #[must_use]
    pub fn with_dpop(self, dpop: bool) -> Self {
        Self { dpop, ..self }
    }

    /// Its id.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Its key.
    pub fn key(&self) -> &SigningKey {
        &self.key
    }

    /// What it asks for.
    pub fn needs(&self) -> &[ScopeNeed] {
        &self.needs
    }

    /// Whether it proves what it holds unasked.
    pub fn dpop(&self) -> bool {
        self.dpop
    }

    /// A document that says who it is, to this endpoint, once.
    pub(super) fn assertion(&self, endpoint: &str, now: Timestamp) -> Option<String> {
        let now = now.as_second();
        self.key.sign(&json!({
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": endpoint,
            "iat": now,
            "exp": now + LIFE,
            "jti": jws::fresh_id()?,
        }))
    }
}
