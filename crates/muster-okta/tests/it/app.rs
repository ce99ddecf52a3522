//! A service app at an emulated org in the same process, and the line between the two.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use muster_emulator::{Emulator, OAuthSettings, OrgSettings};
use muster_okta::transport::{Answering, Transport};
use muster_okta::{
    Authorization, Exchange, Okta, ScopeNeed, ServiceApp, SigningKey, TransportError, TransportFailure, needs,
};
use serde_json::{Value, json};

use crate::keys::Key;

/// Its client id.
pub const APP: &str = "0oa1service";

/// What happens to a request on its way: an answer in the place of the org's, or none.
pub type Meddle =
    Box<dyn Fn(&Request<Bytes>) -> Option<Result<Response<Bytes>, TransportFailure>> + Send + Sync>;

/// A request that was made.
#[derive(Clone, Debug)]
pub struct Made {
    /// Its path.
    pub path: String,
    /// `Authorization`
    pub authorization: String,
    /// `DPoP`
    pub proof: Option<String>,
    /// Its body.
    pub body: String,
    /// The status of its answer; none if there was none.
    pub status: Option<u16>,
}

/// The line to an org.
pub struct Wire {
    pub org: Emulator,
    meddle: Meddle,
    made: Mutex<Vec<Made>>,
}

impl Wire {
    pub fn clean(org: &Emulator) -> Arc<Self> {
        Self::meddled(org, Box::new(|_| None))
    }

    pub fn meddled(org: &Emulator, meddle: Meddle) -> Arc<Self> {
        Arc::new(Self { org: org.clone(), meddle, made: Mutex::default() })
    }

    /// All requests, in the order of their answers.
    pub fn made(&self) -> Vec<Made> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The status of each request for a token.
    pub fn token_requests(&self) -> Vec<Option<u16>> {
        self.made().iter().filter(|made| made.path == "/oauth2/v1/token").map(|made| made.status).collect()
    }

    /// How many tokens were given out.
    pub fn tokens(&self) -> usize {
        self.token_requests().iter().filter(|status| **status == Some(200)).count()
    }

    /// The status of each other request.
    pub fn calls(&self) -> Vec<Option<u16>> {
        self.made().iter().filter(|made| made.path != "/oauth2/v1/token").map(|made| made.status).collect()
    }

    async fn carry(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let header = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let mut made = Made {
            path: request.uri().path().to_owned(),
            authorization: header("authorization").unwrap_or_default(),
            proof: header("dpop"),
            body: String::from_utf8(request.body().to_vec()).unwrap(),
            status: None,
        };
        let answer = match (self.meddle)(&request) {
            None => Ok(self.org.call(request).await),
            Some(Ok(answer)) => Ok(answer),
            Some(Err(failure)) => Err(TransportError { failure, text: "made up for a test".to_owned() }),
        };
        made.status = answer.as_ref().ok().map(|answer| answer.status().as_u16());
        self.made.lock().unwrap_or_else(PoisonError::into_inner).push(made);
        answer
    }
}

impl Transport for Wire {
    fn send(&self, request: Request<Bytes>) -> Answering<'_> {
        Box::pin(self.carry(request))
    }
}

/// An app as the org knows it: with these public keys and scopes.
pub fn app(keys: &[Value], scopes: &[&str], dpop: bool) -> muster_emulator::ServiceApp {
    let app = json!({
        "client_id": APP,
        "jwks": {"keys": keys},
        "scopes": scopes,
        "dpop_bound_access_tokens": dpop,
    });
    muster_emulator::ServiceApp::from_json(app.to_string().as_bytes()).unwrap()
}

/// All that an import needs.
pub const ALL: [&str; 3] = ["okta.users.manage", "okta.groups.manage", "okta.schemas.read"];

/// An org without limits that knows an app of this key, whose tokens last so long.
pub fn settings(key: &Key, dpop: bool, life: Duration) -> OrgSettings {
    let names = ["users", "user-writes", "user-reads", "groups", "group", "token", "other"];
    OrgSettings {
        apps: vec![app(&[key.public(None)], &ALL, dpop)],
        oauth: OAuthSettings { token_lifetime: life, ..OAuthSettings::default() },
        limits: names.iter().map(|name| format!("{name}=unlimited").parse().unwrap()).collect(),
        concurrency: Some(10_000),
        ..OrgSettings::default()
    }
}

pub const HOUR: Duration = Duration::from_hours(1);

/// An org with an app, the app's key, and the line.
pub fn world(dpop: bool, life: Duration) -> (Arc<Wire>, Okta) {
    let key = Key::new();
    let wire = Wire::clean(&Emulator::open(settings(&key, dpop, life)).unwrap());
    let okta = okta(&wire, key.signing());
    (wire, okta)
}

/// The client of an org, for imports.
pub fn okta(wire: &Arc<Wire>, key: SigningKey) -> Okta {
    okta_for(wire, key, needs::import())
}

pub fn okta_for(wire: &Arc<Wire>, key: SigningKey, needs: Vec<ScopeNeed>) -> Okta {
    okta_of(wire, ServiceApp::new(APP, key, needs))
}

pub fn okta_of(wire: &Arc<Wire>, app: ServiceApp) -> Okta {
    let base = "http://org.example/".parse().unwrap();
    Okta::new(wire.clone(), base, &Authorization::ServiceApp(app)).unwrap()
}

/// It brought what it was made for.
pub fn good<T: std::fmt::Debug>(exchange: &Exchange<T>) {
    assert!(exchange.result.is_ok(), "{exchange:?}");
}

/// The words of a call that was not made, for want of a token.
pub fn words<T: std::fmt::Debug>(exchange: &Exchange<T>) -> String {
    let Err(muster_okta::CallError::NoToken { words }) = &exchange.result else { panic!("{exchange:?}") };
    assert_eq!(exchange.class(), Some(muster_core::retry::Class::Unauthorised));
    words.clone()
}

/// An answer in OAuth's form.
pub fn oauth_refusal(status: u16, error: &str) -> Response<Bytes> {
    let body = json!({"error": error, "error_description": "made up for a test"});
    Response::builder().status(status).body(body.to_string().into()).unwrap()
}
