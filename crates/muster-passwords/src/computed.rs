//! What a password comes to, by the recipe of a stored hash.

use muster_core::stored::{Again, Bytes, Digest, SaltOrder, StoredHash, TextForm};
use zeroize::Zeroizing;

use crate::ceilings::{
    MAX_DIGEST_ROUNDS, MAX_PBKDF2_ITERATIONS, MAX_PBKDF2_KEY, MAX_PBKDF2_WORK, MAX_SECRET,
};
use crate::{
    argon, bcrypt_input, bcrypt_tails, des_crypt, digests, firebase, md5_crypt, phpass, scrypt_key,
    sha_crypt, sha1_crypt, yescrypt_text,
};

/// The value that a hash like `like` holds when its password is `secret`: the raw bytes, or the letters where the
/// form keeps letters (not for bcrypt and `$y$`: bytes). The value of `like` itself does not count, only its
/// length where the length is free. None where a work factor is beyond a ceiling or something is malformed.
pub fn value_of(secret: &str, like: &StoredHash) -> Option<Bytes> {
    match like {
        // No long copy is made of what will be refused.
        _ if secret.len() > MAX_SECRET => None,
        StoredHash::Peppered { pepper, hash } => {
            let peppered = Zeroizing::new([secret, pepper.reveal()].concat());
            once(&peppered, hash)
        }
        plain => once(secret, plain),
    }
}

/// Never peppered once more.
fn once(secret: &str, like: &StoredHash) -> Option<Bytes> {
    if secret.len() > MAX_SECRET {
        return None;
    }
    match like {
        StoredHash::Bcrypt { .. }
        | StoredHash::Argon2 { .. }
        | StoredHash::Scrypt { .. }
        | StoredHash::Firebase { .. }
        | StoredHash::Pbkdf2 { .. } => derived(secret, like),
        StoredHash::Digest { .. } | StoredHash::Hmac { .. } => digested(secret, like),
        _ => crypted(secret, like),
    }
}

/// The forms that were made to be slow.
fn derived(secret: &str, like: &StoredHash) -> Option<Bytes> {
    match like {
        StoredHash::Bcrypt { cost, salt, input, .. } => bcrypt_input::value(secret, *cost, salt, *input),
        StoredHash::Argon2 { variant, version, memory, passes, lanes, salt, value } => {
            let (variant, version) = (*variant, *version);
            let settings =
                argon::Settings { variant, version, memory: *memory, passes: *passes, lanes: *lanes };
            argon::value(secret, salt, &settings, value.len())
        }
        StoredHash::Scrypt { log_n, r, p, salt, value } => {
            scrypt_key::value(secret, salt, *log_n, *r, *p, value.len())
        }
        StoredHash::Firebase { project, salt, .. } => firebase::value(secret, salt, project),
        StoredHash::Pbkdf2 { digest, salt, iterations, value } => {
            pbkdf2(secret, *digest, salt, *iterations, value.len())
        }
        _ => None,
    }
}

/// The digests.
fn digested(secret: &str, like: &StoredHash) -> Option<Bytes> {
    match like {
        StoredHash::Digest { digest, salt, order, text, rounds, again, .. } => {
            let secret = written(secret, *text);
            rounds_of(*digest, &secret, salt, *order, *rounds, *again)
        }
        StoredHash::Hmac { digest, key, .. } => Some(digests::hmac(*digest, key, secret.as_bytes())),
        _ => None,
    }
}

/// The forms of `crypt` and of PHP.
fn crypted(secret: &str, like: &StoredHash) -> Option<Bytes> {
    match like {
        StoredHash::Md5Crypt { apache, salt, .. } => md5_crypt::value(secret, salt, *apache),
        StoredHash::ShaCrypt { digest, rounds, salt, .. } => sha_crypt::value(secret, *digest, *rounds, salt),
        StoredHash::Sha1Crypt { rounds, salt, .. } => sha1_crypt::value(secret, *rounds, salt),
        StoredHash::Yescrypt(text) => yescrypt_text::value(secret, text),
        StoredHash::DesCrypt(text) => des_crypt::value(secret, text),
        StoredHash::BsdiCrypt(text) => des_crypt::bsdi_value(secret, text),
        StoredHash::Phpass { digest, log_rounds, salt, md5_first, .. } => {
            phpass::value(secret, *digest, *log_rounds, salt, *md5_first)
        }
        _ => None,
    }
}

/// The value that a stored hash holds, as [`value_of`] gives it; none if it can't be one.
pub(crate) fn written_value(stored: &StoredHash) -> Option<Bytes> {
    let letters = |text: &str| Zeroizing::new(text.as_bytes().to_vec());
    match stored {
        StoredHash::Bcrypt { value, .. } => {
            bcrypt_tails::decode_value(value).map(|raw| Zeroizing::new(raw.to_vec()))
        }
        StoredHash::Digest { digest, value, .. } | StoredHash::Hmac { digest, value, .. } => {
            (value.len() == digest.size()).then(|| value.clone())
        }
        StoredHash::Pbkdf2 { value, .. }
        | StoredHash::Argon2 { value, .. }
        | StoredHash::Scrypt { value, .. }
        | StoredHash::Firebase { value, .. } => Some(value.clone()),
        StoredHash::Md5Crypt { value, .. }
        | StoredHash::ShaCrypt { value, .. }
        | StoredHash::Sha1Crypt { value, .. }
        | StoredHash::Phpass { value, .. } => Some(letters(value)),
        StoredHash::Yescrypt(text) => yescrypt_text::written(text),
        StoredHash::DesCrypt(text) => des_crypt::parts(text).map(|(_, value)| letters(value)),
        StoredHash::BsdiCrypt(text) => des_crypt::bsdi_parts(text).map(|(_, _, value)| letters(value)),
        StoredHash::Peppered { hash, .. } => match hash.as_ref() {
            StoredHash::Peppered { .. } => None,
            plain => written_value(plain),
        },
    }
}

fn written(secret: &str, text: TextForm) -> Bytes {
    Zeroizing::new(match text {
        TextForm::Utf8 => secret.as_bytes().to_vec(),
        TextForm::Utf16Le => secret.encode_utf16().flat_map(u16::to_le_bytes).collect(),
    })
}

fn rounds_of(
    digest: Digest,
    secret: &[u8],
    salt: &[u8],
    order: SaltOrder,
    rounds: u32,
    again: Again,
) -> Option<Bytes> {
    let parts = match order {
        SaltOrder::Prefix => [salt, secret],
        SaltOrder::Postfix => [secret, salt],
    };
    (1..=MAX_DIGEST_ROUNDS).contains(&rounds).then(|| digests::of_rounds(digest, &parts, rounds, again))
}

fn pbkdf2(secret: &str, digest: Digest, salt: &[u8], iterations: u32, size: usize) -> Option<Bytes> {
    let blocks = u64::try_from(size.div_ceil(digest.size())).ok()?;
    let bearable = (1..=MAX_PBKDF2_ITERATIONS).contains(&iterations)
        && (1..=MAX_PBKDF2_KEY).contains(&size)
        && u64::from(iterations).saturating_mul(blocks) <= MAX_PBKDF2_WORK;
    bearable.then(|| digests::pbkdf2(digest, secret.as_bytes(), salt, iterations, size))
}
