//! The tokens and apps of the org, for those who operate it: which there are, and whether they work.

use bytes::Bytes;
use http::{Response, request::Parts};
use serde::{Deserialize, Serialize};

use super::Access;
use crate::{
    emulator::{Emulator, locked},
    inspection,
    rate::Principal,
};

/// An API token or a service app, as `GET /_emulator/tokens` tells of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PrincipalView {
    /// The name of the token, or the client id of the app.
    pub name: String,
    /// What it is.
    pub kind: PrincipalKind,
    /// The scopes that it has; none if it has every right.
    pub rights: Option<Vec<String>>,
    /// Whether it works.
    pub state: PrincipalState,
}

/// What somebody who may call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PrincipalKind {
    /// An API token.
    Token,
    /// A service app.
    App,
}

/// Whether a token or an app works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PrincipalState {
    /// It works.
    Active,
    /// It does not.
    Expired,
}

#[derive(Deserialize)]
struct StateBody {
    name: String,
    state: PrincipalState,
}

impl Access {
    /// The client ids of the apps, in their order.
    pub fn client_ids(&self) -> Vec<String> {
        self.apps.iter().map(|app| app.client_id.clone()).collect()
    }

    /// The tokens, then the apps.
    fn principals(&self) -> Vec<PrincipalView> {
        let live = locked(&self.live);
        let view = |principal, name: &str, kind, rights: Option<Vec<&str>>| PrincipalView {
            name: name.to_owned(),
            kind,
            rights: rights.map(|rights| rights.into_iter().map(str::to_owned).collect()),
            state: if live.stopped.contains(&principal) {
                PrincipalState::Expired
            } else {
                PrincipalState::Active
            },
        };
        let tokens = self.tokens.iter().enumerate().map(|(place, token)| {
            view(Principal::Token(place), &token.name, PrincipalKind::Token, token.rights())
        });
        let apps = self.apps.iter().enumerate().map(|(place, app)| {
            view(Principal::App(place), &app.client_id, PrincipalKind::App, Some(app.scopes()))
        });
        tokens.chain(apps).collect()
    }

    /// Lets a token or an app work, or not. False if there is none of this name.
    pub fn set_state(&self, name: &str, state: PrincipalState) -> bool {
        let token = self.tokens.iter().position(|token| token.name == name).map(Principal::Token);
        let app = || self.apps.iter().position(|app| app.client_id == name).map(Principal::App);
        let Some(principal) = token.or_else(app) else { return false };
        let stopped = &mut locked(&self.live).stopped;
        match state {
            PrincipalState::Active => stopped.remove(&principal),
            PrincipalState::Expired => stopped.insert(principal),
        };
        true
    }
}

impl Emulator {
    /// The API tokens and service apps, and whether they work.
    pub fn principals(&self) -> Vec<PrincipalView> {
        self.inner.access.principals()
    }

    /// From now on an API token, or every access token of a service app, is refused. False if there is none of this
    /// name (for an app: of this client id).
    pub fn revoke(&self, name: &str) -> bool {
        self.inner.access.set_state(name, PrincipalState::Expired)
    }

    /// A token or an app that was revoked works again. False if there is none of this name.
    pub fn restore(&self, name: &str) -> bool {
        self.inner.access.set_state(name, PrincipalState::Active)
    }

    /// Ends every access token that was given out, and leaves the apps free to ask for others; how many there were.
    pub fn expire_access_tokens(&self) -> usize {
        let now = self.inner.clock.now();
        locked(&self.inner.access.live).tokens.end(now)
    }

    /// `GET` and `POST /_emulator/tokens`.
    pub(crate) fn token_page(&self, parts: &Parts, body: &Bytes) -> Response<Bytes> {
        if parts.method == http::Method::GET {
            return inspection::json(&self.principals());
        }
        let Ok(StateBody { name, state }) = serde_json::from_slice(body) else {
            return inspection::faulty(
                "{\"name\": \"…\", \"state\": \"expired\"}, or \"active\", is expected",
            );
        };
        if self.inner.access.set_state(&name, state) {
            inspection::json(&self.principals())
        } else {
            inspection::faulty("there is no token and no app of this name")
        }
    }
}
