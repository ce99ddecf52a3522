//! `muster retry`

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use muster_engine::report::RunFiles;
use muster_engine::{Correction, Pacing, Plan, Retry, RetryPlan, is_in};
use muster_ledger::{Ledger, LedgerError, RunRecord, RunStage};
use muster_okta::Okta;

use super::copies::copy_into;
use super::report::status;
use super::run::{PlannedRun, chosen_run, confirmed, existing_ledger, still_planned, stored};
use super::takeup::{TakenUp, take_up};
use super::unchanged::unchanged;
use crate::args::RetryArgs;
use crate::error::{End, Problem};
use crate::output::{Console, describe_retry, grouped};
use crate::settings::Settings;

/// Sends rows again: those that failed, or those of corrected reject files.
pub async fn retry(settings: &Settings, args: RetryArgs, console: Console) -> Result<End, Problem> {
    let pacing = settings.pacing(&args.pacing)?;
    let ledger = existing_ledger(settings)?;
    let (record, files) = meant(settings, &ledger, args.of).await?;
    if record.stage == RunStage::Planning {
        return Err(still_planned(settings, &record));
    }
    if !settings.yes() && !console.can_ask() {
        return Err(Problem::wrong_usage("there is no terminal to confirm the retry on; say --yes"));
    }
    let taken = take_up(settings, &ledger, record, args.source.as_deref()).await?;
    let desk = Desk { settings, ledger: &ledger, pacing, create_groups: args.create_groups, console };
    if files.is_empty() { desk.again(taken).await } else { desk.corrected(taken, &files).await }
}

/// Which run is meant, and which files. A word is a run when the books have it.
async fn meant(
    settings: &Settings,
    ledger: &Ledger,
    words: Vec<String>,
) -> Result<(RunRecord, Vec<PathBuf>), Problem> {
    let mut words = words.into_iter().peekable();
    let mut run = None;
    if let Some(first) = words.peek() {
        match ledger.run(Some(first.clone())).await {
            Ok(found) => {
                words.next();
                run = Some(found);
            }
            Err(LedgerError::NoSuchRun { .. }) if Path::new(first).exists() => {}
            Err(LedgerError::NoSuchRun { .. }) => {
                return Err(Problem::could_not_run(format!(
                    "there is neither a run nor a file {first:?}; `muster runs` lists the runs"
                )));
            }
            Err(other) => return Err(other.into()),
        }
    }
    let files: Vec<PathBuf> = words.map(PathBuf::from).collect();
    if files.iter().any(|file| file == Path::new("-")) {
        return Err(Problem::wrong_usage(
            "a corrected file can't come by standard input: it is read again when a retry is gone on with; name a file",
        ));
    }
    match run {
        Some(run) => Ok((run, files)),
        None => Ok((chosen_run(settings, ledger, None).await?, files)),
    }
}

/// What both kinds of a retry need.
struct Desk<'a> {
    settings: &'a Settings,
    ledger: &'a Ledger,
    pacing: Pacing,
    create_groups: bool,
    console: Console,
}

impl Desk<'_> {
    /// Failed rows, and missing memberships.
    async fn again(self, taken: TakenUp<'_>) -> Result<End, Problem> {
        let TakenUp { okta, run } = taken;
        let retry = self.retry(&okta, &run.plan, &run.record);
        let plan = retry.survey().await?;
        if plan.to_send() == 0 {
            return self.nothing(run, "no row failed and no membership is missing").await;
        }
        self.confirm(&run, &plan).await?;
        retry.reopen().await?;
        run.carry_out(&okta, self.pacing, self.console).await
    }

    /// The rows of corrected files.
    async fn corrected(self, taken: TakenUp<'_>, paths: &[PathBuf]) -> Result<End, Problem> {
        let TakenUp { okta, mut run } = taken;
        let mut files = Vec::new();
        for path in paths {
            self.refuse_another_runs(path, &run.files)?;
            files.push(Correction::open(&std::path::absolute(path)?, &run.plan.mapping)?);
        }
        let retry = self.retry(&okta, &run.plan, &run.record);
        let (plan, with_groups) = retry.check(&files, &unchanged(&run, &files).await?).await?;
        if plan.corrected + plan.unchanged + plan.still_faulty == 0 {
            self.console.note(&describe_retry(&run.record.id, &plan));
            return self.nothing(run, "none of these rows is to be sent").await;
        }
        self.confirm(&run, &plan).await?;
        let files = keep(files, &run)?;
        run.plan = with_groups;
        self.ledger.planned(run.record.key, run.record.rows, stored(&run.plan)?).await?;
        let entered = self.retry(&okta, &run.plan, &run.record).enter(&files, Timestamp::now()).await?;
        if entered.doubles > 0 {
            self.console.note(&format!(
                "{} corrected rows have a login that another row has; rejects.csv names it",
                grouped(entered.doubles)
            ));
        }
        run.carry_out(&okta, self.pacing, self.console).await
    }

    fn retry<'b>(&'b self, okta: &'b Okta, plan: &'b Plan, record: &RunRecord) -> Retry<'b> {
        Retry { okta, ledger: self.ledger, run: record.key, plan, create_groups: self.create_groups }
    }

    async fn confirm(&self, run: &PlannedRun<'_>, plan: &RetryPlan) -> Result<(), Problem> {
        self.console.note(&describe_retry(&run.record.id, plan));
        let org = run.plan.org.trim_end_matches('/');
        let question = format!("Send {} people to {org}?", grouped(plan.to_send()));
        if self.settings.yes() || confirmed(question, self.console).await {
            return Ok(());
        }
        Err(Problem::could_not_run("not confirmed; nothing was written to the org"))
    }

    async fn nothing(self, run: PlannedRun<'_>, why: &str) -> Result<End, Problem> {
        self.console.note(&format!("Nothing to do again in run {}: {why}.", run.record.id));
        let id = run.record.id.clone();
        drop(run);
        status(self.settings, Some(id), self.console).await
    }

    /// A file in the folder of another run is of that run.
    fn refuse_another_runs(&self, file: &Path, own: &RunFiles) -> Result<(), Problem> {
        if is_in(&self.settings.run_folder(""), file) && !is_in(own.folder(), file) {
            return Err(Problem::could_not_run(format!(
                "{} is in the folder of another run; name that run: muster retry RUN {}",
                file.display(),
                file.display()
            )));
        }
        Ok(())
    }
}

/// What lies in the folder of the run is written anew, so a copy of it is kept for those who go on later.
fn keep(files: Vec<Correction>, run: &PlannedRun<'_>) -> Result<Vec<Correction>, Problem> {
    let mut kept = Vec::new();
    for file in files {
        let path = &file.survey().path;
        if !is_in(run.files.folder(), path) {
            kept.push(file);
            continue;
        }
        let copy = copy_into(&run.files, path)?;
        kept.push(Correction::open(&copy, &run.plan.mapping)?);
    }
    Ok(kept)
}
