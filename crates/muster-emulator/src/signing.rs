//! What takes longer than the model does: checking a password, and asking a hook. Nothing of it holds the org.

use std::{
    collections::VecDeque,
    net::{IpAddr, Ipv4Addr},
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use http::{StatusCode, request::Parts};
use serde::Serialize;
use serde_json::Value;

use crate::{
    api::{
        authn::{Begun, Checked, SignIn, Way, username},
        call::{Answer, Call, Reply},
        credentials::{Change, Check},
        hooks, lagging,
    },
    clock::written,
    emulator::{Emulator, locked},
    error::EmulatorError,
    hook_call::{self, Called, Question, Verdict},
    hook_service::{HookFailure, HookService, OverHttp},
    model::{credentials::Password, events::EventKind, hooks::Hook},
    operation::Recognised,
    rate::RateView,
    refusal::Refusal,
    settings::OrgSettings,
    sign_in_rules::Pace,
};

/// What the System Log takes of a reason, and what is kept of an event id.
const LONGEST_TEXT: usize = 255;
/// How many calls of hooks are kept.
const KEPT: usize = 1000;

/// One call of a hook. The password is not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HookCall {
    /// When it was made, in RFC 3339.
    pub at: String,
    /// The id of the hook.
    pub hook: String,
    /// The login of who signs in; none if an administrator executed the hook.
    pub login: Option<String>,
    /// The event id, the same in both tries; none if an administrator sent none.
    pub event_id: Option<String>,
    /// How many tries there were.
    pub attempts: u32,
    /// The status of the last answer.
    pub status: Option<u16>,
    /// What went wrong.
    pub failure: Option<String>,
    /// How long it took with all tries.
    pub milliseconds: u64,
    /// `verified`, `unverified` or `failed`.
    pub decision: &'static str,
}

/// Where the peer's address is found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub IpAddr);

/// What sign-ins need beside the org.
pub(crate) struct Signing {
    pace: Mutex<Pace>,
    calls: Mutex<VecDeque<HookCall>>,
    service: Arc<dyn HookService>,
}

impl Signing {
    /// Nobody has signed in yet.
    pub fn new(settings: &OrgSettings) -> Result<Self, EmulatorError> {
        let service = match &settings.hook_service {
            Some(service) => Arc::clone(service),
            None => Arc::new(OverHttp::new(&settings.hooks)?),
        };
        Ok(Self { pace: Mutex::default(), calls: Mutex::default(), service })
    }

    /// The last calls of hooks, oldest first.
    pub fn last(&self, limit: usize) -> Vec<HookCall> {
        let calls = locked(&self.calls);
        calls.iter().skip(calls.len().saturating_sub(limit)).cloned().collect()
    }

    fn keep(&self, call: HookCall) {
        let mut calls = locked(&self.calls);
        if calls.len() == KEPT {
            calls.pop_front();
        }
        calls.push_back(call);
    }
}

/// Where a request comes from: who is in front of a proxy is believed, as API tokens are at Okta.
pub(crate) fn address_of(parts: &Parts) -> IpAddr {
    let forwarded = parts.headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
    let first = forwarded.and_then(|list| list.split(',').next()?.trim().parse().ok());
    let peer = || parts.extensions.get::<Peer>().map(|peer| peer.0);
    first.or_else(peer).unwrap_or(Ipv4Addr::LOCALHOST.into())
}

impl Emulator {
    /// Refuses a sign-in that comes too soon after others by the same name.
    pub(crate) fn check_pace(&self, call: &Call<'_>, rate: &mut Option<RateView>) -> Result<(), Refusal> {
        let Ok(name) = username(call) else { return Ok(()) };
        let limit = self.inner.settings.sign_in.per_second;
        locked(&self.inner.signing.pace).take(&name, limit, call.now).map_err(|view| {
            *rate = Some(view);
            Refusal::too_many_requests()
        })
    }

    /// Signs somebody in, or not.
    pub(crate) async fn sign_in(&self, call: &Call<'_>) -> Answer {
        let rules = self.inner.settings.sign_in;
        let sign_in = match self.with_org(|org| SignIn::begin(org, call, rules))? {
            Begun::Answered(reply) => return Ok(reply),
            Begun::Waits(sign_in) => sign_in,
        };
        let right = match &sign_in.way {
            Way::Stored(password) => is_right(password.clone(), sign_in.secret.clone()).await?,
            Way::Hook(None) => false,
            Way::Hook(Some(hook)) => self.ask(call, hook, &sign_in).await?,
        };
        // The hook may have taken seconds.
        let call = &call.at(self.inner.clock.now());
        let checked = Checked { right, read_only: self.is_read_only() };
        self.with_org(|org| sign_in.finish(org, call, checked, rules))
    }

    /// Changes a password or a question, for who knows the present password.
    pub(crate) async fn change_credentials(
        &self,
        call: &Call<'_>,
        wanted: &Recognised<'_>,
        change: Change,
    ) -> Answer {
        let check = self.with_org(|org| {
            lagging::check(org, call, wanted)?;
            Check::begin(org, call, wanted.parameter(0), change)
        })?;
        let right = is_right(check.password.clone(), check.secret.clone()).await?;
        let call = &call.at(self.inner.clock.now());
        self.with_org(|org| check.finish(org, call, right))
    }

