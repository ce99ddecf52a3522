//! The `hash` object of a request, as it is written: no tree in between that would hold the secrets once more.

use serde::Serialize;

use super::{OktaHash, SaltOrder};
use crate::secret::Secret;

/// A hash with its secrets in clear, for the body of a request and nothing else. It has no `Debug`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RevealedHash<'a> {
    algorithm: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    work_factor: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    salt: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    salt_order: Option<&'static str>,
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    iteration_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_size: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest_algorithm: Option<&'static str>,
}

impl<'a> RevealedHash<'a> {
    fn plain(algorithm: &'static str, value: &'a str) -> Self {
        Self {
            algorithm,
            work_factor: None,
            salt: None,
            salt_order: None,
            value,
            iteration_count: None,
            key_size: None,
            digest_algorithm: None,
        }
    }
}

impl OktaHash {
    /// The `hash` object of `credentials.password`, to be written.
    pub fn revealed(&self) -> RevealedHash<'_> {
        match self {
            Self::Bcrypt { work_factor, salt, value } => RevealedHash {
                work_factor: Some(*work_factor),
                salt: Some(salt.reveal()),
                ..RevealedHash::plain("BCRYPT", value.reveal())
            },
            Self::Digest { algorithm, salt, order, value } => RevealedHash {
                salt: salt.as_ref().map(Secret::reveal),
                salt_order: salt.as_ref().map(|_| SaltOrder::as_str(*order)),
                ..RevealedHash::plain(algorithm.as_str(), value.reveal())
            },
            Self::Pbkdf2 { digest, iterations, key_size, salt, value } => RevealedHash {
                salt: Some(salt.reveal()),
                iteration_count: Some(*iterations),
                key_size: Some(*key_size),
                digest_algorithm: Some(digest.as_str()),
                ..RevealedHash::plain("PBKDF2", value.reveal())
            },
        }
    }
}
