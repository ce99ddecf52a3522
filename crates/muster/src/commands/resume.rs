//! `muster resume`

use muster_core::outcome::Tally;
use muster_engine::Plan;
use muster_engine::report::{RunFiles, Summary};
use muster_ledger::{RunLock, RunRecord, RunStage};
use muster_legacy::files::Source;

use super::connect::connect;
use super::run::{PlannedRun, end_of, existing_ledger, make_folder};
use crate::args::ResumeArgs;
use crate::error::{End, Problem};
use crate::output::{Console, describe_summary, grouped};
use crate::settings::Settings;

/// Goes on with a run.
pub async fn resume(settings: &Settings, args: ResumeArgs, console: Console) -> Result<End, Problem> {
    let pacing = settings.pacing(&args.pacing)?;
    let ledger = existing_ledger(settings)?;
    let record = ledger.run(args.run).await?;
    let files = RunFiles::new(settings.run_folder(&record.id));
    match record.stage {
        RunStage::Planning => {
            return Err(Problem::could_not_run(format!(
                "run {} was interrupted before its plan was confirmed; nothing was written to the org. Import the source again.",
                record.id
            )));
        }
        RunStage::Complete => {
            console.note(&format!("Run {} is complete; there is nothing to go on with.", record.id));
            let summary = Summary::of(&ledger, &record).await?;
            console.result(&summary, &describe_summary(&summary, &files));
            return Ok(end_of(&summary));
        }
        RunStage::Open => {}
    }
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
    PlannedRun { record, plan, source, ledger: &ledger, files, lock }.carry_out(&okta, pacing, console).await
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
