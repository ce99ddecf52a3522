//! Firebase's scrypt: the key that is derived from the password encrypts the signer key of the project.

use aws_lc_rs::cipher::{AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;
use muster_core::stored::{Bytes, FirebaseProject};
use zeroize::Zeroizing;

use crate::scrypt_key;

/// The bytes of an AES-256 key.
const KEY: usize = 32;

/// The encrypted signer key; it is as long as the signer key is.
pub(crate) fn value(secret: &str, salt: &[u8], project: &FirebaseProject) -> Option<Bytes> {
    let salt = Zeroizing::new([salt, project.salt_separator.as_slice()].concat());
    let key = scrypt_key::value(secret, &salt, project.memory_cost, project.rounds, 1, KEY)?;
    let key = UnboundCipherKey::new(&AES_256, &key).and_then(EncryptingKey::ctr).ok()?;
    let mut encrypted = project.signer_key.clone();
    // The counter starts at zero, as Firebase's does: every key is used for one text alone.
    let start = EncryptionContext::Iv128(FixedLength::from([0; 16]));
    key.less_safe_encrypt(&mut encrypted, start).ok().map(|_| encrypted)
}
