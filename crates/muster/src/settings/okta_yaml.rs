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
        self.client.org_url.clone().map(|value| Setting { value, origin: Origin::File(self.path.clone()) })
    }

    /// `okta.client.token`
    pub fn token(&self) -> Option<Setting<Secret>> {
        let token = self.client.token.clone()?;
        Some(Setting { value: Secret::new(token), origin: Origin::File(self.path.clone()) })
    }
}
