//! What import and resume share: carrying out a planned run, and saying how it ended.

use std::fs::DirBuilder;
use std::path::Path;

use muster_engine::report::{RunFiles, Summary, write_all};
use muster_engine::{
    Pacing, Plan, RunContext, Snapshot, StopReason, Surroundings, carry_out, create_groups_since,
};
use muster_ledger::{Ledger, LedgerError, RunLock, RunRecord, RunStage};
use muster_legacy::files::Source;
use muster_okta::Okta;
use tokio::sync::watch;

use super::arming::arm;
use super::copies::let_go_of_copies;
use crate::error::{End, Problem};
use crate::output::{Console, Typed, describe_summary, watch_run};
use crate::settings::Settings;
use crate::signals;

/// Opens the ledger of the settings, making its folder.
pub fn open_ledger(settings: &Settings) -> Result<Ledger, Problem> {
    if let Some(folder) = settings.ledger().parent() {
        make_folder(folder)?;
    }
    Ok(Ledger::open(settings.ledger())?)
}

/// Opens the ledger if there is one.
pub fn existing_ledger(settings: &Settings) -> Result<Ledger, Problem> {
    if settings.ledger().exists() {
        return Ok(Ledger::open(settings.ledger())?);
    }
    let path = settings.ledger().display();
    Err(Problem::could_not_run(format!(
        "there is no ledger at {path}\nName its folder with --dir, or make a first run with `muster import SOURCE`."
    )))
}

/// The run of this id, or the latest. One that was cut off while it was planned is told apart from none.
pub async fn chosen_run(
    settings: &Settings,
    ledger: &Ledger,
    id: Option<String>,
) -> Result<RunRecord, Problem> {
    let found = match ledger.run(id).await {
        Err(LedgerError::NoRun) => ledger.runs().await?.pop().ok_or(LedgerError::NoRun)?,
        found => found?,
    };
    if found.stage == RunStage::Planning { Err(still_planned(settings, &found)) } else { Ok(found) }
}

/// Nothing was sent of it, and the next import clears it away.
pub fn still_planned(settings: &Settings, record: &RunRecord) -> Problem {
    let folder = settings.run_folder(&record.id);
    if folder.exists() && matches!(RunLock::take(&folder, &record.id), Err(LedgerError::Locked { .. })) {
        return Problem::could_not_run(format!(
            "run {} of {} is being planned right now by another process; nothing was sent yet.",
            record.id, record.source
        ));
    }
    let again = settings.typed().import(&record.source);
    Problem::could_not_run(format!(
        "run {} of {} was still being planned when it was cut off: its plan was never confirmed, and nothing was sent. Import again: {again}",
        record.id, record.source
    ))
}

/// Makes a folder that only its owner can look into.
pub fn make_folder(folder: &Path) -> Result<(), Problem> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|error| Problem::could_not_run(format!("{} can't be made: {error}", folder.display())))
}

/// A run that was planned, and what it needs to go on.
pub struct PlannedRun<'a> {
    /// The run in the books.
    pub record: RunRecord,
    /// What to do.
    pub plan: Plan,
    /// Where the people are.
    pub source: Source,
    /// The books.
    pub ledger: &'a Ledger,
    /// Its files.
    pub files: RunFiles,
    /// Held until the work is over.
    pub lock: RunLock,
    /// For the command to type next.
    pub typed: Typed,
}

impl PlannedRun<'_> {
    /// Carries the run out, writes its files, and says how it ended.
    pub async fn carry_out(mut self, okta: &Okta, pacing: Pacing, console: Console) -> Result<End, Problem> {
        let stop = signals::stop_flag();
        self.create_groups(okta, console).await?;
        let (progress, snapshots) = watch::channel(Snapshot::default());
        let view = watch_run(console, snapshots);
        let context = RunContext {
            okta: okta.clone(),
            ledger: self.ledger.clone(),
            run: self.record.key,
            plan: self.plan.clone(),
            pacing: pacing.clone(),
            surroundings: Surroundings::of_the_machine(),
            stop,
            progress,
        };
        let finish = carry_out(context, &self.source).await;
        // Whether the view could clear its bar decides nothing.
        drop(view.await);
        let finish = match finish {
            Ok(finish) => finish,
            Err(error) => {
                self.tell_what_is_in_the_books(console).await;
                return Err(self.broken_off(&error.to_string()));
            }
        };
        let record = self.ledger.run(Some(self.record.id.clone())).await?;
        let summary = match write_all(self.ledger, &record, Some(&self.source), &self.files).await {
            Ok(summary) => summary,
            Err(error) => {
                self.tell_what_is_in_the_books(console).await;
                return Err(match record.stage {
                    RunStage::Complete => error.into(),
                    _ => self.broken_off(&error.to_string()),
                });
            }
        };
        self.let_go_of_the_spool(&summary);
        let_go_of_copies(self.ledger, self.record.key, &self.files).await?;
        let end_of_rows = (finish.stopped, summary);
        let (stopped, summary) = self.arm(end_of_rows, &record, (okta, &pacing), console).await?;
        drop(self.lock);
        console.result(&summary, &describe_summary(&summary, &self.files, &self.typed));
        end(stopped.as_ref(), &summary, &self.typed)
    }

    /// Arms the people where that is to follow. Why it stopped before everybody was armed, if it did; and the numbers.
    async fn arm(
        &self,
        rows: (Option<StopReason>, Summary),
        record: &RunRecord,
        org: (&Okta, &Pacing),
        console: Console,
    ) -> Result<(Option<StopReason>, Summary), Problem> {
        if !rows.1.complete || !self.plan.arms_afterwards() {
            return Ok(rows);
        }
        let armed = Box::pin(arm(self.ledger, record, self.plan.wishes.arm_existing, org, console)).await;
        match armed {
            // The rows to repair are written; what came by standard input is gone.
            Ok(stopped) => Ok((stopped, write_all(self.ledger, record, None, &self.files).await?)),
            Err(error) => {
                self.tell_what_is_in_the_books(console).await;
                Err(self.broken_off(&error.to_string()))
            }
        }
    }

    async fn create_groups(&mut self, okta: &Okta, console: Console) -> Result<(), Problem> {
        if self.plan.groups.to_create.is_empty() {
            return Ok(());
        }
        let created = create_groups_since(okta, &mut self.plan, self.record.created_at)
            .await
            .map_err(muster_engine::EngineError::from);
        let created = created.map_err(|error| self.broken_off(&error.to_string()))?;
        self.ledger.planned(self.record.key, self.record.rows, stored(&self.plan)?).await?;
        console.note(&format!("Groups created: {}", created.join(", ")));
        Ok(())
    }

    /// Where the run stands, if the books can be read still: what broke it off may be their disk.
    async fn tell_what_is_in_the_books(&self, console: Console) {
        if let Ok(record) = self.ledger.run(Some(self.record.id.clone())).await
            && let Ok(summary) = Summary::of(self.ledger, &record).await
        {
            console.result(&summary, &describe_summary(&summary, &self.files, &self.typed));
        }
    }

    fn broken_off(&self, why: &str) -> Problem {
        Problem::stopped(format!(
            "{why}\nNothing is lost; once that is mended, `{}` goes on.",
            self.typed.resume(&self.record.id)
        ))
    }

    /// What came in by standard input holds passwords: it goes when nobody needs it any more.
    fn let_go_of_the_spool(&self, summary: &Summary) {
        if summary.complete {
            drop(std::fs::remove_file(self.files.spool()));
        }
    }
}

