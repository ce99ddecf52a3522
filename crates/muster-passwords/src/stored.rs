//! What is stored for a password.

use std::fmt;

/// The plain digests that Okta takes, of one round each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Digest {
    /// SHA-512, 64 bytes.
    Sha512,
    /// SHA-256, 32 bytes.
    Sha256,
    /// SHA-1, 20 bytes.
    Sha1,
    /// MD5, 16 bytes.
    Md5,
}

impl Digest {
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

/// The HMACs that Okta takes for PBKDF2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pbkdf2Digest {
    /// HMAC-SHA-256.
    Sha256,
    /// HMAC-SHA-512.
    Sha512,
}

/// A stored password hash, taken apart.
#[derive(Clone, PartialEq, Eq)]
pub enum StoredHash {
    /// The two tails of `$2b$COST$…`.
    Bcrypt {
        /// The work factor: two to this power rounds.
        cost: u32,
        /// 22 characters of bcrypt's own base 64.
        salt: String,
        /// 31 characters of bcrypt's own base 64.
        value: String,
    },
    /// One round of a digest.
    Digest {
        /// Which digest.
        digest: Digest,
        /// The raw salt; empty for an unsalted digest.
        salt: Vec<u8>,
        /// Where the salt goes.
        order: SaltOrder,
        /// The raw digest.
        value: Vec<u8>,
    },
    /// PBKDF2 over an HMAC.
    Pbkdf2 {
        /// The digest of the HMAC.
        digest: Pbkdf2Digest,
        /// The raw salt.
        salt: Vec<u8>,
        /// How many rounds.
        iterations: u32,
        /// The raw derived key; its length is the key size.
        value: Vec<u8>,
    },
}

/// Shows the notation and its work factor, never the salt or the value.
impl fmt::Debug for StoredHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bcrypt { cost, .. } => {
                out.debug_struct("Bcrypt").field("cost", cost).finish_non_exhaustive()
            }
            Self::Digest { digest, order, .. } => out
                .debug_struct("Digest")
                .field("digest", digest)
                .field("order", order)
                .finish_non_exhaustive(),
            Self::Pbkdf2 { digest, iterations, .. } => out
                .debug_struct("Pbkdf2")
                .field("digest", digest)
                .field("iterations", iterations)
                .finish_non_exhaustive(),
        }
    }
}
