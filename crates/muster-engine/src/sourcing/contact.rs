//! The calls that sessions need, each until its answer will not change, all within the share of every limit.

use jiff::Timestamp;
use muster_core::retry::Class;
use muster_okta::wire::{BulkKind, ImportSession, SessionStatus};
use muster_okta::{CallError, Endpoint, Exchange, Okta};

use crate::gate::{Gate, Halt, Trying, Verdict};
use crate::run::StopReason;

/// One identity source of one org.
pub struct Contact {
    /// The org.
    pub okta: Okta,
    /// How fast.
    pub gate: Gate,
    /// The identity source.
    pub source: String,
}

/// What came of a call that changes something.
#[derive(Debug)]
pub enum Sent<T> {
    /// It is done.
    Done(T),
    /// It is refused for good, in these words.
    Refused(String),
    /// Whether it was done is open.
    Doubt,
}

impl Contact {
    /// The sessions that the org lists: all, or the active ones alone (UNCONFIRMED).
    pub async fn list(&self) -> Result<Vec<ImportSession>, Halt> {
        let call = || self.okta.list_import_sessions(&self.source);
        let exchange = self.gate.patiently(Endpoint::ImportSessions, call).await?;
        exchange.result.map_err(|error| refused(&error, "okta.identitySources.read"))
    }

    /// What the session is now; closed where the org knows none of this id. An unknown one is 400 or 404 (UNCONFIRMED).
    pub async fn status(&self, session: &str) -> Result<SessionStatus, Halt> {
        let call = || self.okta.read_import_session(&self.source, session);
        let exchange = self.gate.patiently(Endpoint::ImportSessions, call).await?;
        match (exchange.class(), exchange.result) {
            (_, Ok(session)) => Ok(session.status),
            (Some(Class::NotFound | Class::Refused), Err(_)) => Ok(SessionStatus::Closed),
            (_, Err(error)) => Err(refused(&error, "okta.identitySources.read")),
        }
    }

    /// Begins a session.
    pub async fn create(&self) -> Result<Sent<ImportSession>, Halt> {
        self.once(Endpoint::ImportSessions, || self.okta.create_import_session(&self.source)).await
    }

    /// Cancels a session that nobody needs; one that can't be cancelled any more is no matter.
    pub async fn cancel(&self, session: &str) -> Result<(), Halt> {
        let call = || self.okta.cancel_import_session(&self.source, session);
        self.gate.patiently(Endpoint::ImportSessions, call).await?;
        Ok(())
    }

    /// Has the org process a session.
    pub async fn start(&self, session: &str) -> Result<Sent<ImportSession>, Halt> {
        self.once(Endpoint::StartImport, || self.okta.start_import(&self.source, session)).await
    }

    /// Loads one request into a session.
    pub async fn upload(
        &self,
        session: &str,
        kind: BulkKind,
        body: bytes::Bytes,
    ) -> Result<Sent<muster_okta::Done>, Halt> {
        let call = || self.okta.upload(&self.source, session, kind, body.clone());
        self.once(Endpoint::BulkUpload, call).await
    }

    /// A call that may not be made again before somebody has looked: repeated only where it was not done, for sure.
    /// Where somebody asked to stop, nothing was done.
    async fn once<T, F: Future<Output = Exchange<T>>>(
        &self,
        endpoint: Endpoint,
        call: impl Fn() -> F,
    ) -> Result<Sent<T>, Halt> {
        let mut trying = Trying::default();
        loop {
            let exchange = self.gate.pass(endpoint, call()).await?;
            match (Verdict::of(&exchange), exchange.class()) {
                (Verdict::Doubt, _) => {
                    // It may have arrived, whoever asks to stop meanwhile.
                    return match self.gate.wait(Verdict::Doubt, &exchange, &mut trying).await {
                        Ok(()) | Err(Halt::Stopped(StopReason::Interrupted)) => Ok(Sent::Doubt),
                        Err(halt) => Err(halt),
                    };
                }
                (Verdict::Final, Some(Class::Forbidden)) => {
                    let error = exchange.result.as_ref().err().map(ToString::to_string).unwrap_or_default();
                    return Err(forbidden(&error, "okta.identitySources.manage"));
                }
                (Verdict::Final, _) => {
                    return Ok(match exchange.result {
                        Ok(value) => Sent::Done(value),
                        Err(error) => Sent::Refused(words(&error)),
                    });
                }
                (verdict, _) => self.gate.wait(verdict, &exchange, &mut trying).await?,
            }
        }
    }

    /// The org's time.
    pub fn org_now(&self) -> Timestamp {
        self.gate.org_now()
    }
}

/// The org's own words, with all causes.
pub fn words(error: &CallError) -> String {
    match error {
        CallError::Okta { error, .. } => {
            let causes: Vec<&str> =
                error.error_causes.iter().map(|cause| cause.error_summary.as_str()).collect();
            let causes = if causes.is_empty() { String::new() } else { format!(": {}", causes.join("; ")) };
            format!("{} {}{causes}", error.error_code, error.error_summary)
        }
        other => other.to_string(),
    }
}

fn refused(error: &CallError, scope: &str) -> Halt {
    forbidden(&words(error), scope)
}

/// Nothing of this kind will be allowed.
fn forbidden(words: &str, scope: &str) -> Halt {
    Halt::Stopped(StopReason::Forbidden(format!("{words} (scope {scope})")))
}
