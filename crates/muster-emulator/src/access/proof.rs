//! DPoP proofs (RFC 9449, API.md §2.3): that whoever makes a request holds the key that a token is bound to.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::HeaderMap;
use percent_encoding::percent_decode_str;
use sha2::{Digest, Sha256};
use url::Url;

use super::{
    jws::Jws,
    public_key::{PublicKey, is_private},
    seen::Seen,
};

/// How far the time of a proof may be from now, in seconds, either way.
const FRESH: i64 = 300;

/// The request that a proof is to be made for.
pub(crate) struct Proved<'a> {
    pub method: &'a str,
    /// The address, as the client called it, without query.
    pub url: &'a str,
    /// The access token that it comes with.
    pub access_token: Option<&'a str>,
    /// In seconds.
    pub now: i64,
}

/// A proof that holds.
pub(crate) struct Proof {
    /// The thumbprint of its key.
    pub thumbprint: String,
    pub nonce: Option<String>,
    id: String,
    until: i64,
}

/// What is wrong with a proof, in words.
type Wrong = &'static str;

impl Proof {
    /// Reads and checks the proof of a request. That it was not used before is left to be asked.
    pub fn of(headers: &HeaderMap, proved: &Proved<'_>) -> Result<Self, Wrong> {
        let jws = Jws::read(sole(headers)?).ok_or("The DPoP proof JWT is malformed.")?;
        let key = key(&jws)?;
        if !key.has_signed(&jws) {
            return Err("The DPoP proof JWT signature is invalid.");
        }
        check_request(&jws, proved)?;
        let issued = jws.time("iat").ok_or("The DPoP proof JWT must have an iat claim.")?;
        if issued.abs_diff(proved.now) > FRESH.unsigned_abs() {
            return Err("The DPoP proof JWT iat claim is too old or too far in the future.");
        }
        let id =
            jws.text("jti").filter(|id| !id.is_empty()).ok_or("The DPoP proof JWT must have a jti claim.")?;
        Ok(Self {
            id: format!("{} {id}", key.thumbprint),
            nonce: jws.text("nonce").map(str::to_owned),
            // A proof is refused for its age after this second.
            until: issued.saturating_add(FRESH).saturating_add(1),
            thumbprint: key.thumbprint,
        })
    }

    /// Notes that the proof is used; refuses one that was.
    pub fn spend(&self, used: &mut Seen, now: i64) -> Result<(), Wrong> {
        let fresh = used.note(self.id.clone(), self.until, now);
        if fresh { Ok(()) } else { Err("The DPoP proof JWT has already been used.") }
    }
}

fn sole(headers: &HeaderMap) -> Result<&str, Wrong> {
    let mut given = headers.get_all("dpop").iter();
    let proof = given.next().ok_or("The DPoP proof JWT header is missing.")?;
    if given.next().is_some() {
        return Err("There must be one DPoP proof JWT header.");
    }
    proof.to_str().map_err(|_| "The DPoP proof JWT is malformed.")
}

/// The key that the proof is signed with: it brings its own, and only the public part of it.
fn key(jws: &Jws<'_>) -> Result<PublicKey, Wrong> {
    if jws.header.typ.as_deref() != Some("dpop+jwt") {
        return Err("The typ of the DPoP proof JWT must be dpop+jwt.");
    }
    let jwk = jws.header.jwk.as_ref().ok_or("The DPoP proof JWT must have a jwk in its header.")?;
    if is_private(jwk) {
        return Err("The jwk of the DPoP proof JWT must not hold a private key.");
    }
    PublicKey::read(jwk).map_err(|_| "The jwk of the DPoP proof JWT is invalid.")
}

fn check_request(jws: &Jws<'_>, proved: &Proved<'_>) -> Result<(), Wrong> {
    if jws.text("htm") != Some(proved.method) {
        return Err("The DPoP proof JWT htm claim must be the method of the request.");
    }
    if !jws.text("htu").is_some_and(|htu| is_same(htu, proved.url)) {
        return Err(
            "The DPoP proof JWT htu claim must be the URL of the request, without query and fragment.",
        );
    }
    let hash = proved.access_token.map(|token| URL_SAFE_NO_PAD.encode(Sha256::digest(token)));
    if hash.is_some_and(|hash| jws.text("ath") != Some(&hash)) {
        return Err("The DPoP proof JWT ath claim must be the hash of the access token.");
    }
    Ok(())
}

/// Whether two addresses are the same once they are written in the same way: the case of the host, a default port and
/// percent-encoding do not count. A query or a fragment, which a proof must not have, is refused; whether Okta is as
/// strict is not known.
fn is_same(given: &str, called: &str) -> bool {
    let (Ok(given), Ok(called)) = (Url::parse(given), Url::parse(called)) else { return false };
    let path = |url: &Url| percent_decode_str(url.path()).collect::<Vec<u8>>();
    given.query().is_none()
        && given.fragment().is_none()
        && given.origin() == called.origin()
        && path(&given) == path(&called)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_as_addresses() {
        let called = "https://Org.example/api/v1/users/ada%40example.com";
        assert!(is_same("https://org.example:443/api/v1/users/ada@example.com", called));
        for other in [
            "http://org.example/api/v1/users/ada@example.com",
            "https://org.example:8443/api/v1/users/ada@example.com",
            "https://org.example/api/v1/users/ada@example.com?a=b",
            "https://org.example/api/v1/users/ada@example.com#a",
            "https://org.example/api/v1/users",
            "/api/v1/users/ada@example.com",
            "",
        ] {
            assert!(!is_same(other, called), "{other}");
        }
    }
}
