//! `muster plan`, and how a plan is made.

use std::time::Duration;

use jiff::Timestamp;
use muster_core::candidate::{Mode, OnConflict};
use muster_core::interpret::Wishes;
use muster_engine::{EngineError, Pacing, Plan, PlanSettings, Planner, Snapshot, Surroundings};
use muster_ledger::{Ledger, NewRun, RunKey};
use muster_legacy::files::Source;
use muster_okta::Okta;
use serde::Serialize;
use tokio::sync::watch;

use super::connect::{connect_for_sessions, connect_to_look};
use super::source::{Spool, new_id, open_source};
use super::way::{by_sessions, sourcing};
use crate::args::{ConflictArg, ModeArg, PacingArgs, PlanArgs};
use crate::error::{End, Problem};
use crate::output::{Console, Estimate, describe_plan, watch_run};
use crate::settings::{Settings, is_loopback, read_map};
use crate::signals;

/// Reads, maps, checks and counts; writes nothing to the org.
pub async fn plan(settings: &Settings, args: &PlanArgs, console: Console) -> Result<End, Problem> {
    let pacing = settings.pacing(&PacingArgs::default())?;
    let okta = if by_sessions(&args.way) {
        connect_for_sessions(settings, false)?
    } else {
        connect_to_look(settings)?
    };
    let console = console.for_documents(args.sources.len());
    let mut end = End::Fine;
    for path in &args.sources {
        let spool = Spool::temporary();
        let source = open_source(path, &spool.path, &args.reading).await?;
        let plan = planned(settings, &okta, &source, args, console).await?;
        let estimate = estimate(&okta, &plan, &pacing).await;
        let text = describe_plan(&plan, estimate.as_ref());
        console.result(&PlanDocument { plan: &plan, estimate }, &text);
        if plan.invalid() > 0 {
            end = End::Attention;
        }
    }
    Ok(end)
}

/// A plan in books that are thrown away; or beside the people of the identity source, whom the ledger knows.
async fn planned(
    settings: &Settings,
    okta: &Okta,
    source: &Source,
    args: &PlanArgs,
    console: Console,
) -> Result<Plan, Problem> {
    let known = by_sessions(&args.way) && settings.ledger().exists();
    let ledger = if known { Ledger::open(settings.ledger())? } else { Ledger::temporary()? };
    let planning = Planning { settings, okta, ledger: &ledger, source, console };
    let (key, plan) = planning.make_unless_stopped(&new_id(), args).await?;
    ledger.forget(key).await?;
    Ok(plan)
}

/// A plan, and how long it would take now.
#[derive(Serialize)]
struct PlanDocument<'a> {
    #[serde(flatten)]
    plan: &'a Plan,
    #[serde(skip_serializing_if = "Option::is_none")]
    estimate: Option<Estimate>,
}

/// The limit of creates is asked for so long; a plan without a time is better than none.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long the plan takes on the limits of this org, where it tells them. Lists of users are counted together with
/// creates (API.md §3).
pub async fn estimate(okta: &Okta, plan: &Plan, pacing: &Pacing) -> Option<Estimate> {
    if plan.counts.to_send == 0 || plan.sourcing.is_some() {
        return None;
    }
    let answer = tokio::select! {
        answer = tokio::time::timeout(PATIENCE, okta.list_users()) => answer.ok()?,
        () = signals::wait() => return None,
    };
    let reading = answer.reading?;
    Some(Estimate::of(plan.counts.to_send, &reading, pacing, is_loopback(okta.base())))
}

/// What making a plan needs.
pub struct Planning<'a> {
    /// What holds for all commands.
    pub settings: &'a Settings,
    /// The org.
    pub okta: &'a Okta,
    /// The books.
    pub ledger: &'a Ledger,
    /// The people.
    pub source: &'a Source,
    /// Where progress shows.
    pub console: Console,
}

