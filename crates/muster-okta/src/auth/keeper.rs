//! The access token of a service app: kept, renewed ahead of its end by one of those who need it, and thrown away
//! when the org refuses it.
//!
//! Nothing here runs by itself: whoever finds that it is time gets the next token, and the others go on with the old
//! one as long as it is good. Who is dropped meanwhile leaves the task to the next.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use ::http::HeaderMap;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;
use url::Url;

use super::access_token::AccessToken;
use super::authorization::header;
use super::clock::OrgClock;
use super::conversation::nonce_of;
use super::dpop::{ProofKey, Proved, hash_of};
use super::grant::{Grant, TokenFailure};
use super::renewal::Patience;
use super::scopes::ScopeNeed;
use super::service_app::ServiceApp;
use crate::transport::Transport;

/// Keeps the token of one app at one org.
#[derive(Debug)]
pub struct TokenKeeper {
    pub(super) app: ServiceApp,
    pub(super) endpoint: Url,
    pub(super) clock: OrgClock,
    proof_key: OnceLock<Option<ProofKey>>,
    state: Mutex<State>,
    /// Held by whoever gets the next token.
    turn: Semaphore,
}

#[derive(Debug, Default)]
struct State {
    current: Option<Arc<AccessToken>>,
    generation: u64,
    /// New tokens that were refused in a row.
    refused_at_once: u32,
    /// Renewals that failed with nothing to go on with, and how the last one did.
    failures: u64,
    failure: Option<TokenFailure>,
    /// Not before this time is the next token asked for while the present one is good.
    rests_until: Option<Instant>,
    dpop: bool,
    token_nonce: Option<String>,
    resource_nonce: Option<String>,
    /// What was found to be granted, where that is not all that was wished for.
    settled: Option<Vec<String>>,
}

/// What is known of the token of a service app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenReport {
    /// How long it is good in all.
    pub life: Duration,
    /// Whether it is bound to a key and every request proves it.
    pub dpop: bool,
    /// The scopes that it was given for.
    pub scopes: Vec<String>,
    /// What is needed and was not granted by the name that was asked for first.
    pub missing: Vec<ScopeNeed>,
    /// How many tokens this process has had.
    pub generation: u64,
}

/// How often a new token may be refused at once before that is taken for the last word.
const MOST_REFUSED_AT_ONCE: u32 = 2;

/// How long after a failed renewal ahead of time the next one is tried.
const REST: Duration = Duration::from_secs(20);

impl TokenKeeper {
    /// Has no token yet.
    pub fn new(app: ServiceApp, endpoint: Url) -> Self {
        let state = State { dpop: app.dpop(), ..State::default() };
        Self {
            app,
            endpoint,
            clock: OrgClock::default(),
            proof_key: OnceLock::new(),
            state: Mutex::new(state),
            turn: Semaphore::new(1),
        }
    }

    /// A token that is good, for now.
    pub async fn token(&self, transport: &dyn Transport) -> Result<Arc<AccessToken>, TokenFailure> {
        let now = Instant::now();
        let (current, failures, rests) = {
            let state = self.locked();
            let rests = state.rests_until.is_some_and(|until| now < until);
            (state.current.clone(), state.failures, rests)
        };
        match current {
            Some(token) if now < token.renew_at => Ok(token),
            Some(token) if now < token.ends_at => {
                let token = self.ahead(transport, token, rests).await;
                // A try that was in vain may have taken longer than the present token was good.
                if Instant::now() < token.ends_at {
                    Ok(token)
                } else {
                    self.at_last(transport, failures).await
                }
            }
            _ => self.at_last(transport, failures).await,
        }
    }

    /// The next token, if nobody else is getting it; otherwise the present one.
    async fn ahead(
        &self,
        transport: &dyn Transport,
        present: Arc<AccessToken>,
        rests: bool,
    ) -> Arc<AccessToken> {
        let Some(turn) = self.turn.try_acquire().ok().filter(|_| !rests) else { return present };
        if let Some(token) = self.current().filter(|token| token.generation != present.generation) {
            return token;
        }
        if let Ok(token) = self.renew(transport, Patience::OneTry, turn).await {
            return token;
        }
        tracing::warn!("the next access token can't be had yet; the present one is good for a while");
        self.locked().rests_until = Some(Instant::now() + REST.min(present.life / 10));
        present
    }

    /// There is no good token: whoever comes first gets one, the others wait for it, and share its failure.
    async fn at_last(
        &self,
        transport: &dyn Transport,
        failures: u64,
    ) -> Result<Arc<AccessToken>, TokenFailure> {
        let Ok(turn) = self.turn.acquire().await else {
            return Err(TokenFailure::away("no access token could be had: the run ends"));
        };
        if let Some(token) = self.current().filter(|token| Instant::now() < token.ends_at) {
            return Ok(token);
        }
        {
            let state = self.locked();
            if let Some(failure) = state.failure.clone().filter(|_| state.failures != failures) {
                return Err(failure);
            }
        }
        let renewed = self.renew(transport, Patience::Some, turn).await;
        if let Err(failure) = &renewed {
            let mut state = self.locked();
            state.failures += 1;
            state.failure = Some(failure.clone());
        }
        renewed
    }

