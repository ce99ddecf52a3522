//! Inline hooks: the services outside that Okta asks (API.md §9.1). Secrets are kept in the state file, and shown to
//! nobody: no type in here that holds one can be printed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{change::ChangeRef, org::Org};

/// The one type that is ever called.
pub(crate) const PASSWORD_IMPORT: &str = "com.okta.user.credential.password.import";

/// The types that can be created.
pub(crate) const TYPES: [&str; 6] = [
    "com.okta.import.transform",
    "com.okta.oauth2.tokens.transform",
    "com.okta.saml.tokens.transform",
    "com.okta.telephony.provider",
    PASSWORD_IMPORT,
    "com.okta.user.pre-registration",
];

/// How many hooks an org has at most. Okta's pages name 50 and 100; this is the reference's number.
pub(crate) const MOST: usize = 50;

/// One hook.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Hook {
    pub id: String,
    pub name: String,
    pub kind: String,
    pub version: String,
    pub active: bool,
    pub created: Timestamp,
    pub last_updated: Timestamp,
    pub channel: Channel,
}

/// The way to the service.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Channel {
    pub kind: ChannelKind,
    pub version: String,
    pub config: Config,
}

/// How Okta shows who it is: by a header, or by a token that it fetches first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum ChannelKind {
    Http,
    Oauth,
}

/// What a channel needs, with the names of the API. What is not set is not there.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Config {
    pub uri: String,
    pub method: String,
    pub headers: Vec<Header>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_scheme: Option<AuthScheme>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hook_key_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

/// A header that goes with every call.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Header {
    pub key: String,
    pub value: String,
}

/// The header by which the service knows Okta.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct AuthScheme {
    #[serde(rename = "type")]
    pub kind: String,
    pub key: String,
    pub value: String,
}

/// All hooks of the org, in the order of their creation.
#[derive(Default)]
pub(crate) struct Hooks {
    all: Vec<Hook>,
    /// Whether hooks on this machine may be called without TLS.
    pub plain_http: bool,
}

impl ChannelKind {
    /// The kind of a name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "HTTP" => Some(Self::Http),
            "OAUTH" => Some(Self::Oauth),
            _ => None,
        }
    }

    /// The name as in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "HTTP",
            Self::Oauth => "OAUTH",
        }
    }
}

impl Hooks {
    /// All of them.
    pub fn all(&self) -> &[Hook] {
        &self.all
    }

    /// The hook of an id.
    pub fn by_id(&self, id: &str) -> Option<&Hook> {
        self.all.iter().find(|hook| hook.id == id)
    }

    /// The hook that is asked about passwords, if there is one and it is active.
    pub fn password_import(&self) -> Option<&Hook> {
        self.all.iter().find(|hook| hook.active && hook.kind == PASSWORD_IMPORT)
    }

    /// Puts a hook in, or in the place of its former self.
    pub fn put(&mut self, hook: Hook) {
        match self.all.iter_mut().find(|present| present.id == hook.id) {
            Some(present) => *present = hook,
            None => self.all.push(hook),
        }
    }

    /// Takes a hook out.
    pub fn remove(&mut self, id: &str) {
        self.all.retain(|hook| hook.id != id);
    }
}

impl Org {
    /// Puts a hook in, new or changed.
    pub fn put_hook(&mut self, hook: Hook) {
        self.changes.note(&ChangeRef::Hook(&hook));
        self.hooks.put(hook);
    }

    /// Deletes a hook.
    pub fn remove_hook(&mut self, id: &str) {
        self.changes.note(&ChangeRef::HookGone(id));
        self.hooks.remove(id);
    }

    /// Notes all hooks, and who is on the way to be locked out, as if it had all just come about.
    pub fn note_signing(&mut self) {
        for hook in self.hooks.all() {
            self.changes.note(&ChangeRef::Hook(hook));
        }
        for (user, count) in self.attempts.all() {
            self.changes.note(&ChangeRef::Attempts(user, count));
        }
    }
}
