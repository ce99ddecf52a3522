//! What a user signs in with: the passwords that Okta takes, how they are checked, and how they are kept.
//! A cleartext password is kept as a salted digest only.

use std::borrow::Cow;

use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use muster_passwords::{Again, BcryptInput, Bytes, Digest, SaltOrder, StoredHash, TextForm};
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest as _, Sha512};

use crate::refusal::Refusal;

/// Padded or not, and with stray bits at the end: exports have all of these.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Okta names no greatest count (UNCONFIRMED). This one already keeps a sign-in waiting for seconds.
const MOST_ITERATIONS: i64 = 10_000_000;

/// The credentials of a user.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Credentials {
    pub password: Password,
    pub recovery: Option<Recovery>,
    pub provider: Provider,
}

/// How a password is known, if one is.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Password {
    #[default]
    None,
    /// Given in the clear, kept as salt and SHA-512 digest, in base64.
    Value { salt: Box<str>, digest: Box<str> },
    /// Imported as a hash.
    Hash(ImportedHash),
    /// Asked of the password-import hook at the next sign-in.
    Hook,
}

/// A hash as it was sent; its shape has been checked.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ImportedHash {
    algorithm: Algorithm,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    work_factor: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    salt: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    salt_order: Option<Order>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    iteration_count: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key_size: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest_algorithm: Option<KeyDigest>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Algorithm {
    #[serde(rename = "BCRYPT")]
    Bcrypt,
    #[serde(rename = "SHA-512")]
    Sha512,
    #[serde(rename = "SHA-256")]
    Sha256,
    #[serde(rename = "SHA-1")]
    Sha1,
    #[serde(rename = "MD5")]
    Md5,
    #[serde(rename = "PBKDF2")]
    Pbkdf2,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Order {
    Prefix,
    Postfix,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum KeyDigest {
    #[serde(rename = "SHA256_HMAC")]
    Sha256,
    #[serde(rename = "SHA512_HMAC")]
    Sha512,
}

/// The recovery question, with the answer as salt and digest.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Recovery {
    pub question: Box<str>,
    salt: Box<str>,
    digest: Box<str>,
}

/// Who vouches for the user.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Provider {
    #[serde(rename = "type")]
    pub kind: ProviderKind,
    #[serde(deserialize_with = "provider_name")]
    pub name: Cow<'static, str>,
}

/// The kinds of providers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum ProviderKind {
    ActiveDirectory,
    Federation,
    Import,
    Ldap,
    #[default]
    Okta,
    Social,
}

impl Default for Provider {
    fn default() -> Self {
        Self::of(ProviderKind::Okta)
    }
}

impl Provider {
    /// The provider of a kind, by its usual name.
    pub fn of(kind: ProviderKind) -> Self {
        Self { kind, name: kind.name().into() }
    }
}

impl ProviderKind {
    const ALL: [Self; 6] =
        [Self::ActiveDirectory, Self::Federation, Self::Import, Self::Ldap, Self::Okta, Self::Social];

    /// The name as in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::ActiveDirectory => "ACTIVE_DIRECTORY",
            Self::Federation => "FEDERATION",
            Self::Import => "IMPORT",
            Self::Ldap => "LDAP",
            Self::Okta => "OKTA",
            Self::Social => "SOCIAL",
        }
    }
}

impl Credentials {
    /// Sets a password, and the provider that goes with it.
    pub fn set_password(&mut self, password: Password) {
        self.provider = Provider::of(match password {
            Password::Hash(_) | Password::Hook => ProviderKind::Import,
            Password::None | Password::Value { .. } => ProviderKind::Okta,
        });
        self.password = password;
    }
}

impl Password {
    /// A cleartext password, as it is kept.
    pub fn of_secret(secret: &str, salt: [u8; 16]) -> Self {
        Self::Value { salt: STANDARD.encode(salt).into(), digest: salted_digest(secret, &salt).into() }
    }

    /// Whether there is one.
    pub fn is_set(&self) -> bool {
        !matches!(self, Self::None)
    }

    /// The name of its kind, for `/_emulator/users`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Value { .. } => "value",
            Self::Hook => "hook",
            Self::Hash(hash) => match hash.algorithm {
                Algorithm::Bcrypt => "bcrypt",
                Algorithm::Sha512 => "sha512",
                Algorithm::Sha256 => "sha256",
                Algorithm::Sha1 => "sha1",
                Algorithm::Md5 => "md5",
                Algorithm::Pbkdf2 => "pbkdf2",
            },
        }
    }

    /// Whether this is the password. Takes as long as the work factor says. A hook is not asked here.
    pub fn verify(&self, secret: &str) -> bool {
        let stored = match self {
            Self::None | Self::Hook => None,
            Self::Value { salt, digest } => {
                stored_digest(Digest::Sha512, Some(salt), SaltOrder::Prefix, digest)
            }
            Self::Hash(hash) => hash.stored(),
        };
        stored.is_some_and(|stored| muster_passwords::verify(secret, &stored))
    }
}

impl ImportedHash {
    /// Refuses what Okta can see to be wrong. A digest of a wrong length is not: it only shows at the sign-in.
    pub fn check(&self) -> Result<(), Refusal> {
        match self.fault() {
            Some(wrong) => Err(Refusal::field("password", wrong)),
            None => Ok(()),
        }
    }

