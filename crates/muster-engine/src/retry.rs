//! Rows that are opened again: those that failed, those whose memberships are missing, those that were corrected.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;
use muster_core::interpret::Interpreter;
use muster_core::outcome::Outcome;
use muster_core::record::Line;
use muster_ledger::{CorrectedRow, CorrectionRecord, Ledger, Reopened, ResultRow, RunKey};
use muster_okta::Okta;
use serde::Serialize;

use crate::correction::{CorrectedRecord, Correction, refused_at};
use crate::error::EngineError;
use crate::plan::Plan;
use crate::planner::{PlanSettings, Planner};
use crate::surroundings::Surroundings;

/// Rows taken from the books, or entered, at a time.
const PAGE: u32 = 1000;

/// Rows that are named one by one.
const NAMED: usize = 20;

/// What a retry would do.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RetryPlan {
    /// Rows that failed and are sent again.
    pub failed: u64,
    /// Rows whose missing memberships are asked for again.
    pub memberships: u64,
    /// Corrected rows that are sent.
    pub corrected: u64,
    /// Rows of the files that are sent and in which nothing was corrected.
    pub unchanged: u64,
    /// Corrected rows that are faulty still.
    pub still_faulty: u64,
    /// The first of those, with what is wrong.
    pub faults: Vec<String>,
    /// Corrected rows that are left alone, for they have a user or are open.
    pub left_alone: u64,
    /// The first of those, with what they are.
    pub left: Vec<String>,
    /// Columns of the source that a file does not have.
    pub missing_columns: Vec<String>,
    /// Columns of a file that the source does not have.
    pub new_columns: Vec<String>,
    /// Activation mails that Okta will send for the corrected rows.
    pub mails: u64,
    /// Rows that are open already, and go on with the others.
    pub open: u64,
}

impl RetryPlan {
    /// Rows that will be sent.
    pub fn to_send(&self) -> u64 {
        self.failed + self.memberships + self.corrected + self.unchanged + self.open
    }
}

/// What became of the corrected rows when they were entered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entered {
    /// Open again.
    pub open: u64,
    /// Faulty still.
    pub faulty: u64,
    /// With a login that another row has.
    pub doubles: u64,
}

/// A retry of one run.
pub struct Retry<'a> {
    /// The org.
    pub okta: &'a Okta,
    /// The books.
    pub ledger: &'a Ledger,
    /// The run.
    pub run: RunKey,
    /// Its plan.
    pub plan: &'a Plan,
    /// Whether groups that the org does not have are created.
    pub create_groups: bool,
}

/// A row that is given, and where.
struct Given {
    file: usize,
    own_line: Line,
    outcome: String,
    code: String,
}

