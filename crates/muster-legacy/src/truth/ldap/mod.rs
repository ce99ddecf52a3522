//! A directory that people bind to: LDAP servers and Active Directory.
//!
//! Somebody searches for the person's entry, on connections that are kept; the password is tried by a bind as that
//! entry, on a connection of its own and exactly once, for a try that fails counts towards a lock.

mod answer;
mod directory;
mod filter;

use muster_core::login::Login;
use muster_core::secret::Secret;

use self::answer::Bind;
use self::directory::Directory;
use super::pool::Pool;
use super::settings::{ExpiredPassword, LdapSettings};
use super::{Asking, Known, Resolve, Truth, TruthError, Unavailable};

/// A directory as a place that verifies passwords.
pub(super) struct LdapTruth {
    name: String,
    expired: ExpiredPassword,
    pool: Pool<Directory>,
}

impl LdapTruth {
    /// Checks the settings; connects when asked.
    pub(super) fn open(settings: &LdapSettings, resolve: Resolve<'_>) -> Result<Self, TruthError> {
        let directory = Directory::new(settings, resolve)?;
        Ok(Self {
            name: settings.name.clone(),
            expired: settings.expired,
            pool: Pool::new(directory, settings.connections),
        })
    }

    async fn verify(&self, login: &str, password: &Secret) -> Result<Known, Unavailable> {
        let Some(login) = Login::parse(login) else { return Ok(Known::Nobody) };
        let mut entries = self.pool.look_up(login.as_str()).await?;
        let Some(entry) = entries.pop() else { return Ok(Known::Nobody) };
        if !entries.is_empty() {
            return Ok(Known::Unreadable("more than one entry has this login".to_owned()));
        }
        // A bind without a name or without a password is nobody's, and a directory says yes to it (RFC 4513, 5.1).
        if entry.is_empty() {
            return Ok(Known::Unreadable("the entry has no name to bind as".to_owned()));
        }
        if password.reveal().is_empty() {
            return Ok(Known::Differs);
        }
        let bind = self.pool.service().bind(&entry, password).await.map_err(Unavailable)?;
        self.meaning(bind)
    }

    fn meaning(&self, bind: Bind) -> Result<Known, Unavailable> {
        match bind {
            Bind::Right => Ok(Known::Matches),
            Bind::Expired if self.expired == ExpiredPassword::Right => Ok(Known::Matches),
            Bind::Wrong | Bind::Barred | Bind::Expired => Ok(Known::Differs),
            Bind::Nobody => Ok(Known::Nobody),
            Bind::Locked => Ok(Known::Undecided(
                "the account is locked in the directory, which compares no password then".to_owned(),
            )),
            Bind::Unclear(reason) => Err(Unavailable(reason)),
        }
    }
}

impl Truth for LdapTruth {
    fn name(&self) -> &str {
        &self.name
    }

    fn ask<'a>(&'a self, login: &'a str, password: &'a Secret) -> Asking<'a> {
        Box::pin(self.verify(login, password))
    }
}
