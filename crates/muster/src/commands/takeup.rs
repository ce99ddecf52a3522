//! Taking up a run that stands in the books: its plan, its org, its lock, its source.

use std::path::Path;

use muster_core::record::{Line, Record};
use muster_engine::report::{RunFiles, grouped, write_whole};
use muster_engine::{Corrections, Plan};
use muster_ledger::{Ledger, ResultRow, RunLock, RunRecord};
use muster_legacy::files::{Source, SourceError, SourceOptions, Survey};
use muster_okta::Okta;

use super::connect::{connect, connect_for_sessions};
use super::run::{PlannedRun, make_folder, stored};
use crate::error::Problem;
use crate::settings::{Settings, parse_org_url};

/// Rows taken from the books at a time.
const PAGE: u32 = 2000;

/// A run that can be gone on with.
pub struct TakenUp<'a> {
    /// The org.
    pub okta: Okta,
    /// The run.
    pub run: PlannedRun<'a>,
}

/// Takes up a run. `moved` is where its source is now, if it is not where it was.
pub async fn take_up<'a>(
    settings: &Settings,
    ledger: &'a Ledger,
    record: RunRecord,
    moved: Option<&Path>,
) -> Result<TakenUp<'a>, Problem> {
    let mut plan = plan_of(&record)?;
    let okta = match &plan.sourcing {
        Some(sourcing) => connect_for_sessions(settings, sourcing.then_hook)?,
        None => connect(settings)?,
    };
    same_org(&record, &okta)?;
    let files = RunFiles::new(settings.run_folder(&record.id));
    make_folder(files.folder())?;
    let lock = RunLock::take(files.folder(), &record.id)?;
    let source = source_of(ledger, &record, &plan, &files, moved).await?;
    if source.survey().path != plan.source.path {
        plan.source.path.clone_from(&source.survey().path);
        ledger.planned(record.key, record.rows, stored(&plan)?).await?;
    }
    if !files.plan().exists() {
        let json = serde_json::to_string_pretty(&plan).unwrap_or_default();
        write_whole(&files.plan(), json.as_bytes())?;
    }
    find_corrections(ledger, &record, &files).await?;
    needed_corrections(ledger, &record, &plan).await?;
    Ok(TakenUp {
        okta,
        run: PlannedRun { record, plan, source, ledger, files, lock, typed: settings.typed() },
    })
}

/// The plan as the books have it.
pub fn plan_of(record: &RunRecord) -> Result<Plan, Problem> {
    serde_json::from_str(&record.plan).map_err(|error| {
        Problem::could_not_run(format!(
            "the plan of run {} can't be read by this release: {error}",
            record.id
        ))
    })
}

/// The same org may be written in many ways.
pub fn same_org(record: &RunRecord, okta: &Okta) -> Result<(), Problem> {
    let same =
        parse_org_url(&record.org).is_ok_and(|org| org == *okta.base()) || record.org == okta.base().as_str();
    if same {
        return Ok(());
    }
    Err(Problem::wrong_usage(format!(
        "run {} is for the org {}, and the settings say {}",
        record.id,
        record.org,
        okta.base()
    )))
}

/// The source of a run, the same to the byte as when it was planned.
pub async fn source_of(
    ledger: &Ledger,
    record: &RunRecord,
    plan: &Plan,
    files: &RunFiles,
    moved: Option<&Path>,
) -> Result<Source, Problem> {
    let mut survey = plan.source.clone();
    // The copy of standard input goes where its folder goes.
    let spool = files.spool();
    let copied = (survey.spooled && !survey.path.exists() && spool.exists()).then_some(spool);
    if let Some(place) = moved.or(copied.as_deref()) {
        survey.path = std::path::absolute(place)?;
    }
    match Source::reopen(&survey) {
        Ok(source) => Ok(source),
        Err(SourceError::Changed { found, bytes, .. }) => {
            let head = heading(record, &survey, moved.is_some());
            Err(changed(ledger, record, plan, &survey, (&found, bytes.1), head).await)
        }
        Err(SourceError::NotFound { .. }) => Err(vanished(record, &survey, moved.is_some())),
        Err(other) => Err(other.into()),
    }
}

/// A file that was named is another one; one that is where it was has changed.
fn heading(record: &RunRecord, survey: &Survey, named: bool) -> String {
    let path = survey.path.display();
    if named {
        format!(
            "{path} is another file than the one that run {} was planned with; nothing was sent.",
            record.id
        )
    } else {
        format!("{path} has changed since run {} was planned; nothing was sent.", record.id)
    }
}

