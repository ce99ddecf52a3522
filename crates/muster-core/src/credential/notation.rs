//! The names of the notations, for the census of a source.

use std::fmt;

/// How a stored password was written in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Notation {
    /// bcrypt, with its work factor.
    Bcrypt,
    /// bcrypt in two columns without a work factor: Okta's own sample takes 10, and so is assumed here.
    BcryptAssumed10,
    /// bcrypt of the first, faulty make: `$2x$`.
    Bcrypt2x,
    /// bcrypt of the very first make: `$2$`, which nobody verifies any more.
    Bcrypt2,
    /// bcrypt over SHA-256, of passlib and Django.
    BcryptSha256,
    /// bcrypt over HMAC-SHA-384: `$wp$`, of WordPress from 6.8 on.
    WordPressBcrypt,
    /// SHA-512, unsalted or with the salt in a column of its own.
    Sha512,
    /// SHA-256, likewise.
    Sha256,
    /// SHA-1, likewise.
    Sha1,
    /// MD5, likewise.
    Md5,
    /// MD4, of old Spring applications; Okta does not know it.
    Md4,
    /// SHA-384, which Okta does not know.
    Sha384,
    /// `{SSHA384}`.
    Ssha384,
    /// `{SSHA512}`: digest and salt in one.
    Ssha512,
    /// `{SSHA256}`.
    Ssha256,
    /// `{SSHA}`.
    Ssha,
    /// `{SMD5}`.
    Smd5,
    /// A digest of more than one round.
    IteratedDigest,
    /// HMAC-SHA-512, keyed by a salt or by a key of the application.
    HmacSha512,
    /// HMAC-SHA-384, likewise.
    HmacSha384,
    /// HMAC-SHA-256, likewise.
    HmacSha256,
    /// HMAC-SHA-1, likewise.
    HmacSha1,
    /// HMAC-MD5, likewise.
    HmacMd5,
    /// PBKDF2 over HMAC-SHA-512.
    Pbkdf2Sha512,
    /// PBKDF2 over HMAC-SHA-256.
    Pbkdf2Sha256,
    /// PBKDF2 over HMAC-SHA-1.
    Pbkdf2Sha1,
    /// Argon2id.
    Argon2id,
    /// Argon2i.
    Argon2i,
    /// Argon2d.
    Argon2d,
    /// scrypt.
    Scrypt,
    /// Firebase's own scrypt.
    FirebaseScrypt,
    /// `$y$`.
    Yescrypt,
    /// `$gy$`.
    GostYescrypt,
    /// `$6$`.
    Sha512Crypt,
    /// `$5$`.
    Sha256Crypt,
    /// `$sha1$`.
    Sha1Crypt,
    /// `$1$`.
    Md5Crypt,
    /// `$apr1$`, of Apache.
    Apr1,
    /// `$md5$`, of Solaris.
    SunMd5,
    /// The crypt of BSDi: an underscore and 19 characters.
    BsdiCrypt,
    /// The first crypt: 13 characters.
    DesCrypt,
    /// `$P$` and `$H$`, of WordPress and phpBB.
    Phpass,
    /// `$S$`, of Drupal 7.
    Drupal7,
    /// NTLM, the MD4 of Windows.
    Ntlm,
    /// MySQL's `PASSWORD()`: an asterisk and 40 hex digits.
    Mysql41,
    /// Membership of ASP.NET: a salted digest of the password in UTF-16.
    AspnetMembership,
    /// A mark in place of a hash: nobody can sign in with a password.
    Unusable,
}

