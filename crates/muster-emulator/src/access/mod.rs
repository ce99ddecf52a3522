//! Who calls, and what they may do: API tokens (API.md §2.1), service apps and their access tokens (§2.2), and the
//! proofs that bound access tokens come with (§2.3). It must not know users, groups or limits.
//!
//! `SSWS` is for API tokens, `Bearer` and `DPoP` are for access tokens. One exception: the API tokens of the settings
//! are taken after `Bearer`, too. Who rehearses with an access token from elsewhere (`OKTA_ACCESS_TOKEN`) has no other
//! way to have it known here.

mod access_tokens;
mod api_token;
mod assertion;
mod caller;
mod form;
mod grant;
mod jws;
mod metadata;
mod nonces;
mod oauth_error;
mod oauth_settings;
mod principals;
mod proof;
mod public_key;
mod scope;
mod seen;
mod service_app;

use std::{collections::HashSet, sync::Mutex};

use bytes::Bytes;
use http::request::Parts;
use jiff::Timestamp;

use self::{access_tokens::AccessTokens, nonces::Nonces, seen::Seen};
pub use self::{
    api_token::{ApiToken, BadApiToken},
    oauth_settings::{OAuthSettings, Ungranted},
    principals::{PrincipalKind, PrincipalState, PrincipalView},
    scope::UnknownScope,
    service_app::{BadServiceApp, ServiceApp},
};
pub(crate) use self::{caller::Caller, grant::Granted, metadata::answer as metadata, oauth_error::Aside};
use crate::{ids::Ids, rate::Principal, settings::OrgSettings};

/// Keeps the access tokens and nonces apart from the ids of entities and of requests. Every start of an org counts up
/// from here: a token of an earlier start must not come to be good again.
const STREAM: u64 = 0xACCE_5500_0000_0000;

/// All that is known of those who may call.
#[derive(Debug)]
pub(crate) struct Access {
    tokens: Vec<ApiToken>,
    apps: Vec<ServiceApp>,
    oauth: OAuthSettings,
    live: Mutex<Live>,
}

/// What changes while the org runs. None of it outlives the process.
#[derive(Debug)]
struct Live {
    /// Whose tokens do not work any more.
    stopped: HashSet<Principal>,
    tokens: AccessTokens,
    /// Assertions that were used.
    assertions: Seen,
    /// DPoP proofs that were used.
    proofs: Seen,
    nonces: Nonces,
    ids: Ids,
}

/// A request, as far as it tells who makes it.
pub(crate) struct Asked<'a> {
    pub parts: &'a Parts,
    pub body: &'a Bytes,
    /// Scheme and host, as the client wrote them.
    pub base: &'a str,
    pub now: Timestamp,
}

impl Access {
    /// Those of the settings, in an org that has been started so often before.
    pub fn new(settings: &OrgSettings, starts: u64) -> Result<Self, BadApiToken> {
        let live = Live {
            stopped: HashSet::new(),
            tokens: AccessTokens::default(),
            assertions: Seen::default(),
            proofs: Seen::default(),
            nonces: Nonces::default(),
            ids: Ids::new(settings.seed, STREAM.wrapping_add(starts)),
        };
        Ok(Self {
            tokens: settings.tokens.iter().map(|token| token.parse()).collect::<Result<_, _>>()?,
            apps: settings.apps.clone(),
            oauth: settings.oauth.clone(),
            live: Mutex::new(live),
        })
    }
}

impl Asked<'_> {
    /// The address that was called, without query.
    fn url(&self) -> String {
        format!("{}{}", self.base, self.parts.uri.path())
    }
}