fn vanished(record: &RunRecord, survey: &Survey, named: bool) -> Problem {
    if named {
        return Problem::could_not_run(format!(
            "{} is not there. Nothing was sent; name the place where the source of run {} is now (sha256 {}).",
            survey.path.display(),
            record.id,
            survey.sha256
        ));
    }
    let what = if survey.spooled {
        "the copy of standard input that the run needs is gone; it was"
    } else {
        "the source of the run is gone; it was"
    };
    Problem::could_not_run(format!(
        "{what} {}\nNothing was sent. Put it back, or name its new place: muster resume {} --source PATH\nIt must be the same file to the byte (sha256 {}).",
        survey.path.display(),
        record.id,
        survey.sha256
    ))
}

/// What is different, so that one can tell whether the right file is somewhere else.
async fn changed(
    ledger: &Ledger,
    record: &RunRecord,
    plan: &Plan,
    survey: &Survey,
    found: (&str, u64),
    head: String,
) -> Problem {
    let mut lines = vec![
        head,
        format!("  size    {} bytes then, {} now", grouped(survey.bytes), grouped(found.1)),
        format!("  sha256  {} then\n          {} now", survey.sha256, found.0),
    ];
    if let Ok(told) = compare(ledger, record, plan, &survey.path).await {
        let taken = if plan.limit.is_some() { " of those that were taken" } else { "" };
        lines.push(format!("  rows    {} then{taken}, {} now", grouped(record.rows), grouped(told.rows)));
        lines.push(format!("  {}", told.first));
    }
    lines.push(format!(
        "put the first file back, or name where it is: muster resume {} --source PATH. To import the new file: muster import, with --new-run",
        record.id
    ));
    Problem::could_not_run(lines.join("\n"))
}

/// How a changed file compares with the rows in the books.
struct Compared {
    rows: u64,
    first: String,
}

async fn compare(ledger: &Ledger, record: &RunRecord, plan: &Plan, path: &Path) -> Result<Compared, Problem> {
    let source = Source::open(path, &SourceOptions::default())?;
    let same_columns = source.header() == plan.source.header;
    let interpreter = plan.interpreter();
    let login = |read: &Record| match interpreter.interpret(read) {
        Ok(candidate) => Some(candidate.login.as_str().to_owned()),
        Err(faulty) => faulty.login,
    };
    let (mut rows, mut first, mut beyond) = (0, None, None);
    let mut known: std::collections::VecDeque<ResultRow> = std::collections::VecDeque::new();
    let mut after = Line(0);
    for read in source.records()? {
        let read = read?;
        rows += 1;
        if !same_columns || first.is_some() {
            continue;
        }
        if known.is_empty() {
            known = ledger.results(record.key, after, PAGE).await?.into();
            after = known.back().map_or(after, |last| last.line);
        }
        match known.pop_front() {
            None if rows <= record.rows || plan.limit.is_none() => {
                first = Some(format!("line {} is new", read.line));
            }
            None if beyond.is_none() => beyond = Some(read.line),
            // A row that was corrected has another login in the books than in the source.
            Some(row) if row.from.is_none() && (row.line != read.line || row.login != login(&read)) => {
                first = Some(format!("line {} is the first that is not as planned", row.line.min(read.line)));
            }
            _ => {}
        }
    }
    let first = match first {
        _ if !same_columns => "the columns are not the same".to_owned(),
        Some(first) => first,
        None if rows < record.rows => "the first rows are as planned, and the last are missing".to_owned(),
        None if beyond.is_some() => format!(
            "every login that was taken is in its line; a row behind them may be new or changed, from line {} on (--limit took none of these), or other cells have changed",
            beyond.unwrap_or(Line(0))
        ),
        None => "every login is in its line: other cells have changed".to_owned(),
    };
    Ok(Compared { rows, first })
}

/// Corrections go where the folder of their run goes, and one that was elsewhere may be put there.
async fn find_corrections(ledger: &Ledger, record: &RunRecord, files: &RunFiles) -> Result<(), Problem> {
    for (number, correction) in ledger.corrections(record.key).await? {
        let Some(name) = correction.path.file_name().filter(|_| !correction.path.exists()) else { continue };
        let place = std::path::absolute(files.folder().join(name))?;
        if place.is_file() {
            ledger.correction_moved(record.key, number, place).await?;
        }
    }
    Ok(())
}

/// Corrected records of open rows are read from their files, which must be as they were.
async fn needed_corrections(ledger: &Ledger, record: &RunRecord, plan: &Plan) -> Result<(), Problem> {
    let corrections = Corrections::of(ledger, record.key).await?;
    if corrections.is_empty() {
        return Ok(());
    }
    let mut needed = std::collections::BTreeSet::new();
    let mut after = Line(0);
    loop {
        let rows = ledger.open_rows(record.key, after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.line;
        needed.extend(rows.iter().filter_map(|row| row.from).map(|from| from.correction));
    }
    for number in needed {
        corrections.open(number, &plan.mapping)?;
    }
    Ok(())
}
