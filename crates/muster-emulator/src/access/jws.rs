//! A signed JSON document (RFC 7515, compact), taken apart and not yet believed.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::{Map, Value};

/// A signed document.
pub(crate) struct Jws<'a> {
    pub header: JwsHeader,
    claims: Map<String, Value>,
    /// What is signed: the first two parts, as they came.
    pub signed: &'a str,
    pub signature: &'a str,
}

/// What it says of its signature.
#[derive(Deserialize)]
pub(crate) struct JwsHeader {
    pub alg: String,
    pub typ: Option<String>,
    pub kid: Option<String>,
    pub jwk: Option<Value>,
    /// Extensions that must be understood; none are.
    crit: Option<Value>,
}

impl<'a> Jws<'a> {
    /// Takes a document apart; none if it is not one.
    pub fn read(text: &'a str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header: JwsHeader = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        let claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
        header.crit.is_none().then_some(Self { header, claims, signed, signature })
    }

    /// A claim that is a text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name)?.as_str()
    }

    /// A claim that is a time, in seconds. Fractions are allowed, and dropped.
    pub fn time(&self, name: &str) -> Option<i64> {
        let value = self.claims.get(name)?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a time beyond i64 becomes the last one there is"
        )]
        value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64))
    }

    /// Whether a claim is this text, or a list that has it.
    pub fn names(&self, name: &str, wanted: &str) -> bool {
        match self.claims.get(name) {
            Some(Value::String(text)) => text == wanted,
            Some(Value::Array(texts)) => texts.iter().any(|text| text.as_str() == Some(wanted)),
            _ => false,
        }
    }
}
