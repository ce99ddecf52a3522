//! Digests with a key: logins, passwords and secrets are remembered and compared by them, never as they are.

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;

use crate::error::ServerError;

/// A digest with a key.
pub type Digest = [u8; 32];

/// The key. It has no `Debug`.
pub struct Keyed(hmac::Key);

impl Keyed {
    /// A key that lives as long as the process.
    pub fn random() -> Result<Self, ServerError> {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new());
        key.map(Self).map_err(|_| ServerError::NoRandomness)
    }

    /// A key that every replica with the same secret derives alike.
    pub fn derived(secret: &str, purpose: &str) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let tag = hmac::sign(&key, purpose.as_bytes());
        Self(hmac::Key::new(hmac::HMAC_SHA256, tag.as_ref()))
    }

    /// The digest of several parts. Each is preceded by its length: no two lists of parts look alike.
    pub fn digest(&self, parts: &[&[u8]]) -> Digest {
        let mut context = hmac::Context::with_key(&self.0);
        for part in parts {
            context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            context.update(part);
        }
        let mut digest = [0; 32];
        digest.copy_from_slice(context.sign().as_ref());
        digest
    }
}
