//! From settings to an org that can be called.

use std::sync::Arc;

use muster_okta::http::{HttpSettings, HttpTransport};
use muster_okta::{Authorization, Okta, ScopeNeed, needs};
use url::Url;

use crate::error::Problem;
use crate::settings::{Settings, is_loopback};

const CERTIFICATE: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// The org of the settings, to be written to. Nothing is sent yet.
pub fn connect(settings: &Settings) -> Result<Okta, Problem> {
    connect_with(&settings.authorization(needs::import())?, settings, settings.org()?)
}

/// The org of the settings, to be looked at. Nothing is sent yet.
pub fn connect_to_look(settings: &Settings) -> Result<Okta, Problem> {
    connect_to(settings, settings.org()?, needs::plan())
}

/// The org of the settings, for import sessions of an identity source. Nothing is sent yet.
pub fn connect_for_sessions(settings: &Settings, then_hook: bool) -> Result<Okta, Problem> {
    connect_to(settings, settings.org()?, needs::identity_source_import(then_hook))
}

/// An org at another address, with the credentials of the settings. Nothing is sent yet.
pub fn connect_to(settings: &Settings, base: Url, needs: Vec<ScopeNeed>) -> Result<Okta, Problem> {
    connect_with(&settings.authorization(needs)?, settings, base)
}

/// An org with these credentials. Nothing is sent yet.
pub fn connect_with(authorization: &Authorization, settings: &Settings, base: Url) -> Result<Okta, Problem> {
    let transport = HttpTransport::new(&http_settings(settings, &base)?)
        .map_err(|error| Problem::wrong_usage(format!("the connection can't be set up: {error}")))?;
    Okta::new(Arc::new(transport), base, authorization).ok_or_else(|| {
        Problem::wrong_usage(
            "the token has characters that no HTTP header can have; was it copied whole and alone?",
        )
    })
}

/// How to reach a server at this address: the org, or a hook.
pub fn http_settings(settings: &Settings, base: &Url) -> Result<HttpSettings, Problem> {
    let mut http = HttpSettings {
        timeout: settings.timeout(),
        loopback: is_loopback(base),
        plain: base.scheme() == "http",
        ..HttpSettings::default()
    };
    if let Some(path) = settings.ca_file() {
        let pem = std::fs::read(path);
        let pem = pem.map_err(|error| {
            Problem::wrong_usage(format!("--ca-file {} can't be read: {error}", path.display()))
        })?;
        if !pem.windows(CERTIFICATE.len()).any(|window| window == CERTIFICATE) {
            let reason = "holds no certificate in PEM (-----BEGIN CERTIFICATE-----)";
            return Err(Problem::wrong_usage(format!("--ca-file {} {reason}", path.display())));
        }
        http.extra_roots.push(pem);
    }
    Ok(http)
}
