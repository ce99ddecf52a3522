//! Settings: flags over environment over `muster.toml` over the Okta SDKs' own `~/.okta/okta.yaml`.
//!
//! Commands get what holds from here, as plain values, each with where it came from.

mod credentials;
mod environment;
mod file;
mod hook;
mod okta_yaml;
mod org;
mod passwords;
mod secret_reference;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use muster_core::secret::Secret;
use muster_engine::{MaxErrors, Pacing};
use muster_okta::{Authorization, ScopeNeed};
use url::Url;

use crate::args::{GlobalArgs, PacingArgs};
use crate::error::Problem;
use crate::output::Typed;

use credentials::CredentialSettings;
pub use environment::Environment;
use file::SettingsFile;
pub use file::read_map;
pub use hook::{HookFile, HookServe};
use okta_yaml::OktaYaml;
pub use org::{is_loopback, parse_org_url};
pub use passwords::resolve_secret;
pub use secret_reference::{secret_at, test_password};

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A flag.
    Flag(&'static str),
    /// An environment variable.
    Environment(&'static str),
    /// A file.
    File(PathBuf),
    /// Nobody said otherwise.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => write!(out, "flag {name}"),
            Self::Environment(name) => write!(out, "environment {name}"),
            Self::File(path) => write!(out, "{}", path.display()),
            Self::Default => out.write_str("default"),
        }
    }
}

/// A value and where it came from.
#[derive(Clone, Debug)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub origin: Origin,
}

/// Everything that holds, from all layers.
#[derive(Debug)]
pub struct Settings {
    org: Option<Setting<String>>,
    credentials: CredentialSettings,
    ledger: Setting<PathBuf>,
    dir: Setting<PathBuf>,
    ca_file: Option<Setting<PathBuf>>,
    timeout: Setting<Duration>,
    yes: bool,
    file: SettingsFile,
}

impl Settings {
    /// All layers put on top of each other.
    pub fn resolve(global: &GlobalArgs, environment: &Environment) -> Result<Self, Problem> {
        let file = SettingsFile::read(Path::new("muster.toml"))?;
        Self::over(global, environment, file, &OktaYaml::read(environment)?)
    }

    /// What the flags and this environment say, whatever stands in files.
    pub fn without_files(global: &GlobalArgs, environment: &Environment) -> Result<Self, Problem> {
        Self::over(global, environment, SettingsFile::default(), &OktaYaml::default())
    }

    fn over(
        global: &GlobalArgs,
        environment: &Environment,
        file: SettingsFile,
        yaml: &OktaYaml,
    ) -> Result<Self, Problem> {
        let dir = layered(
            global.dir.clone().map(|dir| flag(dir, "--dir")),
            [environment.path("MUSTER_DIR"), file.setting(file.dir.clone())],
        );
        let dir = dir.unwrap_or(Setting { value: PathBuf::from("muster"), origin: Origin::Default });
        let text = |name| environment.text(name);
        Ok(Self {
            org: layered(
                None,
                [
                    text("OKTA_ORG_URL"),
                    text("OKTA_CLIENT_ORGURL"),
                    file.setting(file.org_url.clone()),
                    yaml.org_url(),
                ],
            ),
            credentials: CredentialSettings::over(environment, &file, yaml),
            ledger: ledger(global, environment, &file, &dir)?,
            ca_file: layered(
                global.ca_file.clone().map(|path| flag(path, "--ca-file")),
                [environment.path("MUSTER_CA_FILE"), file.setting(file.ca_file.clone())],
            ),
            timeout: layered(
                global.timeout.map(|seconds| flag(Duration::from_secs(seconds.max(1)), "--timeout")),
                [file.setting(file.timeout.map(|seconds| Duration::from_secs(seconds.max(1))))],
            )
            .unwrap_or(Setting { value: Duration::from_mins(1), origin: Origin::Default }),
            yes: global.yes,
            dir,
            file,
        })
    }

    /// The ledger's file.
    pub fn ledger(&self) -> &Path {
        &self.ledger.value
    }

    /// The folder of a run.
    pub fn run_folder(&self, run: &str) -> PathBuf {
        self.dir.value.join("runs").join(run)
    }

    /// What was typed that leads to these books and this org.
    pub fn typed(&self) -> Typed {
        let flag = |setting: &Setting<PathBuf>| {
            matches!(setting.origin, Origin::Flag(_)).then(|| setting.value.display().to_string())
        };
        // The ledger of --dir has the same origin and goes with it.
        let ledger = (self.ledger.origin == Origin::Flag("--ledger")).then_some(&self.ledger);
        let ledger = ledger.map(|ledger| format!("sqlite:{}", ledger.value.display()));
        Typed::default()
            .with("--dir", flag(&self.dir).as_deref())
            .with("--ledger", ledger.as_deref())
            .with("--ca-file", self.ca_file.as_ref().and_then(flag).as_deref())
    }

    /// What is set for the hook: in the file named, or else in `muster.toml`.
    pub fn hook(&self, config: Option<&Path>) -> Result<HookFile, Problem> {
        match config {
            Some(path) if !path.is_file() => {
                Err(Problem::wrong_usage(format!("--config {}: there is no such file", path.display())))
            }
            Some(path) => Ok(SettingsFile::read(path)?.hook),
            None => Ok(self.file.hook.clone()),
        }
    }

    /// Whether every question is answered with yes.
    pub fn yes(&self) -> bool {
        self.yes
    }

