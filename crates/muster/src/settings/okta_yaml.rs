//! `~/.okta/okta.yaml`, where Okta's own SDKs look.

use std::path::PathBuf;

use muster_core::secret::Secret;
use serde::Deserialize;

use super::{Environment, Origin, Setting};
use crate::error::Problem;

/// What the file says, as far as Muster uses it.
#[derive(Default)]
pub struct OktaYaml {
    path: PathBuf,
    client: Client,
}

#[derive(Deserialize)]
struct Document {
    okta: Option<Okta>,
}

#[derive(Deserialize)]
struct Okta {
    client: Option<Client>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Client {
    org_url: Option<String>,
    token: Option<String>,
    #[serde(rename = "clientId")]
    app: Option<String>,
    private_key: Option<String>,
    kid: Option<String>,
    scopes: Option<Scopes>,
    authorization_mode: Option<String>,
}

/// The SDKs take a list, and some of them a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Scopes {
    List(Vec<String>),
    Text(String),
}

impl OktaYaml {
    /// Reads the file of the user's home; none is as good as an empty one.
    pub fn read(environment: &Environment) -> Result<Self, Problem> {
        let Some(home) = environment.path("HOME") else { return Ok(Self::default()) };
        let path = home.value.join(".okta").join("okta.yaml");
        let Ok(text) = std::fs::read_to_string(&path) else { return Ok(Self::default()) };
        // The parser's message may quote the token, so it is not repeated.
        let document: Document = serde_saphyr::from_str(&text).map_err(|_| {
            Problem::wrong_usage(format!(
                "{} is not the YAML that Okta's SDKs read (okta: client: orgUrl, token)",
                path.display()
            ))
        })?;
        let client = document.okta.and_then(|okta| okta.client).unwrap_or_default();
        Ok(Self { path, client })
    }

    /// `okta.client.orgUrl`
    pub fn org_url(&self) -> Option<Setting<String>> {
        self.setting(self.client.org_url.clone())
    }

    /// `okta.client.token`
    pub fn token(&self) -> Option<Setting<Secret>> {
        self.setting(self.client.token.clone().map(Secret::new))
    }

    /// `okta.client.clientId`
    pub fn client_id(&self) -> Option<Setting<String>> {
        self.setting(self.client.app.clone())
    }

    /// `okta.client.privateKey`
    pub fn private_key(&self) -> Option<Setting<Secret>> {
        self.setting(self.client.private_key.clone().map(Secret::new))
    }

    /// `okta.client.kid`
    pub fn key_id(&self) -> Option<Setting<String>> {
        self.setting(self.client.kid.clone())
    }

    /// `okta.client.scopes`
    pub fn scopes(&self) -> Option<Setting<String>> {
        self.setting(self.client.scopes.as_ref().map(|scopes| match scopes {
            Scopes::List(names) => names.join(" "),
            Scopes::Text(names) => names.clone(),
        }))
    }

    /// `okta.client.authorizationMode`
    pub fn authorization_mode(&self) -> Option<Setting<String>> {
        self.setting(self.client.authorization_mode.clone())
    }

    fn setting<T>(&self, value: Option<T>) -> Option<Setting<T>> {
        value.map(|value| Setting { value, origin: Origin::File(self.path.clone()) })
    }
}
