//! The hash objects that Okta takes over, and their JSON.

use serde_json::Value;

use crate::secret::Secret;

/// The plain digests that Okta takes, of one round each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DigestAlgorithm {
    /// SHA-512, 64 bytes.
    Sha512,
    /// SHA-256, 32 bytes.
    Sha256,
    /// SHA-1, 20 bytes.
    Sha1,
    /// MD5, 16 bytes.
    Md5,
}

impl DigestAlgorithm {
    /// Okta's name for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sha512 => "SHA-512",
            Self::Sha256 => "SHA-256",
            Self::Sha1 => "SHA-1",
            Self::Md5 => "MD5",
        }
    }

    /// The length of a raw digest in bytes.
    pub fn size(self) -> usize {
        match self {
            Self::Sha512 => 64,
            Self::Sha256 => 32,
            Self::Sha1 => 20,
            Self::Md5 => 16,
        }
    }
}

/// On which side of the password the salt goes before both are digested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SaltOrder {
    /// Salt, then password.
    Prefix,
    /// Password, then salt.
    Postfix,
}

impl SaltOrder {
    /// Okta's name for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Prefix => "PREFIX",
            Self::Postfix => "POSTFIX",
        }
    }
}

/// The HMACs that Okta takes for PBKDF2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pbkdf2Digest {
    /// HMAC-SHA-256.
    Sha256,
    /// HMAC-SHA-512.
    Sha512,
}

impl Pbkdf2Digest {
    /// Okta's name for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA256_HMAC",
            Self::Sha512 => "SHA512_HMAC",
        }
    }
}

/// A password hash in the form that Okta takes over.
#[derive(Clone, Debug, PartialEq)]
pub enum OktaHash {
    /// The two tails of a bcrypt string.
    Bcrypt {
        /// Two to this power rounds; 1 to 20.
        work_factor: u8,
        /// 22 characters of bcrypt's own base 64.
        salt: Secret,
        /// 31 characters of bcrypt's own base 64.
        value: Secret,
    },
    /// One round of a digest.
    Digest {
        /// Which digest.
        algorithm: DigestAlgorithm,
        /// Base64 of the raw salt, if there is one.
        salt: Option<Secret>,
        /// Where the salt goes; of no effect without one.
        order: SaltOrder,
        /// Base64 of the raw digest.
        value: Secret,
    },
    /// PBKDF2 over an HMAC.
    Pbkdf2 {
        /// The digest of the HMAC.
        digest: Pbkdf2Digest,
        /// How many rounds; at least 4096.
        iterations: u32,
        /// The length of the derived key in bytes.
        key_size: u32,
        /// Base64 of the raw salt.
        salt: Secret,
        /// Base64 of the raw derived key.
        value: Secret,
    },
}

impl OktaHash {
    /// The `hash` object of `credentials.password`. It holds the secrets in clear.
    pub fn to_json(&self) -> Value {
        serde_json::to_value(self.revealed()).unwrap_or_default()
    }
}
