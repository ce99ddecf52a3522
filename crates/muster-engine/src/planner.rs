//! Pass one over a source: every row read, checked and entered into the books; nothing is written to the org.

use muster_core::candidate::{Candidate, GroupWish, OnConflict};
use muster_core::column::{Mapping, Renames, Target};
use muster_core::fault::{Fault, FaultCode};
use muster_core::interpret::{FaultyRow, Interpreter, Wishes};
use muster_core::login::Login;
use muster_core::profile::quoted;
use muster_core::schema::ProfileSchema;
use muster_core::sourcing::{Operation, Sourcing};
use muster_ledger::{Ledger, PlannedRow, RunKey};
use muster_legacy::files::{Source, SourceError, Survey};
use muster_okta::{CallError, Okta};
use tokio::sync::mpsc;

use crate::directory::Directory;
use crate::error::{EngineError, OrgTrouble};
use crate::footprint::Footprint;
use crate::patience::patiently;
use crate::plan::{FORMAT, FaultCount, GroupPlan, Plan, PlanCounts};
use crate::progress::{Phase, Snapshot};
use crate::sourcing::{SourcingWishes, count_sessions, faulty_at_source, survey, told_to_source};
use crate::surroundings::{Reading, Surroundings};

/// What the operator wants of a plan.
#[derive(Clone, Debug, Default)]
pub struct PlanSettings {
    /// For all rows.
    pub wishes: Wishes,
    /// For users who are there already.
    pub on_conflict: OnConflict,
    /// Whether groups that the org does not have are created.
    pub create_groups: bool,
    /// A group for everybody, created when missing.
    pub marker_group: Option<String>,
    /// Rows taken at most.
    pub limit: Option<u64>,
    /// Renamed columns.
    pub renames: Renames,
    /// What is wanted of import sessions; none where people are created by the Users API.
    pub sourcing: Option<SourcingWishes>,
}

/// Rows per message between the threads.
const BATCH: usize = 500;

type Interpreted = Result<Candidate, FaultyRow>;

/// Makes a plan.
#[derive(Debug)]
pub struct Planner<'a> {
    ledger: &'a Ledger,
    run: RunKey,
    settings: PlanSettings,
    directory: Directory,
    groups: GroupPlan,
    counts: PlanCounts,
    surroundings: Surroundings,
    sourcing: Option<Sourcing>,
    /// Rows in which no external id could be read.
    without_key: u64,
}

impl<'a> Planner<'a> {
    /// A planner that enters the rows into this run's books.
    pub fn new(
        okta: Okta,
        ledger: &'a Ledger,
        run: RunKey,
        mut settings: PlanSettings,
        surroundings: Surroundings,
    ) -> Self {
        if let Some(marker) = &settings.marker_group
            && !settings.wishes.groups.contains(marker)
        {
            settings.wishes.groups.push(marker.clone());
        }
        Self {
            directory: Directory::new(okta),
            ledger,
            run,
            settings,
            groups: GroupPlan::default(),
            counts: PlanCounts::default(),
            surroundings,
            sourcing: None,
            without_key: 0,
        }
    }

    /// The org's schema; the base attributes when it does not show its own.
    pub async fn schema(okta: &Okta) -> Result<(ProfileSchema, bool), OrgTrouble> {
        match patiently(|| okta.read_schema()).await.result {
            Ok(schema) => Ok((schema, true)),
            // No right to read schemas is no reason not to import; a wrong token or no org at all is.
            Err(CallError::Okta { status: 403 | 404, .. }) => Ok((ProfileSchema::base(), false)),
            Err(error) => {
                Err(OrgTrouble::of(&error, okta.base().as_str(), "read the user schema", "okta.schemas.read"))
            }
        }
    }

