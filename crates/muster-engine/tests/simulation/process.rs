//! One process of ours: it opens the books as they are, plans or goes on, and comes through, or stops, or dies.

use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use muster_core::record::Line as SourceLine;
use muster_core::secret::Secret;
use muster_engine::{
    EngineError, Finish, Plan, Planner, RunContext, Snapshot, StopReason, Surroundings, carry_out,
    create_groups,
};
use muster_ledger::{Ledger, NewRun, ResultRow, RunRecord, RunStage, Store};
use muster_legacy::files::{Source, SourceOptions};
use muster_okta::{Authorization, Okta};
use tokio::sync::watch;

use crate::dice::Dice;
use crate::doom::{Books, Doom};
use crate::office::keep;
use crate::wire::{Line, Network};
use crate::world::World;

/// How a process ended.
#[derive(Debug)]
pub enum Ended {
    /// The run is complete.
    Complete,
    /// It died.
    Died,
    /// It stopped before the end.
    Stopped(StopReason),
    /// The org did not let it plan or make groups.
    Hindered(String),
    /// Something that must never happen.
    Broken(String),
}

impl std::fmt::Display for Ended {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Complete => out.write_str("complete"),
            Self::Died => out.write_str("died"),
            Self::Stopped(reason) => write!(out, "stopped: {reason:?}"),
            Self::Hindered(why) => write!(out, "hindered: {why}"),
            Self::Broken(why) => write!(out, "broken: {why}"),
        }
    }
}

/// All that a process is given.
pub struct Start<'a> {
    /// Its number.
    pub number: u32,
    /// The world.
    pub world: &'a World,
    /// The way to the org.
    pub network: &'a Network,
    /// The source.
    pub source: &'a Path,
    /// Chance for commits.
    pub office: &'a Dice,
    /// Its fate.
    pub doom: Arc<Doom>,
    /// When somebody asks it to stop.
    pub stop: Option<Duration>,
}

/// A process that does nothing but turn round.
const MOST_TURNS: u32 = 2_000_000;

/// Lives through it. What is left is the books, and how it ended.
pub async fn live(start: Start<'_>, store: Store) -> (Store, Ended) {
    let (ledger, mut keeper) = match Ledger::attended(store) {
        Ok(open) => open,
        Err(error) => panic!("the books can't be opened: {error}"),
    };
    let (doom, told) = (start.doom.clone(), &start.network.story);
    let work = unspun(work(&start, ledger));
    let death = tokio::select! {
        biased;
        books = doom.death() => Err(books),
        () = keep(&mut keeper, start.world.hours, start.office, &doom, told) => Err(Books::Before),
        ended = work => Ok(ended),
    };
    start.network.bury();
    match death {
        Ok(ended) => (keeper.crash_after(), ended),
        Err(Books::Before) => (keeper.crash(), Ended::Died),
        Err(Books::Within) => (keeper.crash_within(), Ended::Died),
        Err(Books::After) => (keeper.crash_after(), Ended::Died),
    }
}

/// Work that goes round and round while no time passes has lost its way.
async fn unspun<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    let (mut turns, mut since) = (0, tokio::time::Instant::now());
    std::future::poll_fn(move |context| {
        let now = tokio::time::Instant::now();
        (turns, since) = if now == since { (turns + 1, since) } else { (0, now) };
        assert!(turns < MOST_TURNS, "the process spins");
        if let Poll::Ready(done) = work.as_mut().poll(context) { Poll::Ready(done) } else { Poll::Pending }
    })
    .await
}

async fn work(start: &Start<'_>, ledger: Ledger) -> Ended {
    match attempt(start, &ledger).await {
        Ok(Finish { stopped: None, .. }) => Ended::Complete,
        Ok(Finish { stopped: Some(reason), .. }) => Ended::Stopped(reason),
        Err(EngineError::Org(trouble)) => Ended::Hindered(trouble.to_string()),
        Err(other) => Ended::Broken(other.to_string()),
    }
}

