//! What an emulated org is opened with.

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use jiff::Timestamp;

use muster_description::Description;

use crate::{
    access::{OAuthSettings, ServiceApp},
    background::Background,
    faults::FaultPlan,
    hook_service::{HookCalls, HookService},
    lag::Lag,
    latency::LatencyModel,
    likeness::Likeness,
    limit::LimitOverride,
    plan::OrgPlan,
    record::LoggedRequest,
    sign_in_rules::SignInRules,
    source_settings::{IdentitySourceRules, IdentitySourceSetting},
};

/// Gets every request once it has been answered, with the secrets masked.
pub type RequestSink = Arc<dyn Fn(&LoggedRequest) + Send + Sync>;

/// How the org is to behave.
#[derive(Clone)]
pub struct OrgSettings {
    /// The API tokens it accepts, after `SSWS` or `Bearer`: `NAME` with every right, or
    /// `NAME=okta.users.read,okta.groups.manage` with these alone, as [`ApiToken`](crate::ApiToken) reads them.
    pub tokens: Vec<String>,
    /// The service apps it knows.
    pub apps: Vec<ServiceApp>,
    /// How it treats them.
    pub oauth: OAuthSettings,
    /// The kind of org.
    pub plan: OrgPlan,
    /// Limits in place of the plan's. The last one of a bucket holds.
    pub limits: Vec<LimitOverride>,
    /// How many requests one token may have running at once, in place of the plan's.
    pub concurrency: Option<u32>,
    /// How long every request takes of which no latency model speaks.
    pub latency: Duration,
    /// How long operations take. Of several models that fit one the last holds.
    pub latencies: Vec<LatencyModel>,
    /// The traffic of other clients.
    pub background: Vec<Background>,
    /// What the org is late with.
    pub lag: Lag,
    /// What goes wrong.
    pub faults: FaultPlan,
    /// Whether the org takes no writes.
    pub read_only: bool,
    /// Decides on ids, tokens and the like.
    pub seed: u64,
    /// Where the org is kept over restarts.
    pub state: Option<PathBuf>,
    /// What it is told of every request.
    pub log: Option<RequestSink>,
    /// Judges every request and answer, if there is one.
    pub description: Option<Arc<Description>>,
    /// The org that this one is to look like. A state file that has an org in it goes before.
    pub like: Option<Likeness>,
    /// Realms that the org is to have beside the default one: `NAME`, or `NAME=domain.example,other.example` if only
    /// people of these domains may be in it. Without any the org has no realms at all.
    pub realms: Vec<String>,
    /// The names of the applications that the org is to have.
    pub applications: Vec<String>,
    /// The names of groups that come from applications: `APP_GROUP`, whose members nobody can change.
    pub app_groups: Vec<String>,
    /// The identity sources that the org is to have.
    pub identity_sources: Vec<IdentitySourceSetting>,
    /// How their import sessions are treated.
    pub identity_source_rules: IdentitySourceRules,
    /// At most so many active users, in place of the plan's: 10 for a free org, no end for the others.
    pub active_user_cap: Option<u32>,
    /// What time it is at the start; the system's, if none. For rehearsals that must repeat to the letter.
    pub start: Option<Timestamp>,
    /// How sign-ins are taken.
    pub sign_in: SignInRules,
    /// How inline hooks are called.
    pub hooks: HookCalls,
    /// Who answers in the place of the hooks, in the same process; the services themselves, if none.
    pub hook_service: Option<Arc<dyn HookService>>,
}

impl Default for OrgSettings {
    fn default() -> Self {
        Self {
            tokens: vec!["test".to_owned()],
            apps: Vec::new(),
            oauth: OAuthSettings::default(),
            plan: OrgPlan::default(),
            limits: Vec::new(),
            concurrency: None,
            latency: Duration::ZERO,
            latencies: Vec::new(),
            background: Vec::new(),
            lag: Lag::default(),
            faults: FaultPlan::default(),
            read_only: false,
            seed: 0,
            state: None,
            log: None,
            description: None,
            like: None,
            realms: Vec::new(),
            applications: Vec::new(),
            app_groups: Vec::new(),
            identity_sources: Vec::new(),
            identity_source_rules: IdentitySourceRules::default(),
            active_user_cap: None,
            start: None,
            sign_in: SignInRules::default(),
            hooks: HookCalls::default(),
            hook_service: None,
        }
    }
}

impl fmt::Debug for OrgSettings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("OrgSettings")
            .field("tokens", &self.tokens.len())
            .field("apps", &self.apps)
            .field("oauth", &self.oauth)
            .field("plan", &self.plan)
            .field("limits", &self.limits)
            .field("concurrency", &self.concurrency)
            .field("latency", &self.latency)
            .field("seed", &self.seed)
            .field("state", &self.state)
            .field("sign_in", &self.sign_in)
            .field("hooks", &self.hooks)
            .field("realms", &self.realms)
            .field("applications", &self.applications)
            .field("app_groups", &self.app_groups)
            .field("identity_sources", &self.identity_sources)
            .field("active_user_cap", &self.active_user_cap)
            .finish_non_exhaustive()
    }
}
