//! Who knows whether a password is right: what the password-import hook asks, one module per kind of place.
//!
//! A place either knows a stored hash, which the hook then verifies, or it says itself whether the password is
//! right. Okta is not known in here, and no password is kept, printed or logged.

mod cells;
mod credential_file;
mod deadline;
mod error;
mod http;
#[cfg(feature = "ldap")]
mod ldap;
mod network;
mod open;
#[cfg(any(feature = "ldap", feature = "mysql", feature = "postgres"))]
mod pool;
mod secret_reference;
mod settings;
mod sql;

use std::pin::Pin;

use muster_core::credential::Notation;
use muster_core::secret::Secret;
use muster_core::stored::StoredHash;

pub use cells::{Column, CredentialCells};
pub use credential_file::{
    Added, BadKey, CredentialFile, CredentialFileWriter, FileKey, Place, Written, is_credential_file,
};
pub use error::TruthError;
pub use open::open;
pub use secret_reference::{NotAReference, Resolve, SecretReference};
pub use settings::{
    ExpiredPassword, FileSettings, FirebaseSettings, HttpSettings, HttpSign, LdapSettings,
    SettlementSettings, SqlServerSettings, SqliteSettings, Tls, TruthSettings,
};

/// What a place knows of a login.
#[derive(Debug)]
pub enum Known {
    /// Its stored hash; whoever asked verifies it, for that takes a processor.
    Hash {
        /// How it was written.
        notation: Notation,
        /// The hash.
        stored: StoredHash,
    },
    /// The place verified the password, and it is right.
    Matches,
    /// The place knows the user, and the password is wrong.
    Differs,
    /// The place has never heard of the login.
    Nobody,
    /// There is a stored hash that can't be read; why, without the hash.
    Unreadable(String),
    /// The place is there, and will not say of this person or this password: an account that is locked, a password
    /// that its protocol can't carry. Never a wrong password, and no sign that the place is away.
    Undecided(String),
}

/// The truth could not be had: no connection, a time-out, an answer that makes no sense. Never a wrong password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unavailable(pub String);

/// What a place answers, later.
pub type Asking<'a> = Pin<Box<dyn Future<Output = Result<Known, Unavailable>> + Send + 'a>>;

/// A place that knows passwords. It has no time-out of its own making: whoever asks drops the question at the
/// deadline, and every place must bear that.
pub trait Truth: Send + Sync {
    /// Its name in the audit file and the metrics.
    fn name(&self) -> &str;
    /// What it knows of `login`. Logins are compared without regard to case, as Okta does.
    fn ask<'a>(&'a self, login: &'a str, password: &'a Secret) -> Asking<'a>;
}
