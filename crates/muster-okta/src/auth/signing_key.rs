//! The private key of a service app: read from a JSON Web Key or from PEM, and good for nothing but signing.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING,
    EcdsaKeyPair, EcdsaSigningAlgorithm, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RsaKeyPair,
    RsaSignatureEncoding,
};
use muster_core::secret::Secret;
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;
use serde_json::{Value, json};

use super::{jwk, jws};

/// Why a text is no key that can sign. Nothing of the text is in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSigningKey {
    /// Neither form.
    #[error("it is neither a JSON Web Key nor PEM (-----BEGIN PRIVATE KEY-----)")]
    Unknown,
    /// Behind a passphrase.
    #[error("it is encrypted; take the passphrase off: openssl pkcs8 -topk8 -nocrypt -in KEY -out key.pem")]
    Encrypted,
    /// Only half of a pair.
    #[error("it is a public key or a certificate; the private key is needed, which stays with you")]
    Public,
    /// A key that Okta takes no signatures of.
    #[error("it is not an RSA key, and not an EC key on P-256, P-384 or P-521")]
    Kind,
    /// An algorithm that is not one of Okta's, or of another kind of key.
    #[error(
        "its alg {0:?} is not one that Okta takes for such a key (RS256, RS384, RS512, ES256, ES384, ES512)"
    )]
    Algorithm(String),
    /// A JSON Web Key that lacks something.
    #[error("its member `{0}` is missing, or is not base64url; a private JSON Web Key has it")]
    Member(&'static str),
    /// A set from which none is chosen.
    #[error(
        "it is a set of several JSON Web Keys, and none of them has the key id that is set (OKTA_KEY_ID)"
    )]
    Set,
    /// Its parts do not fit, or it is too short.
    #[error("it is damaged, or not between 2048 and 8192 bits long")]
    Rejected,
}

/// A private key that signs. It can be neither printed nor read out.
pub struct SigningKey {
    pair: Pair,
    algorithm: &'static str,
    id: Option<String>,
}

pub(super) enum Pair {
    Rsa(Box<RsaKeyPair>),
    Ec(EcdsaKeyPair),
}

impl SigningKey {
    /// Reads a JSON Web Key (or a set of them) or PEM (PKCS#8, PKCS#1, SEC 1). `id` goes before the key's own `kid`.
    pub fn read(text: &Secret, id: Option<&str>) -> Result<Self, BadSigningKey> {
        let whole = text.reveal().trim();
        if whole.starts_with('{') {
            let found = jwk::read(whole, id)?;
            let algorithm = found.pair.algorithm(found.algorithm.as_deref())?;
            return Ok(Self { pair: found.pair, algorithm, id: id.map(str::to_owned).or(found.id) });
        }
        // A variable or a line of YAML often has its line breaks written as two characters.
        let whole = Secret::new(whole.replace("\\r", "").replace("\\n", "\n"));
        let pair = pem(whole.reveal())?;
        Ok(Self { algorithm: pair.algorithm(None)?, pair, id: id.map(str::to_owned) })
    }

    /// The algorithm that it signs with.
    pub fn algorithm(&self) -> &'static str {
        self.algorithm
    }

    /// Its id.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// A document with its signature.
    pub(super) fn sign(&self, claims: &Value) -> Option<String> {
        let mut header = json!({"typ": "JWT", "alg": self.algorithm});
        if let Some(id) = &self.id {
            header["kid"] = json!(id);
        }
        jws::compact(&header, claims, |message| self.pair.sign(self.algorithm, message))
    }
}

impl Pair {
    /// The algorithm to sign with: the one that is told, or the one that goes with the key.
    fn algorithm(&self, told: Option<&str>) -> Result<&'static str, BadSigningKey> {
        let fitting: &[&'static str] = match self {
            Self::Rsa(_) => &["RS256", "RS384", "RS512"],
            Self::Ec(pair) if *pair.algorithm() == ECDSA_P256_SHA256_FIXED_SIGNING => &["ES256"],
            Self::Ec(pair) if *pair.algorithm() == ECDSA_P384_SHA384_FIXED_SIGNING => &["ES384"],
            Self::Ec(_) => &["ES512"],
        };
        let wanted = |name: &&&'static str| told.is_none_or(|told| told == **name);
        let found = fitting.iter().find(wanted).copied();
        found.ok_or_else(|| BadSigningKey::Algorithm(told.unwrap_or_default().chars().take(20).collect()))
    }

    fn sign(&self, algorithm: &str, message: &[u8]) -> Option<Vec<u8>> {
        let dice = SystemRandom::new();
        match self {
            Self::Ec(pair) => Some(pair.sign(&dice, message).ok()?.as_ref().to_vec()),
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(encoding(algorithm), &dice, message, &mut signature).ok()?;
                Some(signature)
            }
        }
    }
}

fn encoding(algorithm: &str) -> &'static RsaSignatureEncoding {
    match algorithm {
        "RS384" => &RSA_PKCS1_SHA384,
        "RS512" => &RSA_PKCS1_SHA512,
        _ => &RSA_PKCS1_SHA256,
    }
}

/// The curves that Okta takes.
pub(super) const CURVES: [&EcdsaSigningAlgorithm; 3] =
    [&ECDSA_P256_SHA256_FIXED_SIGNING, &ECDSA_P384_SHA384_FIXED_SIGNING, &ECDSA_P521_SHA512_FIXED_SIGNING];

fn pem(text: &str) -> Result<Pair, BadSigningKey> {
    if text.contains("ENCRYPTED") {
        return Err(BadSigningKey::Encrypted);
    }
    let Ok(key) = PrivateKeyDer::from_pem_slice(text.as_bytes()) else {
        let public = text.contains("PUBLIC KEY-----") || text.contains("CERTIFICATE-----");
        return Err(if public { BadSigningKey::Public } else { BadSigningKey::Unknown });
    };
    let key = zeroize::Zeroizing::new(key);
    match &*key {
        PrivateKeyDer::Pkcs1(der) => rsa(RsaKeyPair::from_der(der.secret_pkcs1_der())),
        PrivateKeyDer::Sec1(der) => ec(der.secret_sec1_der()).ok_or(BadSigningKey::Kind),
        PrivateKeyDer::Pkcs8(der) => {
            let der = der.secret_pkcs8_der();
            ec(der).map_or_else(|| rsa_or_else(der), Ok)
        }
        _ => Err(BadSigningKey::Kind),
    }
}

fn rsa(read: Result<RsaKeyPair, aws_lc_rs::error::KeyRejected>) -> Result<Pair, BadSigningKey> {
    read.map(|pair| Pair::Rsa(Box::new(pair))).map_err(|_| BadSigningKey::Rejected)
}

/// PKCS#8 holds keys of any kind; an RSA key that is too short is one of the right kind.
fn rsa_or_else(der: &[u8]) -> Result<Pair, BadSigningKey> {
    RsaKeyPair::from_pkcs8(der).map(|pair| Pair::Rsa(Box::new(pair))).map_err(|reason| {
        match reason.to_string().as_str() {
            "TooSmall" | "TooLarge" => BadSigningKey::Rejected,
            _ => BadSigningKey::Kind,
        }
    })
}

fn ec(der: &[u8]) -> Option<Pair> {
    let read = |curve: &&'static EcdsaSigningAlgorithm| EcdsaKeyPair::from_private_key_der(curve, der).ok();
    CURVES.iter().find_map(read).map(Pair::Ec)
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SigningKey")
            .field("algorithm", &self.algorithm)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