    async fn renew(
        &self,
        transport: &dyn Transport,
        patience: Patience,
        _turn: SemaphorePermit<'_>,
    ) -> Result<Arc<AccessToken>, TokenFailure> {
        let grant = self.renewed(transport, patience).await?;
        self.keep(grant)
    }

    fn keep(&self, grant: Grant) -> Result<Arc<AccessToken>, TokenFailure> {
        let asked = self.asked();
        let (scheme, bound) =
            if grant.bound { ("DPoP", Some(hash_of(&grant.token))) } else { ("Bearer", None) };
        let Some(header) = header(scheme, &grant.token) else {
            return Err(TokenFailure::away("no access token could be had: no header can hold it"));
        };
        let mut state = self.locked();
        state.generation += 1;
        let scopes = grant.scopes.unwrap_or(asked);
        let times = (grant.asked_at, grant.life);
        let token = Arc::new(AccessToken::new(state.generation, (header, bound), scopes, times));
        state.current = Some(token.clone());
        tracing::info!(number = token.generation, seconds = token.life.as_secs(), "a new access token");
        Ok(token)
    }

    /// The org has taken the token.
    pub fn worked(&self, token: &AccessToken) {
        if token.has_worked() {
            self.locked().refused_at_once = 0;
        }
    }

    /// The org has refused the token: it is used no more. Whether there is any sense in another one.
    pub fn refused(&self, token: &AccessToken) -> bool {
        let mut state = self.locked();
        let present = state.current.as_ref().is_some_and(|current| current.generation == token.generation);
        if !present {
            // Others found that out before.
            return true;
        }
        state.current = None;
        tracing::info!(number = token.generation, "the org refused the access token: getting another one");
        if !token.worked() {
            state.refused_at_once += 1;
        }
        state.refused_at_once < MOST_REFUSED_AT_ONCE
    }

    /// What is known of the token, which is asked for if there is none.
    pub async fn report(&self, transport: &dyn Transport) -> Result<TokenReport, TokenFailure> {
        let token = self.token(transport).await?;
        let met = |need: &&ScopeNeed| token.scopes.iter().any(|scope| scope == need.name());
        let missing = self.app.needs().iter().filter(|need| !met(need)).cloned().collect();
        Ok(TokenReport {
            life: token.life,
            dpop: token.bound.is_some(),
            scopes: token.scopes.clone(),
            missing,
            generation: token.generation,
        })
    }

    /// The scopes to ask for.
    pub(super) fn asked(&self) -> Vec<String> {
        let settled = self.locked().settled.clone();
        settled.unwrap_or_else(|| self.app.needs().iter().map(|need| need.name().to_owned()).collect())
    }

    /// These are the scopes that can be had.
    pub(super) fn settle_on(&self, scopes: Vec<String>) {
        self.locked().settled = Some(scopes);
    }

    /// Whether requests for tokens come with a proof.
    pub(super) fn proves(&self) -> bool {
        self.locked().dpop
    }

    /// From now on they do; whether that is news.
    pub(super) fn demand_dpop(&self) -> bool {
        !std::mem::replace(&mut self.locked().dpop, true)
    }

    /// A proof with the key of this process.
    pub(super) fn proof(&self, proved: &Proved<'_>) -> Option<String> {
        self.proof_key.get_or_init(ProofKey::generate).as_ref()?.prove(proved)
    }

    /// The nonce for the next request for a token.
    pub(super) fn token_nonce(&self) -> Option<String> {
        self.locked().token_nonce.clone()
    }

    /// Keeps the nonce of an answer of the token endpoint; whether it is another one.
    pub(super) fn keep_token_nonce(&self, headers: &HeaderMap) -> bool {
        kept(&mut self.locked().token_nonce, nonce_of(headers))
    }

    /// The nonce for the next proof that goes with a token.
    pub(super) fn resource_nonce(&self) -> Option<String> {
        self.locked().resource_nonce.clone()
    }

    /// Keeps the nonce of an answer to a request with a token; whether it is another one.
    pub(super) fn keep_resource_nonce(&self, headers: &HeaderMap) -> bool {
        kept(&mut self.locked().resource_nonce, nonce_of(headers))
    }

    fn current(&self) -> Option<Arc<AccessToken>> {
        self.locked().current.clone()
    }

    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn kept(place: &mut Option<String>, nonce: Option<String>) -> bool {
    let is_new = nonce.is_some() && *place != nonce;
    if is_new {
        *place = nonce;
    }
    is_new
}
