//! An emulated org: what it is made of, how it is opened, and what it tells of itself.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{Request, Response, request::Parts};
use jiff::Timestamp;
use muster_description::Tally;

use crate::{
    access::Access,
    api::call::Query,
    clock::Clock,
    error::EmulatorError,
    ids::Ids,
    inspection,
    journal::{Journal, Opened},
    line::Line,
    model::{lags::Lags, org::Org},
    settings::OrgSettings,
    signing::{HookCall, Signing},
    stats::Stats,
    traffic::Traffic,
};

/// Keeps the ids of requests apart from those of entities, so that a read changes no id to come. Every start of an
/// org counts down from here: no hook may be asked again under an event id that it has answered.
const REQUEST_STREAM: u64 = 0xFFFF_FFFF_0000_0000;

/// An emulated Okta org. Clones are the same org.
#[derive(Clone)]
pub struct Emulator {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub settings: OrgSettings,
    pub clock: Clock,
    pub access: Access,
    pub org: Mutex<Kept>,
    pub traffic: Mutex<Traffic>,
    pub line: Mutex<Line>,
    pub request_ids: Mutex<Ids>,
    /// What the description found, if there is one.
    pub tally: Mutex<Tally>,
    pub signing: Signing,
    notices: Vec<String>,
}

/// The model, and where its changes go.
pub(crate) struct Kept {
    pub org: Org,
    pub journal: Option<Journal>,
}

impl Emulator {
    /// Opens an org: a new one, or the one in the state file.
    pub fn open(settings: OrgSettings) -> Result<Self, EmulatorError> {
        let clock = Clock::starting(settings.start.unwrap_or_else(Timestamp::now));
        let (mut kept, starts, notices) = open_state(&settings, clock.now())?;
        let access = Access::new(&settings, starts)?;
        kept.org.client_ids = access.client_ids();
        kept.org.hooks.plain_http = settings.hooks.allow_http;
        kept.org.lags = Lags::new(settings.seed, settings.lag);
        let inner = Inner {
            clock,
            access,
            org: Mutex::new(kept),
            traffic: Mutex::new(Traffic::new(&settings, clock.now())),
            line: Mutex::new(Line::new(&settings)),
            request_ids: Mutex::new(Ids::new(settings.seed, REQUEST_STREAM.wrapping_sub(starts))),
            tally: Mutex::default(),
            signing: Signing::new(&settings)?,
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
        let mut stats = Stats::of(&self.looked().org);
        locked(&self.inner.traffic).fill(&mut stats);
        stats
    }

    /// What in requests and answers is not as the description has it; nothing is found without one.
    pub fn violations(&self) -> Tally {
        locked(&self.inner.tally).clone()
    }

    /// The last calls of inline hooks, oldest first.
    pub fn hook_calls(&self, limit: usize) -> Vec<HookCall> {
        self.inner.signing.last(limit)
    }

    /// The model as it is now: what time has brought about is done.
    pub(crate) fn looked(&self) -> MutexGuard<'_, Kept> {
        let mut kept = locked(&self.inner.org);
        let Kept { org, journal } = &mut *kept;
        org.catch_up(self.inner.clock.now());
        // What can't be written now is kept for the next change, and fails that.
        let _ = journal.as_mut().map(|journal| journal.append(&mut org.changes));
        kept
    }

    /// Ids and names of the applications, in the order of the settings.
    pub fn applications(&self) -> Vec<(String, String)> {
        let kept = locked(&self.inner.org);
        kept.org.resources.apps.all.iter().map(|app| (app.id.clone(), app.name.clone())).collect()
    }

    /// Sees to it that the state file survives a power cut. A kill it survives anyway.
    pub fn flush(&self) -> Result<(), EmulatorError> {
        let (Some(path), Some(journal)) = (&self.inner.settings.state, &locked(&self.inner.org).journal)
        else {
            return Ok(());
        };
        journal.sync().map_err(|source| EmulatorError::State { path: path.clone(), source })
    }

    /// Answers a request, always with a whole answer. What a fault keeps from arriving becomes a 502 whose header
    /// `x-emulator-fault` names the fault; [`Emulator::deliver`] tells more.
    pub async fn call(&self, request: Request<Bytes>) -> Response<Bytes> {
        self.deliver(request).await.whole().await
    }

    pub(crate) fn inspect(&self, parts: &Parts, path: &str) -> Response<Bytes> {
        let query = Query::read(parts.uri.query().unwrap_or_default());
        let limit = query.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(100);
        match (parts.method.as_str(), path) {
            ("GET", "") => inspection::index(),
            ("GET", "stats") => inspection::json(&self.stats()),
            ("GET", "users") => inspection::lines(crate::stats::user_lines(&self.looked().org)),
            ("GET", "requests") => inspection::json(&locked(&self.inner.traffic).last(limit)),
            ("GET", "hook-calls") => inspection::json(&self.hook_calls(limit)),
            ("GET", "user") => {
                let login = query.get("login").unwrap_or_default();
                let kept = self.looked();
                let line = crate::stats::user_line(&kept.org, login);
                line.map_or_else(inspection::nothing, |line| inspection::json(&line))
            }
            ("GET", "writes") => {
                let (from, limit) =
                    (query.number("from").unwrap_or(0), query.number("limit").unwrap_or(1000));
                inspection::lines(locked(&self.inner.traffic).witness.lines(from, limit))
            }
            ("GET", "violations") => inspection::json(&self.violations()),
            ("GET", "applications") => {
                let all = self.applications();
                let line = |(id, name)| serde_json::json!({"id": id, "name": name});
                inspection::json(&all.into_iter().map(line).collect::<Vec<_>>())
            }
            ("GET", "identity-sources") => inspection::json(&self.identity_sources()),
            ("GET", "import-sessions") => inspection::json(&self.import_sessions()),
            ("GET", "source-people") => {
                let source = query.get("source").unwrap_or_default();
                inspection::lines(crate::source_views::lines(&self.source_people(source)))
            }
            ("GET", "windows") => inspection::json(&locked(&self.inner.traffic).witness.windows()),
            ("GET", "mails") => inspection::lines(crate::stats::mail_lines(&locked(&self.inner.org).org)),
            _ => inspection::nothing(),
        }
    }
}

/// The org, how often it has been started before, and what the operator should know.
fn open_state(settings: &OrgSettings, now: Timestamp) -> Result<(Kept, u64, Vec<String>), EmulatorError> {
    let Some(path) = &settings.state else {
        let mut org = Org::new(Ids::new(settings.seed, 1), now);
        let notices = settings.like.as_ref().map(|other| org.resemble(other, now)).unwrap_or_default();
        org.provide(settings, now);
        return Ok((Kept { org, journal: None }, 0, notices));
    };
    let Opened { mut org, mut journal, starts, notice } = Journal::open(path, settings.seed, now)?;
    let mut notices: Vec<_> = notice.into_iter().collect();
    if let Some(other) = settings.like.as_ref().filter(|_| starts == 1) {
        notices.extend(org.resemble(other, now));
    }
    org.provide(settings, now);
    let written = journal.append(&mut org.changes);
    written.map_err(|source| EmulatorError::State { path: path.clone(), source })?;
    Ok((Kept { org, journal: Some(journal) }, starts.saturating_sub(1), notices))
}

/// A panic elsewhere must not take the org down with it: each operation leaves the state whole.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl std::fmt::Debug for Emulator {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Emulator").field("settings", &self.inner.settings).finish_non_exhaustive()
    }
}