impl Planning<'_> {
    /// Makes the plan, unless the process is asked to stop meanwhile.
    pub async fn make_unless_stopped(&self, id: &str, args: &PlanArgs) -> Result<(RunKey, Plan), Problem> {
        tokio::select! {
            made = self.make(id, args) => made,
            () = signals::wait() => Err(Problem::could_not_run("stopped while planning; nothing was written to the org")),
        }
    }

    /// Reads the source into the books of a new run, and says what would be done.
    async fn make(&self, id: &str, args: &PlanArgs) -> Result<(RunKey, Plan), Problem> {
        let sourcing = sourcing(self.okta, args).await?;
        let wanted = PlanSettings { sourcing, ..plan_settings(self.settings, args)? };
        let schema = Planner::schema(self.okta).await.map_err(EngineError::from)?;
        let survey = self.source.survey();
        let org = self.okta.base().to_string();
        let new = NewRun {
            id: id.to_owned(),
            org: org.clone(),
            source: survey.name().display().to_string(),
            sha256: survey.sha256.clone(),
            at: Timestamp::now(),
        };
        let key = self.ledger.begin_run(new).await?;
        let (progress, snapshots) = watch::channel(Snapshot::default());
        let view = watch_run(self.console, snapshots);
        let planner =
            Planner::new(self.okta.clone(), self.ledger, key, wanted, Surroundings::of_the_machine());
        let plan = planner.plan(&org, self.source, schema, &progress).await;
        drop(progress);
        // Whether the view could clear its bar decides nothing.
        drop(view.await);
        match plan {
            Ok(plan) => Ok((key, plan)),
            Err(error) => {
                self.ledger.forget(key).await?;
                Err(error.into())
            }
        }
    }
}

fn marker(name: &str) -> Result<String, Problem> {
    let name = name.trim();
    if name.is_empty() {
        Err(Problem::wrong_usage("--marker-group needs a name"))
    } else {
        Ok(name.to_owned())
    }
}

/// Arming takes a password away from whoever has one in Okta, so it is never a side effect of anything else.
fn arming(args: &PlanArgs, mode: Mode, on_conflict: OnConflict) -> Result<bool, Problem> {
    if by_sessions(&args.way) {
        if args.arm_existing && args.way.then.is_none() {
            return Err(Problem::wrong_usage(
                "--arm-existing needs --then hook with --via identity-source: nothing else arms anybody there",
            ));
        }
        return Ok(args.arm_existing);
    }
    if args.arm_existing && on_conflict != OnConflict::Update {
        return Err(Problem::wrong_usage(
            "--arm-existing changes users who exist: it needs --on-conflict update",
        ));
    }
    if args.arm_existing && !matches!(mode, Mode::Auto | Mode::Hook) {
        return Err(Problem::wrong_usage(
            "--arm-existing needs --mode hook or --mode auto: the others arm nobody",
        ));
    }
    Ok(args.arm_existing)
}

fn plan_settings(settings: &Settings, args: &PlanArgs) -> Result<PlanSettings, Problem> {
    let mode = match args.mode {
        // An identity source takes no credentials.
        None if by_sessions(&args.way) => Mode::Staged,
        None | Some(ModeArg::Auto) => Mode::Auto,
        Some(ModeArg::Hash) => Mode::Hash,
        Some(ModeArg::Staged) => Mode::Staged,
        Some(ModeArg::Hook) => Mode::Hook,
        Some(ModeArg::Password) => Mode::Password,
    };
    let on_conflict = match args.on_conflict {
        None | Some(ConflictArg::Skip) => OnConflict::Skip,
        Some(ConflictArg::Update) => OnConflict::Update,
        Some(ConflictArg::Fail) => OnConflict::Fail,
    };
    let activate = match (args.activate, args.no_activate) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    };
    let groups =
        args.groups.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    let (meant, peppered) = (settings.meant(&args.notation)?, args.peppered || settings.names_a_pepper());
    let firebase = settings.names_a_firebase_project();
    let arm_existing = arming(args, mode, on_conflict)?;
    Ok(PlanSettings {
        wishes: Wishes { mode, activate, groups, arm_existing, meant, peppered, firebase },
        on_conflict,
        create_groups: args.create_groups,
        marker_group: args.marker_group.as_deref().map(marker).transpose()?,
        limit: args.limit,
        renames: args.reading.map.as_deref().map(read_map).transpose()?.unwrap_or_default(),
        sourcing: None,
    })
}
