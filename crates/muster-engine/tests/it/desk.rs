//! A run that was planned and waits to be carried out, by one process or by several.

use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use jiff::Timestamp;
use muster_core::record::Line as SourceLine;
use muster_emulator::Emulator;
use muster_engine::report::{RunFiles, Summary, write_all};
use muster_engine::{
    EngineError, Finish, Pacing, Plan, PlanSettings, Planner, RunContext, Snapshot, Surroundings, carry_out,
    create_groups,
};
use muster_ledger::{Ledger, NewRun, ResultRow, RunKey, RunRecord};
use muster_legacy::files::{Source, SourceOptions};
use muster_okta::{Authorization, Okta};
use tokio::sync::watch;

use crate::books::Books;
use crate::clockwork::Clockwork;
use crate::meddling::Line;

/// The run's id.
pub const RUN: &str = "20261121-tests";

/// A planned run.
pub struct Desk {
    /// The org.
    pub org: Emulator,
    /// The books.
    pub books: Books,
    /// Where the people are.
    pub source: Source,
    /// What to do.
    pub plan: Plan,
    /// The run in the books.
    pub run: RunKey,
    /// How fast.
    pub pacing: Pacing,
    clockwork: Clockwork,
}

impl Desk {
    /// Plans the import of these people.
    pub async fn plan(org: &Emulator, csv: &[u8], settings: PlanSettings) -> Self {
        let (books, clockwork) = (Books::new(), Clockwork::start());
        let path = books.folder().join("people.csv");
        std::fs::write(&path, csv).unwrap();
        let source = Source::open(&path, &SourceOptions::default()).unwrap();
        let ledger = books.open();
        let okta = okta(&Arc::new(Line::clean(org)));
        let base = okta.base().to_string();
        let sha256 = source.survey().sha256.clone();
        let name = source.survey().name().display().to_string();
        let new =
            NewRun { id: RUN.to_owned(), org: base.clone(), source: name, sha256, at: Timestamp::now() };
        let run = ledger.begin_run(new).await.unwrap();
        let planning = make_plan(&okta, &ledger, run, &source, settings);
        let plan = clockwork.drive(&ledger, planning).await.unwrap();
        let stored = serde_json::to_string(&plan).unwrap();
        ledger.planned(run, plan.counts.rows, stored).await.unwrap();
        Self { org: org.clone(), books, source, plan, run, pacing: Pacing::default(), clockwork }
    }

    /// One process carries the run out over this line.
    pub async fn carry_out(&self, line: Line) -> Finish {
        let (_keep, stop) = watch::channel(false);
        self.attempt(&self.books.open(), &Arc::new(line), stop).await.unwrap()
    }

    /// One process, with this client.
    pub async fn carry_out_as(&self, client: Okta) -> Finish {
        let (_keep, stop) = watch::channel(false);
        let (progress, seen) = watch::channel(Snapshot::default());
        let ledger = self.books.open();
        let line = Arc::new(Line::clean(&self.org));
        let context = RunContext { okta: client, ..self.context(&ledger, &line, stop, progress) };
        let finish = self.clockwork.drive(&ledger, carry_out(context, &self.source)).await;
        finish.unwrap_or_else(|| panic!("the run does not end: {:#?}", seen.borrow())).unwrap()
    }

    /// One process that can't do its work.
    pub async fn carry_out_in_vain(&self, line: Line) -> EngineError {
        let (_keep, stop) = watch::channel(false);
        self.attempt(&self.books.open(), &Arc::new(line), stop).await.unwrap_err()
    }

    /// One process, told to stop by this flag.
    pub async fn carry_out_until(&self, line: Line, stop: watch::Receiver<bool>) -> Finish {
        self.attempt(&self.books.open(), &Arc::new(line), stop).await.unwrap()
    }

    /// One process whose clock moves only while it has nothing to do; none when it has too much to do.
    pub async fn carry_out_idly(&self, line: Line, most_turns: u32) -> Option<Finish> {
        let (_keep, stop) = watch::channel(false);
        let (progress, _) = watch::channel(Snapshot::default());
        let context = self.context(&self.books.open(), &Arc::new(line), stop, progress);
        self.clockwork.let_go();
        let mut work = pin!(carry_out(context, &self.source));
        let mut turns = 0;
        std::future::poll_fn(|context| {
            turns += 1;
            if turns > most_turns { Poll::Ready(None) } else { work.as_mut().poll(context).map(Some) }
        })
        .await
        .map(Result::unwrap)
    }

    async fn attempt(
        &self,
        ledger: &Ledger,
        line: &Arc<Line>,
        stop: watch::Receiver<bool>,
    ) -> Result<Finish, EngineError> {
        let (progress, seen) = watch::channel(Snapshot::default());
        let context = self.context(ledger, line, stop, progress);
        let finish = self.clockwork.drive(ledger, carry_out(context, &self.source)).await;
        finish.unwrap_or_else(|| panic!("the run does not end: {:#?}", seen.borrow()))
    }

    /// All that a process needs.
    pub fn context(
        &self,
        ledger: &Ledger,
        line: &Arc<Line>,
        stop: watch::Receiver<bool>,
        progress: watch::Sender<Snapshot>,
    ) -> RunContext {
        RunContext {
            okta: okta(line),
            ledger: ledger.clone(),
            run: self.run,
            plan: self.plan.clone(),
            pacing: self.pacing.clone(),
            surroundings: Surroundings::of_the_machine(),
            stop,
            progress,
        }
    }

    /// The run as the books have it.
    pub async fn record(&self) -> RunRecord {
        self.books.open().run(Some(RUN.to_owned())).await.unwrap()
    }

    /// The numbers of the run.
    pub async fn summary(&self) -> Summary {
        Summary::of(&self.books.open(), &self.record().await).await.unwrap()
    }

    /// Writes the files of the run into its folder.
    pub async fn report(&self) -> (RunFiles, Summary) {
        let files = RunFiles::new(self.books.folder());
        let record = self.record().await;
        let summary = write_all(&self.books.open(), &record, Some(&self.source), &files).await.unwrap();
        (files, summary)
    }

    /// All rows, in order.
    pub async fn results(&self) -> Vec<ResultRow> {
        let ledger = self.books.open();
        let mut rows: Vec<ResultRow> = Vec::new();
        loop {
            let after = rows.last().map_or(SourceLine(0), |row| row.line);
            let page = ledger.results(self.run, after, 100).await.unwrap();
            if page.is_empty() {
                return rows;
            }
            rows.extend(page);
        }
    }
}

async fn make_plan(
    okta: &Okta,
    ledger: &Ledger,
    run: RunKey,
    source: &Source,
    settings: PlanSettings,
) -> Plan {
    let schema = Planner::schema(okta).await.unwrap();
    let planner = Planner::new(okta.clone(), ledger, run, settings, Surroundings::of_the_machine());
    let (progress, _) = watch::channel(Snapshot::default());
    let mut plan = planner.plan(okta.base().as_str(), source, schema, &progress).await.unwrap();
    create_groups(okta, &mut plan).await.unwrap();
    plan
}

/// A client on this line.
pub fn okta(line: &Arc<Line>) -> Okta {
    let token = Authorization::ApiToken(muster_core::secret::Secret::new("test"));
    Okta::new(line.clone(), "http://org.example/".parse().unwrap(), &token).unwrap()
}

/// So many plain people, `p0@example.com` and on.
pub fn plain_people(count: usize) -> String {
    let rows = (0..count).map(|number| format!("p{number}@example.com,First{number},Last{number}\n"));
    std::iter::once("email,firstName,lastName\n".to_owned()).chain(rows).collect()
}
