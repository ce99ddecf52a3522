//! Whoever makes a request, once their token is found to be good.

use std::sync::Arc;

use http::header;

use super::{
    Access, Asked, Live, assertion,
    form::Form,
    proof::{Proof, Proved},
    scope::{Scope, allow},
};
use crate::{
    emulator::locked,
    model::events::Actor,
    operation::{OperationId, Recognised, Right},
    rate::Principal,
    refusal::Refusal,
    scheme,
};

/// Somebody whose token is good, or who needs none.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub principal: Principal,
    /// None: every right.
    rights: Option<Arc<[Scope]>>,
    /// The scheme, for those with an access token.
    scheme: Option<&'static str>,
}

impl Caller {
    /// Refuses what the caller has no right to.
    pub fn check(&self, right: Right) -> Result<(), Refusal> {
        match &self.rights {
            Some(rights) if !allow(rights, right) => {
                let lacking =
                    |scheme| Refusal::insufficient_scope(scheme, &right.scope().unwrap_or_default());
                Err(self.scheme.map_or_else(Refusal::not_permitted, lacking))
            }
            _ => Ok(()),
        }
    }

    /// The caller, for the System Log.
    pub fn actor(&self) -> Actor {
        let place = |place: usize| u16::try_from(place).unwrap_or(u16::MAX);
        match self.principal {
            Principal::Token(token) => Actor::Token(place(token)),
            Principal::App(app) => Actor::App(place(app)),
            Principal::Anyone => Actor::System,
        }
    }

    fn open(principal: Principal) -> Self {
        Self { principal, rights: None, scheme: None }
    }
}

impl Access {
    /// Who makes a request. A request that needs a token and has no good one is refused.
    pub fn caller(&self, asked: &Asked<'_>, wanted: Option<&Recognised<'_>>) -> Result<Caller, Refusal> {
        match wanted.map(|wanted| wanted.operation) {
            Some(operation) if operation.id == OperationId::Token => {
                let named = assertion::named(&self.apps, &Form::read(asked.body));
                Ok(Caller::open(named.map_or(Principal::Anyone, Principal::App)))
            }
            Some(operation) if operation.right == Right::Open => Ok(Caller::open(Principal::Anyone)),
            _ => self.holder(asked),
        }
    }

    /// The holder of the token that a request comes with.
    fn holder(&self, asked: &Asked<'_>) -> Result<Caller, Refusal> {
        let given = asked.parts.headers.get(header::AUTHORIZATION).and_then(|given| given.to_str().ok());
        let (scheme, token) = given.and_then(scheme::split).ok_or_else(Refusal::invalid_token)?;
        let (token, live) = (token.trim(), &mut *locked(&self.live));
        if scheme.eq_ignore_ascii_case("SSWS") {
            self.token_holder(live, token).ok_or_else(Refusal::invalid_token)
        } else if scheme.eq_ignore_ascii_case("Bearer") {
            self.bearer(live, asked, token)
        } else if scheme.eq_ignore_ascii_case("DPoP") {
            prover(live, asked, token)
        } else {
            Err(Refusal::invalid_token())
        }
    }

    fn token_holder(&self, live: &Live, name: &str) -> Option<Caller> {
        let (place, token) = self.tokens.iter().enumerate().find(|(_, token)| token.name == name)?;
        let principal = Principal::Token(place);
        let rights = token.rights.as_deref().map(Into::into);
        (!live.stopped.contains(&principal)).then_some(Caller { principal, rights, scheme: None })
    }

    fn bearer(&self, live: &Live, asked: &Asked<'_>, text: &str) -> Result<Caller, Refusal> {
        let Some((caller, bound_to)) = app_of(live, asked, text, "Bearer") else {
            return self.token_holder(live, text).ok_or_else(|| Refusal::invalid_access_token("Bearer"));
        };
        match bound_to {
            Some(_) => {
                Err(Refusal::unproven("The access token is bound to a key: it must be sent with DPoP."))
            }
            None => Ok(caller),
        }
    }
}

/// The holder of a bound access token. A `nonce` in the proof is not looked at here.
fn prover(live: &mut Live, asked: &Asked<'_>, text: &str) -> Result<Caller, Refusal> {
    let (caller, bound_to) = app_of(live, asked, text, "DPoP")
        .and_then(|(caller, bound_to)| Some((caller, bound_to?)))
        .ok_or_else(|| Refusal::invalid_access_token("DPoP"))?;
    let (url, now) = (asked.url(), asked.now.as_second());
    let method = asked.parts.method.as_str();
    let proved = Proved { method, url: &url, access_token: Some(text), now };
    let proof = Proof::of(&asked.parts.headers, &proved).map_err(Refusal::unproven)?;
    if proof.thumbprint != bound_to {
        return Err(Refusal::unproven("The DPoP proof JWT is not signed with the key of the access token."));
    }
    proof.spend(&mut live.proofs, now).map_err(Refusal::unproven)?;
    Ok(caller)
}

/// The app that a good access token was given to, and the key that it is bound to.
fn app_of(
    live: &Live,
    asked: &Asked<'_>,
    text: &str,
    scheme: &'static str,
) -> Option<(Caller, Option<String>)> {
    let token = live.tokens.find(text, asked.now)?;
    let principal = Principal::App(token.app);
    let caller = Caller { principal, rights: Some(token.scopes.clone()), scheme: Some(scheme) };
    (!live.stopped.contains(&principal)).then(|| (caller, token.bound_to.clone()))
}
