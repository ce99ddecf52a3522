//! Who may call. Checked before anything of the body is read.

mod addresses;
mod secret;
mod token;

use std::net::IpAddr;

use http::{Method, request::Parts};

pub use addresses::Addresses;
pub use secret::HeaderSecret;
pub use token::{TokenRules, Tokens};

use super::answer::Refusal;

/// Everything that a call has to get past.
pub struct Guard {
    /// Where the hook is.
    pub path: String,
    /// From where.
    pub addresses: Addresses,
    /// With which header.
    pub secret: Option<HeaderSecret>,
    /// Or with which token.
    pub tokens: Option<Tokens>,
}

impl Guard {
    /// Whether a call may go on to its body.
    pub fn check(&self, parts: &Parts, peer: IpAddr) -> Result<(), Refusal> {
        if !self.addresses.may_call(peer, &parts.headers) {
            return Err(Refusal::Address);
        }
        if parts.uri.path() != self.path {
            return Err(Refusal::Path);
        }
        if parts.method != Method::POST {
            return Err(Refusal::Method);
        }
        if self.shows_itself(parts) { Ok(()) } else { Err(Refusal::Credentials) }
    }

    /// Without a secret and without tokens it is the client's certificate that shows who calls, and it was checked
    /// when the connection was made.
    fn shows_itself(&self, parts: &Parts) -> bool {
        let by_secret = self.secret.as_ref().map(|secret| secret.holds(&parts.headers));
        let by_token = self.tokens.as_ref().map(|tokens| tokens.hold(&parts.headers));
        match (by_secret, by_token) {
            (None, None) => true,
            (secret, token) => secret.unwrap_or(false) || token.unwrap_or(false),
        }
    }
}
