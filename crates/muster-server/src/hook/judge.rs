//! The way of a call from question to judgement, the same for users that are known and for those that are not:
//! look up, queue, verify. It must not know HTTP.

use muster_core::hook_call::HookResult;
use muster_core::stored::StoredHash;
use muster_legacy::truth::Known;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::keyed::Keyed;
use super::pool::{Form, NotVerified, Pool};
use super::repeats::{Entered, First, Repeats};
use super::request::PasswordImport;
use super::stand_ins::StandIns;
use super::truths::{Found, Truths, What};
use super::wrong_passwords::{TooMany, Try, WrongPasswords};

/// What was made of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// How it ended.
    pub result: HookResult,
    /// Which place decided.
    pub backend: Option<String>,
    /// The notation of the stored hash.
    pub notation: Option<String>,
    /// Whether it was decided for an earlier call of the same event.
    pub repeated: bool,
}

/// Judges calls.
pub struct Judge {
    /// The places that know passwords.
    pub truths: Truths,
    /// The threads that verify.
    pub pool: Pool,
    /// What is verified for those that nobody knows.
    pub stand_ins: StandIns,
    /// The calls of late.
    pub repeats: Repeats<Judgement>,
    /// The wrong passwords of late.
    pub wrong: WrongPasswords,
    /// The key of this process.
    pub key: Keyed,
}

impl Judgement {
    /// A judgement that no place has a part in.
    pub fn of(result: HookResult) -> Self {
        Self { result, backend: None, notation: None, repeated: false }
    }

    fn by(self, backend: String, notation: Option<String>) -> Self {
        Self { backend: Some(backend), notation, ..self }
    }

    /// Whether the same question has the same answer a moment later.
    fn is_decided(&self) -> bool {
        !matches!(self.result, HookResult::Unavailable | HookResult::Overloaded)
    }
}

impl Judge {
    /// Judges a call by the deadline.
    pub async fn judge(&self, call: &PasswordImport, deadline: Instant) -> Judgement {
        if call.event_id.is_empty() {
            return self.decide(call, deadline).await;
        }
        let (event, login) = (call.event_id.as_bytes(), call.login.folded());
        let key = self.key.digest(&[b"call", event, login.as_bytes(), call.password.reveal().as_bytes()]);
        loop {
            match self.repeats.enter(key, Instant::now()) {
                Entered::First(first) => return self.decide_first(first, call, deadline).await,
                Entered::Decided(judgement) => return Judgement { repeated: true, ..judgement },
                Entered::Wait(waiting) => match timeout_at(deadline, waiting.decision()).await {
                    Ok(Some(judgement)) => return Judgement { repeated: true, ..judgement },
                    // The first one came to nothing: this one tries.
                    Ok(None) => {}
                    Err(_) => return Judgement::of(HookResult::Unavailable),
                },
            }
        }
    }

    async fn decide_first(
        &self,
        first: First<Judgement>,
        call: &PasswordImport,
        deadline: Instant,
    ) -> Judgement {
        let judgement = self.decide(call, deadline).await;
        if judgement.is_decided() {
            first.decide(judgement.clone(), Instant::now());
        }
        judgement
    }

    async fn decide(&self, call: &PasswordImport, deadline: Instant) -> Judgement {
        let user = self.key.digest(&[b"user", call.login.folded().as_bytes()]);
        match self.wrong.begin(user, Instant::now()) {
            Ok(attempt) => self.look_up(attempt, call, deadline).await,
            Err(TooMany(form)) => {
                self.truths.pretend_to_ask(deadline).await;
                let stand_in = form.and_then(|form| self.stand_ins.of_form(&form));
                let judgement = self.pretend(stand_in, HookResult::TooManyTries, call, deadline).await;
                sleep_until(Instant::now()).await;
                judgement
            }
        }
    }