/// Whether the operator says yes. Ctrl-C is a no.
pub async fn confirmed(question: String, console: Console) -> bool {
    let (answer, answered) = tokio::sync::oneshot::channel();
    // A thread of its own: one that waits at the terminal can't be called back, and must not hold up the end.
    std::thread::spawn(move || answer.send(console.ask(&question)));
    tokio::select! {
        answer = answered => answer.unwrap_or(false),
        () = signals::wait() => false,
    }
}

/// The plan as the books keep it.
pub fn stored(plan: &Plan) -> Result<String, Problem> {
    serde_json::to_string(plan)
        .map_err(|error| Problem::could_not_run(format!("the plan can't be written down: {error}")))
}

/// How a run ends that stopped for this reason, if it stopped before its end.
pub fn end(stopped: Option<&StopReason>, summary: &Summary, typed: &Typed) -> Result<End, Problem> {
    let resume = format!("`{}` goes on.", typed.resume(&summary.run));
    let why = match stopped {
        None if summary.complete => match end_of(summary) {
            End::Stopped => format!("people are left who are to be armed. {resume}"),
            end => return Ok(end),
        },
        None if summary.tally().open() == 0 => {
            format!("people who are in no row any more are left to be deactivated. {resume}")
        }
        None => format!("rows are left without an outcome. {resume}"),
        Some(StopReason::Interrupted) => {
            format!("as asked. Everything sent was awaited and is in the books. {resume}")
        }
        Some(StopReason::Unauthorised(words)) => {
            format!("the org no longer accepts the token: {words}\nSet another one; then {resume}")
        }
        Some(StopReason::Forbidden(words)) => {
            format!(
                "the token may not do what the run needs: {words}\nGive its owner the role, or the token that scope; then {resume}"
            )
        }
        Some(StopReason::OrgAway(words)) => format!("the org did not answer for too long: {words}\n{resume}"),
        Some(StopReason::TooManyErrors) => {
            format!("more rows went wrong than --max-errors allows; rejects.csv says why. {resume}")
        }
    };
    Err(Problem::stopped(why))
}

/// How a complete run ends.
pub fn end_of(summary: &Summary) -> End {
    let arming = summary.arming.as_ref();
    if arming.is_some_and(|arming| arming.open > 0) {
        End::Stopped
    } else if summary.all_fine() && arming.is_none_or(|arming| arming.refused == 0) {
        End::Fine
    } else {
        End::Attention
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn summary(arming: &serde_json::Value) -> Summary {
        let budget = json!({"share": 0.9, "quota_429": 0, "concurrency_429": 0, "peak_in_flight": 1});
        let document = json!({
            "run": "r", "org": "o", "source": {"path": "p", "sha256": "s", "rows": 4}, "rows": 4,
            "outcomes": {"created": 4}, "groups": {}, "balanced": true, "complete": true,
            "started_at": "2026-11-22T00:00:00Z", "finished_at": null, "seconds": 1.0, "requests": {},
            "budget": budget, "arming": arming, "muster_version": "1",
        });
        serde_json::from_value(document).unwrap()
    }

    fn arming(refused: u64, open: u64) -> serde_json::Value {
        json!({
            "people": 4, "armed": 4 - refused - open, "not_needed": 0, "gone": 0, "refused": refused, "open": open,
            "not_needed_because": {}, "refused_because": {},
        })
    }

    #[test]
    fn a_run_is_fine_when_everybody_is_armed() {
        let ends =
            [json!(null), arming(0, 0), arming(1, 0), arming(1, 2)].map(|arming| end_of(&summary(&arming)));
        assert_eq!(ends, [End::Fine, End::Fine, End::Attention, End::Stopped]);
        let left = end(None, &summary(&arming(0, 2)), &Typed::default()).unwrap_err();
        assert!(left.end == End::Stopped && left.text.contains("muster resume r"), "{left:?}");
    }
}