    /// More certificates to trust.
    pub fn ca_file(&self) -> Option<&Path> {
        self.ca_file.as_ref().map(|setting| setting.value.as_path())
    }

    /// Time for one request.
    pub fn timeout(&self) -> Duration {
        self.timeout.value
    }

    /// The org's address.
    pub fn org(&self) -> Result<Url, Problem> {
        let Some(org) = &self.org else {
            return Err(Problem::wrong_usage(
                "no org is set. Say which one:\n  export OKTA_ORG_URL=https://example.okta.com\nor try everything on this machine first: muster demo",
            ));
        };
        parse_org_url(&org.value)
            .map_err(|reason| Problem::wrong_usage(format!("{reason} (from {})", org.origin)))
    }

    /// The credentials. A service app asks for the scopes of `needs`, unless others are set.
    pub fn authorization(&self, needs: Vec<ScopeNeed>) -> Result<Authorization, Problem> {
        self.credentials.authorization(needs)
    }

    /// The pace of a run.
    pub fn pacing(&self, flags: &PacingArgs) -> Result<Pacing, Problem> {
        let standard = Pacing::default();
        let share = flags.share.or(self.file.share).unwrap_or(standard.share);
        if !(share > 0.0 && share <= 1.0) {
            return Err(Problem::wrong_usage(format!("--share {share} is not above 0 and at most 1")));
        }
        let max_in_flight = flags.max_in_flight.or(self.file.max_in_flight);
        if let Some(most) = max_in_flight.filter(|most| !(1..=1000).contains(most)) {
            return Err(Problem::wrong_usage(format!("--max-in-flight {most} is not between 1 and 1000")));
        }
        let max_errors = flags.max_errors.as_ref().or(self.file.max_errors.as_ref());
        let max_errors = max_errors.map(|text| text.parse::<MaxErrors>()).transpose();
        Ok(Pacing {
            share,
            reserve: flags.reserve.or(self.file.reserve).unwrap_or(standard.reserve),
            max_in_flight,
            max_errors: max_errors
                .map_err(|reason| Problem::wrong_usage(format!("--max-errors: {reason}")))?,
            patience: flags.patience.map_or(standard.patience, Duration::from_secs),
            request_time: self.timeout(),
        })
    }

    /// Every setting with its value, masked where secret, and its origin.
    pub fn rows(&self) -> Vec<[String; 3]> {
        let from_file = Origin::File(PathBuf::from("muster.toml"));
        let mut rows = Vec::new();
        let mut row = |name: &str, value: Option<(String, &Origin)>| {
            let (value, origin) = value.map_or_else(
                || ("(not set)".to_owned(), String::new()),
                |(value, origin)| (value, origin.to_string()),
            );
            rows.push([name.to_owned(), value, origin]);
        };
        row("org", self.org.as_ref().map(|org| (org.value.clone(), &org.origin)));
        row("dir", Some((self.dir.value.display().to_string(), &self.dir.origin)));
        row("ledger", Some((format!("sqlite:{}", self.ledger.value.display()), &self.ledger.origin)));
        row("ca_file", self.ca_file.as_ref().map(|path| (path.value.display().to_string(), &path.origin)));
        row("share", Some(or_default(self.file.share.map(|share| share.to_string()), "0.9", &from_file)));
        row(
            "max_in_flight",
            Some(or_default(
                self.file.max_in_flight.map(|most| most.to_string()),
                "as the org's answers allow",
                &from_file,
            )),
        );
        row(
            "reserve",
            Some(or_default(self.file.reserve.map(|requests| requests.to_string()), "0", &from_file)),
        );
        row("max_errors", self.file.max_errors.clone().map(|most| (most, &from_file)));
        row("timeout", Some((format!("{} s", self.timeout.value.as_secs()), &self.timeout.origin)));
        // Behind the org.
        rows.splice(1..1, self.credentials.rows());
        rows
    }
}

fn or_default<'a>(told: Option<String>, standard: &str, file: &'a Origin) -> (String, &'a Origin) {
    told.map_or((standard.to_owned(), &Origin::Default), |value| (value, file))
}

/// The length tells whether a line break slipped in; nothing else is shown.
fn masked(secret: &Secret) -> String {
    format!("*** ({} characters)", secret.reveal().chars().count())
}

fn flag<T>(value: T, name: &'static str) -> Setting<T> {
    Setting { value, origin: Origin::Flag(name) }
}

/// The first layer that says something.
fn layered<T, const N: usize>(
    flag: Option<Setting<T>>,
    layers: [Option<Setting<T>>; N],
) -> Option<Setting<T>> {
    flag.or_else(|| layers.into_iter().flatten().next())
}

fn ledger(
    global: &GlobalArgs,
    environment: &Environment,
    file: &SettingsFile,
    dir: &Setting<PathBuf>,
) -> Result<Setting<PathBuf>, Problem> {
    let told = layered(
        global.ledger.clone().map(|url| flag(url, "--ledger")),
        [environment.text("MUSTER_LEDGER"), file.setting(file.ledger.clone())],
    );
    let Some(told) = told else {
        return Ok(Setting { value: dir.value.join("ledger.db"), origin: dir.origin.clone() });
    };
    match told.value.strip_prefix("sqlite:") {
        Some(path) if !path.is_empty() => Ok(Setting { value: PathBuf::from(path), origin: told.origin }),
        _ => Err(Problem::wrong_usage(format!(
            "the ledger {:?} (from {}) is not of the form sqlite:PATH; other ledgers are not known to this release",
            told.value, told.origin
        ))),
    }
}
