//! Inline hooks (API.md §9.1).

use jiff::Timestamp;
use muster_core::secret::Secret;
use serde::Deserialize;
use serde_json::{Value, json};

use super::HookAuth;

/// The type of the hook that imports passwords. An org has one of them at most.
pub const PASSWORD_IMPORT: &str = "com.okta.user.credential.password.import";

/// The version of everything about hooks.
const VERSION: &str = "1.0.0";

/// A hook of the org. Okta never sends its secret.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InlineHook {
    /// Its id.
    pub id: String,
    /// Its name, unique.
    #[serde(default)]
    pub name: String,
    /// Its type.
    #[serde(rename = "type", default)]
    pub kind: String,
    /// `ACTIVE` or `INACTIVE`.
    #[serde(default)]
    pub status: String,
    /// How it is called.
    #[serde(default)]
    pub channel: Option<HookChannel>,
    /// When it was registered.
    #[serde(default)]
    pub created: Option<Timestamp>,
    /// When it was last changed.
    #[serde(default)]
    pub last_updated: Option<Timestamp>,
}

impl InlineHook {
    /// Whether Okta calls it.
    pub fn is_active(&self) -> bool {
        self.status == "ACTIVE"
    }

    /// Where Okta calls.
    pub fn uri(&self) -> Option<&str> {
        self.channel.as_ref()?.config.get("uri")?.as_str()
    }
}

/// How a hook is called.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct HookChannel {
    /// `HTTP` or `OAUTH`.
    #[serde(rename = "type", default)]
    pub kind: String,
    /// Address, headers and the like, without secrets.
    #[serde(default)]
    pub config: Value,
}

/// A header that Okta sends along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookHeader {
    /// Its name.
    pub key: String,
    /// Its value.
    pub value: Secret,
}

/// A password-import hook to be registered, or to take the place of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInlineHook {
    /// Its name, unique in the org.
    pub name: String,
    /// Where Okta shall call: `https://…`.
    pub uri: String,
    /// How the service knows Okta.
    pub auth: HookAuth,
    /// More headers.
    pub headers: Vec<HookHeader>,
}

impl NewInlineHook {
    /// The body that registers it. The secret goes along with every change: whether Okta keeps one that is not sent
    /// is not known.
    pub fn body(&self) -> Value {
        let header = |header: &HookHeader| json!({ "key": header.key, "value": header.value.reveal() });
        let headers: Vec<Value> = self.headers.iter().map(header).collect();
        let mut config = self.auth.config();
        config.insert("uri".to_owned(), json!(self.uri));
        config.insert("method".to_owned(), json!("POST"));
        config.insert("headers".to_owned(), json!(headers));
        json!({
            "name": self.name, "type": PASSWORD_IMPORT, "version": VERSION,
            "channel": { "type": self.auth.channel(), "version": VERSION, "config": config },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_in_the_body_alone() {
        let hook = NewInlineHook {
            name: "Old passwords".to_owned(),
            uri: "https://hook.example/".to_owned(),
            auth: HookAuth::Header(HookHeader {
                key: "Authorization".to_owned(),
                value: Secret::new("hunter2"),
            }),
            headers: Vec::new(),
        };
        assert_eq!(hook.body()["channel"]["config"]["authScheme"]["value"], "hunter2");
        assert!(!format!("{hook:?}").contains("hunter2"));
    }
}
