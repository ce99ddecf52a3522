//! The header that Okta sends with every call. Two values hold at once while one takes the place of the other.

use http::{HeaderMap, HeaderName};
use muster_core::secret::Secret;
use subtle::{Choice, ConstantTimeEq};

use crate::error::ServerError;
use crate::hook::keyed::{Digest, Keyed};

/// Compares a header with what was agreed upon.
pub struct HeaderSecret {
    name: HeaderName,
    key: Keyed,
    accepted: Vec<Digest>,
}

impl HeaderSecret {
    /// A header of that name with any of these values.
    pub fn new(name: &str, secrets: &[Secret]) -> Result<Self, ServerError> {
        let header = name.parse().map_err(|_| ServerError::HeaderName(name.to_owned()))?;
        let key = Keyed::random()?;
        let accepted = secrets.iter().map(|secret| key.digest(&[secret.reveal().as_bytes()])).collect();
        Ok(Self { name: header, key, accepted })
    }

    /// Whether the header is there once and right. Digests are compared, all of them and to their end: the time
    /// tells neither how much of a guess is right nor how long the secret is.
    pub fn holds(&self, headers: &HeaderMap) -> bool {
        let mut values = headers.get_all(&self.name).iter();
        let (Some(value), None) = (values.next(), values.next()) else { return false };
        let given = self.key.digest(&[value.as_bytes()]);
        let any = |found: Choice, accepted: &Digest| found | accepted.ct_eq(&given);
        self.accepted.iter().fold(Choice::from(0), any).into()
    }
}
