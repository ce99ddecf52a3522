//! The org behind its door: every request, from a socket or from the same process, goes through here. It is let
//! in or not, counted, answered by the model, and given the headers that Okta sends.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response, StatusCode, header, request::Parts};
use jiff::Timestamp;

use crate::{
    api::{
        self,
        authn::SignIn,
        call::{Answer, Call, Query, decoded},
    },
    bucket::Bucket,
    clock::Clock,
    error::EmulatorError,
    heading::Heading,
    ids::Ids,
    inspection,
    journal::{Journal, Opened},
    model::org::Org,
    rate::{Principal, RateView},
    record::{LoggedRequest, masked},
    refusal::Refusal,
    scheme,
    settings::OrgSettings,
    stats::Stats,
    traffic::{Stop, Traffic},
};

/// Bodies above this size are refused.
pub(crate) const LARGEST_BODY: usize = 1024 * 1024;

/// Keeps the ids of requests apart from those of entities, so that a read changes no id to come.
const REQUEST_STREAM: u64 = u64::MAX;

/// The scheme by which a request came, where its address does not say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scheme(pub &'static str);

/// An emulated Okta org. Clones are the same org.
#[derive(Clone)]
pub struct Emulator {
    inner: Arc<Inner>,
}

struct Inner {
    settings: OrgSettings,
    clock: Clock,
    org: Mutex<Kept>,
    traffic: Mutex<Traffic>,
    request_ids: Mutex<Ids>,
    notices: Vec<String>,
}

/// The model, and where its changes go.
struct Kept {
    org: Org,
    journal: Option<Journal>,
}

/// A request that runs; it counts among those in flight until this is dropped.
struct InFlight<'a> {
    traffic: &'a Mutex<Traffic>,
    principal: Principal,
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        locked(self.traffic).leave(self.principal);
    }
}

