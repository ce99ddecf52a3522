//! Who calls, and what they may do: API tokens (API.md §2.1).

use http::{header, request::Parts};

use crate::{
    model::events::Actor,
    operation::{Recognised, Right},
    rate::Principal,
    refusal::Refusal,
    scheme,
    settings::OrgSettings,
};

/// Somebody whose token is good, or who needs none.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub principal: Principal,
}

/// Who makes a request. A request that needs a token and has no good one is refused.
pub(crate) fn caller(
    settings: &OrgSettings,
    parts: &Parts,
    wanted: Option<&Recognised<'_>>,
) -> Result<Caller, Refusal> {
    if wanted.is_some_and(|wanted| wanted.operation.right == Right::Open) {
        return Ok(Caller { principal: Principal::Anyone });
    }
    let place = token_of(parts).and_then(|token| settings.tokens.iter().position(|known| known == token));
    place.map(|place| Caller { principal: Principal::Token(place) }).ok_or_else(Refusal::invalid_token)
}

fn token_of(parts: &Parts) -> Option<&str> {
    let (scheme, token) = scheme::split(parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?)?;
    (scheme.eq_ignore_ascii_case("SSWS") || scheme.eq_ignore_ascii_case("Bearer")).then(|| token.trim())
}

impl Caller {
    /// Refuses what the caller has no right to.
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "every token has every right so far")]
    pub fn check(&self, _: Right) -> Result<(), Refusal> {
        Ok(())
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
}
