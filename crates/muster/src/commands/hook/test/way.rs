//! The two ways to a hook: straight from here, and through the org.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use http::{HeaderName, HeaderValue, Method, Request};
use muster_core::secret::Secret;
use muster_engine::OrgTrouble;
use muster_okta::http::{HttpSettings, HttpTransport};
use muster_okta::transport::Transport;
use muster_okta::wire::HookHeader;
use muster_okta::{CallError, Okta, TransportFailure};

use super::answer::Heard;
use super::question::Question;
use crate::commands::hook::removal::MANAGE;
use crate::error::Problem;

/// So long Okta waits (API.md §9.3).
pub const OKTA_WAITS: Duration = Duration::from_secs(3);

/// A way to ask a hook.
pub enum Way<'a> {
    /// From this machine.
    Here(&'a Caller),
    /// Through the org, to the hook of this id.
    Org(&'a Okta, &'a str),
}

impl Way<'_> {
    /// Asks, and says how long the answer took.
    pub async fn ask(&self, question: &Question) -> (Heard, Duration) {
        let begin = Instant::now();
        let heard = match self {
            Self::Here(caller) => caller.ask(question, &caller.secret).await,
            Self::Org(okta, hook) => through(okta, hook, question).await,
        };
        (heard, begin.elapsed())
    }
}

/// Calls a hook as Okta does: no redirect is followed, nothing is repeated, three seconds are waited.
pub struct Caller {
    transport: HttpTransport,
    uri: String,
    org: String,
    header: HeaderName,
    more: Vec<(HeaderName, HeaderValue)>,
    secret: Secret,
}

impl Caller {
    /// A caller at this address, with this secret and what other headers the org sends along.
    pub fn new(
        settings: &HttpSettings,
        (uri, org): (&str, &str),
        secret: &HookHeader,
        more: &[(String, String)],
    ) -> Result<Self, Problem> {
        let settings = HttpSettings { timeout: OKTA_WAITS, connect_timeout: OKTA_WAITS, ..settings.clone() };
        let transport = HttpTransport::new(&settings)
            .map_err(|error| Problem::wrong_usage(format!("the connection can't be set up: {error}")))?;
        let header = HeaderName::from_bytes(secret.key.as_bytes())
            .map_err(|_| Problem::wrong_usage(format!("{:?} is no name of a header", secret.key)))?;
        let sound = |(key, value): &(String, String)| {
            Some((HeaderName::from_bytes(key.as_bytes()).ok()?, HeaderValue::from_str(value).ok()?))
        };
        Ok(Self {
            transport,
            uri: uri.to_owned(),
            org: org.to_owned(),
            header,
            more: more.iter().filter_map(sound).collect(),
            secret: secret.value.clone(),
        })
    }

    /// Asks with a secret, be it the right one or not.
    pub async fn ask(&self, question: &Question, secret: &Secret) -> Heard {
        let Some(request) = self.request(question, secret) else {
            return Heard::Unreached("the secret or the address is none that can be sent".to_owned());
        };
        match self.transport.send(request).await {
            Ok(answer) => {
                let location = answer.headers().get(LOCATION).and_then(|value| value.to_str().ok());
                Heard::of(answer.status().as_u16(), location, answer.body())
            }
            Err(error) if error.failure == TransportFailure::TimedOut => Heard::Late,
            Err(error) => Heard::Unreached(error.text),
        }
    }

    fn request(&self, question: &Question, secret: &Secret) -> Option<Request<Bytes>> {
        let body = question.payload(&self.org, "muster-hook-test").to_string();
        let mut request =
            Request::builder().method(Method::POST).uri(&self.uri).body(Bytes::from(body)).ok()?;
        let headers = request.headers_mut();
        headers.extend(self.more.iter().cloned());
        let mut value = HeaderValue::from_str(secret.reveal()).ok()?;
        value.set_sensitive(true);
        headers.insert(self.header.clone(), value);
        let json = HeaderValue::from_static("application/json");
        headers.insert(CONTENT_TYPE, json.clone());
        headers.insert(ACCEPT, json);
        Some(request)
    }
}

/// `execute`: the hook's own answer comes back, or why the org has none.
async fn through(okta: &Okta, hook: &str, question: &Question) -> Heard {
    let org = okta.base().as_str().trim_end_matches('/');
    let error = match okta.execute_hook(hook, &question.payload(org, hook)).await.result {
        Ok(body) => return Heard::of_body(&body),
        Err(error) => error,
    };
    match &error {
        // The answer of the hook had no body.
        CallError::Malformed { status: 204, .. } => Heard::Nothing,
        CallError::Okta { status, error } if !matches!(status, 401 | 403 | 404 | 429) => {
            Heard::NotCarried(format!(
                "Okta does not get an answer that it understands: {error}\nIs the address open to the internet, with the certificate of a public authority and its whole chain, and does the org have the hook's secret?"
            ))
        }
        _ => Heard::NotCarried(OrgTrouble::of(&error, org, "execute the hook", MANAGE).to_string()),
    }
}
