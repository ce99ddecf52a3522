//! Key pairs in every form that a service app's key may have.

use aws_lc_rs::encoding::{AsBigEndian, AsDer};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING,
    EcdsaKeyPair, KeyPair, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use muster_core::secret::Secret;
use muster_okta::SigningKey;
use serde_json::{Value, json};

/// A key pair.
pub struct Key {
    /// The private key as a JSON Web Key, without `alg` and `kid`.
    pub jwk: Value,
    /// In PKCS#8.
    pub pkcs8: String,
    /// In PKCS#1 or SEC 1.
    pub own_form: String,
}

impl Key {
    /// The usual one.
    pub fn new() -> Self {
        Self::ec("P-256")
    }

    pub fn of(alg: &str) -> Self {
        match alg {
            "ES256" => Self::ec("P-256"),
            "ES384" => Self::ec("P-384"),
            "ES512" => Self::ec("P-521"),
            _ => Self::rsa(),
        }
    }

    fn ec(curve: &str) -> Self {
        let (algorithm, size) = match curve {
            "P-256" => (&ECDSA_P256_SHA256_FIXED_SIGNING, 32),
            "P-384" => (&ECDSA_P384_SHA384_FIXED_SIGNING, 48),
            _ => (&ECDSA_P521_SHA512_FIXED_SIGNING, 66),
        };
        let pair = EcdsaKeyPair::generate(algorithm).unwrap();
        let (x, y) = pair.public_key().as_ref()[1..].split_at(size);
        let d = pair.private_key().as_be_bytes().unwrap();
        let jwk = json!({"kty": "EC", "crv": curve, "x": text(x), "y": text(y), "d": text(d.as_ref())});
        let sec1 = pair.private_key().as_der().unwrap();
        let pkcs8 = pem("PRIVATE KEY", pair.to_pkcs8v1().unwrap().as_ref());
        Self { jwk, pkcs8, own_form: pem("EC PRIVATE KEY", sec1.as_ref()) }
    }

    fn rsa() -> Self {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let pkcs8 = pair.as_der().unwrap();
        // PKCS#8 is version, kind, and the PKCS#1 within a string.
        let whole = items(items(pkcs8.as_ref())[0]);
        let pkcs1 = whole[2];
        let numbers = items(items(pkcs1)[0]);
        let mut jwk = json!({"kty": "RSA"});
        for (name, number) in ["n", "e", "d", "p", "q", "dp", "dq", "qi"].iter().zip(&numbers[1..]) {
            let zeros = number.iter().take_while(|byte| **byte == 0).count();
            jwk[name] = json!(text(&number[zeros..]));
        }
        Self { jwk, pkcs8: pem("PRIVATE KEY", pkcs8.as_ref()), own_form: pem("RSA PRIVATE KEY", pkcs1) }
    }

    /// Its public part.
    pub fn public(&self, kid: Option<&str>) -> Value {
        let mut jwk = self.jwk.clone();
        for member in ["d", "p", "q", "dp", "dq", "qi"] {
            jwk.as_object_mut().unwrap().remove(member);
        }
        if let Some(kid) = kid {
            jwk["kid"] = json!(kid);
        }
        jwk
    }

    /// As a JSON Web Key for an algorithm.
    pub fn jwk(&self, alg: &str) -> String {
        let mut jwk = self.jwk.clone();
        jwk["alg"] = json!(alg);
        jwk.to_string()
    }

    /// As the client has it.
    pub fn signing(&self) -> SigningKey {
        read(&self.pkcs8, None)
    }
}

/// A key from its text.
pub fn read(text: &str, id: Option<&str>) -> SigningKey {
    SigningKey::read(&Secret::new(text), id).unwrap()
}

fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn pem(label: &str, der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let lines: Vec<&str> =
        base64.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

/// The contents of the DER values that stand one after the other.
fn items(mut der: &[u8]) -> Vec<&[u8]> {
    let mut items = Vec::new();
    while let [_, first, rest @ ..] = der {
        let (length, rest) = if *first < 0x80 {
            (usize::from(*first), rest)
        } else {
            let (length, rest) = rest.split_at(usize::from(first - 0x80));
            (length.iter().fold(0, |sum, byte| sum * 256 + usize::from(*byte)), rest)
        };
        let (item, rest) = rest.split_at(length);
        items.push(item);
        der = rest;
    }
    items
}