    /// Reads the whole source and says what would be done.
    pub async fn plan(
        mut self,
        org: &str,
        source: &Source,
        schema: (ProfileSchema, bool),
        progress: &tokio::sync::watch::Sender<Snapshot>,
    ) -> Result<Plan, EngineError> {
        let mut plan = Box::pin(self.draft(org, source, schema)).await?;
        let mut rows = Rows::of(source, plan.interpreter(), self.settings.limit, self.surroundings.reading)?;
        while let Some(batch) = rows.next_batch().await? {
            self.enter(batch).await?;
            progress
                .send_modify(|snapshot| (snapshot.phase, snapshot.rows) = (Phase::Reading, self.counts.rows));
        }
        self.take_off_doubles().await?;
        Box::pin(self.compare_with_source(&mut plan, source)).await?;
        self.count_faults().await?;
        (plan.groups, plan.counts) = (self.groups, self.counts);
        Ok(plan)
    }

    /// The plan before any row is read: what the columns mean, and where they go.
    async fn draft(
        &mut self,
        org: &str,
        source: &Source,
        (schema, schema_is_the_orgs): (ProfileSchema, bool),
    ) -> Result<Plan, EngineError> {
        let renames = self.settings.renames.clone();
        let (mapping, schema) = match &self.settings.sourcing {
            None => (Mapping::new(source.header(), &schema, &renames)?, schema),
            Some(wishes) => {
                let attributes = survey(self.directory.okta(), &wishes.source).await?;
                let (mapping, schema, sourcing) =
                    wishes.map(source.header(), &schema, &attributes, renames)?;
                self.sourcing = Some(sourcing);
                (mapping, schema)
            }
        };
        Ok(Plan {
            format: FORMAT,
            muster_version: env!("CARGO_PKG_VERSION").to_owned(),
            run: None,
            org: org.to_owned(),
            source: survey_without_secrets(source.survey(), &mapping),
            mapping,
            schema,
            schema_is_the_orgs,
            wishes: self.settings.wishes.clone(),
            on_conflict: self.settings.on_conflict,
            limit: self.settings.limit,
            sourcing: self.sourcing.clone(),
            groups: GroupPlan::default(),
            counts: PlanCounts::default(),
        })
    }

    /// Takes off what Okta was told before, and finds out who is gone; counts the sessions.
    async fn compare_with_source(&mut self, plan: &mut Plan, source: &Source) -> Result<(), EngineError> {
        let (Some(mut sourcing), Some(wishes)) = (self.sourcing.clone(), self.settings.sourcing.clone())
        else {
            return Ok(());
        };
        let (ledger, run, at) = (self.ledger, self.run, self.surroundings.clock.now());
        let key = ledger.identity_source(plan.org.clone(), sourcing.source.clone()).await?;
        for doubles in ledger.find_double_external_ids(run, at).await? {
            let footprint = Footprint::unpacked(doubles.footprint);
            self.counts.take_off(&doubles.credential, footprint, doubles.rows);
        }
        if !wishes.full && sourcing.operation == Operation::CreateUpdate {
            for unchanged in ledger.take_off_unchanged(run, key, at).await? {
                sourcing.counts.unchanged += unchanged.rows;
                let footprint = Footprint::unpacked(unchanged.footprint);
                self.counts.take_off(&unchanged.credential, footprint, unchanged.rows);
            }
        }
        if plan.limit.is_none() {
            (sourcing.counts.known, sourcing.counts.missing) =
                wishes.find_missing(ledger, run, key, self.without_key, &self.surroundings).await?;
        }
        plan.sourcing = Some(sourcing.clone());
        (sourcing.counts.uploads, sourcing.counts.sessions) =
            count_sessions(ledger, run, plan, source, &self.surroundings).await?;
        self.counts.requests = sourcing.counts.uploads;
        plan.sourcing = Some(sourcing);
        Ok(())
    }

    async fn enter(&mut self, batch: Vec<Interpreted>) -> Result<(), EngineError> {
        let mut rows = Vec::with_capacity(batch.len());
        for interpreted in batch {
            rows.push(self.row(interpreted).await?);
        }
        self.ledger.plan_rows(self.run, rows, self.surroundings.clock.now()).await?;
        Ok(())
    }

