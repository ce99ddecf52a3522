//! Proofs of possession (RFC 9449, API.md §2.3). Their key is made for this process and is never the one of the
//! assertion.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use muster_core::secret::Secret;
use serde_json::{Value, json};

use super::jws;

/// The key of all proofs of this process.
pub struct ProofKey {
    pair: EcdsaKeyPair,
    /// Its public part.
    jwk: Value,
}

/// A request that a proof is for.
pub struct Proved<'a> {
    /// Its method.
    pub method: &'a str,
    /// Its address; query and fragment are left out of the proof.
    pub url: &'a str,
    /// The hash of the access token that goes with it.
    pub token_hash: Option<&'a str>,
    /// The nonce that the server wished for.
    pub nonce: Option<&'a str>,
    /// The time at the org.
    pub now: Timestamp,
}

impl ProofKey {
    /// A new key; none when the system gives no randomness.
    pub fn generate() -> Option<Self> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).ok()?;
        let coordinates = pair.public_key().as_ref().get(1..)?;
        let (x, y) = coordinates.split_at_checked(coordinates.len() / 2)?;
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": part(x), "y": part(y)});
        Some(Self { pair, jwk })
    }

    /// A proof that has not been used.
    pub fn prove(&self, proved: &Proved<'_>) -> Option<String> {
        let header = json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk});
        let url = proved.url.split(['?', '#']).next().unwrap_or_default();
        let mut claims = json!({
            "htm": proved.method,
            "htu": url,
            "iat": proved.now.as_second(),
            "jti": jws::fresh_id()?,
        });
        if let Some(hash) = proved.token_hash {
            claims["ath"] = json!(hash);
        }
        if let Some(nonce) = proved.nonce {
            claims["nonce"] = json!(nonce);
        }
        let sign =
            |message: &[u8]| Some(self.pair.sign(&SystemRandom::new(), message).ok()?.as_ref().to_vec());
        jws::compact(&header, &claims, sign)
    }
}

/// The hash of a token, as a proof has it.
pub fn hash_of(token: &Secret) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, token.reveal().as_bytes()))
}

impl fmt::Debug for ProofKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("ProofKey").finish_non_exhaustive()
    }
}
