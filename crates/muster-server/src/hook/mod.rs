//! The password-import inline hook: Okta asks whether a password is right, and has three seconds for the answer.
//!
//! Everything in here is by call and by process: several such servers behind a balancer need not know of each other.

pub mod answer;
pub mod audit;
pub mod breaker;
pub mod guard;
pub mod judge;
pub mod keyed;
pub mod pool;
pub mod repeats;
pub mod request;
pub mod settings;
pub mod stand_ins;
pub mod truths;
pub mod verifier;
pub mod wrong_passwords;

mod body;

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use hyper::body::Body;
use jiff::Timestamp;
use muster_core::hook_call::{HookCall, HookResult};
use muster_legacy::truth::Truth;
use tokio::time::{Instant, timeout_at};

use self::answer::{Answer, Refusal};
use self::audit::Audit;
use self::guard::{Addresses, Guard, HeaderSecret, Tokens};
use self::judge::{Judge, Judgement};
use self::keyed::Keyed;
use self::pool::Pool;
use self::repeats::Repeats;
use self::request::PasswordImport;
use self::settings::HookSettings;
use self::stand_ins::StandIns;
use self::truths::Truths;
use self::verifier::Verifier;
use self::wrong_passwords::WrongPasswords;
use crate::admin::Metrics;
use crate::error::ServerError;

/// So many decided calls are remembered at most.
const MOST_REPEATS: usize = 100_000;
/// A place that is left alone is tried so often.
const PROBE_EVERY: Duration = Duration::from_secs(2);

/// An answer that is under way at the deadline may still come; after this the caller is told that there is none.
const GRACE: Duration = Duration::from_millis(100);

/// The hook. It must not know how calls come in.
pub struct Hook {
    settings: HookSettings,
    guard: Guard,
    judge: Arc<Judge>,
    audit: Audit,
    metrics: Arc<Metrics>,
}

impl Hook {
    /// A hook that asks these places, in this order.
    pub fn new(
        settings: HookSettings,
        truths: Vec<Arc<dyn Truth>>,
        verifier: Verifier,
        metrics: Arc<Metrics>,
    ) -> Result<Self, ServerError> {
        settings.check()?;
        let judge = Judge {
            truths: Truths::new(truths, settings.lookup, settings.breaker, Arc::clone(&metrics)),
            pool: Pool::start(settings.pool, verifier)?,
            stand_ins: StandIns::new(stand_in_key(&settings)?, verifier, settings.stand_in_bcrypt_cost),
            repeats: Repeats::new(settings.repeats, MOST_REPEATS),
            wrong: WrongPasswords::new(settings.wrong_passwords),
            key: Keyed::random()?,
        };
        let audit = Audit::start(settings.audit.clone())?;
        Ok(Self { guard: guard(&settings)?, judge: Arc::new(judge), audit, metrics, settings })
    }

    /// Answers a call that arrived at that time. Okta is told within the deadline, whatever happens.
    pub async fn answer<B>(&self, request: Request<B>, peer: IpAddr, arrived: Instant) -> Answer
    where
        B: Body<Data = Bytes> + Unpin,
    {
        let deadline = arrived + self.settings.deadline;
        match self.question(request, peer, deadline).await {
            Ok(call) => self.judged(call, arrived, deadline).await,
            Err(refusal) => {
                self.metrics.refused(refusal.name());
                refusal.answer()
            }
        }
    }

    /// How the hook may be reached.
    pub fn addresses(&self) -> &Addresses {
        &self.guard.addresses
    }

    /// The path of the hook.
    pub fn path(&self) -> &str {
        &self.settings.path
    }

    /// The places and how they are.
    pub fn truths(&self) -> &Truths {
        &self.judge.truths
    }

    /// How many calls wait for a worker.
    pub fn waiting(&self) -> usize {
        self.judge.pool.waiting()
    }

    /// Opens the audit file anew.
    pub fn reopen_audit(&self) {
        self.audit.reopen();
    }

    /// Tries the places that are left alone, for ever.
    pub async fn watch_truths(&self) {
        self.judge.truths.watch(PROBE_EVERY).await;
    }

    async fn question<B>(
        &self,
        request: Request<B>,
        peer: IpAddr,
        deadline: Instant,
    ) -> Result<PasswordImport, Refusal>
    where
        B: Body<Data = Bytes> + Unpin,
    {
        let (parts, body) = request.into_parts();
        self.guard.check(&parts, peer)?;
        let body = timeout_at(deadline, body::whole(body, self.settings.body_limit)).await;
        let body = body.map_err(|_| Refusal::Incomplete)??;
        request::read(&body).map_err(Refusal::Request)
    }

    async fn judged(&self, call: PasswordImport, arrived: Instant, deadline: Instant) -> Answer {
        let (event_id, user) = (call.event_id.clone(), call.login.as_str().to_owned());
        let at = Timestamp::now();
        let judge = Arc::clone(&self.judge);
        // A task of its own: it comes to its end even if Okta goes away, and the retry finds what was decided.
        let judging = tokio::spawn(async move { judge.judge(&call, deadline).await });
        let judgement = timeout_at(deadline + GRACE, judging).await;
        let judgement = judgement.ok().and_then(Result::ok);
        let judgement = judgement.unwrap_or_else(|| Judgement::of(HookResult::Unavailable));
        let taken = arrived.elapsed();
        self.metrics.judged(judgement.result, judgement.repeated, taken);
        let line = HookCall {
            at,
            event_id,
            user,
            result: judgement.result,
            backend: judgement.backend,
            notation: judgement.notation,
            micros: u64::try_from(taken.as_micros()).unwrap_or(u64::MAX),
            repeated: judgement.repeated,
            shadow: self.settings.shadow,
        };
        if !self.audit.note(line) {
            self.metrics.audit_line_lost();
        }
        answer::of(judgement.result, self.settings.shadow)
    }
}

fn guard(settings: &HookSettings) -> Result<Guard, ServerError> {
    let secrets = Some(&settings.secrets).filter(|secrets| !secrets.is_empty());
    Ok(Guard {
        path: settings.path.clone(),
        addresses: settings.addresses.clone(),
        secret: secrets.map(|secrets| HeaderSecret::new(&settings.header, secrets)).transpose()?,
        tokens: settings.token.as_ref().map(Tokens::new).transpose()?,
    })
}

/// Replicas that share a secret draw the same stand-in for the same unknown login.
fn stand_in_key(settings: &HookSettings) -> Result<Keyed, ServerError> {
    match settings.secrets.first() {
        Some(secret) => Ok(Keyed::derived(secret.reveal(), "muster hook stand-ins")),
        None => Keyed::random(),
    }
}

/// What a thread that broke down has left behind is still good: nothing here is changed in two steps.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