    /// One row as the books take it, checked against the org's groups and counted.
    pub(crate) async fn row(&mut self, interpreted: Interpreted) -> Result<PlannedRow, OrgTrouble> {
        self.counts.rows += 1;
        let (interpreted, sourced) = match (interpreted, &self.sourcing) {
            (Ok(candidate), Some(sourcing)) => match told_to_source(sourcing, candidate) {
                Ok((candidate, sourced)) => (Ok(candidate), Some(sourced)),
                Err(faulty) => (Err(faulty), None),
            },
            (Ok(candidate), None) => (self.with_groups(candidate).await?, None),
            (Err(faulty), Some(sourcing)) => (Err(faulty_at_source(sourcing, faulty)), None),
            (Err(faulty), None) => (Err(faulty), None),
        };
        if let Ok(candidate) = &interpreted {
            self.counts.add(candidate.credential.name(), Footprint::of(candidate));
        }
        let row = PlannedRow { sourced, ..planned(interpreted) };
        self.without_key += u64::from(row.external_id.is_none());
        Ok(row)
    }

    /// The planner for rows of a run whose sessions were decided on before.
    pub(crate) fn into_sessions(mut self, sourcing: Option<Sourcing>) -> Self {
        self.sourcing = sourcing;
        self
    }

    /// The planner with the groups that an earlier plan has found.
    pub(crate) fn knowing(mut self, groups: GroupPlan) -> Self {
        self.groups = groups;
        self
    }

    /// The groups and the numbers of the rows so far.
    pub(crate) fn into_parts(self) -> (GroupPlan, PlanCounts) {
        (self.groups, self.counts)
    }

    /// Doubles are known when all rows are: until then they were counted as good.
    async fn take_off_doubles(&mut self) -> Result<(), EngineError> {
        if self.sourcing.as_ref().is_some_and(|sourcing| sourcing.operation == Operation::Deactivate) {
            // The key stands in for the login there. Two keys may differ in their case alone, where two logins may not.
            return Ok(());
        }
        for doubles in self.ledger.find_doubles(self.run, self.surroundings.clock.now()).await? {
            let footprint = Footprint::unpacked(doubles.footprint);
            self.counts.take_off(&doubles.credential, footprint, doubles.rows);
        }
        Ok(())
    }

    /// The candidate, if all its groups are there or will be.
    async fn with_groups(&mut self, candidate: Candidate) -> Result<Interpreted, OrgTrouble> {
        let mut faults = Vec::new();
        for wish in &candidate.groups {
            if matches!(wish, GroupWish::Name(name) if self.groups.ids.contains_key(name)) {
                continue;
            }
            self.directory.learn(wish).await?;
            match (self.directory.find(wish), wish) {
                (Ok(Some(group)), GroupWish::Name(name)) if !self.groups.ids.contains_key(name) => {
                    drop(self.groups.ids.insert(name.clone(), group.id.clone()));
                }
                (Ok(Some(_)), _) => {}
                (Ok(None), GroupWish::Name(name)) => faults.extend(self.missing(name)),
                (Ok(None), GroupWish::Id(id)) => {
                    faults.push(Fault::of_row(FaultCode::UnknownGroup, id.clone()));
                }
                (Err(fault), _) => faults.push(fault),
            }
        }
        if faults.is_empty() {
            return Ok(Ok(candidate));
        }
        let login = Some(candidate.login.as_str().to_owned());
        Ok(Err(FaultyRow { line: candidate.line, login, external_id: candidate.external_id, faults }))
    }

    fn missing(&mut self, name: &str) -> Option<Fault> {
        if let Some(fault) = impossible_name(name) {
            return Some(fault);
        }
        if self.settings.create_groups || self.settings.marker_group.as_deref() == Some(name) {
            self.groups.to_create.insert(name.to_owned());
            return None;
        }
        *self.groups.missing.entry(name.to_owned()).or_default() += 1;
        let similar =
            self.directory.similar(name).map(|found| format!("; it has {found:?}")).unwrap_or_default();
        Some(Fault::of_field(
            FaultCode::MissingGroup,
            "groups",
            format!("the org has no group named {name:?}{similar}"),
        ))
    }

