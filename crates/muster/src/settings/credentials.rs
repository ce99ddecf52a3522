//! Who calls: an API token, an access token or a service app, from all layers, and which of them holds.
//!
//! The environment goes before `muster.toml`, and that before `~/.okta/okta.yaml`. The nearest layer that names any
//! credentials decides. Within it an access token, which can do less, goes before an API token; a service app beside
//! a token is a question that only the operator can answer, unless an authorization mode says it.

use std::fmt;
use std::path::{Path, PathBuf};

use muster_core::secret::Secret;
use muster_okta::{Authorization, ScopeNeed, ServiceApp, SigningKey, needs};

use super::file::SettingsFile;
use super::okta_yaml::OktaYaml;
use super::{Environment, Origin, Setting, layered, masked};
use crate::error::Problem;

/// Everything that may say who calls.
#[derive(Debug)]
pub struct CredentialSettings {
    api_token: Option<Setting<Secret>>,
    access_token: Option<Setting<Secret>>,
    client_id: Option<Setting<String>>,
    private_key: Option<Setting<Secret>>,
    private_key_file: Option<Setting<PathBuf>>,
    key_id: Option<Setting<String>>,
    scopes: Option<Setting<String>>,
    dpop: Option<Setting<String>>,
    mode: Option<Setting<String>>,
}

/// The kinds of credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    ApiToken,
    AccessToken,
    ServiceApp,
}

/// A layer of settings, the nearest one first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Layer {
    Environment,
    SettingsFile,
    OktaYaml,
}

impl CredentialSettings {
    /// All layers put on top of each other. No flag is among them: flags show in process lists.
    pub fn over(environment: &Environment, file: &SettingsFile, yaml: &OktaYaml) -> Self {
        let text = |name| environment.text(name);
        let secret = |name| environment.secret(name);
        let of_file = |value: &Option<String>| file.setting(value.clone());
        let three = |own, sdk, of_file, of_yaml| layered(None, [text(own), text(sdk), of_file, of_yaml]);
        Self {
            api_token: layered(
                None,
                [
                    secret("OKTA_API_TOKEN"),
                    secret("OKTA_CLIENT_TOKEN"),
                    file.secret(file.api_token.as_ref()),
                    yaml.token(),
                ],
            ),
            access_token: layered(
                None,
                [secret("OKTA_ACCESS_TOKEN"), file.secret(file.access_token.as_ref())],
            ),
            client_id: three(
                "OKTA_CLIENT_ID",
                "OKTA_CLIENT_CLIENTID",
                of_file(&file.client_id),
                yaml.client_id(),
            ),
            private_key: layered(
                None,
                [
                    secret("OKTA_PRIVATE_KEY"),
                    secret("OKTA_CLIENT_PRIVATEKEY"),
                    file.secret(file.private_key.as_ref()),
                    yaml.private_key(),
                ],
            ),
            private_key_file: layered(
                None,
                [environment.path("OKTA_PRIVATE_KEY_FILE"), file.setting(file.private_key_file.clone())],
            ),
            key_id: three("OKTA_KEY_ID", "OKTA_CLIENT_KID", of_file(&file.key_id), yaml.key_id()),
            scopes: three("OKTA_SCOPES", "OKTA_CLIENT_SCOPES", of_file(&file.scopes), yaml.scopes()),
            dpop: layered(None, [text("OKTA_DPOP"), file.setting(file.dpop.map(|dpop| dpop.to_string()))]),
            mode: layered(None, [text("OKTA_CLIENT_AUTHORIZATIONMODE"), yaml.authorization_mode()]),
        }
    }

    /// The credentials that hold. A service app asks for the scopes of `needs`, unless others are set.
    pub fn authorization(&self, needs: Vec<ScopeNeed>) -> Result<Authorization, Problem> {
        match (self.chosen()?, &self.api_token, &self.access_token) {
            (Kind::ApiToken, Some(token), _) => Ok(Authorization::ApiToken(token.value.clone())),
            (Kind::AccessToken, _, Some(token)) => Ok(Authorization::AccessToken(token.value.clone())),
            _ => self.service_app(needs).map(Authorization::ServiceApp),
        }
    }