    /// Asks a hook about a password. Whatever comes of it is in the System Log, and among the calls.
    async fn ask(&self, call: &Call<'_>, hook: &Hook, sign_in: &SignIn) -> Result<bool, Refusal> {
        let event_id = locked(&self.inner.request_ids).token("", 22);
        let question = Question {
            event_id: &event_id,
            event_time: &written(call.now),
            source: &call.href(&format!("/api/v1/inlineHooks/{}", hook.id)),
            request_id: call.request_id,
            ip_address: &call.ip_address.to_string(),
            login: &sign_in.login,
            secret: &sign_in.secret,
        };
        let called = self.call_hook(hook, question.body()).await;
        let verdict = Verdict::of(&called.outcome);
        self.note(call, hook, &called, &verdict, (Some(sign_in.login.clone()), Some(event_id)))?;
        Ok(verdict == Verdict::Verified)
    }

    /// `POST /inlineHooks/{id}/execute`: the caller's payload goes to the service, and its answer comes back.
    pub(crate) async fn execute_hook(&self, call: &Call<'_>, id: &str) -> Answer {
        let hook = self.with_org(|org| hooks::executable(org, id))?;
        let payload: Value = serde_json::from_slice(call.body).map_err(|_| Refusal::malformed())?;
        if !payload.is_object() {
            return Err(Refusal::malformed());
        }
        let called = self.call_hook(&hook, call.body.clone()).await;
        let verdict = Verdict::of(&called.outcome);
        let event_id = payload.get("eventId").and_then(Value::as_str).map(shortened);
        self.note(call, &hook, &called, &verdict, (None, event_id))?;
        executed(called, &verdict)
    }

    async fn call_hook(&self, hook: &Hook, body: Bytes) -> Called {
        let key = self.inner.settings.hooks.private_key_pem.as_deref();
        hook_call::call(self.inner.signing.service.as_ref(), hook, body, key).await
    }

    fn note(
        &self,
        call: &Call<'_>,
        hook: &Hook,
        called: &Called,
        verdict: &Verdict,
        (login, event_id): (Option<String>, Option<String>),
    ) -> Result<(), Refusal> {
        let status = called.outcome.as_ref().ok().map(|answer| answer.status);
        let failure = if let Verdict::Failed(why) = verdict { Some(why.clone()) } else { None };
        let answered = status.is_some_and(|status| (200..300).contains(&status));
        let event = |kind, failed: bool| {
            let reason = failure.as_ref().filter(|_| failed);
            let reason = reason.map(|why| shortened(why).into());
            crate::model::events::Event { failed, reason, ..call.event(kind, hooks::target(hook)) }
        };
        let executed = event(EventKind::HookExecute, !answered);
        let processed = answered.then(|| event(EventKind::HookProcess, failure.is_some()));
        self.inner.signing.keep(HookCall {
            at: format!("{:.3}", call.now),
            hook: hook.id.clone(),
            login,
            event_id,
            attempts: called.attempts,
            status,
            failure: failure.clone(),
            milliseconds: called.milliseconds,
            decision: verdict.name(),
        });
        self.with_org(|org| {
            org.happened(executed);
            if let Some(processed) = processed {
                org.happened(processed);
            }
            Ok(())
        })
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(LONGEST_TEXT).collect()
}

/// Checks a password where it keeps nobody waiting.
async fn is_right(password: Password, secret: String) -> Result<bool, Refusal> {
    let checked = tokio::task::spawn_blocking(move || password.verify(&secret)).await;
    checked.map_err(|_| Refusal::internal())
}

/// What `execute` answers: the service's own answer, or in Okta's codes why there is none.
fn executed(called: Called, verdict: &Verdict) -> Answer {
    let answer = match called.outcome {
        Ok(answer) if answer.status >= 500 || (300..400).contains(&answer.status) => {
            return Err(unreachable(format!("the service answered {}", answer.status)));
        }
        Ok(answer) => answer,
        Err(HookFailure::TimedOut) => {
            let summary = "The inline hook did not answer in time.";
            return Err(Refusal::new(StatusCode::GATEWAY_TIMEOUT, "E0000137", summary));
        }
        Err(HookFailure::TooLarge) => return Err(unfit(HookFailure::TooLarge.to_string())),
        Err(failure) => return Err(unreachable(failure.to_string())),
    };
    match verdict {
        Verdict::Failed(why) => Err(unfit(why.clone())),
        _ if answer.status == 204 => Ok(Reply::done()),
        _ => Ok(Reply { status: StatusCode::OK, body: answer.body, links: Vec::new(), etag: None }),
    }
}

fn unreachable(why: String) -> Refusal {
    let summary = "There was an error in the communication with the inline hook.";
    Refusal::new(StatusCode::BAD_GATEWAY, "E0000134", summary).because(why)
}

fn unfit(why: String) -> Refusal {
    let summary = "The inline hook answered with an error.";
    Refusal::new(StatusCode::BAD_REQUEST, "E0000135", summary).because(why)
}
