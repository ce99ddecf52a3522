//! From settings to places.

use std::sync::Arc;

use super::credential_file::{CredentialFile, CredentialFileTruth, FileKey};
use super::deadline::Punctual;
use super::http::HttpTruth;
use super::settings::{FileSettings, TruthSettings};
use super::sql::SqliteTruth;
use super::{Resolve, Truth, TruthError};

/// Opens a place. Settings are checked and files are opened now; connections are made when the first question comes,
/// so that a server of the old world that is down for a minute is no reason not to start.
pub fn open(settings: &TruthSettings, resolve: Resolve<'_>) -> Result<Arc<dyn Truth>, TruthError> {
    settings.check()?;
    let time = settings.timeout();
    Ok(match settings {
        TruthSettings::File(file) => Arc::new(Punctual { place: open_file(file, resolve)?, time }),
        TruthSettings::Sqlite(sqlite) => {
            Arc::new(Punctual { place: SqliteTruth::open(sqlite, resolve)?, time })
        }
        TruthSettings::Http(http) => Arc::new(Punctual { place: HttpTruth::open(http, resolve)?, time }),
        #[cfg(feature = "postgres")]
        TruthSettings::Postgres(server) => {
            Arc::new(Punctual { place: super::sql::open_postgres(server, resolve)?, time })
        }
        #[cfg(feature = "mysql")]
        TruthSettings::Mysql(server) => {
            Arc::new(Punctual { place: super::sql::open_mysql(server, resolve)?, time })
        }
        #[cfg(feature = "ldap")]
        TruthSettings::Ldap(ldap) => {
            Arc::new(Punctual { place: super::ldap::LdapTruth::open(ldap, resolve)?, time })
        }
        #[cfg(not(all(feature = "ldap", feature = "mysql", feature = "postgres")))]
        other => return Err(TruthError::setting(other.name(), "this build can't talk to such a place")),
    })
}

fn open_file(settings: &FileSettings, resolve: Resolve<'_>) -> Result<CredentialFileTruth, TruthError> {
    let text = settings.key.resolve(&settings.name, resolve)?;
    let key = FileKey::parse(&text).map_err(|error| TruthError::Secret {
        place: settings.name.clone(),
        reference: settings.key.to_string(),
        reason: error.to_string(),
    })?;
    Ok(CredentialFileTruth::new(settings.name.clone(), CredentialFile::open(&settings.path, &key)?))
}
