//! What the database servers have in common: settings that are checked, a pool, and rows that mean something.

use muster_core::credential::Settlement;
use muster_core::login::Login;
use muster_core::secret::Secret;

use super::row::known;
use crate::truth::cells::CredentialCells;
use crate::truth::pool::{Pool, Service};
use crate::truth::settings::{SqlServerSettings, Tls};
use crate::truth::{Asking, Known, Resolve, Truth, TruthError};

/// A database server as a place that knows hashes.
pub(in crate::truth) struct SqlServerTruth<S: Service> {
    name: String,
    settlement: Settlement,
    pool: Pool<S>,
}

impl<S: Service<Found = Vec<CredentialCells>>> SqlServerTruth<S> {
    pub(super) fn new(
        settings: &SqlServerSettings,
        server: S,
        resolve: Resolve<'_>,
    ) -> Result<Self, TruthError> {
        Ok(Self {
            name: settings.name.clone(),
            settlement: settings.passwords.resolve(&settings.name, resolve)?,
            pool: Pool::new(server, settings.connections),
        })
    }
}

impl<S: Service<Found = Vec<CredentialCells>>> Truth for SqlServerTruth<S> {
    fn name(&self) -> &str {
        &self.name
    }

    fn ask<'a>(&'a self, login: &'a str, _: &'a Secret) -> Asking<'a> {
        Box::pin(async move {
            let Some(login) = Login::parse(login) else { return Ok(Known::Nobody) };
            let rows = self.pool.look_up(login.as_str()).await?;
            Ok(known(&rows, &self.settlement))
        })
    }
}

/// Whether the way shall be encrypted, from what is set and where the server is.
pub(super) fn encrypted(settings: &SqlServerSettings, on_this_machine: bool) -> bool {
    match settings.tls {
        Some(tls) => tls == Tls::VerifyFull,
        None => !on_this_machine,
    }
}

/// The password of the settings. One in the address would be seen by everybody who sees the settings.
pub(super) fn password(
    settings: &SqlServerSettings,
    in_address: bool,
    resolve: Resolve<'_>,
) -> Result<Option<Secret>, TruthError> {
    if in_address {
        let reason = "url holds a password; name where it is by `password = \"env:NAME\"` instead";
        return Err(TruthError::setting(&settings.name, reason));
    }
    settings.password.as_ref().map(|password| password.resolve(&settings.name, resolve)).transpose()
}
