//! What the commands about sessions start from: the org, the identity source, and what this ledger knows of it.

use std::collections::HashMap;

use muster_engine::sourcing::may_be_begun;
use muster_engine::{OrgTrouble, patiently};
use muster_ledger::{Ledger, LedgerError, RunLock, RunRecord, RunStage, SessionRecord};
use muster_okta::wire::ImportSession;
use muster_okta::{CallError, Okta, ScopeNeed, needs};

use crate::args::SessionsArgs;
use crate::commands::connect::connect_to;
use crate::commands::run::confirmed;
use crate::commands::way::source_id;
use crate::error::Problem;
use crate::output::{Console, Typed};
use crate::settings::Settings;

/// The scope that looking needs.
const READ: &str = "okta.identitySources.read";
/// The scope that cancelling and triggering need.
pub const MANAGE: &str = "okta.identitySources.manage";

/// One identity source of one org, and the books if there are any.
pub struct Opened<'a> {
    /// The settings.
    pub settings: &'a Settings,
    /// Where it is said.
    pub console: Console,
    /// The org.
    pub okta: Okta,
    /// The identity source.
    pub source: String,
    /// The books.
    pub ledger: Option<Ledger>,
}

/// A session of a run of this ledger.
#[derive(Clone, Debug)]
pub struct Booked {
    /// The run.
    pub run: RunRecord,
    /// The session; without an id while it is open whether the org has made it.
    pub session: SessionRecord,
}

/// A session that nobody works on while this is held.
pub struct Held {
    /// What the books have of it; nothing where it is of no run of this ledger.
    pub booked: Option<Booked>,
    _lock: Option<RunLock>,
}

impl<'a> Opened<'a> {
    /// Opens the ledger, if there is one, and finds the identity source.
    pub async fn of(settings: &'a Settings, args: &SessionsArgs, console: Console) -> Result<Self, Problem> {
        let named = args.identity_source_id.as_deref();
        let mut needs = needs::sessions();
        if named.is_none() {
            let apps = ScopeNeed::optional("okta.apps.read", "find the identity source");
            needs.push(apps.or("okta.apps.manage"));
        }
        let okta = connect_to(settings, settings.org()?, needs)?;
        let ledger = if settings.ledger().exists() { Some(Ledger::open(settings.ledger())?) } else { None };
        let source = source_id(&okta, named).await?;
        Ok(Self { settings, console, okta, source, ledger })
    }

    /// The sessions that the org lists: all, or those that are not over (UNCONFIRMED).
    pub async fn listed(&self) -> Result<Vec<ImportSession>, Problem> {
        match patiently(|| self.okta.list_import_sessions(&self.source)).await.result {
            Ok(sessions) => Ok(sessions),
            Err(CallError::Okta { status: 404, .. }) => {
                Err(Problem::could_not_run(format!("{} has no identity source {}", self.org(), self.source)))
            }
            Err(error) => Err(self.trouble(&error, "list import sessions", READ)),
        }
    }

    /// The session as it is now; nothing where the org knows none of this id, for which it answers 400 or 404
    /// (UNCONFIRMED).
    pub async fn now(&self, id: &str) -> Result<Option<ImportSession>, Problem> {
        match patiently(|| self.okta.read_import_session(&self.source, id)).await.result {
            Ok(session) => Ok(Some(session)),
            // So it also answers of an identity source that it does not have; the list tells the two apart.
            Err(CallError::Okta { status: 400 | 404, .. }) => {
                Ok(self.listed().await?.into_iter().find(|session| session.id == id))
            }
            Err(error) => Err(self.trouble(&error, "read an import session", READ)),
        }
    }

    /// The session as it is now, which has to be there.
    pub async fn present(&self, id: &str) -> Result<ImportSession, Problem> {
        self.now(id).await?.ok_or_else(|| self.unknown(id))
    }

    /// Nobody knows the session.
    pub fn unknown(&self, id: &str) -> Problem {
        Problem::could_not_run(format!(
            "identity source {} of {} has no session {id}; `{}` lists those that it has",
            self.source,
            self.org(),
            self.typed().command("sessions list")
        ))
    }

