//! One request for a token, repeated as the endpoint demands: with a proof, with its nonce, by its clock.

use ::http::header::{ACCEPT, CONTENT_TYPE};
use ::http::{HeaderMap, Request};
use bytes::Bytes;
use jiff::SignedDuration;
use tokio::time::Instant;
use url::form_urlencoded;

use super::dpop::Proved;
use super::grant::{self, Grant, TokenFailure};
use super::keeper::TokenKeeper;
use crate::transport::Transport;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Without a proof, without its nonce, at the wrong time, with a nonce of yesterday: then it should do.
const MOST_REQUESTS: usize = 6;

/// A clock that is so far off may be why something signed was refused.
const FAR_OFF: SignedDuration = SignedDuration::from_secs(60);

impl TokenKeeper {
    /// A token for these scopes.
    pub(super) async fn converse(
        &self,
        transport: &dyn Transport,
        scopes: &[String],
    ) -> Result<Grant, TokenFailure> {
        let mut last = TokenFailure::away("no access token could be had: nothing was asked");
        for _ in 0..MOST_REQUESTS {
            let asked_at = Instant::now();
            let Some(request) = self.request(scopes) else {
                return Err(TokenFailure::away("no access token could be had: the key can't sign"));
            };
            let answer = transport.send(request).await;
            let answer = answer.map_err(|error| TokenFailure::unreached(&error))?;
            let off = self.clock.hear(answer.headers());
            let nonce_is_new = self.keep_token_nonce(answer.headers());
            match grant::read(&answer, asked_at) {
                Err(failure) if self.corrects(&failure, off, nonce_is_new) => last = failure,
                other => return other,
            }
        }
        Err(last)
    }

    /// Whether the next request will be another one than that which was refused so.
    fn corrects(&self, failure: &TokenFailure, off: SignedDuration, nonce_is_new: bool) -> bool {
        match failure.code() {
            "use_dpop_nonce" => self.demand_dpop() || nonce_is_new,
            "invalid_dpop_proof" => self.demand_dpop() || off > FAR_OFF || nonce_is_new,
            "invalid_client" => off > FAR_OFF,
            _ => false,
        }
    }

    fn request(&self, scopes: &[String]) -> Option<Request<Bytes>> {
        let endpoint = self.endpoint.as_str();
        let assertion = self.app.assertion(endpoint, self.clock.now())?;
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("scope", &scopes.join(" "))
            .append_pair("client_assertion_type", ASSERTION_TYPE)
            .append_pair("client_assertion", &assertion)
            .finish();
        let mut request = Request::post(endpoint)
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        if self.proves() {
            let nonce = self.token_nonce();
            let now = self.clock.now();
            let proved =
                Proved { method: "POST", url: endpoint, token_hash: None, nonce: nonce.as_deref(), now };
            request = request.header("dpop", self.proof(&proved)?);
        }
        request.body(Bytes::from(form)).ok()
    }
}

/// The nonce that an answer gives for the next proof.
pub(super) fn nonce_of(headers: &HeaderMap) -> Option<String> {
    Some(headers.get("dpop-nonce")?.to_str().ok()?.to_owned())
}
