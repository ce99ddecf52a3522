//! `muster resume`

use std::path::Path;

use muster_core::outcome::Tally;
use muster_engine::report::{RunFiles, write_all};
use muster_engine::{Pacing, Plan};
use muster_ledger::{Ledger, RunLock, RunRecord, RunStage};

use super::arming;
use super::copies::let_go_of_copies;
use super::run::{self, chosen_run, existing_ledger, make_folder, still_planned};
use super::takeup::{TakenUp, plan_of, source_of, take_up};
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
        if let Some(last) = open.last().filter(|last| last.stage == RunStage::Planning) {
            let nothing_else = !open.iter().any(|run| run.stage == RunStage::Open);
            if nothing_else {
                return Err(still_planned(settings, last));
            }
        }
        let mut left = Vec::new();
        for run in open {
            if run.stage == RunStage::Open || arming::is_left(&ledger, &run).await? {
                left.push(run);
            }
        }
        open = left;
    }
    if open.is_empty() {
        open.push(chosen_run(settings, &ledger, args.run).await?);
    }
    if open.len() > 1 && args.source.is_some() {
        return Err(Problem::wrong_usage(
            "several runs are open; name the one whose source is there: muster resume RUN --source PATH",
        ));
    }
    let console = console.for_documents(open.len());
    let mut end = End::Fine;
    for record in open {
        if signals::asked() {
            let again = settings.typed().resume(&record.id);
            return Err(Problem::stopped(format!("as asked. `{again}` goes on.")));
        }
        let moved = args.source.as_deref();
        end = end.max(resume_one(settings, &ledger, record, moved, pacing.clone(), console).await?);
    }
    Ok(end)
}

async fn resume_one(
    settings: &Settings,
    ledger: &Ledger,
    record: RunRecord,
    moved: Option<&Path>,
    pacing: Pacing,
    console: Console,
) -> Result<End, Problem> {
    let files = RunFiles::new(settings.run_folder(&record.id));
    match record.stage {
        RunStage::Planning => Err(still_planned(settings, &record)),
        RunStage::Complete => {
            let plan = plan_of(&record)?;
            let mut stopped = None;
            if has_people_to_arm(ledger, &record, &plan).await? {
                let going_on = arming::go_on(settings, ledger, &record, &plan, (&pacing, console));
                stopped = Box::pin(going_on).await?;
            } else {
                console.note(&format!("Run {} is complete; there is nothing to go on with.", record.id));
            }
            // Whoever was cut off between the last row and its reports gets them now.
            make_folder(files.folder())?;
            let source = source_of(ledger, &record, &plan, &files, moved).await.ok();
            let summary = write_all(ledger, &record, source.as_ref(), &files).await?;
            drop(std::fs::remove_file(files.spool()));
            if let Ok(_lock) = RunLock::take(files.folder(), &record.id) {
                let_go_of_copies(ledger, record.key, &files).await?;
            }
            console.result(&summary, &describe_summary(&summary, &files, &settings.typed()));
            run::end(stopped.as_ref(), &summary, &settings.typed())
        }
        RunStage::Open => {
            let taken = take_up(settings, ledger, record, moved).await?;
            go_on(taken, ledger, pacing, console).await
        }
    }
}

/// People whose arming is open, or was refused: what it was refused for may be mended.
async fn has_people_to_arm(ledger: &Ledger, record: &RunRecord, plan: &Plan) -> Result<bool, Problem> {
    if !plan.arms_afterwards() {
        return Ok(false);
    }
    let counts = ledger.arming_counts(record.key).await?;
    Ok(counts.open + counts.refused > 0)
}

async fn go_on(
    taken: TakenUp<'_>,
    ledger: &Ledger,
    pacing: Pacing,
    console: Console,
) -> Result<End, Problem> {
    let TakenUp { okta, run } = taken;
    let tally = ledger.tally(run.record.key).await?;
    console.note(&going_on(&run.record, &tally));
    run.carry_out(&okta, pacing, console).await
}

fn going_on(record: &RunRecord, tally: &Tally) -> String {
    format!(
        "Going on with run {}: {} of {} rows are open.",
        record.id,
        grouped(tally.open()),
        grouped(record.rows)
    )
}
