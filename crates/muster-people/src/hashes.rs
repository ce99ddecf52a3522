//! Stored passwords, written as the old system would have them.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use muster_passwords::{Digest, SaltOrder, bcrypt_hash, digest_hash, pbkdf2_hash};

use crate::dice::Dice;
use crate::foreign;
use crate::hash_kind::HashKind;

/// The stored form of a password; none where the kind stores no hash.
pub(crate) fn stored(kind: HashKind, password: &str, dice: &mut Dice) -> Option<String> {
    match kind {
        HashKind::Bcrypt { cost } => {
            let (salt, value) = bcrypt_hash(password, cost, dice.bytes());
            Some(format!("$2b${cost:02}${salt}{value}"))
        }
        HashKind::Ssha512 => Some(salted("{SSHA512}", Digest::Sha512, password, dice)),
        HashKind::Ssha256 => Some(salted("{SSHA256}", Digest::Sha256, password, dice)),
        HashKind::Ssha => Some(salted("{SSHA}", Digest::Sha1, password, dice)),
        HashKind::Smd5 => Some(salted("{SMD5}", Digest::Md5, password, dice)),
        HashKind::Pbkdf2Sha256 { iterations } => {
            Some(derived("pbkdf2-sha256", Digest::Sha256, password, iterations, dice))
        }
        HashKind::Pbkdf2Sha512 { iterations } => {
            Some(derived("pbkdf2-sha512", Digest::Sha512, password, iterations, dice))
        }
        HashKind::Pbkdf2Sha1 { iterations } => {
            Some(derived("pbkdf2", Digest::Sha1, password, iterations, dice))
        }
        HashKind::None | HashKind::Cleartext => None,
        other => foreign::stored(other, password, dice),
    }
}

/// Digest and salt in one, behind the name of the scheme.
fn salted(scheme: &str, digest: Digest, password: &str, dice: &mut Dice) -> String {
    let salt: [u8; 8] = dice.bytes();
    let mut bytes = digest_hash(digest, password, &salt, SaltOrder::Postfix);
    bytes.extend_from_slice(&salt);
    format!("{scheme}{}", STANDARD.encode(bytes))
}

/// PBKDF2 as passlib writes it, with a key as long as the digest.
fn derived(name: &str, digest: Digest, password: &str, iterations: u32, dice: &mut Dice) -> String {
    let salt: [u8; 16] = dice.bytes();
    let value = pbkdf2_hash(digest, password, &salt, iterations, digest.size());
    format!("${name}${iterations}${}${}", adapted(&salt), adapted(&value))
}

/// Base64 as passlib writes it.
fn adapted(bytes: &[u8]) -> String {
    STANDARD_NO_PAD.encode(bytes).replace('+', ".")
}
