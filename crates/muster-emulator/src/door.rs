//! The way of a request through the org: it is recognised, let in or not, counted, answered by the model, and given
//! the headers that Okta sends. Each of these is a room of its own; here they stand in order.

use std::{sync::Mutex, time::Duration};

use bytes::Bytes;
use http::{Response, header, request::Parts};
use jiff::Timestamp;
use muster_description::{AnswerFacts, RequestFacts, Side};

use crate::{
    access::{self, Asked, Caller, Granted},
    api::{
        self,
        call::{Answer, Call, Query, Reply, decoded},
        credentials::Change,
    },
    bucket::Bucket,
    emulator::{Emulator, Kept, locked},
    faults::{FaultKind, error_page},
    heading::Heading,
    model::{
        events::{Event, EventKind, Target},
        org::Org,
    },
    operation::{Operation, OperationId, Recognised, Right, Unrecognised},
    rate::{Principal, RateView},
    record::KeptRequest,
    refusal::Refusal,
    signing::address_of,
    traffic::{Stop, Traffic},
};

/// Bodies above this size are refused.
pub(crate) const LARGEST_BODY: usize = 1024 * 1024;

/// The scheme by which a request came, where its address does not say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scheme(pub &'static str);

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
    /// Answers a request to the API, and keeps a record of it.
    pub(crate) async fn answer_at_door(
        &self,
        parts: &Parts,
        body: &Bytes,
        fault: Option<FaultKind>,
    ) -> Response<Bytes> {
        let arrived = self.inner.clock.now();
        let request_id = locked(&self.inner.request_ids).token("", 28);
        let faults = fault.into_iter().collect();
        let mut heading = Heading { request_id, rate: None, more: Vec::new(), faults, skew: 0 };
        let segments: Vec<_> = parts.uri.path().trim_matches('/').split('/').map(decoded).collect();
        let segments: Vec<&str> = segments.iter().map(AsRef::as_ref).collect();
        let wanted = Operation::of(parts.method.as_str(), &segments);
        let operation = wanted.as_ref().ok().map(|wanted| wanted.operation);
        let answer = self.admit_and_answer(parts, body, wanted, &mut heading).await;
        let status = answer.as_ref().map_or_else(|refusal| refusal.status, |reply| reply.status);
        let is_page = heading.faults.iter().any(|fault| fault.is_page());
        self.record(parts, body, status.as_u16(), arrived, &heading.faults);
        let is_struck = !heading.faults.is_empty();
        self.skew(operation, &mut heading);
        let error_id = || locked(&self.inner.request_ids).token("oae", 25);
        let response = heading.respond(answer, self.inner.clock.now(), error_id);
        self.judge(parts, body, (!is_struck).then_some(&response));
        if is_page { error_page(&response) } else { response }
    }

    /// Holds request and answer against the description, if there is one. An answer that a fault has made what it is
    /// is not judged.
    fn judge(&self, parts: &Parts, body: &Bytes, response: Option<&Response<Bytes>>) {
        let Some(description) = &self.inner.settings.description else { return };
        let (method, path, query) = (&parts.method, parts.uri.path(), parts.uri.query());
        let asked = RequestFacts { method, path, query, headers: &parts.headers, body };
        let of_request = description.judge_request(&asked);
        let of_answer = response.map(|response| {
            let (status, headers) = (response.status(), response.headers());
            description.judge_answer(&AnswerFacts { method, path, status, headers, body: response.body() })
        });
        let mut tally = locked(&self.inner.tally);
        tally.note(Side::Request, of_request);
        if let Some(of_answer) = of_answer {
            tally.note(Side::Answer, of_answer);
        }
    }

    async fn admit_and_answer(
        &self,
        parts: &Parts,
        body: &Bytes,
        wanted: Result<Recognised<'_>, Unrecognised>,
        heading: &mut Heading,
    ) -> Answer {
        let bucket = wanted.as_ref().map_or(Bucket::Other, |wanted| wanted.operation.bucket);
        let base = base_of(parts);
        let known = wanted.as_ref().ok();
        if let Some(answer) = known.and_then(|wanted| access::metadata(&base, wanted.operation.id)) {
            return answer;
        }
        let asked = Asked { parts, body, base: &base, now: self.inner.clock.now() };
        let caller = self.inner.access.caller(&asked, known);
        let caller = caller.inspect_err(|_| heading.rate = Some(self.look(bucket)))?;
        // Who asks for a token, or signs in, has none that could have expired.
        let operation = known.map(|wanted| wanted.operation);
        if operation.is_none_or(|operation| operation.right != Right::Open) {
            let checked = self.check_expiry(operation, heading);
            checked.inspect_err(|_| heading.rate = Some(self.look(bucket)))?;
        }
        let _running = self.enter(bucket, &caller, heading)?;
        let wanted = wanted.map_err(|unrecognised| match unrecognised {
            Unrecognised::Path => Refusal::no_such_path(),
            Unrecognised::Method => Refusal::method(),
        })?;
        caller.check(wanted.operation.right)?;
        self.check_writable(wanted.operation)?;
        check_body(parts, body, wanted.operation.id)?;
        let latency = self.latency_of(wanted.operation);
        let failure = self.failure_of(wanted.operation, body, heading);
        self.wait(latency / 2).await;
        let answer = match failure {
            Some((refusal, false)) => Err(refusal),
            Some((refusal, true)) => {
                let _done = self.answer(parts, body, &caller, &wanted, heading).await;
                Err(refusal)
            }
            None => self.answer(parts, body, &caller, &wanted, heading).await,
        };
        self.wait(latency.saturating_sub(latency / 2)).await;
        answer
    }

    /// Answers a request for an access token.
    fn grant(&self, asked: &Asked<'_>, heading: &mut Heading) -> Answer {
        let Granted { answer, nonce } = self.inner.access.grant(asked);
        heading.more.extend(nonce.map(|nonce| ("dpop-nonce", nonce)));
        answer
    }

    fn look(&self, bucket: Bucket) -> RateView {
        locked(&self.inner.traffic).look(bucket, self.inner.clock.now())
    }

    fn enter(&self, bucket: Bucket, caller: &Caller, heading: &mut Heading) -> Result<InFlight<'_>, Refusal> {
        let now = self.inner.clock.now();
        let principal = caller.principal;
        let entered = locked(&self.inner.traffic).enter(bucket, principal, now);
        match entered {
            Ok(view) => {
                heading.rate = Some(view);
                Ok(InFlight { traffic: &self.inner.traffic, principal })
            }
            Err(stop) => {
                self.tell_of(&stop, bucket, caller, now);
                heading.rate = Some(self.stopped(stop, now));
                Err(Refusal::too_many_requests())
            }
        }
    }

    /// What a refused request is told: for want of quota the truth, for too many at once a reset that means nothing.
    fn stopped(&self, stop: Stop, now: Timestamp) -> RateView {
        match stop {
            Stop::Quota { view, .. } => view,
            Stop::Concurrency { .. } => {
                let guess = 30 + locked(&self.inner.request_ids).below(84);
                RateView { limit: 0, remaining: 0, reset: now.as_second() + i64::from(guess) }
            }
        }
    }

    /// The first violation of a window is in the System Log.
    fn tell_of(&self, stop: &Stop, bucket: Bucket, caller: &Caller, now: Timestamp) {
        let (kind, reason) = match stop {
            Stop::Quota { first: true, .. } => (EventKind::RateLimit, "Rate limit exceeded"),
            Stop::Concurrency { first: true } => (EventKind::Concurrency, "Concurrency limit exceeded"),
            _ => return,
        };
        let name = bucket.name().to_owned();
        let target = match kind {
            EventKind::RateLimit => Target::other("Bucket", name.clone(), name),
            _ => Target::Nothing,
        };
        let (at, actor) = (now.as_millisecond(), caller.actor());
        let event = Event { at, kind, actor, target, failed: true, reason: Some(reason.into()) };
        let told = self.with_org(|org| {
            org.happened(event);
            Ok(())
        });
        // A state file that can't be written to fails the next change; a refusal stays a refusal.
        drop(told);
    }

    async fn answer(
        &self,
        parts: &Parts,
        body: &Bytes,
        caller: &Caller,
        wanted: &Recognised<'_>,
        heading: &mut Heading,
    ) -> Answer {
        let request_id = heading.request_id.clone();
        let call = Call {
            base: base_of(parts),
            path: parts.uri.path(),
            query: Query::read(parts.uri.query().unwrap_or_default()),
            headers: &parts.headers,
            body,
            now: self.inner.clock.now(),
            actor: caller.actor(),
            request_id: &request_id,
            ip_address: address_of(parts),
        };
        let one = wanted.parameter(0);
        let answer = match wanted.operation.id {
            OperationId::SignIn => {
                self.check_pace(&call, &mut heading.rate)?;
                self.sign_in(&call).await
            }
            OperationId::ChangePassword => self.change_credentials(&call, wanted, Change::Password).await,
            OperationId::ChangeRecoveryQuestion => {
                self.change_credentials(&call, wanted, Change::Question).await
            }
            OperationId::ExecuteInlineHook => self.execute_hook(&call, one).await,
            OperationId::Token => {
                self.grant(&Asked { parts, body, base: &call.base, now: call.now }, heading)
            }
            _ => self.with_org(|org| api::answer(org, &call, wanted)),
        };
        if let Ok(reply) = &answer {
            self.witness(call.now, caller, wanted, reply);
        }
        answer
    }

    /// Keeps in mind what was done.
    fn witness(&self, now: Timestamp, caller: &Caller, wanted: &Recognised<'_>, reply: &Reply) {
        if matches!(wanted.operation.right, Right::Manage(_)) {
            let witness = &mut locked(&self.inner.traffic).witness;
            witness.write(now.as_millisecond(), wanted, caller.principal, &reply.body);
        }
    }

    /// Runs an operation on the model. What it has changed is in the state file before anybody hears of it.
    pub(crate) fn with_org<T>(
        &self,
        operation: impl FnOnce(&mut Org) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let mut kept = locked(&self.inner.org);
        let Kept { org, journal } = &mut *kept;
        org.catch_up(self.inner.clock.now());
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

    /// Records a request that gets no answer and is not worked on.
    pub(crate) fn record_unanswered(&self, parts: &Parts, body: &Bytes, fault: FaultKind) {
        self.record(parts, body, 0, self.inner.clock.now(), &[fault]);
    }

    fn record(&self, parts: &Parts, body: &Bytes, status: u16, arrived: Timestamp, faults: &[FaultKind]) {
        let asked = (parts.method.clone(), parts.uri.path_and_query().cloned(), body);
        let request = KeptRequest::new(arrived, asked, status, faults);
        if let Some(log) = &self.inner.settings.log {
            log(&request.shown());
        }
        locked(&self.inner.traffic).record(request);
    }
}

/// A body must be JSON (a form, for a token), say that it is, and not be too large.
fn check_body(parts: &Parts, body: &Bytes, wanted: OperationId) -> Result<(), Refusal> {
    if body.is_empty() {
        return Ok(());
    }
    if body.len() > LARGEST_BODY {
        return Err(Refusal::body_too_large());
    }
    let kind =
        parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let bare = kind.split(';').next().unwrap_or_default().trim();
    let expected = match wanted {
        OperationId::Token => "application/x-www-form-urlencoded",
        _ => "application/json",
    };
    if bare.eq_ignore_ascii_case(expected) { Ok(()) } else { Err(Refusal::media_type()) }
}

/// Scheme and host as the client wrote them: links lead back to where it called.
pub(crate) fn base_of(parts: &Parts) -> String {
    let scheme = parts.uri.scheme_str().or_else(|| parts.extensions.get::<Scheme>().map(|scheme| scheme.0));
    let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = parts.uri.authority().map(http::uri::Authority::as_str).or(host);
    format!("{}://{}", scheme.unwrap_or("http"), host.unwrap_or("localhost"))
}