impl Retry<'_> {
    /// What there is to do again without a file.
    pub async fn survey(&self) -> Result<RetryPlan, EngineError> {
        let mut plan = RetryPlan::default();
        let mut after = Line(0);
        loop {
            let rows = self.ledger.results(self.run, after, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(plan) };
            after = last.line;
            for row in &rows {
                plan.open += u64::from(row.outcome.is_none());
                plan.failed += u64::from(row.outcome == Some(Outcome::Failed));
                plan.memberships += u64::from(misses_groups(row));
            }
        }
    }

    /// Opens those rows again.
    pub async fn reopen(&self) -> Result<(), EngineError> {
        let mut after = Line(0);
        loop {
            let rows = self.ledger.results(self.run, after, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.line;
            let again = |row: &&ResultRow| row.outcome == Some(Outcome::Failed) || misses_groups(row);
            let lines: Vec<Line> = rows.iter().filter(again).map(|row| row.line).collect();
            if !lines.is_empty() {
                self.ledger.reopen(self.run, lines).await?;
            }
        }
    }

    /// What the corrected files would do, and the plan with the groups that their rows ask for. Nothing is changed.
    /// `unchanged` are the rows in which nothing was corrected.
    pub async fn check(
        &self,
        files: &[Correction],
        unchanged: &BTreeSet<Line>,
    ) -> Result<(RetryPlan, Plan), EngineError> {
        let mut faults = BTreeMap::new();
        let mut told = RetryPlan::default();
        let mut given = given(files)?;
        self.look_up(files, &mut given, &mut told).await?;
        let mut planner = self.planner();
        let interpreter = self.plan.interpreter();
        for (at, file) in files.iter().enumerate() {
            told.missing_columns.extend(file.missing.iter().cloned());
            told.new_columns.extend(file.new.iter().cloned());
            for row in file.rows()? {
                let row = row?;
                if given.get(&row.record.line).is_some_and(|given| given.file == at) {
                    let line = row.record.line;
                    match faults_of(&mut planner, &interpreter, &row).await? {
                        None if unchanged.contains(&line) => told.unchanged += 1,
                        None => told.corrected += 1,
                        Some(words) => {
                            told.still_faulty += 1;
                            faults.insert(line, format!("line {line}: {words}"));
                        }
                    }
                    if faults.len() > NAMED {
                        faults.pop_last();
                    }
                }
            }
        }
        let mut plan = self.plan.clone();
        let (groups, counts) = planner.into_parts();
        plan.groups = groups;
        told.mails = counts.mails;
        told.faults = faults.into_values().collect();
        Ok((told, plan))
    }

    /// Enters the corrected rows: those that are good are open again.
    pub async fn enter(&self, files: &[Correction], at: Timestamp) -> Result<Entered, EngineError> {
        let mut entered = Entered::default();
        for file in files {
            let survey = file.survey();
            let new = CorrectionRecord {
                path: survey.path.clone(),
                size: survey.bytes,
                sha256: survey.sha256.clone(),
                at,
            };
            let number = self.ledger.add_correction(self.run, new).await?;
            let (mut planner, reader) = (self.planner(), self.plan.interpreter());
            let mut batch = Vec::new();
            for row in file.rows()? {
                let row = row?;
                let made = planner.row(reader.interpret(&row.record)).await?;
                batch.push(CorrectedRow { line: row.record.line, correction_line: row.own_line, row: made });
                if batch.len() >= PAGE as usize {
                    entered.add(
                        &self
                            .ledger
                            .reopen_corrected(self.run, number, std::mem::take(&mut batch), at)
                            .await?,
                    );
                }
            }
            entered.add(&self.ledger.reopen_corrected(self.run, number, batch, at).await?);
        }
        Ok(entered)
    }

    fn planner(&self) -> Planner<'_> {
        let settings = PlanSettings {
            wishes: self.plan.wishes.clone(),
            create_groups: self.create_groups,
            ..PlanSettings::default()
        };
        let surroundings = Surroundings::of_the_machine();
        Planner::new(self.okta.clone(), self.ledger, self.run, settings, surroundings)
            .knowing(self.plan.groups.clone())
            .into_sessions(self.plan.sourcing.clone())
    }

    /// Takes out of the given rows those that need no correction, and refuses those that are not of this run.
    async fn look_up(
        &self,
        files: &[Correction],
        given: &mut BTreeMap<Line, Given>,
        told: &mut RetryPlan,
    ) -> Result<(), EngineError> {
        let mut unseen: BTreeSet<Line> = given.keys().copied().collect();
        let path =
            |given: &Given| files.get(given.file).map(|file| file.survey().path.clone()).unwrap_or_default();
        let mut after = unseen.first().map_or(Line(0), |line| Line(line.0.saturating_sub(1)));
        while !unseen.is_empty() {
            let rows = self.ledger.results(self.run, after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = last.line;
            for row in &rows {
                let Some(found) = given.get(&row.line).filter(|_| unseen.remove(&row.line)) else {
                    continue;
                };
                if row.outcome.is_none_or(|outcome| !outcome.needs_attention()) {
                    told.leave(row);
                    given.remove(&row.line);
                } else if let Some(why) = of_another_run(row, found) {
                    return Err(refused_at(&path(found), found.own_line, &why));
                }
            }
        }
        match unseen.first().and_then(|line| Some((line, given.get(line)?))) {
            None => Ok(()),
            Some((line, found)) => Err(refused_at(
                &path(found),
                found.own_line,
                &format!(
                    "has the _line {line}, and this run has no row there; the file is of another run, or _line was changed"
                ),
            )),
        }
    }
}