    fn chosen(&self) -> Result<Kind, Problem> {
        let all = self.all();
        let Some(nearest) = all.iter().map(|(_, origin)| layer(origin)).min() else {
            // Half of a service app is nearer to the mark than nothing.
            return if self.private_key.is_some() || self.private_key_file.is_some() {
                Ok(Kind::ServiceApp)
            } else {
                Err(nothing_is_set())
            };
        };
        if let Some(kind) = self.told_by_mode(nearest)? {
            return Ok(kind);
        }
        let of_layer: Vec<_> = all.iter().filter(|(_, origin)| layer(origin) == nearest).collect();
        match of_layer.as_slice() {
            [(Kind::ServiceApp, app), (_, token), ..] => Err(Problem::wrong_usage(format!(
                "both a service app (client id from {app}) and a token (from {token}) are set, and which one is meant can't be told.\nTake one of them away, such as: {}",
                taking_away(token)
            ))),
            [(kind, _), ..] => Ok(*kind),
            [] => Err(nothing_is_set()),
        }
    }

    /// The kinds that are set, with where they come from; the one that can do least goes before.
    fn all(&self) -> Vec<(Kind, &Origin)> {
        let app = self.client_id.as_ref().map(|setting| (Kind::ServiceApp, &setting.origin));
        let access = self.access_token.as_ref().map(|setting| (Kind::AccessToken, &setting.origin));
        let api = self.api_token.as_ref().map(|setting| (Kind::ApiToken, &setting.origin));
        [app, access, api].into_iter().flatten().collect()
    }

    /// An authorization mode, as Okta's SDKs have it, says which credentials of its layer and of farther ones count.
    fn told_by_mode(&self, nearest: Layer) -> Result<Option<Kind>, Problem> {
        let Some(mode) = self.mode.as_ref().filter(|mode| layer(&mode.origin) <= nearest) else {
            return Ok(None);
        };
        let kind = match mode.value.to_ascii_lowercase().as_str() {
            "ssws" => Kind::ApiToken,
            "bearer" | "bearertoken" | "oauth2" => Kind::AccessToken,
            "privatekey" => Kind::ServiceApp,
            _ => {
                return Err(Problem::wrong_usage(format!(
                    "the authorization mode {:?} (from {}) is not one of SSWS, Bearer, PrivateKey",
                    mode.value, mode.origin
                )));
            }
        };
        // Without credentials of its kind it says nothing.
        Ok(self.all().iter().any(|(set, _)| *set == kind).then_some(kind))
    }

    fn service_app(&self, needs: Vec<ScopeNeed>) -> Result<ServiceApp, Problem> {
        let Some(client_id) = &self.client_id else {
            return Err(Problem::wrong_usage(
                "a private key is set, and no client id that it is for:\n  export OKTA_CLIENT_ID=0oa...      (Admin Console > Applications > the service app)",
            ));
        };
        let needs = match &self.scopes {
            Some(scopes) => {
                needs::named(scopes.value.split([' ', ',', '\t', '\n']).filter(|name| !name.is_empty()))
            }
            None => needs,
        };
        Ok(ServiceApp::new(client_id.value.clone(), self.signing_key()?, needs).with_dpop(self.dpop()?))
    }

    fn signing_key(&self) -> Result<SigningKey, Problem> {
        let (text, origin) = self.key_text()?;
        let id = self.key_id.as_ref().map(|id| id.value.as_str());
        SigningKey::read(&text, id).map_err(|reason| {
            Problem::wrong_usage(format!("the private key (from {origin}) can't be used: {reason}"))
        })
    }

    /// The text of the key, from the nearest layer that has one, and where it stands.
    fn key_text(&self) -> Result<(Secret, String), Problem> {
        let inline = self.private_key.as_ref();
        let file = self.private_key_file.as_ref();
        match (inline, file) {
            (Some(inline), Some(file)) if layer(&inline.origin) == layer(&file.origin) => {
                Err(Problem::wrong_usage(format!(
                    "the private key is set twice, as a text (from {}) and as a file (from {}); take one of them away",
                    inline.origin, file.origin
                )))
            }
            (Some(inline), Some(file)) if layer(&file.origin) < layer(&inline.origin) => of_file(file),
            (Some(inline), _) => match path_in(&inline.value) {
                Some(path) => of_file(&Setting { value: path, origin: inline.origin.clone() }),
                None => Ok((inline.value.clone(), inline.origin.to_string())),
            },
            (None, Some(file)) => of_file(file),
            (None, None) => Err(Problem::wrong_usage(
                "a client id is set, and no private key to sign with:\n  export OKTA_PRIVATE_KEY_FILE=key.pem      (a JSON Web Key or PEM; docs/credentials.md says how one is made)",
            )),
        }
    }

