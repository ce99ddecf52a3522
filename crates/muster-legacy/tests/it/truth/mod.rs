//! Places that know whether a password is right, from the outside.

mod credential_file;
mod http;
mod ldap;
mod services;
mod settings;
mod sqlite;

use muster_core::secret::Secret;
use muster_legacy::truth::{Known, SecretReference, Truth, TruthError, TruthSettings, Unavailable, open};

/// The settings in a `[[hook.backend]]` table.
pub fn settings(table: &str) -> Result<TruthSettings, toml::de::Error> {
    toml::from_str(table)
}

/// A place with these settings; every secret that is named is `secret`.
pub fn place(table: &str) -> Result<std::sync::Arc<dyn Truth>, TruthError> {
    let resolve = |reference: &SecretReference| match reference {
        SecretReference::Environment(_) => Ok(Secret::new("secret")),
        SecretReference::File(path) => {
            std::fs::read_to_string(path).map(Secret::new).map_err(|e| e.to_string())
        }
    };
    open(&settings(table).unwrap(), &resolve)
}

/// What a place answers.
pub async fn ask(truth: &dyn Truth, login: &str, password: &str) -> Result<Known, Unavailable> {
    truth.ask(login, &Secret::new(password)).await
}

/// The answer in one word.
pub fn word(answer: &Result<Known, Unavailable>) -> &'static str {
    match answer {
        Ok(Known::Hash { .. }) => "hash",
        Ok(Known::Matches) => "matches",
        Ok(Known::Differs) => "differs",
        Ok(Known::Nobody) => "nobody",
        Ok(Known::Unreadable(_)) => "unreadable",
        Ok(Known::Undecided(_)) => "undecided",
        Err(_) => "unavailable",
    }
}

/// Runs a future to its end.
pub fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}