impl Emulator {
    /// Opens an org: a new one, or the one in the state file.
    pub fn open(settings: OrgSettings) -> Result<Self, EmulatorError> {
        let clock = Clock::starting(settings.start.unwrap_or_else(Timestamp::now));
        let (kept, notices) = open_state(&settings, clock.now())?;
        let inner = Inner {
            clock,
            org: Mutex::new(kept),
            traffic: Mutex::new(Traffic::new(&settings)),
            request_ids: Mutex::new(Ids::new(settings.seed, REQUEST_STREAM)),
            notices,
            settings,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// What the operator should know of the opening, such as a torn line in the state file.
    pub fn notices(&self) -> &[String] {
        &self.inner.notices
    }

    /// The numbers of the org.
    pub fn stats(&self) -> Stats {
        let mut stats = Stats::of(&locked(&self.inner.org).org);
        locked(&self.inner.traffic).fill(&mut stats);
        stats
    }

    /// Sees to it that the state file survives a power cut. A kill it survives anyway.
    pub fn flush(&self) -> Result<(), EmulatorError> {
        let (Some(path), Some(journal)) = (&self.inner.settings.state, &locked(&self.inner.org).journal)
        else {
            return Ok(());
        };
        journal.sync().map_err(|source| EmulatorError::State { path: path.clone(), source })
    }

    /// Answers a request.
    pub async fn call(&self, request: Request<Bytes>) -> Response<Bytes> {
        let (parts, body) = request.into_parts();
        if let Some(rest) = parts.uri.path().strip_prefix("/_emulator/") {
            return self.inspect(&parts, rest);
        }
        let arrived = self.inner.clock.now();
        let mut heading = Heading { request_id: locked(&self.inner.request_ids).token("", 28), rate: None };
        let answer = self.admit_and_answer(&parts, &body, &mut heading).await;
        let status = answer.as_ref().map_or_else(|refusal| refusal.status, |reply| reply.status);
        self.record(&parts, &body, status, arrived);
        let error_id = || locked(&self.inner.request_ids).token("oae", 25);
        heading.respond(answer, self.inner.clock.now(), error_id)
    }

    async fn admit_and_answer(&self, parts: &Parts, body: &Bytes, heading: &mut Heading) -> Answer {
        let Some(path) = parts.uri.path().strip_prefix("/api/v1/") else {
            return Err(Refusal::no_such_path());
        };
        let segments: Vec<_> = path.trim_end_matches('/').split('/').map(decoded).collect();
        let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
        let bucket = Bucket::of(&parts.method, &segments);
        let _running = self.enter(parts, bucket, &segments, heading)?;
        check_body(parts, body)?;
        self.wait(self.inner.settings.latency / 2).await;
        let answer = self.answer(parts, body, &segments).await;
        self.wait(self.inner.settings.latency.saturating_sub(self.inner.settings.latency / 2)).await;
        answer
    }

    fn enter(
        &self,
        parts: &Parts,
        bucket: Bucket,
        segments: &[&str],
        heading: &mut Heading,
    ) -> Result<InFlight<'_>, Refusal> {
        let now = self.inner.clock.now();
        let mut traffic = locked(&self.inner.traffic);
        let Some(principal) = self.principal(parts, segments) else {
            heading.rate = Some(traffic.look(bucket, now));
            return Err(Refusal::invalid_token());
        };
        match traffic.enter(bucket, principal, now) {
            Ok(view) => {
                heading.rate = Some(view);
                Ok(InFlight { traffic: &self.inner.traffic, principal })
            }
            Err(stop) => {
                heading.rate = Some(self.stopped(stop, now));
                Err(Refusal::too_many_requests())
            }
        }
    }

    /// What a refused request is told: for want of quota the truth, for too many at once a reset that means nothing.
    fn stopped(&self, stop: Stop, now: Timestamp) -> RateView {
        match stop {
            Stop::Quota(view) => view,
            Stop::Concurrency => {
                let guess = 30 + locked(&self.inner.request_ids).below(84);
                RateView { limit: 0, remaining: 0, reset: now.as_second() + i64::from(guess) }
            }
        }
    }

    /// Whose request it is; nobody's if it needs a token and has no good one.
    fn principal(&self, parts: &Parts, segments: &[&str]) -> Option<Principal> {
        if segments.first() == Some(&"authn") {
            return Some(Principal::Anyone);
        }
        let given = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        let (scheme, token) = scheme::split(given)?;
        if !scheme.eq_ignore_ascii_case("SSWS") && !scheme.eq_ignore_ascii_case("Bearer") {
            return None;
        }
        self.inner.settings.tokens.iter().position(|known| known == token.trim()).map(Principal::Token)
    }

    async fn answer(&self, parts: &Parts, body: &Bytes, segments: &[&str]) -> Answer {
        let call = Call {
            base: base_of(parts),
            path: parts.uri.path(),
            query: Query::read(parts.uri.query().unwrap_or_default()),
            headers: &parts.headers,
            body,
            now: self.inner.clock.now(),
        };
        if parts.method == http::Method::POST && segments == ["authn"] {
            return self.sign_in(&call).await;
        }
        self.with_org(|org| api::answer(org, &call, &parts.method, segments))
    }

    /// The slow part of a sign-in runs where it keeps nobody waiting.
    async fn sign_in(&self, call: &Call<'_>) -> Answer {
        let sign_in = SignIn::begin(&locked(&self.inner.org).org, call)?;
        let user_id = sign_in.user_id().to_owned();
        let is_right = tokio::task::spawn_blocking(move || sign_in.is_right()).await;
        if !is_right.map_err(|_| Refusal::internal())? {
            return Err(Refusal::sign_in());
        }
        self.with_org(|org| SignIn::finish(org, call, &user_id))
    }

    /// Runs an operation on the model. What it has changed is in the state file before anybody hears of it.
    fn with_org(&self, operation: impl FnOnce(&mut Org) -> Answer) -> Answer {
        let mut kept = locked(&self.inner.org);
        let Kept { org, journal } = &mut *kept;
        let answer = operation(org);
        if let Some(journal) = journal
            && journal.append(&mut org.changes).is_err()
        {
            return Err(Refusal::internal());
        }
        answer
    }

    async fn wait(&self, time: Duration) {
        if !time.is_zero() {
            tokio::time::sleep(time).await;
        }
    }

    fn record(&self, parts: &Parts, body: &Bytes, status: StatusCode, arrived: Timestamp) {
        let request = LoggedRequest {
            at: format!("{arrived:.3}"),
            method: parts.method.to_string(),
            path_and_query: parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
            status: status.as_u16(),
            body: masked(body),
        };
        if let Some(log) = &self.inner.settings.log {
            log(&request);
        }
        locked(&self.inner.traffic).record(status, request);
    }

    fn inspect(&self, parts: &Parts, path: &str) -> Response<Bytes> {
        let query = Query::read(parts.uri.query().unwrap_or_default());
        match (parts.method.as_str(), path) {
            ("GET", "stats") => inspection::json(&self.stats()),
            ("GET", "users") => inspection::lines(crate::stats::user_lines(&locked(&self.inner.org).org)),
            ("GET", "requests") => {
                let limit = query.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(100);
                inspection::json(&locked(&self.inner.traffic).last(limit))
            }
            _ => inspection::nothing(),
        }
    }
}

fn open_state(settings: &OrgSettings, now: Timestamp) -> Result<(Kept, Vec<String>), EmulatorError> {
    let Some(path) = &settings.state else {
        let org = Org::new(Ids::new(settings.seed, 1), now);
        return Ok((Kept { org, journal: None }, Vec::new()));
    };
    let Opened { org, journal, notice } = Journal::open(path, settings.seed, now)?;
    Ok((Kept { org, journal: Some(journal) }, notice.into_iter().collect()))
}

/// A body must be JSON, say that it is, and not be too large.
fn check_body(parts: &Parts, body: &Bytes) -> Result<(), Refusal> {
    if body.is_empty() {
        return Ok(());
    }
    if body.len() > LARGEST_BODY {
        return Err(Refusal::body_too_large());
    }
    let kind =
        parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let bare = kind.split(';').next().unwrap_or_default().trim();
    if bare.eq_ignore_ascii_case("application/json") { Ok(()) } else { Err(Refusal::media_type()) }
}

/// Scheme and host as the client wrote them: links lead back to where it called.
fn base_of(parts: &Parts) -> String {
    let scheme = parts.uri.scheme_str().or_else(|| parts.extensions.get::<Scheme>().map(|scheme| scheme.0));
    let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = parts.uri.authority().map(http::uri::Authority::as_str).or(host);
    format!("{}://{}", scheme.unwrap_or("http"), host.unwrap_or("localhost"))
}

/// A panic elsewhere must not take the org down with it: each operation leaves the state whole.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl std::fmt::Debug for Emulator {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Emulator").field("settings", &self.inner.settings).finish_non_exhaustive()
    }
}
