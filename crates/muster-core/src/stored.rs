//! What a stored password hash is, taken apart: everything that a verifier needs, whatever it was written like.
//!
//! `credential` reads these from the cells of a row and says which of them Okta can check; `muster-passwords`
//! checks them. Nothing in here verifies, and nothing prints a salt or a value.

use std::fmt;

use zeroize::Zeroizing;

use crate::secret::Secret;

/// Bytes of a hash, a salt or a key, wiped when dropped.
pub type Bytes = Zeroizing<Vec<u8>>;

/// The digests that stored passwords are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Digest {
    /// MD4, 16 bytes; NTLM is made of it.
    Md4,
    /// MD5, 16 bytes.
    Md5,
    /// SHA-1, 20 bytes.
    Sha1,
    /// SHA-256, 32 bytes.
    Sha256,
    /// SHA-384, 48 bytes.
    Sha384,
    /// SHA-512, 64 bytes.
    Sha512,
}

impl Digest {
    /// The length of a raw digest in bytes.
    pub fn size(self) -> usize {
        match self {
            Self::Md4 | Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
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

/// How the letters of a password become bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TextForm {
    /// As nearly everybody does it.
    #[default]
    Utf8,
    /// As Windows does it: two bytes a letter, the low one first, and no closing zero.
    Utf16Le,
}

/// What a digest of several rounds digests from the second round on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Again {
    /// The raw digest of the round before (Spring, Jasypt, MySQL).
    #[default]
    Raw,
    /// The lower-case hex of the digest of the round before.
    Hex,
}

/// What bcrypt was given in place of the password, for it looks at 72 bytes only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BcryptInput {
    /// The password itself: `$2a$`, `$2b$`, `$2y$`. Okta takes this one alone.
    #[default]
    Password,
    /// The password, as the first, faulty make read it: `$2x$`, each byte with its sign extended.
    SignExtended,
    /// Lower-case hex of SHA-256: Django's `bcrypt_sha256`.
    HexSha256,
    /// Base64 of SHA-256: the first version of passlib's `$bcrypt-sha256$`.
    Base64Sha256,
    /// Base64 of HMAC-SHA-256 keyed by the 22 characters of the salt: the second version of the same.
    Base64HmacSha256,
    /// Base64 of HMAC-SHA-384 keyed by `wp-sha384`, of the password without blanks around it: `$wp$2y$` of WordPress.
    WordPress,
}

/// The makes of Argon2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Argon2Variant {
    /// Argon2d.
    D,
    /// Argon2i.
    I,
    /// Argon2id.
    Id,
}

/// The hash parameters of a Firebase project, from its console: they are the same for all of its users.
#[derive(Clone, PartialEq, Eq)]
pub struct FirebaseProject {
    /// `base64_signer_key`, decoded.
    pub signer_key: Bytes,
    /// `base64_salt_separator`, decoded.
    pub salt_separator: Bytes,
    /// `rounds`: scrypt's r, usually 8.
    pub rounds: u32,
    /// `mem_cost`: two to this power is scrypt's N, usually 14.
    pub memory_cost: u8,
}

