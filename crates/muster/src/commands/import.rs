//! `muster import`

use std::path::Path;

use muster_engine::report::write_whole;
use muster_engine::sourcing::{SourceTrouble, refuse_beside_others};
use muster_engine::{EngineError, Pacing, Plan};
use muster_ledger::{Ledger, RunKey, RunLock, RunStage};
use muster_legacy::files::Source;
use muster_okta::Okta;

use super::connect::{connect, connect_for_sessions};
use super::plan::{Planning, estimate};
use super::run::{PlannedRun, confirmed, open_ledger, stored};
use super::source::{RunFolder, new_id, open_source};
use super::way::by_sessions;
use crate::args::ImportArgs;
use crate::error::{End, Problem};
use crate::output::{Console, Typed, describe_plan, grouped};
use crate::settings::Settings;
use crate::signals;

/// Plans, confirms and runs, one run per source. All sources are planned, and stand in the books, before the
/// first write: whatever happens then, `muster resume` knows of each.
pub async fn import(settings: &Settings, args: &ImportArgs, console: Console) -> Result<End, Problem> {
    let pacing = settings.pacing(&args.pacing)?;
    let okta = if by_sessions(&args.plan.way) {
        connect_for_sessions(settings, args.plan.way.then.is_some())?
    } else {
        connect(settings)?
    };
    let console = console.for_documents(args.plan.sources.len());
    let ledger = open_ledger(settings)?;
    forget_leftovers(settings, &ledger).await?;
    let mut prepared = Vec::new();
    for path in &args.plan.sources {
        prepared.push(prepare(settings, args, &okta, &ledger, path, &pacing, console).await?);
    }
    if !is_wanted(settings, &prepared, console).await {
        return Err(Problem::could_not_run("not confirmed; nothing was written to the org"));
    }
    let mut runs = Vec::new();
    for run in prepared {
        runs.push(run.enter(&ledger, settings.typed()).await?);
    }
    let mut end = End::Fine;
    for run in runs {
        if signals::asked() {
            return Err(Problem::stopped(format!(
                "as asked. `{}` goes on.",
                run.typed.resume(&run.record.id)
            )));
        }
        end = end.max(run.carry_out(&okta, pacing.clone(), console).await?);
    }
    Ok(end)
}

/// A run that was planned and not yet confirmed; dropped, nothing of it stays but rows that the next import removes.
struct Prepared {
    id: String,
    key: RunKey,
    plan: Plan,
    source: Source,
    folder: RunFolder,
    lock: RunLock,
}

async fn prepare(
    settings: &Settings,
    args: &ImportArgs,
    okta: &Okta,
    ledger: &Ledger,
    path: &Path,
    pacing: &Pacing,
    console: Console,
) -> Result<Prepared, Problem> {
    let id = new_id();
    let folder = RunFolder::make(settings.run_folder(&id))?;
    let lock = RunLock::take(folder.files().folder(), &id)?;
    let source = open_source(path, &folder.files().spool(), &args.plan.reading).await?;
    if !settings.yes() && !console.can_ask() {
        return Err(Problem::wrong_usage(
            "there is no terminal to confirm the plan on; look at it with `muster plan`, then say --yes",
        ));
    }
    refuse_unfinished(ledger, okta, &source, args.new_run, &settings.typed()).await?;
    let planning = Planning { settings, okta, ledger, source: &source, console };
    let (key, mut plan) = planning.make_unless_stopped(&id, &args.plan).await?;
    if let Some(sourcing) = &plan.sourcing {
        let refused = refuse_beside_others(ledger, &plan.org, &sourcing.source).await;
        if let Err(error) = refused {
            ledger.forget(key).await?;
            return Err(beside(error, &settings.typed()));
        }
    }
    plan.run = Some(id.clone());
    plan.source.path = std::path::absolute(&plan.source.path)?;
    let json = serde_json::to_string_pretty(&plan).unwrap_or_default();
    write_whole(&folder.files().plan(), json.as_bytes())?;
    let estimate = estimate(okta, &plan, pacing).await;
    console.note(&describe_plan(&plan, estimate.as_ref()));
    Ok(Prepared { id, key, plan, source, folder, lock })
}

impl Prepared {
    /// The run stands in the books from here on. The source must be what was planned, however long the answer took.
    async fn enter(self, ledger: &Ledger, typed: Typed) -> Result<PlannedRun<'_>, Problem> {
        let source = Source::reopen(self.source.survey())?;
        ledger.planned(self.key, self.plan.counts.rows, stored(&self.plan)?).await?;
        let record = ledger.run(Some(self.id)).await?;
        let files = self.folder.keep()?;
        Ok(PlannedRun { record, plan: self.plan, source, ledger, files, lock: self.lock, typed })
    }
}

/// Whether the operator wants it.
async fn is_wanted(settings: &Settings, prepared: &[Prepared], console: Console) -> bool {
    let Some(first) = prepared.first().filter(|_| !settings.yes()) else { return true };
    let people = prepared.iter().map(|run| run.plan.counts.to_send).sum();
    let question = format!("Send {} people to {}?", grouped(people), first.plan.org.trim_end_matches('/'));
    confirmed(question, console).await
}

/// Another run is in the way: it is gone on with by the words that were typed here.
fn beside(error: EngineError, typed: &Typed) -> Problem {
    match &error {
        EngineError::IdentitySource(SourceTrouble::Busy { run }) => {
            Problem::could_not_run(format!("{error}\nGo on with it first: {}", typed.resume(run)))
        }
        _ => error.into(),
    }
}

async fn refuse_unfinished(
    ledger: &Ledger,
    okta: &Okta,
    source: &Source,
    new_run: bool,
    typed: &Typed,
) -> Result<(), Problem> {
    if new_run {
        return Ok(());
    }
    let survey = source.survey();
    match ledger.unfinished(survey.sha256.clone(), okta.base().to_string()).await? {
        None => Ok(()),
        Some(run) => Err(Problem::could_not_run(format!(
            "{} has an unfinished run, begun {}.\nGo on with it: {}\nor begin anew with --new-run.",
            survey.name().display(),
            run.created_at.strftime("%Y-%m-%d %H:%M:%SZ"),
            typed.resume(&run.id)
        ))),
    }
}

/// Plans that were cut off before anything was sent leave rows and files behind, which nobody needs. Only folders
/// that say of themselves that they never got past planning are touched: others may be of another ledger.
async fn forget_leftovers(settings: &Settings, ledger: &Ledger) -> Result<(), Problem> {
    for run in ledger.runs().await?.iter().filter(|run| run.stage == RunStage::Planning) {
        let folder = settings.run_folder(&run.id);
        // Whoever holds the lock is planning right now; and a folder that is not here may be elsewhere.
        if folder.exists() && RunLock::take(&folder, &run.id).is_ok() {
            ledger.forget(run.key).await?;
        }
    }
    let Ok(folders) = std::fs::read_dir(settings.run_folder("")) else { return Ok(()) };
    for folder in folders.flatten().map(|entry| entry.path()) {
        if RunFolder::is_of_a_plan(&folder) && RunLock::take(&folder, "").is_ok() {
            drop(std::fs::remove_dir_all(folder));
        }
    }
    Ok(())
}
