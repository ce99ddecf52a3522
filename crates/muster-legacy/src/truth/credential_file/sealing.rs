//! The keys of one file: for the head, for logins, for everything that is sealed.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Prk, Salt};
use aws_lc_rs::hmac::{self, HMAC_SHA256};
use muster_core::login::Login;
use zeroize::Zeroizing;

use super::head::{HEAD, SEAL};
use super::key::KeyBytes;

/// The bytes that sealing adds.
pub(super) const TAG: usize = 16;
/// The number of the table; no file has so many blocks.
pub(super) const TABLE: u64 = u64::MAX;

/// What a login is known by.
pub(super) type LoginDigest = [u8; 16];

/// The keys of one file. They never print.
pub(super) struct Sealing {
    head: hmac::Key,
    logins: hmac::Key,
    records: LessSafeKey,
}

/// The library refused; it does so when there is no memory, or when something was altered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refused;

impl From<aws_lc_rs::error::Unspecified> for Refused {
    fn from(_: aws_lc_rs::error::Unspecified) -> Self {
        Self
    }
}

impl Sealing {
    /// The keys that `key` gives a file with this salt.
    pub(super) fn derive(key: &KeyBytes, salt: &[u8; 32]) -> Result<Self, Refused> {
        let prk = Salt::new(HKDF_SHA256, salt).extract(key.as_ref());
        let part = |purpose: &str| expand(&prk, purpose);
        Ok(Self {
            head: hmac::Key::new(HMAC_SHA256, part("muster credential file 1: head")?.as_ref()),
            logins: hmac::Key::new(HMAC_SHA256, part("muster credential file 1: logins")?.as_ref()),
            records: sealing_key(&part("muster credential file 1: records")?)?,
        })
    }

    /// The seal of a head.
    pub(super) fn seal_head(&self, head: &[u8; HEAD]) -> [u8; SEAL] {
        let mut seal = [0; SEAL];
        seal.iter_mut().zip(hmac::sign(&self.head, head).as_ref()).for_each(|(to, from)| *to = *from);
        seal
    }

    /// Whether the head was sealed by this key.
    pub(super) fn knows_head(&self, head: &[u8; HEAD], seal: &[u8; SEAL]) -> bool {
        hmac::verify(&self.head, head, seal).is_ok()
    }

    /// What a login is known by in this file. Case and accents make no difference.
    pub(super) fn digest(&self, login: &Login) -> LoginDigest {
        let mut digest = LoginDigest::default();
        let tag = hmac::sign(&self.logins, login.folded().as_bytes());
        digest.iter_mut().zip(tag.as_ref()).for_each(|(to, from)| *to = *from);
        digest
    }

    /// Seals the part of this number. A number is sealed once in the life of a file, so it makes the nonce.
    pub(super) fn seal(&self, head: &[u8; HEAD], number: u64, part: &mut Vec<u8>) -> Result<(), Refused> {
        Ok(self.records.seal_in_place_append_tag(nonce(number), bound_to(head, number), part)?)
    }

    /// Opens the part of this number.
    pub(super) fn open<'a>(
        &self,
        head: &[u8; HEAD],
        number: u64,
        part: &'a mut [u8],
    ) -> Result<&'a [u8], Refused> {
        Ok(self.records.open_in_place(nonce(number), bound_to(head, number), part)?)
    }
}

/// A key for AES-256-GCM.
pub(super) fn sealing_key(bytes: &KeyBytes) -> Result<LessSafeKey, Refused> {
    Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, bytes.as_ref())?))
}

/// The nonce of a part.
pub(super) fn nonce(number: u64) -> Nonce {
    let mut bytes = [0; 12];
    bytes.iter_mut().skip(4).zip(number.to_be_bytes()).for_each(|(to, from)| *to = from);
    Nonce::assume_unique_for_key(bytes)
}

fn bound_to(head: &[u8; HEAD], number: u64) -> Aad<Vec<u8>> {
    Aad::from([head.as_slice(), &number.to_be_bytes()].concat())
}

fn expand(prk: &Prk, purpose: &str) -> Result<KeyBytes, Refused> {
    let mut bytes: KeyBytes = Zeroizing::new([0; 32]);
    prk.expand(&[purpose.as_bytes()], HKDF_SHA256)?.fill(bytes.as_mut())?;
    Ok(bytes)
}

impl std::fmt::Debug for Sealing {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Sealing(***)")
    }
}