    fn fault(&self) -> Option<&'static str> {
        match self.algorithm {
            Algorithm::Bcrypt => self.bcrypt_fault(),
            Algorithm::Pbkdf2 => self.pbkdf2_fault(),
            _ => self.digest_fault(),
        }
    }

    fn bcrypt_fault(&self) -> Option<&'static str> {
        if !self.work_factor.is_some_and(|factor| (1..=20).contains(&factor)) {
            return Some("The work factor of a BCRYPT hash must be between 1 and 20");
        }
        if !is_radix64(self.salt.as_deref(), 22) {
            return Some("The salt of a BCRYPT hash must be 22 characters of radix-64");
        }
        (!is_radix64(self.value.as_deref(), 31))
            .then_some("The value of a BCRYPT hash must be 31 characters of radix-64")
    }

    fn digest_fault(&self) -> Option<&'static str> {
        let salt = self.salt.as_deref().unwrap_or_default();
        if decoded(salt).is_none() {
            return Some("The salt must be base64");
        }
        if !salt.is_empty() && self.salt_order.is_none() {
            return Some("The salt order must be PREFIX or POSTFIX");
        }
        self.value_fault()
    }

    fn pbkdf2_fault(&self) -> Option<&'static str> {
        if self.digest_algorithm.is_none() {
            return Some("The digest algorithm must be SHA256_HMAC or SHA512_HMAC");
        }
        if !self.iteration_count.is_some_and(|count| (4096..=MOST_ITERATIONS).contains(&count)) {
            return Some("The iteration count must be between 4096 and 10000000");
        }
        if self.key_size.is_none_or(|size| size <= 0) {
            return Some("The key size must be given, in bytes");
        }
        let salt = self.salt.as_deref().filter(|salt| !salt.is_empty());
        if salt.and_then(decoded).is_none() {
            return Some("The salt must be base64");
        }
        self.value_fault()
    }

    fn value_fault(&self) -> Option<&'static str> {
        let value = self.value.as_deref().filter(|value| !value.is_empty());
        value.and_then(decoded).is_none().then_some("The value must be base64")
    }

    fn stored(&self) -> Option<StoredHash> {
        let order = match self.salt_order {
            Some(Order::Postfix) => SaltOrder::Postfix,
            Some(Order::Prefix) | None => SaltOrder::Prefix,
        };
        let digest = match self.algorithm {
            Algorithm::Bcrypt => return self.stored_bcrypt(),
            Algorithm::Pbkdf2 => return self.stored_pbkdf2(),
            Algorithm::Sha512 => Digest::Sha512,
            Algorithm::Sha256 => Digest::Sha256,
            Algorithm::Sha1 => Digest::Sha1,
            Algorithm::Md5 => Digest::Md5,
        };
        stored_digest(digest, self.salt.as_deref(), order, self.value.as_deref()?)
    }

    fn stored_bcrypt(&self) -> Option<StoredHash> {
        let cost = u32::try_from(self.work_factor?).ok()?;
        let (salt, value) = (self.salt.as_deref()?.to_owned(), self.value.as_deref()?.to_owned());
        Some(StoredHash::Bcrypt {
            cost,
            salt: salt.into(),
            value: value.into(),
            input: BcryptInput::Password,
        })
    }

    /// None if the key is not as long as it says: then no password fits.
    fn stored_pbkdf2(&self) -> Option<StoredHash> {
        let value = decoded(self.value.as_deref()?)?;
        let size = usize::try_from(self.key_size?).ok()?;
        let digest = match self.digest_algorithm? {
            KeyDigest::Sha256 => Digest::Sha256,
            KeyDigest::Sha512 => Digest::Sha512,
        };
        let salt = decoded(self.salt.as_deref()?)?;
        let iterations = u32::try_from(self.iteration_count?).ok()?;
        (value.len() == size).then_some(StoredHash::Pbkdf2 { digest, salt, iterations, value })
    }
}

impl Recovery {
    /// A question with its answer, which is compared without regard to case.
    pub fn new(question: String, answer: &str, salt: [u8; 16]) -> Self {
        let digest = salted_digest(&answer.to_lowercase(), &salt);
        Self { question: question.into(), salt: STANDARD.encode(salt).into(), digest: digest.into() }
    }
}

/// The usual names are not kept a million times.
fn provider_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Cow<'static, str>, D::Error> {
    let name = String::deserialize(deserializer)?;
    let usual = ProviderKind::ALL.into_iter().map(ProviderKind::name).find(|usual| *usual == name);
    Ok(usual.map_or(Cow::Owned(name), Cow::Borrowed))
}

fn salted_digest(secret: &str, salt: &[u8]) -> String {
    STANDARD.encode(Sha512::new().chain_update(salt).chain_update(secret).finalize())
}

fn stored_digest(digest: Digest, salt: Option<&str>, order: SaltOrder, value: &str) -> Option<StoredHash> {
    let salt = decoded(salt.unwrap_or_default())?;
    Some(StoredHash::Digest {
        digest,
        salt,
        order,
        text: TextForm::Utf8,
        rounds: 1,
        again: Again::Raw,
        value: decoded(value)?,
    })
}

fn decoded(text: &str) -> Option<Bytes> {
    LENIENT.decode(text).ok().map(Bytes::new)
}

fn is_radix64(text: Option<&str>, length: usize) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'/';
    text.is_some_and(|text| text.len() == length && text.bytes().all(allowed))
}
