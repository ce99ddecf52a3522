//! Checks a password against what is stored.

use muster_core::stored::StoredHash;
use subtle::ConstantTimeEq as _;

use crate::computed::{value_of, written_value};

/// Whether `secret` is the password behind `stored`. Anything malformed, and any work factor beyond the
/// ceilings, is a plain no. The comparison takes the same time wherever the first difference is.
///
/// bcrypt and the first crypt look at 72 and at 8 bytes only, so a longer password fits as soon as these do; that
/// is how the old system let people in. A zero within a password is a letter like others where `crypt` would
/// stop; with the two crypts made of DES, no such password fits.
pub fn verify(secret: &str, stored: &StoredHash) -> bool {
    written_value(stored)
        .filter(|value| !value.is_empty())
        .and_then(|value| Some(value_of(secret, stored)?.ct_eq(&value).into()))
        .unwrap_or(false)
}