impl Notation {
    /// All of them, for the reference page.
    pub const ALL: [Self; 47] = [
        Self::Bcrypt,
        Self::BcryptAssumed10,
        Self::Bcrypt2x,
        Self::Bcrypt2,
        Self::BcryptSha256,
        Self::WordPressBcrypt,
        Self::Sha512,
        Self::Sha256,
        Self::Sha1,
        Self::Md5,
        Self::Md4,
        Self::Sha384,
        Self::Ssha384,
        Self::Ssha512,
        Self::Ssha256,
        Self::Ssha,
        Self::Smd5,
        Self::IteratedDigest,
        Self::HmacSha512,
        Self::HmacSha384,
        Self::HmacSha256,
        Self::HmacSha1,
        Self::HmacMd5,
        Self::Pbkdf2Sha512,
        Self::Pbkdf2Sha256,
        Self::Pbkdf2Sha1,
        Self::Argon2id,
        Self::Argon2i,
        Self::Argon2d,
        Self::Scrypt,
        Self::FirebaseScrypt,
        Self::Yescrypt,
        Self::GostYescrypt,
        Self::Sha512Crypt,
        Self::Sha256Crypt,
        Self::Sha1Crypt,
        Self::Md5Crypt,
        Self::Apr1,
        Self::SunMd5,
        Self::BsdiCrypt,
        Self::DesCrypt,
        Self::Phpass,
        Self::Drupal7,
        Self::Ntlm,
        Self::Mysql41,
        Self::AspnetMembership,
        Self::Unusable,
    ];

    /// The stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bcrypt => "bcrypt",
            Self::BcryptAssumed10 => "bcrypt-assumed-10",
            Self::Bcrypt2x => "bcrypt-2x",
            Self::Bcrypt2 => "bcrypt-2",
            Self::BcryptSha256 => "bcrypt-sha256",
            Self::WordPressBcrypt => "wordpress-bcrypt",
            Self::Sha512 => "sha512",
            Self::Sha256 => "sha256",
            Self::Sha1 => "sha1",
            Self::Md5 => "md5",
            Self::Md4 => "md4",
            Self::Sha384 => "sha384",
            Self::Ssha384 => "ssha384",
            Self::Ssha512 => "ssha512",
            Self::Ssha256 => "ssha256",
            Self::Ssha => "ssha",
            Self::Smd5 => "smd5",
            Self::IteratedDigest => "iterated-digest",
            Self::HmacSha512 => "hmac-sha512",
            Self::HmacSha384 => "hmac-sha384",
            Self::HmacSha256 => "hmac-sha256",
            Self::HmacSha1 => "hmac-sha1",
            Self::HmacMd5 => "hmac-md5",
            Self::Pbkdf2Sha512 => "pbkdf2-sha512",
            Self::Pbkdf2Sha256 => "pbkdf2-sha256",
            Self::Pbkdf2Sha1 => "pbkdf2-sha1",
            Self::Argon2id => "argon2id",
            Self::Argon2i => "argon2i",
            Self::Argon2d => "argon2d",
            Self::Scrypt => "scrypt",
            Self::FirebaseScrypt => "firebase-scrypt",
            Self::Yescrypt => "yescrypt",
            Self::GostYescrypt => "gost-yescrypt",
            Self::Sha512Crypt => "sha512-crypt",
            Self::Sha256Crypt => "sha256-crypt",
            Self::Sha1Crypt => "sha1-crypt",
            Self::Md5Crypt => "md5-crypt",
            Self::Apr1 => "apr1",
            Self::SunMd5 => "sun-md5",
            Self::BsdiCrypt => "bsdi-crypt",
            Self::DesCrypt => "des-crypt",
            Self::Phpass => "phpass",
            Self::Drupal7 => "drupal7",
            Self::Ntlm => "ntlm",
            Self::Mysql41 => "mysql41",
            Self::AspnetMembership => "aspnet-membership",
            Self::Unusable => "unusable",
        }
    }
}

impl Notation {
    /// The notation of this name, whatever its case, dashes and underscores.
    pub fn from_name(name: &str) -> Option<Self> {
        let plain = |name: &str| -> String {
            name.chars()
                .filter(char::is_ascii_alphanumeric)
                .map(|letter| letter.to_ascii_lowercase())
                .collect()
        };
        let wanted = plain(name);
        Self::ALL.into_iter().find(|notation| plain(notation.as_str()) == wanted)
    }
}

impl fmt::Display for Notation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}
