//! How a hook's service knows that it is Okta who calls (API.md §9.1).

use muster_core::secret::Secret;
use serde_json::{Map, Value, json};

use super::HookHeader;

/// A header that both sides know, or an access token that Okta fetches for each call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HookAuth {
    /// A header with a value that both sides know. It is sent as it is, without a scheme in front.
    Header(HookHeader),
    /// OAuth 2.0 with a client secret: `client_secret_post`.
    ClientSecret(HookClient, Secret),
    /// OAuth 2.0 with a key that Okta made and keeps: `private_key_jwt`. The second part is the key's id in the org.
    PrivateKey(HookClient, String),
}

/// Okta as a client of the authorization server that stands before the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookClient {
    /// Its id there.
    pub client_id: String,
    /// Where tokens are given out.
    pub token_url: String,
    /// The scope that is asked for.
    pub scope: Option<String>,
}

impl HookAuth {
    /// The type of the channel.
    pub(super) fn channel(&self) -> &'static str {
        match self {
            Self::Header(_) => "HTTP",
            Self::ClientSecret(..) | Self::PrivateKey(..) => "OAUTH",
        }
    }

    /// Its part of the configuration.
    pub(super) fn config(&self) -> Map<String, Value> {
        match self {
            Self::Header(header) => {
                let scheme = json!({ "type": "HEADER", "key": header.key, "value": header.value.reveal() });
                Map::from_iter([("authScheme".to_owned(), scheme)])
            }
            Self::ClientSecret(client, secret) => {
                client.config("client_secret_post", ("clientSecret", secret.reveal()))
            }
            Self::PrivateKey(client, key) => client.config("private_key_jwt", ("hookKeyId", key)),
        }
    }
}

impl HookClient {
    fn config(&self, kind: &str, (name, value): (&str, &str)) -> Map<String, Value> {
        let pairs =
            [("authType", kind), ("clientId", &self.client_id), ("tokenUrl", &self.token_url), (name, value)];
        let scope = self.scope.as_deref().map(|scope| ("scope", scope));
        pairs.into_iter().chain(scope).map(|(name, value)| (name.to_owned(), json!(value))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_names_what_okta_asks_for() {
        let client = HookClient {
            client_id: "muster".to_owned(),
            token_url: "https://id.example/token".to_owned(),
            scope: None,
        };
        let auth = HookAuth::ClientSecret(client.clone(), Secret::new("hunter2"));
        let config = auth.config();
        assert_eq!((auth.channel(), &config["authType"]), ("OAUTH", &json!("client_secret_post")));
        assert_eq!(config["clientSecret"], "hunter2");
        assert!(!config.contains_key("authScheme") && !config.contains_key("scope"));
        assert!(!format!("{auth:?}").contains("hunter2"));
        let key = HookAuth::PrivateKey(client, "HKY1".to_owned()).config();
        assert_eq!((&key["authType"], &key["hookKeyId"]), (&json!("private_key_jwt"), &json!("HKY1")));
        assert!(!key.contains_key("clientSecret"));
    }
}
