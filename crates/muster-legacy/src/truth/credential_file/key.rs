//! What opens a credential file: 32 bytes, or a passphrase that Argon2id turns into as many.

use std::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use muster_core::secret::Secret;
use zeroize::Zeroizing;

use super::head::Derivation;

/// 32 bytes of key.
pub(super) type KeyBytes = Zeroizing<[u8; 32]>;

/// The fewest characters of a passphrase.
const PASSPHRASE: usize = 16;

/// The key of a credential file. It never prints.
#[derive(Clone)]
pub enum FileKey {
    /// 32 bytes.
    Bytes(Zeroizing<[u8; 32]>),
    /// A passphrase.
    Passphrase(Secret),
}

/// Why a text is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// Nothing there.
    #[error("the key is empty; `muster hook export --new-key FILE` makes one")]
    Empty,
    /// Neither 32 bytes nor long enough for a passphrase.
    #[error(
        "the key is neither 32 bytes in base64 or hex nor a passphrase of at least {PASSPHRASE} characters; `muster hook export --new-key FILE` makes a good one"
    )]
    Short,
    /// No randomness, or no memory for Argon2id.
    #[error("the key can't be made: {0}")]
    Machine(&'static str),
}

impl FileKey {
    /// The key in a text; blanks around it are not part of it.
    pub fn parse(text: &Secret) -> Result<Self, BadKey> {
        let text = text.reveal().trim();
        if text.is_empty() {
            return Err(BadKey::Empty);
        }
        if let Some(bytes) = of_hex(text).or_else(|| of_base64(text)) {
            return Ok(Self::Bytes(bytes));
        }
        if text.chars().count() < PASSPHRASE {
            return Err(BadKey::Short);
        }
        Ok(Self::Passphrase(Secret::new(text)))
    }

    /// A random key, in base64.
    pub fn random() -> Result<Secret, BadKey> {
        let mut bytes = KeyBytes::default();
        aws_lc_rs::rand::fill(bytes.as_mut()).map_err(|_| BadKey::Machine("no randomness"))?;
        Ok(Secret::new(STANDARD.encode(bytes.as_ref())))
    }

    /// How a new file says that its key is derived.
    pub(super) fn derivation(&self) -> Derivation {
        match self {
            Self::Bytes(_) => Derivation::None,
            Self::Passphrase(_) => Derivation::STANDARD,
        }
    }

    /// The 32 bytes for a file with this salt; none if the file wants the other kind of key.
    pub(super) fn bytes(&self, derivation: Derivation, salt: &[u8]) -> Option<Result<KeyBytes, BadKey>> {
        match (self, derivation) {
            (Self::Bytes(bytes), Derivation::None) => Some(Ok(bytes.clone())),
            (Self::Passphrase(text), Derivation::Argon2id { memory, passes, lanes }) => {
                Some(stretched(text, salt, (memory, passes, lanes)))
            }
            _ => None,
        }
    }
}

impl fmt::Debug for FileKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("FileKey(***)")
    }
}

fn stretched(text: &Secret, salt: &[u8], costs: (u32, u32, u32)) -> Result<KeyBytes, BadKey> {
    let failed = |_| BadKey::Machine("Argon2id refuses");
    let params = Params::new(costs.0, costs.1, costs.2, Some(32)).map_err(failed)?;
    let mut bytes = KeyBytes::default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(text.reveal().as_bytes(), salt, bytes.as_mut())
        .map_err(failed)?;
    Ok(bytes)
}

fn of_hex(text: &str) -> Option<KeyBytes> {
    let mut bytes = KeyBytes::default();
    if text.len() != 2 * bytes.len() || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, at) in bytes.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

fn of_base64(text: &str) -> Option<KeyBytes> {
    let same = |letter| match letter {
        '+' => '-',
        '/' => '_',
        other => other,
    };
    let plain: Zeroizing<String> = Zeroizing::new(text.trim_end_matches('=').chars().map(same).collect());
    let decoded = Zeroizing::new(URL_SAFE_NO_PAD.decode(plain.as_bytes()).ok()?);
    Some(Zeroizing::new(decoded.as_slice().try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Result<&'static str, BadKey> {
        FileKey::parse(&Secret::new(text)).map(|key| match key {
            FileKey::Bytes(_) => "bytes",
            FileKey::Passphrase(_) => "passphrase",
        })
    }

    #[test]
    fn hex_base64_and_passphrases_are_told_apart() {
        assert_eq!(kind(&"0f".repeat(32)), Ok("bytes"));
        assert_eq!(kind(&format!(" {}\n", FileKey::random().unwrap().reveal())), Ok("bytes"));
        assert_eq!(kind("correct horse battery staple"), Ok("passphrase"));
        assert_eq!(kind("too short"), Err(BadKey::Short));
        assert_eq!(kind(" \n"), Err(BadKey::Empty));
    }

    #[test]
    fn a_key_never_prints() {
        let key = FileKey::parse(&Secret::new("correct horse battery staple")).unwrap();
        assert_eq!(format!("{key:?}"), "FileKey(***)");
    }
}
