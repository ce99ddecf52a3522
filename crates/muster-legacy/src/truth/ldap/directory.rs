//! Connections to a directory.

use std::sync::Arc;
use std::time::Duration;

use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, Scope, SearchEntry, SearchOptions};
use muster_core::secret::Secret;
use rustls::ClientConfig;
use url::Url;

use super::answer::Bind;
use super::filter::FilterTemplate;
use crate::truth::network::{is_loopback, said, tls};
use crate::truth::pool::{Driver, Service};
use crate::truth::settings::LdapSettings;
use crate::truth::{Resolve, TruthError};

/// No attribute is wanted (RFC 4511, 4.5.1.8).
const NO_ATTRIBUTES: [&str; 1] = ["1.1"];

/// A directory.
pub(super) struct Directory {
    url: Url,
    start_tls: bool,
    tls: Option<Arc<ClientConfig>>,
    patience: Duration,
    searcher: Option<(String, Secret)>,
    base: String,
    filter: FilterTemplate,
}

/// A connection.
pub(super) struct Line {
    ldap: Ldap,
    _driver: Driver,
}

impl Directory {
    /// Checks the settings.
    pub(super) fn new(settings: &LdapSettings, resolve: Resolve<'_>) -> Result<Self, TruthError> {
        let faulty = |reason: &str| TruthError::setting(&settings.name, reason);
        let url = address(settings).map_err(&faulty)?;
        let encrypted = url.scheme() == "ldaps" || settings.start_tls;
        if !encrypted && !url.host_str().is_some_and(is_loopback) {
            return Err(faulty("passwords go to a directory by ldaps:// or with start_tls = true only"));
        }
        let tls = if encrypted { Some(tls(&settings.name, settings.ca_file.as_deref())?) } else { None };
        Ok(Self {
            url,
            start_tls: settings.start_tls,
            tls: tls.map(Arc::new),
            patience: Duration::from_millis(settings.timeout_ms),
            searcher: searcher(settings, resolve)?,
            base: settings.base.clone(),
            filter: FilterTemplate::parse(&settings.filter).map_err(faulty)?,
        })
    }

    /// Binds as an entry, on a connection that is for nothing else.
    pub(super) async fn bind(&self, entry: &str, password: &Secret) -> Result<Bind, String> {
        let mut line = self.dial().await?;
        let answer = line.ldap.simple_bind(entry, password.reveal()).await.map_err(|error| said(&error))?;
        // Whether the directory hears the good-bye decides nothing.
        drop(line.ldap.unbind().await);
        Ok(Bind::of(answer.rc, &answer.text))
    }

    async fn dial(&self) -> Result<Line, String> {
        let mut settings =
            LdapConnSettings::new().set_conn_timeout(self.patience).set_starttls(self.start_tls);
        if let Some(tls) = &self.tls {
            settings = settings.set_config(Arc::clone(tls));
        }
        let dialled = LdapConnAsync::from_url_with_settings(settings, &self.url).await;
        let (connection, ldap) = dialled.map_err(|error| said(&error))?;
        // What ends a connection is told to whoever asks next.
        let driver = Driver::spawn(async move { drop(connection.drive().await) });
        Ok(Line { ldap, _driver: driver })
    }
}

impl Service for Directory {
    type Connection = Line;
    /// The names of entries, two at most.
    type Found = Vec<String>;

    async fn connect(&self) -> Result<Line, String> {
        let mut line = self.dial().await?;
        if let Some((name, password)) = &self.searcher {
            let answer =
                line.ldap.simple_bind(name, password.reveal()).await.map_err(|error| said(&error))?;
            if answer.rc != 0 {
                return Err(format!("the directory refuses bind_dn with code {}", answer.rc));
            }
        }
        Ok(line)
    }

    async fn look_up(&self, line: &mut Line, login: &str) -> Result<Vec<String>, String> {
        let filter = self.filter.fill(login);
        // Two are one too many; a directory that finds more says so by code 4.
        line.ldap.with_search_options(SearchOptions::new().sizelimit(2));
        let found = line.ldap.search(&self.base, Scope::Subtree, &filter, NO_ATTRIBUTES).await;
        let found = found.map_err(|error| said(&error))?;
        let entries = found.0.into_iter().filter(|entry| !entry.is_ref() && !entry.is_intermediate());
        let names: Vec<String> = entries.map(|entry| SearchEntry::construct(entry).dn).collect();
        match found.1.rc {
            0 => Ok(names),
            4 if names.len() > 1 => Ok(names),
            code => Err(format!("the directory answered the search with code {code}")),
        }
    }
}

fn address(settings: &LdapSettings) -> Result<Url, &'static str> {
    let url = Url::parse(&settings.url).map_err(|_| "url is not ldaps://HOST or ldap://HOST")?;
    if !matches!(url.scheme(), "ldap" | "ldaps") || url.host_str().is_none_or(str::is_empty) {
        return Err("url is not ldaps://HOST or ldap://HOST");
    }
    if url.scheme() == "ldaps" && settings.start_tls {
        return Err("start_tls is for ldap://, and url begins with ldaps://");
    }
    Ok(url)
}

fn searcher(settings: &LdapSettings, resolve: Resolve<'_>) -> Result<Option<(String, Secret)>, TruthError> {
    let faulty = |reason: &str| Err(TruthError::setting(&settings.name, reason));
    match (&settings.bind_dn, &settings.bind_password) {
        (None, None) => Ok(None),
        (Some(name), Some(password)) => {
            let password = password.resolve(&settings.name, resolve)?;
            if name.is_empty() || password.reveal().is_empty() {
                return faulty("bind_dn and bind_password must not be empty: that would be nobody's bind");
            }
            Ok(Some((name.clone(), password)))
        }
        _ => faulty("bind_dn needs bind_password, and the other way round"),
    }
}
