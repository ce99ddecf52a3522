//! The names of the notations, for the census of a source.

use std::fmt;

/// Each notation with its name, once: the enumeration, the list of all and the names can't differ.
macro_rules! notations {
    ($($(#[$doc:meta])* $notation:ident = $name:literal,)*) => {
        /// How a stored password was written in the source.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Notation {
            $($(#[$doc])* $notation,)*
        }

        impl Notation {
            /// All of them, for the reference page.
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$notation),*];

            /// The stable name.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$notation => $name,)*
                }
            }
        }
    };
}

notations! {
    /// bcrypt, with its work factor.
    Bcrypt = "bcrypt",
    /// bcrypt in two columns without a work factor: Okta's own sample takes 10, and so is assumed here.
    BcryptAssumed10 = "bcrypt-assumed-10",
    /// bcrypt of the first, faulty make: `$2x$`.
    Bcrypt2x = "bcrypt-2x",
    /// bcrypt of the very first make: `$2$`, which nobody verifies any more.
    Bcrypt2 = "bcrypt-2",
    /// bcrypt over SHA-256, of passlib and Django.
    BcryptSha256 = "bcrypt-sha256",
    /// bcrypt over HMAC-SHA-384: `$wp$`, of WordPress from 6.8 on.
    WordPressBcrypt = "wordpress-bcrypt",
    /// SHA-512, unsalted or with the salt in a column of its own.
    Sha512 = "sha512",
    /// SHA-256, likewise.
    Sha256 = "sha256",
    /// SHA-1, likewise.
    Sha1 = "sha1",
    /// MD5, likewise.
    Md5 = "md5",
    /// MD4, of old Spring applications; Okta does not know it.
    Md4 = "md4",
    /// SHA-384, which Okta does not know.
    Sha384 = "sha384",
    /// `{SSHA384}`.
    Ssha384 = "ssha384",
    /// `{SSHA512}`: digest and salt in one.
    Ssha512 = "ssha512",
    /// `{SSHA256}`.
    Ssha256 = "ssha256",
    /// `{SSHA}`.
    Ssha = "ssha",
    /// `{SMD5}`.
    Smd5 = "smd5",
    /// A digest of more than one round.
    IteratedDigest = "iterated-digest",
    /// HMAC-SHA-512, keyed by a salt or by a key of the application.
    HmacSha512 = "hmac-sha512",
    /// HMAC-SHA-384, likewise.
    HmacSha384 = "hmac-sha384",
    /// HMAC-SHA-256, likewise.
    HmacSha256 = "hmac-sha256",
    /// HMAC-SHA-1, likewise.
    HmacSha1 = "hmac-sha1",
    /// HMAC-MD5, likewise.
    HmacMd5 = "hmac-md5",
    /// PBKDF2 over HMAC-SHA-512.
    Pbkdf2Sha512 = "pbkdf2-sha512",
    /// PBKDF2 over HMAC-SHA-256.
    Pbkdf2Sha256 = "pbkdf2-sha256",
    /// PBKDF2 over HMAC-SHA-1.
    Pbkdf2Sha1 = "pbkdf2-sha1",
    /// Argon2id.
    Argon2id = "argon2id",
    /// Argon2i.
    Argon2i = "argon2i",
    /// Argon2d.
    Argon2d = "argon2d",
    /// scrypt.
    Scrypt = "scrypt",
    /// Firebase's own scrypt.
    FirebaseScrypt = "firebase-scrypt",
    /// `$y$`.
    Yescrypt = "yescrypt",
    /// `$gy$`.
    GostYescrypt = "gost-yescrypt",
    /// `$6$`.
    Sha512Crypt = "sha512-crypt",
    /// `$5$`.
    Sha256Crypt = "sha256-crypt",
    /// `$sha1$`.
    Sha1Crypt = "sha1-crypt",
    /// `$1$`.
    Md5Crypt = "md5-crypt",
    /// `$apr1$`, of Apache.
    Apr1 = "apr1",
    /// `$md5$`, of Solaris.
    SunMd5 = "sun-md5",
    /// The crypt of BSDi: an underscore and 19 characters.
    BsdiCrypt = "bsdi-crypt",
    /// The first crypt: 13 characters.
    DesCrypt = "des-crypt",
    /// `$P$` and `$H$`, of WordPress and phpBB.
    Phpass = "phpass",
    /// `$S$`, of Drupal 7.
    Drupal7 = "drupal7",
    /// NTLM, the MD4 of Windows.
    Ntlm = "ntlm",
    /// MySQL's `PASSWORD()`: an asterisk and 40 hex digits.
    Mysql41 = "mysql41",
    /// Membership of ASP.NET: a salted digest of the password in UTF-16.
    AspnetMembership = "aspnet-membership",
    /// A mark in place of a hash: nobody can sign in with a password.
    Unusable = "unusable",
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
