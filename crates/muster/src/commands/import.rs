//! `muster import`

use std::path::Path;

use muster_engine::Plan;
use muster_engine::report::write_whole;
use muster_ledger::{Ledger, RunLock, RunStage};
use muster_legacy::files::Source;
use muster_okta::Okta;

use super::connect::connect;
use super::plan::Planning;
use super::run::{PlannedRun, open_ledger, stored};
use super::source::{RunFolder, new_id, open_source};
use crate::args::ImportArgs;
use crate::error::{End, Problem};
use crate::output::{Console, describe_plan, grouped};
use crate::settings::Settings;
use crate::signals;

/// Plans, confirms and runs, one run per source.
pub async fn import(settings: &Settings, args: &ImportArgs, console: Console) -> Result<End, Problem> {
    if !settings.yes() && !console.can_ask() {
        return Err(Problem::wrong_usage(
            "there is no terminal to confirm the plan on; look at it with `muster plan`, then say --yes",
        ));
    }
    let okta = connect(settings)?;
    let console = console.for_documents(args.plan.sources.len());
    let mut end = End::Fine;
    for path in &args.plan.sources {
        end = end.max(import_one(settings, args, &okta, path, console).await?);
    }
    Ok(end)
}

async fn import_one(
    settings: &Settings,
    args: &ImportArgs,
    okta: &Okta,
    path: &Path,
    console: Console,
) -> Result<End, Problem> {
    let pacing = settings.pacing(&args.pacing)?;
    let id = new_id();
    let ledger = open_ledger(settings)?;
    forget_leftovers(settings, &ledger).await?;
    let folder = RunFolder::make(settings.run_folder(&id))?;
    let lock = RunLock::take(folder.files().folder(), &id)?;
    let source = open_source(path, &folder.files().spool(), &args.plan).await?;
    refuse_unfinished(&ledger, okta, &source, args.new_run).await?;
    let planning = Planning { okta, ledger: &ledger, source: &source, console };
    let made = tokio::select! {
        made = planning.make(&id, &args.plan) => made,
        () = signals::wait() => Err(Problem::could_not_run("stopped while planning; nothing was written to the org")),
    };
    let (key, mut plan) = made?;
    plan.run = Some(id.clone());
    plan.source.path = std::path::absolute(&plan.source.path)?;
    write_whole(&folder.files().plan(), serde_json::to_string_pretty(&plan).unwrap_or_default().as_bytes())?;
    if !confirmed(settings, &plan, console).await {
        ledger.forget(key).await?;
        return Err(Problem::could_not_run("not confirmed; nothing was written to the org"));
    }
    ledger.planned(key, plan.counts.rows, stored(&plan)?).await?;
    let record = ledger.run(Some(id)).await?;
    let files = folder.keep();
    PlannedRun { record, plan, source, ledger: &ledger, files, lock }.carry_out(okta, pacing, console).await
}

/// Whether the operator wants it. Ctrl-C is a no.
async fn confirmed(settings: &Settings, plan: &Plan, console: Console) -> bool {
    console.note(&describe_plan(plan));
    if settings.yes() {
        return true;
    }
    let question =
        format!("Send {} people to {}?", grouped(plan.counts.to_send), plan.org.trim_end_matches('/'));
    let (answer, answered) = tokio::sync::oneshot::channel();
    // A thread of its own: one that waits at the terminal can't be called back, and must not hold up the end.
    std::thread::spawn(move || answer.send(console.ask(&question)));
    tokio::select! {
        answer = answered => answer.unwrap_or(false),
        () = signals::wait() => false,
    }
}

async fn refuse_unfinished(
    ledger: &Ledger,
    okta: &Okta,
    source: &Source,
    new_run: bool,
) -> Result<(), Problem> {
    if new_run {
        return Ok(());
    }
    let survey = source.survey();
    match ledger.unfinished(survey.sha256.clone(), okta.base().to_string()).await? {
        None => Ok(()),
        Some(run) => Err(Problem::could_not_run(format!(
            "{} has an unfinished run, begun {}.\nGo on with it: muster resume {}\nor begin anew with --new-run.",
            survey.name().display(),
            run.created_at.strftime("%Y-%m-%d %H:%M:%SZ"),
            run.id
        ))),
    }
}

/// Plans that were cut off before anything was sent leave rows and files behind, which nobody needs.
async fn forget_leftovers(settings: &Settings, ledger: &Ledger) -> Result<(), Problem> {
    let runs = ledger.runs().await?;
    for run in runs.iter().filter(|run| run.stage == RunStage::Planning) {
        let folder = settings.run_folder(&run.id);
        // Whoever holds the lock is planning right now.
        if !folder.exists() || RunLock::take(&folder, &run.id).is_ok() {
            ledger.forget(run.key).await?;
            drop(std::fs::remove_dir_all(folder));
        }
    }
    let Ok(folders) = std::fs::read_dir(settings.run_folder("")) else { return Ok(()) };
    for folder in folders.flatten() {
        let unknown = runs.iter().all(|run| folder.file_name() != run.id.as_str());
        let ours = unknown && folder.path().join("lock").exists();
        if ours && RunLock::take(&folder.path(), "").is_ok() {
            drop(std::fs::remove_dir_all(folder.path()));
        }
    }
    Ok(())
}
