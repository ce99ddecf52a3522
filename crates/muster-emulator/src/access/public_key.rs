//! Public keys, as JSON Web Keys, and what they say of a signature.

use std::fmt;

use aws_lc_rs::signature::{ECDSA_P521_SHA512_FIXED, UnparsedPublicKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, crypto,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse, ThumbprintHash},
};
use serde_json::Value;

use super::jws::Jws;

/// A public key. Of a private one only its public part is here.
#[derive(Clone)]
pub(crate) struct PublicKey {
    pub id: Option<String>,
    /// Its thumbprint, as in RFC 7638.
    pub thumbprint: String,
    /// Whether it is meant for signatures.
    pub signs: bool,
    key: Key,
}

#[derive(Clone)]
enum Key {
    Rsa(DecodingKey),
    P256(DecodingKey),
    P384(DecodingKey),
    /// The point, uncompressed: jsonwebtoken has no ES512.
    P521(Vec<u8>),
}

/// The private members of JSON Web Keys, of every kind.
const PRIVATE: [&str; 7] = ["d", "p", "q", "dp", "dq", "qi", "k"];

/// Whether a JSON Web Key holds a secret.
pub(crate) fn is_private(jwk: &Value) -> bool {
    PRIVATE.iter().any(|member| jwk.get(member).is_some())
}

impl PublicKey {
    /// Reads a JSON Web Key; tells what is wrong with it, without its content.
    pub fn read(jwk: &Value) -> Result<Self, &'static str> {
        const KIND: &str = "it is not an RSA key, and not an EC key on P-256, P-384 or P-521";
        const PARTS: &str = "its members are not those of a public key, in base64url";
        let jwk: Jwk = serde_json::from_value(jwk.clone()).map_err(|_| KIND)?;
        let decoded = || DecodingKey::from_jwk(&jwk).map_err(|_| PARTS);
        let key = match &jwk.algorithm {
            AlgorithmParameters::RSA(_) => Key::Rsa(decoded()?),
            AlgorithmParameters::EllipticCurve(point) => match point.curve {
                EllipticCurve::P256 => Key::P256(decoded()?),
                EllipticCurve::P384 => Key::P384(decoded()?),
                EllipticCurve::P521 => Key::P521(uncompressed(&point.x, &point.y).ok_or(PARTS)?),
                _ => return Err(KIND),
            },
            _ => return Err(KIND),
        };
        let thumbprint = jwk.thumbprint(ThumbprintHash::SHA256).map_err(|_| PARTS)?;
        let signs = jwk.common.public_key_use.is_none_or(|usage| usage == PublicKeyUse::Signature);
        Ok(Self { id: jwk.common.key_id, thumbprint, signs, key })
    }

    /// Whether this key's owner has signed a document, by one of the ways that Okta takes.
    pub fn has_signed(&self, jws: &Jws<'_>) -> bool {
        use Algorithm::{ES256, ES384, RS256, RS384, RS512};
        let (key, algorithm) = match (&self.key, jws.header.alg.as_str()) {
            (Key::Rsa(key), "RS256") => (key, RS256),
            (Key::Rsa(key), "RS384") => (key, RS384),
            (Key::Rsa(key), "RS512") => (key, RS512),
            (Key::P256(key), "ES256") => (key, ES256),
            (Key::P384(key), "ES384") => (key, ES384),
            (Key::P521(point), "ES512") => return es512(point, jws),
            _ => return false,
        };
        crypto::verify(jws.signature, jws.signed.as_bytes(), key, algorithm).unwrap_or(false)
    }
}

fn es512(point: &[u8], jws: &Jws<'_>) -> bool {
    let Ok(signature) = URL_SAFE_NO_PAD.decode(jws.signature) else { return false };
    let key = UnparsedPublicKey::new(&ECDSA_P521_SHA512_FIXED, point);
    key.verify(jws.signed.as_bytes(), &signature).is_ok()
}

fn uncompressed(x: &str, y: &str) -> Option<Vec<u8>> {
    let (x, y) = (URL_SAFE_NO_PAD.decode(x).ok()?, URL_SAFE_NO_PAD.decode(y).ok()?);
    (x.len() == 66 && y.len() == 66).then(|| [&[4], x.as_slice(), y.as_slice()].concat())
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("PublicKey").field("id", &self.id).finish_non_exhaustive()
    }
}