/// A stored password hash, taken apart. Lengths are those of the notation: `credential` makes no other.
#[derive(Clone, PartialEq, Eq)]
pub enum StoredHash {
    /// bcrypt, and what was put in front of it.
    Bcrypt {
        /// Two to this power rounds.
        cost: u32,
        /// 22 characters of bcrypt's own base 64.
        salt: Zeroizing<String>,
        /// 31 characters of bcrypt's own base 64.
        value: Zeroizing<String>,
        /// What bcrypt was given.
        input: BcryptInput,
    },
    /// One or more rounds of a digest.
    Digest {
        /// Which digest.
        digest: Digest,
        /// The raw salt; empty for none.
        salt: Bytes,
        /// Where the salt goes.
        order: SaltOrder,
        /// How the password is written.
        text: TextForm,
        /// How many rounds, at least 1.
        rounds: u32,
        /// What the rounds after the first digest.
        again: Again,
        /// The raw digest.
        value: Bytes,
    },
    /// One HMAC over the password.
    Hmac {
        /// Its digest.
        digest: Digest,
        /// The key; old Werkzeug takes the salt for it.
        key: Bytes,
        /// The raw result.
        value: Bytes,
    },
    /// PBKDF2 over an HMAC.
    Pbkdf2 {
        /// The digest of the HMAC.
        digest: Digest,
        /// The raw salt.
        salt: Bytes,
        /// How many rounds.
        iterations: u32,
        /// The raw derived key; its length is the key size.
        value: Bytes,
    },
    /// Argon2.
    Argon2 {
        /// Which of the three.
        variant: Argon2Variant,
        /// 16 (0x10) or 19 (0x13).
        version: u32,
        /// Memory in KiB.
        memory: u32,
        /// Passes over the memory.
        passes: u32,
        /// Lanes.
        lanes: u32,
        /// The raw salt.
        salt: Bytes,
        /// The raw hash.
        value: Bytes,
    },
    /// scrypt.
    Scrypt {
        /// Two to this power is N.
        log_n: u8,
        /// The size of a block.
        r: u32,
        /// Parallelism.
        p: u32,
        /// The raw salt; Django, Werkzeug and crypt take the letters of the salt as they stand.
        salt: Bytes,
        /// The raw derived key.
        value: Bytes,
    },
    /// Firebase's scrypt: the derived key encrypts the signer key.
    Firebase {
        /// The project's parameters.
        project: FirebaseProject,
        /// The raw salt of the user.
        salt: Bytes,
        /// The raw hash.
        value: Bytes,
    },
    /// `$1$` and `$apr1$`.
    Md5Crypt {
        /// Whether it is Apache's.
        apache: bool,
        /// Up to 8 characters.
        salt: Zeroizing<String>,
        /// 22 characters.
        value: Zeroizing<String>,
    },
    /// `$5$` and `$6$`.
    ShaCrypt {
        /// SHA-256 or SHA-512.
        digest: Digest,
        /// How many rounds; 5000 where none are written.
        rounds: u32,
        /// Up to 16 characters.
        salt: Zeroizing<String>,
        /// 43 or 86 characters.
        value: Zeroizing<String>,
    },
    /// `$sha1$`, of NetBSD.
    Sha1Crypt {
        /// How many rounds.
        rounds: u32,
        /// Up to 64 characters.
        salt: Zeroizing<String>,
        /// 28 characters.
        value: Zeroizing<String>,
    },
    /// `$y$`, whole.
    Yescrypt(Zeroizing<String>),
    /// The first crypt: 2 characters of salt, 11 of value.
    DesCrypt(Zeroizing<String>),
    /// The crypt of BSDi: `_`, 4 characters of rounds, 4 of salt, 11 of value.
    BsdiCrypt(Zeroizing<String>),
    /// The portable hash of PHP applications, and Drupal 7, which is the same over SHA-512.
    Phpass {
        /// MD5, or SHA-512 for Drupal 7.
        digest: Digest,
        /// Two to this power rounds.
        log_rounds: u8,
        /// 8 characters.
        salt: Zeroizing<String>,
        /// 22 characters, or Drupal's 43.
        value: Zeroizing<String>,
        /// Whether the password was put through MD5 before, as hex: Drupal's `U$S$`.
        md5_first: bool,
    },
    /// A hash of the password with a pepper after it (Devise and others).
    Peppered {
        /// The pepper.
        pepper: Secret,
        /// The hash; never peppered once more.
        hash: Box<StoredHash>,
    },
}

/// Shows which form it is, and nothing that is in it.
impl fmt::Debug for StoredHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = match self {
            Self::Bcrypt { .. } => "Bcrypt",
            Self::Digest { .. } => "Digest",
            Self::Hmac { .. } => "Hmac",
            Self::Pbkdf2 { .. } => "Pbkdf2",
            Self::Argon2 { .. } => "Argon2",
            Self::Scrypt { .. } => "Scrypt",
            Self::Firebase { .. } => "Firebase",
            Self::Md5Crypt { .. } => "Md5Crypt",
            Self::ShaCrypt { .. } => "ShaCrypt",
            Self::Sha1Crypt { .. } => "Sha1Crypt",
            Self::Yescrypt(_) => "Yescrypt",
            Self::DesCrypt(_) => "DesCrypt",
            Self::BsdiCrypt(_) => "BsdiCrypt",
            Self::Phpass { .. } => "Phpass",
            Self::Peppered { .. } => "Peppered",
        };
        out.debug_struct(form).finish_non_exhaustive()
    }
}

impl fmt::Debug for FirebaseProject {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("FirebaseProject")
            .field("rounds", &self.rounds)
            .field("memory_cost", &self.memory_cost)
            .finish_non_exhaustive()
    }
}