    async fn count_faults(&mut self) -> Result<(), EngineError> {
        let errors = self.ledger.errors(self.run).await?;
        self.counts.faults = errors
            .into_iter()
            .map(|error| FaultCount {
                hint: FaultCode::from_name(&error.code).map(FaultCode::hint).unwrap_or_default().to_owned(),
                code: error.code,
                rows: error.rows,
                first_line: error.first.0,
                example: error.example,
            })
            .collect();
        Ok(())
    }
}

/// What no group of an org can be called (API.md §1, §7).
fn impossible_name(name: &str) -> Option<Fault> {
    const LONGEST: usize = 255;
    let length = name.chars().count();
    if length > LONGEST {
        let reason =
            format!("the group name {} has {length} characters, {LONGEST} are allowed", quoted(name));
        return Some(Fault::of_field(FaultCode::TooLong, "groups", reason));
    }
    let strange = name.chars().find(|letter| u32::from(*letter) > 0xFFFF)?;
    let reason =
        format!("the group name {} holds {strange:?}; Okta takes characters up to U+FFFF", quoted(name));
    Some(Fault::of_field(FaultCode::UnsupportedCharacter, "groups", reason))
}

fn planned(interpreted: Interpreted) -> PlannedRow {
    match interpreted {
        Ok(candidate) => PlannedRow {
            line: candidate.line,
            credential: candidate.credential.name(),
            groups_requested: u32::try_from(candidate.groups.len()).unwrap_or(u32::MAX),
            footprint: Footprint::of(&candidate).packed(),
            login: Some(candidate.login),
            external_id: candidate.external_id,
            sourced: None,
            faults: Vec::new(),
        },
        Err(faulty) => PlannedRow {
            line: faulty.line,
            login: faulty.login.as_deref().and_then(Login::parse),
            external_id: faulty.external_id,
            credential: "",
            groups_requested: 0,
            footprint: 0,
            sourced: None,
            faults: faulty.faults,
        },
    }
}

/// The example of the encoding is for people to read: it stays only when it is from a column of the profile.
fn survey_without_secrets(survey: &Survey, mapping: &Mapping) -> Survey {
    let mut survey = survey.clone();
    let column = survey.encoding.sample_column.as_ref();
    let at = column.and_then(|column| mapping.header.iter().position(|name| name == column));
    let target = at.and_then(|at| mapping.targets.get(at));
    if !matches!(target, Some(Target::Attribute(_))) {
        survey.encoding.sample = None;
    }
    survey
}

/// The rows of a source, interpreted.
enum Rows {
    FromTheirThread(mpsc::Receiver<Result<Vec<Interpreted>, SourceError>>),
    Here(Box<dyn Iterator<Item = Result<Interpreted, SourceError>> + Send>),
}

impl Rows {
    fn of(
        source: &Source,
        interpreter: Interpreter,
        limit: Option<u64>,
        reading: Reading,
    ) -> Result<Self, SourceError> {
        let most = usize::try_from(limit.unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
        let records = source.records()?.take(most);
        let mut rows = records.map(move |record| record.map(|record| interpreter.interpret(&record)));
        if reading == Reading::InTheRun {
            return Ok(Self::Here(Box::new(rows)));
        }
        let (sender, batches) = mpsc::channel(2);
        tokio::task::spawn_blocking(move || {
            loop {
                let batch: Result<Vec<_>, SourceError> = rows.by_ref().take(BATCH).collect();
                let last = batch.as_ref().map_or(true, Vec::is_empty);
                // Nobody listens only when the plan was given up.
                if sender.blocking_send(batch).is_err() || last {
                    return;
                }
            }
        });
        Ok(Self::FromTheirThread(batches))
    }

    /// The next rows; none when there are no more.
    async fn next_batch(&mut self) -> Result<Option<Vec<Interpreted>>, EngineError> {
        let batch = match self {
            Self::FromTheirThread(batches) => batches.recv().await.ok_or(EngineError::ReaderDied)??,
            Self::Here(rows) => rows.by_ref().take(BATCH).collect::<Result<_, _>>()?,
        };
        Ok(Some(batch).filter(|batch: &Vec<Interpreted>| !batch.is_empty()))
    }
}
