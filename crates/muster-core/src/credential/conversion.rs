//! Which stored hashes Okta can check itself, and what it is sent for them (API.md §6.2). This is the one place
//! that knows.

use crate::secret::Secret;
use crate::stored::{self, BcryptInput, Digest, StoredHash, TextForm};

use super::binary::encode;
use super::{DigestAlgorithm, OktaHash, Pbkdf2Digest, SaltOrder};

/// The fewest rounds of PBKDF2 that Okta takes.
const FEWEST_ROUNDS: u32 = 4096;
/// Okta names no limit for the key. The only longer ones in use, of 256 bytes, are those of 389 Directory Server,
/// and nobody has shown that Okta checks them: a silent refusal at the sign-in would be worse than the hook.
const LONGEST_KEY: usize = 128;

/// What to send to Okta; none where only another verifier can check the hash.
pub fn okta_hash(stored: &StoredHash) -> Option<OktaHash> {
    match stored {
        StoredHash::Bcrypt { cost, salt, value, input: BcryptInput::Password } => {
            let work_factor = u8::try_from(*cost).ok().filter(|cost| (1..=20).contains(cost))?;
            let (salt, value) = (Secret::new(salt.as_str()), Secret::new(value.as_str()));
            Some(OktaHash::Bcrypt { work_factor, salt, value })
        }
        StoredHash::Digest { digest, salt, order, text: TextForm::Utf8, rounds: 1, value, .. } => {
            let salt = (!salt.is_empty()).then(|| encode(salt));
            // Without a salt there is no order.
            let order = if salt.is_some() { order_of(*order) } else { SaltOrder::Prefix };
            Some(OktaHash::Digest { algorithm: algorithm(*digest)?, salt, order, value: encode(value) })
        }
        StoredHash::Pbkdf2 { digest, salt, iterations, value } => {
            let digest = hmac(*digest)?;
            let taken = *iterations >= FEWEST_ROUNDS && !salt.is_empty() && value.len() <= LONGEST_KEY;
            let key_size = u32::try_from(value.len()).ok().filter(|_| taken)?;
            let (salt, value) = (encode(salt), encode(value));
            Some(OktaHash::Pbkdf2 { digest, iterations: *iterations, key_size, salt, value })
        }
        _ => None,
    }
}

fn algorithm(digest: Digest) -> Option<DigestAlgorithm> {
    match digest {
        Digest::Sha512 => Some(DigestAlgorithm::Sha512),
        Digest::Sha256 => Some(DigestAlgorithm::Sha256),
        Digest::Sha1 => Some(DigestAlgorithm::Sha1),
        Digest::Md5 => Some(DigestAlgorithm::Md5),
        Digest::Md4 | Digest::Sha384 => None,
    }
}

fn hmac(digest: Digest) -> Option<Pbkdf2Digest> {
    match digest {
        Digest::Sha512 => Some(Pbkdf2Digest::Sha512),
        Digest::Sha256 => Some(Pbkdf2Digest::Sha256),
        Digest::Md4 | Digest::Md5 | Digest::Sha1 | Digest::Sha384 => None,
    }
}

fn order_of(order: stored::SaltOrder) -> SaltOrder {
    match order {
        stored::SaltOrder::Prefix => SaltOrder::Prefix,
        stored::SaltOrder::Postfix => SaltOrder::Postfix,
    }
}