    async fn look_up(&self, attempt: Try, call: &PasswordImport, deadline: Instant) -> Judgement {
        let Found { what, spared, passed_over } =
            self.truths.ask(&call.login, &call.password, deadline).await;
        let (judgement, form) = match what {
            What::Known { known, by } => self.known(known, by, call, deadline).await,
            What::Nobody => (self.pretend(None, HookResult::UnknownUser, call, deadline).await, None),
            What::Away => (Judgement::of(HookResult::Unavailable), None),
        };
        match judgement.result {
            HookResult::Verified => attempt.was_right(),
            HookResult::WrongPassword => attempt.was_wrong(form),
            HookResult::UnknownUser => attempt.was_wrong(None),
            _ => attempt.take_back(),
        }
        let is_no = matches!(judgement.result, HookResult::WrongPassword | HookResult::Unreadable);
        if is_no || judgement.result == HookResult::UnknownUser {
            // A user that nobody knows would have been looked for in the other places, too. Whoever was, waits for no time,
            // which is not none: timers tick by the millisecond, and that would tell the two apart.
            sleep_until((Instant::now() + spared).min(deadline)).await;
        }
        // The place that was passed over comes first and may know better: its yes would have counted.
        let result = if is_no && passed_over { HookResult::Unavailable } else { judgement.result };
        Judgement { result, ..judgement }
    }

    /// A place knows the user.
    async fn known(
        &self,
        known: Known,
        by: String,
        call: &PasswordImport,
        deadline: Instant,
    ) -> (Judgement, Option<Form>) {
        let told = |is_right| {
            self.stand_ins.note(None);
            Judgement::of(if is_right && !is_empty(call) {
                HookResult::Verified
            } else {
                HookResult::WrongPassword
            })
        };
        let judgement = match known {
            Known::Matches => told(true).by(by, None),
            Known::Differs => told(false).by(by, None),
            Known::Hash { notation, stored } => {
                let form = Form::of(&stored);
                self.stand_ins.note(Some(&stored));
                let judgement = self.verify(stored, call, deadline).await;
                return (judgement.by(by, Some(notation.to_string())), Some(form));
            }
            Known::Unreadable(why) => {
                tracing::warn!("a stored password of {by} can't be read: {why}");
                self.pretend(None, HookResult::Unreadable, call, deadline).await.by(by, None)
            }
            Known::Undecided(why) => {
                tracing::warn!("{by} does not say: {why}");
                Judgement::of(HookResult::Unavailable).by(by, None)
            }
            Known::Nobody => self.pretend(None, HookResult::UnknownUser, call, deadline).await,
        };
        (judgement, None)
    }

    async fn verify(&self, stored: StoredHash, call: &PasswordImport, deadline: Instant) -> Judgement {
        let verified = self.pool.verify(stored, call.password.clone(), deadline).await;
        Judgement::of(match verified {
            Ok(true) if !is_empty(call) => HookResult::Verified,
            Ok(_) => HookResult::WrongPassword,
            Err(NotVerified::Overloaded) => HookResult::Overloaded,
            Err(NotVerified::Broken) => HookResult::Unavailable,
        })
    }

    /// Takes as long as a wrong password does. Whatever comes out, it is `result`, unless there was no time for it.
    async fn pretend(
        &self,
        stand_in: Option<StoredHash>,
        result: HookResult,
        call: &PasswordImport,
        deadline: Instant,
    ) -> Judgement {
        let stand_in = stand_in.or_else(|| self.stand_ins.for_login(&call.login.folded()));
        let Some(stand_in) = stand_in else {
            self.truths.pretend_to_tell(deadline).await;
            return Judgement::of(result);
        };
        let verified = self.verify(stand_in, call, deadline).await;
        if verified.is_decided() { Judgement::of(result) } else { verified }
    }
}

/// Old systems hold hashes of no password at all, for people who were never given one. Nobody signs in with it.
fn is_empty(call: &PasswordImport) -> bool {
    call.password.reveal().is_empty()
}
