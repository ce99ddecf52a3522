//! A hash that nobody has the password of, for people whom nobody knows: they must wait as long as others do.

use std::iter;

use muster_core::secret::Secret;
use muster_core::stored::{Bytes, FirebaseProject, StoredHash};
use zeroize::Zeroizing;

use crate::{des_crypt, yescrypt_text};

/// A hash of the same form and the same cost as `like`, with a salt and a value of no meaning. No password is
/// behind it, but for a chance that nobody can wait for; a value that is empty, or is malformed in `like`, is
/// refused as fast as in `like`.
pub fn dummy(like: &StoredHash) -> StoredHash {
    match like {
        StoredHash::Peppered { pepper, hash } => StoredHash::Peppered {
            pepper: Secret::new("n".repeat(pepper.reveal().len())),
            hash: Box::new(filled(hash)),
        },
        plain => filled(plain),
    }
}

fn filled(like: &StoredHash) -> StoredHash {
    let mut hash = like.clone();
    match &mut hash {
        StoredHash::Digest { salt, value, .. }
        | StoredHash::Hmac { key: salt, value, .. }
        | StoredHash::Pbkdf2 { salt, value, .. }
        | StoredHash::Argon2 { salt, value, .. }
        | StoredHash::Scrypt { salt, value, .. } => (*salt, *value) = (bytes(salt), bytes(value)),
        StoredHash::Firebase { project, salt, value } => {
            (*salt, *value) = (bytes(salt), bytes(value));
            *project = strange(project);
        }
        StoredHash::Bcrypt { salt, value, .. }
        | StoredHash::Md5Crypt { salt, value, .. }
        | StoredHash::ShaCrypt { salt, value, .. }
        | StoredHash::Sha1Crypt { salt, value, .. }
        | StoredHash::Phpass { salt, value, .. } => (*salt, *value) = (letters(salt), letters(value)),
        StoredHash::Yescrypt(text) => *text = yescrypt(text),
        StoredHash::DesCrypt(text) => *text = des(text),
        StoredHash::BsdiCrypt(text) => *text = bsdi(text),
        StoredHash::Peppered { .. } => {}
    }
    hash
}

fn bytes(like: &Bytes) -> Bytes {
    Zeroizing::new(b"nonsense".iter().copied().cycle().take(like.len()).collect())
}

fn letters(like: &str) -> Zeroizing<String> {
    Zeroizing::new(
        iter::repeat_n("Nonsense", like.len().div_ceil(8)).flat_map(str::chars).take(like.len()).collect(),
    )
}

/// Another project of the same cost.
fn strange(like: &FirebaseProject) -> FirebaseProject {
    FirebaseProject {
        signer_key: bytes(&like.signer_key),
        salt_separator: bytes(&like.salt_separator),
        ..*like
    }
}

/// A salt of whole bytes ends with letters that have no bits left over; `.` has none at all.
fn yescrypt(like: &str) -> Zeroizing<String> {
    let same = || Zeroizing::new(like.to_owned());
    yescrypt_text::parts(like).map_or_else(same, |[params, salt, hash]| {
        let (salt, value) = (".".repeat(salt.len()), letters(hash));
        // The last of 43 letters carries four bits.
        let value = value.get(..value.len().saturating_sub(1)).unwrap_or_default();
        Zeroizing::new(format!("$y${params}${salt}${value}."))
    })
}

fn des(like: &str) -> Zeroizing<String> {
    let same = || Zeroizing::new(like.to_owned());
    des_crypt::parts(like).map_or_else(same, |_| letters(like))
}

fn bsdi(like: &str) -> Zeroizing<String> {
    let same = || Zeroizing::new(like.to_owned());
    des_crypt::bsdi_parts(like).map_or_else(same, |(rounds, salt, value)| {
        let tail = letters(&[salt, value].concat());
        Zeroizing::new(format!("_{rounds}{}", tail.as_str()))
    })
}
