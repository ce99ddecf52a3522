//! Private JSON Web Keys (RFC 7517, RFC 7518 §6).

use aws_lc_rs::rsa::{KeyPairComponents, PublicKeyComponents};
use aws_lc_rs::signature::{EcdsaKeyPair, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::signing_key::{BadSigningKey, CURVES, Pair};

/// What a key was found to be.
pub struct Found {
    /// The key itself.
    pub pair: Pair,
    /// `alg`
    pub algorithm: Option<String>,
    /// `kid`
    pub id: Option<String>,
}

/// A key, or a set of keys.
#[derive(Deserialize)]
struct Jwk {
    keys: Option<Vec<Jwk>>,
    kty: Option<String>,
    kid: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<Member>,
    e: Option<Member>,
    d: Option<Member>,
    p: Option<Member>,
    q: Option<Member>,
    dp: Option<Member>,
    dq: Option<Member>,
    qi: Option<Member>,
    x: Option<Member>,
    y: Option<Member>,
}

/// A member that may be secret. It is wiped when dropped.
#[derive(Deserialize)]
#[serde(from = "String")]
struct Member(Zeroizing<String>);

impl From<String> for Member {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

/// Reads a key; of a set the one of this id, or the only one.
pub fn read(text: &str, id: Option<&str>) -> Result<Found, BadSigningKey> {
    let mut jwk: Jwk = serde_json::from_str(text).map_err(|_| BadSigningKey::Unknown)?;
    if let Some(keys) = jwk.keys.take() {
        jwk = chosen(keys, id).ok_or(BadSigningKey::Set)?;
    }
    if jwk.kty.is_none() {
        return Err(BadSigningKey::Unknown);
    }
    if jwk.d.is_none() {
        return Err(BadSigningKey::Public);
    }
    let pair = match jwk.kty.as_deref() {
        Some("RSA") => rsa(&jwk)?,
        Some("EC") => ec(&jwk)?,
        _ => return Err(BadSigningKey::Kind),
    };
    Ok(Found { pair, algorithm: jwk.alg, id: jwk.kid })
}

fn chosen(mut keys: Vec<Jwk>, id: Option<&str>) -> Option<Jwk> {
    if keys.len() == 1 {
        return keys.pop();
    }
    keys.into_iter().find(|key| id.is_some() && key.kid.as_deref() == id)
}

fn rsa(jwk: &Jwk) -> Result<Pair, BadSigningKey> {
    let public = [bytes("n", jwk.n.as_ref())?, bytes("e", jwk.e.as_ref())?];
    let [modulus, exponent] = &public;
    let private = [
        bytes("d", jwk.d.as_ref())?,
        bytes("p", jwk.p.as_ref())?,
        bytes("q", jwk.q.as_ref())?,
        bytes("dp", jwk.dp.as_ref())?,
        bytes("dq", jwk.dq.as_ref())?,
        bytes("qi", jwk.qi.as_ref())?,
    ];
    let [d, p, q, dp, dq, qi] = private.each_ref().map(|member| without_zeros(member));
    let components = KeyPairComponents {
        public_key: PublicKeyComponents { n: without_zeros(modulus), e: without_zeros(exponent) },
        d,
        p,
        q,
        dP: dp,
        dQ: dq,
        qInv: qi,
    };
    let pair = RsaKeyPair::from_components(&components).map_err(|_| BadSigningKey::Rejected)?;
    Ok(Pair::Rsa(Box::new(pair)))
}

fn ec(jwk: &Jwk) -> Result<Pair, BadSigningKey> {
    let [p256, p384, p521] = CURVES;
    let (curve, size) = match jwk.crv.as_deref() {
        Some("P-256") => (p256, 32),
        Some("P-384") => (p384, 48),
        Some("P-521") => (p521, 66),
        _ => return Err(BadSigningKey::Kind),
    };
    let part = |name, member: Option<&Member>| Ok(filled(&bytes(name, member)?, size));
    let (x, y) = (part("x", jwk.x.as_ref())?, part("y", jwk.y.as_ref())?);
    let point = [&[4], x.as_slice(), y.as_slice()].concat();
    let pair = EcdsaKeyPair::from_private_key_and_public_key(curve, &part("d", jwk.d.as_ref())?, &point);
    pair.map(Pair::Ec).map_err(|_| BadSigningKey::Rejected)
}

fn bytes(name: &'static str, member: Option<&Member>) -> Result<Zeroizing<Vec<u8>>, BadSigningKey> {
    let text = member.map(|member| member.0.trim_end_matches('='));
    let decoded = text.and_then(|text| URL_SAFE_NO_PAD.decode(text).ok()).filter(|bytes| !bytes.is_empty());
    decoded.map(Zeroizing::new).ok_or(BadSigningKey::Member(name))
}

fn without_zeros(mut bytes: &[u8]) -> &[u8] {
    while let [0, rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}

/// Some writers leave leading zeros out, which a coordinate must have.
fn filled(bytes: &[u8], size: usize) -> Zeroizing<Vec<u8>> {
    let bytes = without_zeros(bytes);
    let mut whole = Zeroizing::new(vec![0; size.saturating_sub(bytes.len())]);
    whole.extend_from_slice(bytes);
    whole
}
