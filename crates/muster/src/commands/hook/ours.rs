//! Whose a hook of the org is.

use muster_okta::wire::{HookChannel, InlineHook};
use serde::Serialize;
use serde_json::Value;
use url::Url;

/// Whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Ours: the books have its id, or name and address are ours.
    Ours,
    /// It has our name and another address.
    Namesake,
    /// Somebody else's.
    Foreign,
}

/// Whose the hook is. `registered` is the id in the books; ours has this name and, where it is known, this address.
pub fn whose(hook: &InlineHook, registered: Option<&str>, name: &str, uri: Option<&str>) -> Whose {
    if registered == Some(hook.id.as_str()) {
        Whose::Ours
    } else if hook.name != name {
        Whose::Foreign
    } else if uri.is_none_or(|uri| hook.uri() == Some(uri)) {
        Whose::Ours
    } else {
        Whose::Namesake
    }
}

/// A hook as it is told; nothing secret is known of it.
#[derive(Debug, Serialize)]
pub struct ToldHook {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `ACTIVE` or `INACTIVE`.
    pub status: String,
    /// Where Okta calls.
    pub uri: Option<String>,
    /// How the service knows that it is Okta.
    pub auth: String,
    /// When it was registered.
    pub created: Option<String>,
    /// When it was last changed.
    pub last_updated: Option<String>,
    /// Whether it is ours.
    pub ours: bool,
}

impl ToldHook {
    /// The hook in words.
    pub fn of(hook: &InlineHook, ours: bool) -> Self {
        Self {
            id: hook.id.clone(),
            name: hook.name.clone(),
            status: hook.status.clone(),
            uri: hook.uri().map(str::to_owned),
            auth: auth(hook.channel.as_ref()),
            created: hook.created.map(|at| at.to_string()),
            last_updated: hook.last_updated.map(|at| at.to_string()),
            ours,
        }
    }
}

/// The hook in one line: name, id, host, status.
pub fn named(hook: &InlineHook) -> String {
    let host = hook.uri().and_then(|uri| Url::parse(uri).ok());
    let host = host.as_ref().and_then(Url::host_str).unwrap_or("an unknown host");
    format!("{:?} ({}), {}, at {host}", hook.name, hook.id, hook.status)
}

fn auth(channel: Option<&HookChannel>) -> String {
    let text = |name: &str| channel.and_then(|channel| channel.config.pointer(name)).and_then(Value::as_str);
    match (text("/authScheme/key"), text("/authType")) {
        (Some(header), _) => format!("header {header}"),
        (None, Some(kind)) => format!("OAuth {kind}"),
        (None, None) => "none".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hook(name: &str, uri: &str) -> InlineHook {
        let json = serde_json::json!({"id": "cal1", "name": name, "channel": {"config": {"uri": uri}}});
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn a_hook_is_known_by_the_books_or_by_name_and_address() {
        let ours = hook("Mine", "https://a/");
        assert_eq!(whose(&ours, None, "Mine", Some("https://a/")), Whose::Ours);
        assert_eq!(whose(&ours, None, "Mine", Some("https://b/")), Whose::Namesake);
        assert_eq!(whose(&ours, None, "Other", Some("https://a/")), Whose::Foreign);
        assert_eq!(whose(&ours, Some("cal1"), "Other", Some("https://b/")), Whose::Ours);
        assert_eq!(whose(&ours, Some("cal2"), "Mine", None), Whose::Ours);
    }
}
