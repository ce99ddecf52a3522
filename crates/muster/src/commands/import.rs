//! `muster plan` and `muster import`.

use std::path::Path;

use jiff::Timestamp;
use muster_core::candidate::{Mode, OnConflict};
use muster_core::interpret::Wishes;
use muster_engine::report::{RunFiles, write_whole};
use muster_engine::{Plan, PlanSettings, Planner, Snapshot};
use muster_ledger::{Ledger, NewRun, RunLock, RunStage};
use muster_legacy::files::{Format, Source, SourceOptions};
use muster_okta::Okta;
use tokio::sync::watch;

use super::connect::connect;
use super::run::{PlannedRun, make_folder, open_ledger, stored};
use crate::args::{ConflictArg, FormatArg, ImportArgs, ModeArg, PlanArgs};
use crate::error::{End, Problem};
use crate::output::{Console, describe_plan, watch_run};
use crate::settings::{Settings, read_map};
use crate::signals;

/// Reads, maps, checks and counts; writes nothing to the org.
pub async fn plan(settings: &Settings, args: &PlanArgs, console: Console) -> Result<End, Problem> {
    let okta = connect(settings)?;
    let mut end = End::Fine;
    for path in &args.sources {
        let spool = Spool::temporary();
        let source = open(path, &spool.path, args)?;
        let ledger = Ledger::temporary()?;
        let plan =
            Planning { okta: &okta, ledger: &ledger, source: &source, console }.make("plan", args).await?.1;
        console.result(&plan, &describe_plan(&plan));
        if plan.invalid() > 0 {
            end = End::Attention;
        }
    }
    Ok(end)
}

/// Plans, confirms and runs, one run per source.
pub async fn import(settings: &Settings, args: &ImportArgs, console: Console) -> Result<End, Problem> {
    if !settings.yes() && !console.can_ask() {
        return Err(Problem::wrong_usage(
            "there is no terminal to confirm the plan on; look at it with `muster plan`, then say --yes",
        ));
    }
    let okta = connect(settings)?;
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
    let files = RunFiles::new(settings.run_folder(&id));
    if is_stdin(path) {
        make_folder(files.folder())?;
    }
    let source = open(path, &files.spool(), &args.plan)?;
    let ledger = open_ledger(settings)?;
    refuse_unfinished(&ledger, okta, &source, args.new_run).await?;
    forget_leftovers(settings, &ledger).await?;
    make_folder(files.folder())?;
    let lock = RunLock::take(files.folder(), &id)?;
    let planning = Planning { okta, ledger: &ledger, source: &source, console };
    let made = tokio::select! {
        made = planning.make(&id, &args.plan) => made,
        () = signals::wait() => Err(Problem::could_not_run("stopped while planning; nothing was written to the org")),
    };
    let (key, mut plan) = made.inspect_err(|_| drop(std::fs::remove_dir_all(files.folder())))?;
    plan.run = Some(id.clone());
    plan.source.path = std::path::absolute(&plan.source.path)?;
    write_whole(&files.plan(), serde_json::to_string_pretty(&plan).unwrap_or_default().as_bytes())?;
    if !confirmed(settings, &plan, console).await {
        ledger.forget(key).await?;
        drop(std::fs::remove_dir_all(files.folder()));
        return Err(Problem::could_not_run("not confirmed; nothing was written to the org"));
    }
    ledger.planned(key, plan.counts.rows, stored(&plan)?).await?;
    let record = ledger.run(Some(id)).await?;
    PlannedRun { record, plan, source, ledger: &ledger, files, lock }.carry_out(okta, pacing, console).await
}

/// Whether the operator wants it. Ctrl-C is a no.
async fn confirmed(settings: &Settings, plan: &Plan, console: Console) -> bool {
    console.note(&describe_plan(plan));
    if settings.yes() {
        return true;
    }
    let question = format!("Send {} people to {}?", plan.counts.to_send, plan.org.trim_end_matches('/'));
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

/// Plans that were cut off before anything was sent leave rows behind, which nobody needs.
async fn forget_leftovers(settings: &Settings, ledger: &Ledger) -> Result<(), Problem> {
    for run in ledger.runs().await?.into_iter().filter(|run| run.stage == RunStage::Planning) {
        let folder = settings.run_folder(&run.id);
        // Whoever holds the lock is planning right now.
        if !folder.exists() || RunLock::take(&folder, &run.id).is_ok() {
            ledger.forget(run.key).await?;
            drop(std::fs::remove_dir_all(folder));
        }
    }
    Ok(())
}

/// What making a plan needs.
struct Planning<'a> {
    okta: &'a Okta,
    ledger: &'a Ledger,
    source: &'a Source,
    console: Console,
}

impl Planning<'_> {
    async fn make(&self, id: &str, args: &PlanArgs) -> Result<(muster_ledger::RunKey, Plan), Problem> {
        let wanted = plan_settings(args)?;
        let schema = Planner::schema(self.okta).await.map_err(muster_engine::EngineError::from)?;
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
        let planner = Planner::new(self.okta.clone(), self.ledger, key, wanted);
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

fn plan_settings(args: &PlanArgs) -> Result<PlanSettings, Problem> {
    let mode = match args.mode {
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
    Ok(PlanSettings {
        wishes: Wishes { mode, activate, groups },
        on_conflict,
        create_groups: args.create_groups,
        marker_group: args.marker_group.clone(),
        limit: args.limit,
        renames: args.map.as_deref().map(read_map).transpose()?.unwrap_or_default(),
    })
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

fn open(path: &Path, spool: &Path, args: &PlanArgs) -> Result<Source, Problem> {
    let format = args.format.map(|format| match format {
        FormatArg::Csv => Format::Csv,
        FormatArg::Ndjson => Format::Ndjson,
    });
    let options = SourceOptions { format, encoding: args.encoding.clone(), delimiter: args.delimiter };
    if is_stdin(path) {
        let source = Source::spool(std::io::stdin().lock(), spool, &options);
        return Ok(source.inspect_err(|_| drop(std::fs::remove_file(spool)))?);
    }
    Ok(Source::open(path, &options)?)
}

/// A place for standard input while a plan is made; gone afterwards.
struct Spool {
    path: std::path::PathBuf,
}

impl Spool {
    fn temporary() -> Self {
        Self { path: std::env::temp_dir().join(format!("muster-plan-{}-{}", std::process::id(), new_id())) }
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        // It is there only when the source was standard input.
        drop(std::fs::remove_file(&self.path));
    }
}

/// An id that sorts by day and that people can say: the date and five letters.
fn new_id() -> String {
    const LETTERS: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";
    let now = Timestamp::now();
    let mut seed = u64::from(now.subsec_nanosecond().unsigned_abs())
        ^ (u64::from(std::process::id()) << 32)
        ^ now.as_millisecond().unsigned_abs();
    let mut letters = String::new();
    for _ in 0..5 {
        letters.push(char::from(LETTERS[usize::try_from(seed % 31).unwrap_or(0)]));
        seed /= 31;
    }
    format!("{}-{letters}", now.strftime("%Y%m%d"))
}