    /// The sessions of this identity source in the books, oldest first, also those that may never have been made.
    pub async fn booked(&self) -> Result<Vec<Booked>, Problem> {
        let Some(ledger) = &self.ledger else { return Ok(Vec::new()) };
        let org = self.okta.base().to_string();
        let Some(key) = ledger.find_identity_source(org, self.source.clone()).await? else {
            return Ok(Vec::new());
        };
        let mut found: Vec<(String, SessionRecord)> =
            ledger.session_ids(key).await?.into_iter().map(|(_, run, session)| (run, session)).collect();
        let intended = ledger.live_sessions(key).await?.into_iter().filter(|(_, live)| live.id.is_none());
        found.extend(intended);
        let runs = ledger.runs().await?.into_iter().map(|run| (run.id.clone(), run));
        let runs: HashMap<String, RunRecord> = runs.collect();
        let booked = |(run, session)| Some(Booked { run: runs.get(&run)?.clone(), session });
        Ok(found.into_iter().filter_map(booked).collect())
    }

    /// Sees to it that no process works on the session's run, if it is of one of this ledger.
    pub async fn hold(&self, session: &ImportSession) -> Result<Held, Problem> {
        let booked = self.booked().await?;
        let ours = booked.iter().find(|ours| ours.is(&session.id)).cloned();
        let Some(of) = ours.clone().or_else(|| may_be_of(&booked, session).cloned()) else {
            return Ok(Held { booked: None, _lock: None });
        };
        let folder = self.settings.run_folder(&of.run.id);
        let lock = if folder.exists() { Some(self.lock(&of.run, &session.id)?) } else { None };
        Ok(Held { booked: ours, _lock: lock })
    }

    fn lock(&self, run: &RunRecord, session: &str) -> Result<RunLock, Problem> {
        RunLock::take(&self.settings.run_folder(&run.id), &run.id).map_err(|error| match error {
            LedgerError::Locked { .. } => Problem::could_not_run(format!(
                "session {session} is of run {}, and a process is at work on it: it needs no help. Wait for it, or stop it first",
                run.id
            )),
            other => other.into(),
        })
    }

    /// Whether there is anybody to ask, or nothing to ask.
    pub fn can_be_confirmed(settings: &Settings, console: Console, what: &str) -> Result<(), Problem> {
        if settings.yes() || console.can_ask() {
            return Ok(());
        }
        Err(Problem::wrong_usage(format!(
            "there is no terminal to confirm {what} on; look at the session with `muster sessions show`, then say --yes"
        )))
    }

    /// Whether the operator wants it.
    pub async fn is_wanted(&self, question: String) -> bool {
        self.settings.yes() || confirmed(question, self.console).await
    }

    /// The trouble behind a failed call.
    pub fn trouble(&self, error: &CallError, what: &str, scope: &'static str) -> Problem {
        Problem::could_not_run(OrgTrouble::of(error, self.org(), what, scope).to_string())
    }

    /// The org's address.
    pub fn org(&self) -> &str {
        self.okta.base().as_str().trim_end_matches('/')
    }

    /// For the command to type next.
    pub fn typed(&self) -> Typed {
        self.settings.typed()
    }
}

impl Booked {
    /// Whether it has this id.
    pub fn is(&self, id: &str) -> bool {
        self.session.id.as_deref() == Some(id)
    }

    /// Whether the run has more to do.
    pub fn run_is_open(&self) -> bool {
        self.run.stage == RunStage::Open
    }
}

/// The session of a run whose begin was sent and never answered, where this may be it.
pub fn may_be_of<'a>(booked: &'a [Booked], session: &ImportSession) -> Option<&'a Booked> {
    let begun = |ours: &SessionRecord| may_be_begun(session, ours.intended_at, ours.intended_at);
    let is_known = booked.iter().any(|ours| ours.is(&session.id));
    booked.iter().find(|ours| !is_known && ours.session.id.is_none() && begun(&ours.session))
}
