//! `muster status`, `muster runs`, `muster report`

use muster_engine::Plan;
use muster_engine::report::{RunFiles, Summary, write_all};
use muster_legacy::files::Source;
use serde_json::json;

use super::run::{chosen_run, end_of, existing_ledger, make_folder};
use crate::error::{End, Problem};
use crate::output::{Console, describe_runs, describe_summary};
use crate::settings::Settings;

/// Where a run stands.
pub async fn status(settings: &Settings, run: Option<String>, console: Console) -> Result<End, Problem> {
    let ledger = existing_ledger(settings)?;
    let record = chosen_run(settings, &ledger, run).await?;
    let files = RunFiles::new(settings.run_folder(&record.id));
    let summary = Summary::of(&ledger, &record).await?;
    console.result(&summary, &describe_summary(&summary, &files, &settings.typed()));
    Ok(if summary.complete { end_of(&summary) } else { End::Stopped })
}

/// All runs of this ledger.
pub async fn runs(settings: &Settings, console: Console) -> Result<End, Problem> {
    let ledger = existing_ledger(settings)?;
    let runs = ledger.runs().await?;
    let document: Vec<_> = runs
        .iter()
        .map(|run| {
            json!({
                "run": run.id, "stage": run.stage, "org": run.org, "source": run.source, "sha256": run.sha256,
                "rows": run.rows, "created_at": run.created_at, "finished_at": run.finished_at,
            })
        })
        .collect();
    console.result(&document, &describe_runs(&runs));
    Ok(End::Fine)
}

/// Writes the files of a run again.
pub async fn report(settings: &Settings, run: Option<String>, console: Console) -> Result<End, Problem> {
    let ledger = existing_ledger(settings)?;
    let record = chosen_run(settings, &ledger, run).await?;
    let files = RunFiles::new(settings.run_folder(&record.id));
    make_folder(files.folder())?;
    let plan = serde_json::from_str::<Plan>(&record.plan).ok();
    let source = plan.map(|plan| Source::reopen(&plan.source)).transpose();
    let source = source.unwrap_or_else(|gone| {
        console.note(&format!("{gone}\nrejects.csv stays as it is."));
        None
    });
    let summary = write_all(&ledger, &record, source.as_ref(), &files).await?;
    console.result(&summary, &describe_summary(&summary, &files, &settings.typed()));
    let missing = Some(files.missing()).filter(|_| summary.missing().people() > 0);
    let files = [files.results(), files.rejects(), files.summary(), files.report()];
    for file in files.into_iter().chain(missing) {
        console.note(&format!("          {}", file.display()));
    }
    Ok(if summary.complete { end_of(&summary) } else { End::Stopped })
}
