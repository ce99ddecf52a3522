//! What the crate promises, seen from outside.

use muster_passwords::{Again, BcryptInput, Bytes, Digest, SaltOrder, StoredHash, TextForm};

mod ceilings;
mod corpus;
mod every_form;
mod malformed;
mod vectors;

/// bcrypt of the password itself.
fn bcrypt(cost: u32, salt: &str, value: &str) -> StoredHash {
    let input = BcryptInput::Password;
    StoredHash::Bcrypt { cost, salt: salt.to_owned().into(), value: value.to_owned().into(), input }
}

/// One round of a digest.
fn plain(digest: Digest, salt: &[u8], order: SaltOrder, value: Bytes) -> StoredHash {
    let salt = salt.to_vec().into();
    let (text, again) = (TextForm::Utf8, Again::Raw);
    StoredHash::Digest { digest, salt, order, text, rounds: 1, again, value }
}
