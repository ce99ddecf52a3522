//! `muster.toml` in the folder where the command runs.

use std::path::{Path, PathBuf};

use muster_core::column::Renames;
use muster_core::secret::Secret;
use serde::Deserialize;

use super::hook::HookFile;
use super::{Origin, Setting};
use crate::error::Problem;

/// What `muster.toml` may say.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SettingsFile {
    #[serde(skip)]
    path: PathBuf,
    /// The org's address.
    pub org_url: Option<String>,
    /// The API token.
    pub api_token: Option<Hidden>,
    /// The OAuth access token.
    pub access_token: Option<Hidden>,
    /// The id of the service app.
    pub client_id: Option<String>,
    /// Its private key.
    pub private_key: Option<Hidden>,
    /// Where its private key is.
    pub private_key_file: Option<PathBuf>,
    /// The id of its private key.
    pub key_id: Option<String>,
    /// The scopes to ask for.
    pub scopes: Option<String>,
    /// Whether to prove what is held, unasked.
    pub dpop: Option<bool>,
    /// Where ledger and runs live.
    pub dir: Option<PathBuf>,
    /// The ledger.
    pub ledger: Option<String>,
    /// More certificates to trust.
    pub ca_file: Option<PathBuf>,
    /// Seconds for one request.
    pub timeout: Option<u64>,
    /// The part of every limit to spend.
    pub share: Option<f64>,
    /// Requests of every window that are never touched.
    pub reserve: Option<u64>,
    /// Requests under way at most.
    pub max_in_flight: Option<u32>,
    /// Rows that may go wrong.
    pub max_errors: Option<String>,
    /// What no row says about its hash.
    pub passwords: muster_legacy::truth::SettlementSettings,
    /// The password-import hook.
    pub hook: HookFile,
}

/// A secret of the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "String")]
pub struct Hidden(Secret);

impl From<String> for Hidden {
    fn from(text: String) -> Self {
        Self(Secret::new(text))
    }
}

impl SettingsFile {
    /// Reads the file; none is as good as an empty one.
    pub fn read(path: &Path) -> Result<Self, Problem> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => {
                return Err(Problem::wrong_usage(format!("{} can't be read: {error}", path.display())));
            }
        };
        let file: Self = toml::from_str(&text).map_err(|error: toml::de::Error| {
            Problem::wrong_usage(format!("{}: {}", path.display(), without_input(&error, &text)))
        })?;
        Ok(Self { path: path.to_owned(), ..file })
    }

    /// A value of the file.
    pub fn setting<T>(&self, value: Option<T>) -> Option<Setting<T>> {
        value.map(|value| Setting { value, origin: Origin::File(self.path.clone()) })
    }

    /// A secret of the file.
    pub fn secret(&self, value: Option<&Hidden>) -> Option<Setting<Secret>> {
        self.setting(value.map(|hidden| hidden.0.clone()))
    }
}

/// The parser's message without the line it quotes, which may hold a token.
fn without_input(error: &toml::de::Error, text: &str) -> String {
    let line = error.span().map(|span| text[..span.start.min(text.len())].lines().count().max(1));
    line.map_or_else(|| error.message().to_owned(), |line| format!("line {line}: {}", error.message()))
}

/// What `--map FILE` may say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MapFile {
    columns: Renames,
}

/// Reads a map file.
pub fn read_map(path: &Path) -> Result<Renames, Problem> {
    let faulty = |reason: String| Problem::wrong_usage(format!("--map {}: {reason}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| faulty(error.to_string()))?;
    let map: MapFile = toml::from_str(&text).map_err(|error| faulty(without_input(&error, &text)))?;
    Ok(map.columns)
}