/// What is wrong with a corrected row, if anything is.
async fn faults_of(
    planner: &mut Planner<'_>,
    reader: &Interpreter,
    row: &CorrectedRecord,
) -> Result<Option<String>, EngineError> {
    let made = planner.row(reader.interpret(&row.record)).await?;
    let words: Vec<String> = made.faults.iter().map(ToString::to_string).collect();
    Ok((!words.is_empty()).then(|| words.join("; ")))
}

/// All rows of the files, each once.
fn given(files: &[Correction]) -> Result<BTreeMap<Line, Given>, EngineError> {
    let mut all: BTreeMap<Line, Given> = BTreeMap::new();
    for (at, file) in files.iter().enumerate() {
        for row in file.rows()? {
            let CorrectedRecord { own_line, outcome, code, record } = row?;
            let given = Given { file: at, own_line, outcome, code };
            if let Some(earlier) = all.insert(record.line, given) {
                let place =
                    |at: usize| files.get(at).map(|file| file.survey().path.clone()).unwrap_or_default();
                return Err(refused_at(
                    &place(at),
                    own_line,
                    &format!(
                        "has the _line {}, which line {} of {} has, too; keep one of them",
                        record.line,
                        earlier.own_line,
                        place(earlier.file).display()
                    ),
                ));
            }
        }
    }
    Ok(all)
}

impl RetryPlan {
    fn leave(&mut self, row: &ResultRow) {
        self.left_alone += 1;
        if self.left.len() >= NAMED {
            return;
        }
        let login = row.login.as_deref().unwrap_or_default();
        let what = match (row.outcome, row.okta_id.as_deref()) {
            (None, _) => "is open already".to_owned(),
            (Some(outcome), None) => format!("is {outcome}"),
            (Some(outcome), Some(id)) => format!("is {outcome} as {id}"),
        };
        self.left.push(format!("line {}: {login} {what}", row.line));
    }
}

impl Entered {
    fn add(&mut self, fates: &[Reopened]) {
        for fate in fates {
            match fate {
                Reopened::Open => self.open += 1,
                Reopened::Faulty => self.faulty += 1,
                Reopened::Double => self.doubles += 1,
                Reopened::LeftAlone => {}
            }
        }
    }
}

/// Someone is there, and groups are missing.
fn misses_groups(row: &ResultRow) -> bool {
    let fine = row.outcome.is_some_and(|outcome| !outcome.needs_attention());
    fine && row.group_outcome.is_some_and(muster_core::outcome::GroupOutcome::needs_attention)
}

/// What a row says that another run, or an older reject file of this one, would say.
fn of_another_run(row: &ResultRow, given: &Given) -> Option<String> {
    let outcome = row.outcome.map(|outcome| outcome.to_string()).unwrap_or_default();
    let code = row.error_code.clone().unwrap_or_default();
    let differs = |told: &str, known: &str| !told.is_empty() && told != known;
    (differs(&given.outcome, &outcome) || differs(&given.code, &code)).then(|| {
        format!(
            "says that row {} is {} ({}), and in this run it is {outcome} ({code}); the file is of another run, or older than the last retry. Correct the present rejects.csv",
            row.line, given.outcome, given.code
        )
    })
}

/// Whether this file is the reject file in that folder.
pub fn is_in(folder: &Path, file: &Path) -> bool {
    let whole = |path: &Path| path.canonicalize().ok();
    whole(file).zip(whole(folder)).is_some_and(|(file, folder)| file.starts_with(folder))
}
