//! `muster resume`

use muster_core::outcome::Tally;
use muster_engine::report::{RunFiles, write_all};
use muster_engine::{Pacing, Plan};
use muster_ledger::{Ledger, RunLock, RunRecord, RunStage};
use muster_legacy::files::Source;

use super::connect::connect;
use super::run::{PlannedRun, end_of, existing_ledger, make_folder};
use crate::args::ResumeArgs;
use crate::error::{End, Problem};
use crate::output::{Console, describe_summary, grouped};
use crate::settings::Settings;
use crate::signals;

/// Goes on with a run; with none named, with every open one, oldest first.
pub async fn resume(settings: &Settings, args: ResumeArgs, console: Console) -> Result<End, Problem> {
    let pacing = settings.pacing(&args.pacing)?;
    let ledger = existing_ledger(settings)?;
    let mut open = Vec::new();
    if args.run.is_none() {
        open = ledger.runs().await?;
        open.retain(|run| run.stage == RunStage::Open);
    }
    if open.is_empty() {
        open.push(ledger.run(args.run).await?);
    }
    let console = console.for_documents(open.len());
    let mut end = End::Fine;
    for record in open {
        if signals::asked() {
            return Err(Problem::stopped(format!("as asked. `muster resume {}` goes on.", record.id)));
        }
        end = end.max(resume_one(settings, &ledger, record, pacing.clone(), console).await?);
    }
    Ok(end)
}

async fn resume_one(
    settings: &Settings,
    ledger: &Ledger,
    record: RunRecord,
    pacing: Pacing,
    console: Console,
) -> Result<End, Problem> {
    let files = RunFiles::new(settings.run_folder(&record.id));
    match record.stage {
        RunStage::Planning => Err(Problem::could_not_run(format!(
            "run {} was interrupted before its plan was confirmed; nothing was written to the org. Import the source again.",
            record.id
        ))),
        RunStage::Complete => {
            console.note(&format!("Run {} is complete; there is nothing to go on with.", record.id));
            // Whoever was cut off between the last row and its reports gets them now.
            make_folder(files.folder())?;
            let source = plan_of(&record).ok().and_then(|plan| Source::reopen(&plan.source).ok());
            let summary = write_all(ledger, &record, source.as_ref(), &files).await?;
            drop(std::fs::remove_file(files.spool()));
            console.result(&summary, &describe_summary(&summary, &files));
            Ok(end_of(&summary))
        }
        RunStage::Open => go_on(settings, ledger, record, files, pacing, console).await,
    }
}

async fn go_on(
    settings: &Settings,
    ledger: &Ledger,
    record: RunRecord,
    files: RunFiles,
    pacing: Pacing,
    console: Console,
) -> Result<End, Problem> {
    let plan = plan_of(&record)?;
    let okta = connect(settings)?;
    if okta.base().as_str() != record.org {
        return Err(Problem::wrong_usage(format!(
            "run {} is for the org {}, and the settings say {}",
            record.id,
            record.org,
            okta.base()
        )));
    }
    make_folder(files.folder())?;
    let lock = RunLock::take(files.folder(), &record.id)?;
    let source = Source::reopen(&plan.source)?;
    let tally = ledger.tally(record.key).await?;
    console.note(&going_on(&record, &tally));
    PlannedRun { record, plan, source, ledger, files, lock }.carry_out(&okta, pacing, console).await
}

fn going_on(record: &RunRecord, tally: &Tally) -> String {
    format!(
        "Going on with run {}: {} of {} rows are open.",
        record.id,
        grouped(tally.open()),
        grouped(record.rows)
    )
}

fn plan_of(record: &RunRecord) -> Result<Plan, Problem> {
    serde_json::from_str(&record.plan).map_err(|error| {
        Problem::could_not_run(format!(
            "the plan of run {} can't be read by this release: {error}",
            record.id
        ))
    })
}
