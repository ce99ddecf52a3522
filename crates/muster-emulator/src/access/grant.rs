//! `POST /oauth2/v1/token`: access tokens for service apps (API.md §2.2 and §2.3).

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::{
    Access, Asked, Live,
    access_tokens::AccessToken,
    assertion::{self, Presented},
    form::Form,
    oauth_settings::Ungranted,
    proof::{Proof, Proved},
    scope::Scope,
    service_app::ServiceApp,
};
use crate::{
    api::call::{Answer, Reply},
    emulator::locked,
    rate::Principal,
    refusal::Refusal,
};

/// How many characters an access token has.
const LENGTH: usize = 64;

/// An answer of the token endpoint, and the nonce for the next time.
pub(crate) struct Granted {
    pub answer: Answer,
    pub nonce: Option<String>,
}

impl Access {
    /// Answers a request for a token.
    pub fn grant(&self, asked: &Asked<'_>) -> Granted {
        let mut live = locked(&self.live);
        let granted = self.granted(&mut live, asked);
        let (answer, bound) = match granted {
            Ok((reply, bound)) => (Ok(reply), bound),
            Err(refusal) => (Err(refusal), false),
        };
        let Live { nonces, ids, .. } = &mut *live;
        Granted { answer, nonce: bound.then(|| nonces.current(ids, asked.now)) }
    }

    fn granted(&self, live: &mut Live, asked: &Asked<'_>) -> Result<(Reply, bool), Refusal> {
        let form = Form::read(asked.body);
        form.check()?;
        let place = self.client(live, asked, &form)?;
        let app = self.apps.get(place).ok_or_else(Refusal::internal)?;
        match form.get("grant_type") {
            Some("client_credentials") => {}
            Some(_) => return Err(Refusal::unsupported_grant_type()),
            None => return Err(Refusal::invalid_request("The grant_type parameter is missing.")),
        }
        let scopes = self.scopes(app, &form)?;
        let bound_to = app.dpop.then(|| self.bound_to(live, asked, app)).transpose()?;
        let bound = bound_to.is_some();
        let token = AccessToken { app: place, scopes: scopes.into(), expires: self.end(asked.now), bound_to };
        Ok((self.issue(live, token, asked.now)?, bound))
    }

    /// Who asks, once that is proven.
    fn client(&self, live: &mut Live, asked: &Asked<'_>, form: &Form) -> Result<usize, Refusal> {
        let endpoint = asked.url();
        let presented = Presented {
            form,
            secret_header: asked.parts.headers.contains_key(http::header::AUTHORIZATION),
            endpoint: &endpoint,
            now: asked.now.as_second(),
        };
        let place = assertion::proven(&self.apps, &mut live.assertions, &presented)?;
        if live.stopped.contains(&Principal::App(place)) {
            let words =
                "Client authentication failed. Either the client or the client credentials are invalid.";
            return Err(Refusal::invalid_client(words));
        }
        Ok(place)
    }

    /// What is asked for and was granted. A scope counts as granted by its own name only: who was granted
    /// `okta.users.manage` does not get a token for `okta.users.read`, and does not need one.
    fn scopes(&self, app: &ServiceApp, form: &Form) -> Result<Vec<Scope>, Refusal> {
        let mut scopes: Vec<Scope> = Vec::new();
        let asked = form.get("scope").unwrap_or_default().split_ascii_whitespace();
        for name in asked {
            let unknown = "One or more scopes are not configured for the authorization server resource.";
            let scope: Scope = name.parse().map_err(|_| Refusal::invalid_scope(unknown))?;
            let granted = app.scopes.contains(&scope);
            if !granted && self.oauth.ungranted == Ungranted::Refused {
                return Err(Refusal::invalid_scope("One or more scopes are not granted to the client."));
            }
            if granted && !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        if scopes.is_empty() {
            let words = "The requested scope is missing, or none of it is granted to the client.";
            return Err(Refusal::invalid_scope(words));
        }
        Ok(scopes)
    }

    /// The key that the token is bound to. A proof without a good nonce is always answered with one.
    fn bound_to(&self, live: &mut Live, asked: &Asked<'_>, app: &ServiceApp) -> Result<String, Refusal> {
        let (url, now) = (asked.url(), asked.now.as_second());
        let proved = Proved { method: asked.parts.method.as_str(), url: &url, access_token: None, now };
        let proof = Proof::of(&asked.parts.headers, &proved).map_err(Refusal::invalid_proof)?;
        let own = app.keys.iter().any(|key| key.thumbprint == proof.thumbprint);
        if own && self.oauth.dpop_key_apart {
            return Err(Refusal::invalid_proof(
                "The key of the DPoP proof JWT must not be a key of the client.",
            ));
        }
        let Live { nonces, ids, proofs, .. } = live;
        proof.spend(proofs, now).map_err(Refusal::invalid_proof)?;
        let current = nonces.current(ids, asked.now);
        if proof.nonce.as_ref().is_some_and(|nonce| nonces.is_good(nonce, asked.now)) {
            Ok(proof.thumbprint)
        } else {
            Err(Refusal::use_nonce(current))
        }
    }

    fn end(&self, now: Timestamp) -> Timestamp {
        let lifetime = SignedDuration::try_from(self.oauth.token_lifetime).unwrap_or(SignedDuration::MAX);
        now.saturating_add(lifetime).unwrap_or(Timestamp::MAX)
    }

    fn issue(&self, live: &mut Live, token: AccessToken, now: Timestamp) -> Result<Reply, Refusal> {
        let text = live.ids.token("", LENGTH);
        let names: Vec<&str> = token.scopes.iter().map(|scope| &*scope.name).collect();
        let reply = Reply::json(&json!({
            "token_type": if token.bound_to.is_some() { "DPoP" } else { "Bearer" },
            "expires_in": self.oauth.token_lifetime.as_secs(),
            "access_token": text,
            "scope": names.join(" "),
        }));
        live.tokens.keep(text, token, now);
        reply
    }
}