async fn attempt(start: &Start<'_>, ledger: &Ledger) -> Result<Finish, EngineError> {
    let world = start.world;
    let line = Line::of(start.network, start.number, &start.doom);
    let token = Authorization::ApiToken(Secret::new(crate::inhabitants::OURS));
    let okta = Okta::new(Arc::new(line), "http://org.example/".parse().unwrap(), &token).unwrap();
    let now = start.network.began.0.saturating_add(world.ahead).unwrap();
    let elapsed = start.network.began.1.elapsed();
    let seed = world.seed.wrapping_mul(1000).wrapping_add(u64::from(start.number));
    let surroundings = Surroundings::simulated(seed, now.checked_add(elapsed).unwrap());
    let source = Source::open(start.source, &SourceOptions::default())?;
    let (stop_now, stop) = watch::channel(false);
    let asking = start.stop.map(|after| {
        tokio::spawn(async move {
            tokio::time::sleep(after).await;
            stop_now.send_replace(true);
            std::future::pending::<()>().await;
        })
    });
    let record = match open_run(ledger).await? {
        Some(record) => record,
        None => plan(start, ledger, &okta, &source, surroundings.clone()).await?,
    };
    let mut plan: Plan = serde_json::from_str(&record.plan).unwrap();
    if !plan.groups.to_create.is_empty() {
        create_groups(&okta, &mut plan).await?;
        ledger.planned(record.key, record.rows, serde_json::to_string(&plan).unwrap()).await?;
    }
    let (progress, _) = watch::channel(Snapshot::default());
    let context = RunContext {
        okta,
        ledger: ledger.clone(),
        run: record.key,
        plan,
        pacing: world.pacing.clone(),
        surroundings,
        stop,
        progress,
    };
    let finish = carry_out(context, &source).await;
    if let Some(asking) = asking {
        asking.abort();
    }
    finish
}

/// The run that was planned, if there is one. Plans that were cut off are forgotten.
async fn open_run(ledger: &Ledger) -> Result<Option<RunRecord>, EngineError> {
    let mut open = None;
    for record in ledger.runs().await? {
        if record.stage == RunStage::Planning {
            ledger.forget(record.key).await?;
        } else {
            open = Some(record);
        }
    }
    Ok(open)
}

async fn plan(
    start: &Start<'_>,
    ledger: &Ledger,
    okta: &Okta,
    source: &Source,
    surroundings: Surroundings,
) -> Result<RunRecord, EngineError> {
    let id = format!("run-{}", start.number);
    let survey = source.survey();
    let new = NewRun {
        id: id.clone(),
        org: okta.base().to_string(),
        source: "people.csv".to_owned(),
        sha256: survey.sha256.clone(),
        at: surroundings.clock.now(),
    };
    let run = ledger.begin_run(new).await?;
    let schema = Planner::schema(okta).await?;
    let planner = Planner::new(okta.clone(), ledger, run, start.world.plan.clone(), surroundings);
    let (progress, _) = watch::channel(Snapshot::default());
    let plan = planner.plan(okta.base().as_str(), source, schema, &progress).await?;
    ledger.planned(run, plan.counts.rows, serde_json::to_string(&plan).unwrap()).await?;
    Ok(ledger.run(Some(id)).await?)
}

/// All rows of the run, in order; none before there is a plan.
pub async fn results(ledger: &Ledger) -> Option<(RunRecord, Vec<ResultRow>)> {
    let record = ledger.runs().await.unwrap().into_iter().rfind(|run| run.stage != RunStage::Planning)?;
    let mut rows: Vec<ResultRow> = Vec::new();
    loop {
        let after = rows.last().map_or(SourceLine(0), |row| row.line);
        let page = ledger.results(record.key, after, 200).await.unwrap();
        if page.is_empty() {
            return Some((record, rows));
        }
        rows.extend(page);
    }
}

/// Looks into the books between two processes.
pub async fn look<T, F: Future<Output = T>>(store: Store, look: impl FnOnce(Ledger) -> F) -> (Store, T) {
    let (ledger, mut keeper) = Ledger::attended(store).unwrap();
    let mut looking = pin!(look(ledger));
    let found = loop {
        tokio::select! {
            biased;
            found = &mut looking => break found,
            true = keeper.job() => drop(keeper.commit()),
        }
    };
    (keeper.crash_after(), found)
}