    fn dpop(&self) -> Result<bool, Problem> {
        let Some(dpop) = &self.dpop else { return Ok(false) };
        match dpop.value.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Ok(true),
            "false" | "0" | "no" => Ok(false),
            _ => Err(Problem::wrong_usage(format!(
                "DPoP is {:?} (from {}), which is neither true nor false",
                dpop.value, dpop.origin
            ))),
        }
    }

    /// Every setting with its value, masked where secret, and its origin; the last row says which ones hold.
    pub fn rows(&self) -> Vec<[String; 3]> {
        let mut rows = vec![
            row("api_token", self.api_token.as_ref(), masked),
            row("access_token", self.access_token.as_ref(), masked),
            row("client_id", self.client_id.as_ref(), String::clone),
            row("private_key", self.private_key.as_ref(), masked),
            row("private_key_file", self.private_key_file.as_ref(), |path| path.display().to_string()),
            row("key_id", self.key_id.as_ref(), String::clone),
            row("scopes", self.scopes.as_ref(), String::clone),
            row("dpop", self.dpop.as_ref(), String::clone),
        ];
        let held = match self.chosen() {
            Ok(kind) => kind.to_string(),
            Err(_) if self.all().is_empty() => "(not set)".to_owned(),
            Err(problem) => format!("unclear: {}", problem.text.lines().next().unwrap_or_default()),
        };
        let from = self.chosen().ok().and_then(|kind| self.all().into_iter().find(|(set, _)| *set == kind));
        let from = from.map(|(_, origin)| origin.to_string()).unwrap_or_default();
        rows.push(["credentials".to_owned(), held, from]);
        rows
    }
}

fn row<T>(name: &str, setting: Option<&Setting<T>>, show: impl Fn(&T) -> String) -> [String; 3] {
    let value = setting.map_or_else(|| "(not set)".to_owned(), |setting| show(&setting.value));
    let origin = setting.map(|setting| setting.origin.to_string()).unwrap_or_default();
    [name.to_owned(), value, origin]
}

fn layer(origin: &Origin) -> Layer {
    match origin {
        Origin::Flag(_) | Origin::Environment(_) | Origin::Default => Layer::Environment,
        Origin::File(path) if path.ends_with("okta.yaml") => Layer::OktaYaml,
        Origin::File(_) => Layer::SettingsFile,
    }
}

fn taking_away(origin: &Origin) -> String {
    match origin {
        Origin::Environment(name) => format!("unset {name}"),
        other => format!("the token's line in {other}"),
    }
}

/// Okta's SDKs take a path in the place of the key, too.
fn path_in(text: &Secret) -> Option<PathBuf> {
    let text = text.reveal().trim();
    let is_key = text.starts_with(['{', '-']) || text.contains('\n') || text.len() > 1024;
    (!is_key && Path::new(text).is_file()).then(|| PathBuf::from(text))
}

fn of_file(path: &Setting<PathBuf>) -> Result<(Secret, String), Problem> {
    let place = path.value.display();
    let text = std::fs::read_to_string(&path.value).map_err(|error| {
        Problem::wrong_usage(format!("the private key {place} (from {}) can't be read: {error}", path.origin))
    })?;
    if is_open(&path.value) {
        tracing::warn!(
            "others on this machine may read the private key {place}; close it: chmod 600 {place}"
        );
    }
    Ok((Secret::new(text), place.to_string()))
}

/// Whether others than the owner may read a file.
#[cfg(unix)]
fn is_open(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}

/// Whether others than the owner may read a file: not known here.
#[cfg(not(unix))]
fn is_open(_: &Path) -> bool {
    false
}

fn nothing_is_set() -> Problem {
    Problem::wrong_usage(
        "no token is set. Say which one, by the environment so that it never shows in a process list:\n  export OKTA_API_TOKEN=...      (Admin Console > Security > API > Tokens)\nor OKTA_ACCESS_TOKEN=... for an OAuth 2.0 access token, or OKTA_CLIENT_ID=... and OKTA_PRIVATE_KEY_FILE=... for a service app.",
    )
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::ApiToken => "API token",
            Self::AccessToken => "access token",
            Self::ServiceApp => "service app",
        })
    }
}
