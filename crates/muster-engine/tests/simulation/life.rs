//! A world from its beginning to its end.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use http::Method;
use muster_emulator::{Emulator, FaultPlan};
use muster_engine::report::{RunFiles, Summary, write_all};
use muster_ledger::{Ledger, Store};
use muster_legacy::files::{Source, SourceOptions};
use serde_json::json;
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::crowd::csv;
use crate::dice::{About, Dice};
use crate::doom::Doom;
use crate::evidence::{Evidence, Leg};
use crate::figures::Figures;
use crate::inhabitants::{call, inhabitants, windows, writes};
use crate::process::{Ended, Start, live as live_process, look, results};
use crate::story::Story;
use crate::strangers::Strangers;
use crate::verdict;
use crate::weather::{self, Sky};
use crate::wire::Network;
use crate::world::World;

/// A run that needs more processes than this will never end.
const MOST_PROCESSES: u32 = 60;
/// Nor will one that takes so long.
const LONGEST: Duration = Duration::from_hours(12);
/// What is still under way at the end has arrived by then.
const AFTERWARDS: Duration = Duration::from_mins(5);

/// What became of a world.
pub struct Lived {
    /// In numbers.
    pub figures: Figures,
    /// What was promised and did not hold.
    pub broken: Vec<String>,
    /// Everything that a second life must repeat to the letter.
    pub trace: String,
}

/// Lives through the world of a seed.
pub async fn live(seed: u64, told: bool) -> Lived {
    let world = World::of(seed);
    let story = Story::begin(told);
    story.tell(|| format!("{world:#?}"));
    let folder = folder();
    let source = folder.path().join("people.csv");
    std::fs::write(&source, csv(&world.rows)).unwrap();
    let network = network(&world, &story).await;
    let mut others = JoinSet::new();
    for spell in &world.weather {
        others.spawn(weather::pass(
            *spell,
            network.sky.clone(),
            network.org.clone(),
            world.climate.clone(),
            story.clone(),
        ));
    }
    others.spawn(network.strangers.clone().live());
    let mut figures = Figures { worlds: 1, rows: world.rows.len() as u64, ..Figures::default() };
    let carried = tokio::time::timeout(LONGEST, Box::pin(carry_through(&world, &network, &source))).await;
    let (mut broken, mut trace) = (Vec::new(), String::new());
    match carried {
        Ok(Ok((books, legs))) => {
            figures.processes = legs.len() as u64;
            figures.crashes = legs.iter().filter(|leg| leg.died).count() as u64;
            tokio::time::sleep(AFTERWARDS).await;
            others.shutdown().await;
            network.org.set_faults(FaultPlan::default());
            network.org.set_read_only(false);
            let evidence = gather(&network, books, legs, &folder).await;
            broken = verdict::of(&world, &evidence);
            trace = format!(
                "{}\n{}\n{:?}\n{:?}",
                evidence.files[0], evidence.files[1], evidence.writes, evidence.inhabitants
            );
        }
        Ok(Err(why)) => broken.push(why),
        Err(_) => broken.push(format!("the run does not end: {LONGEST:?} passed")),
    }
    figures.requests = network.journal.all().len() as u64;
    figures.faults = story.faults();
    figures.meddlings = network.strangers.deeds().len() as u64;
    figures.seconds = network.began.1.elapsed().as_secs();
    Lived { figures, broken, trace }
}

/// In memory, where there is such a folder.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

/// The org with everybody in it, and the way to it.
async fn network(world: &World, story: &Story) -> Network {
    let org = Emulator::open(world.org.clone()).unwrap();
    let began = (world.org.start.unwrap(), Instant::now());
    let mut groups = BTreeMap::new();
    for name in &world.groups {
        let body = json!({"profile": {"name": name}});
        let (_, group) = call(&org, Method::POST, "/api/v1/groups", Some(body)).await;
        groups.insert(name.clone(), group["id"].as_str().unwrap().to_owned());
    }
    let good = world.good().into_values().cloned();
    let dice = Dice::of(world.seed, About::Strangers);
    let strangers = Strangers::new(&org, good, groups, (dice, world.bustle), story);
    strangers.settle().await;
    tokio::time::sleep(Duration::from_mins(10)).await;
    org.set_faults(world.climate.faults.clone());
    org.set_background(&world.climate.background);
    Network {
        org,
        way: world.way,
        sky: Sky::default(),
        journal: crate::journal::Journal::default(),
        strangers,
        dice: Dice::of(world.seed, About::Wire),
        story: story.clone(),
        began,
        under_way: Arc::default(),
    }
}

/// Processes come and go until one comes through.
async fn carry_through(world: &World, network: &Network, source: &Path) -> Result<(Store, Vec<Leg>), String> {
    let mut store = Store::in_memory().unwrap();
    let mut legs: Vec<Leg> = Vec::new();
    let (office, pauses) = (Dice::of(world.seed, About::Office), Dice::of(world.seed, About::Doom));
    let mut hindered = 0;
    for number in 0.. {
        // Whoever tries again and again while the org can't be reached comes no further.
        if number - hindered >= MOST_PROCESSES {
            break;
        }
        let nth = number as usize;
        let doom = Arc::new(Doom::of(world.causes.get(nth).copied()));
        let stop = world.stops.get(nth).copied().flatten();
        network.story.tell(|| format!("== process {number}, doomed: {:?}", world.causes.get(nth)));
        let start = Start { number, world, network, source, office: &office, doom, stop };
        let (left, ended) = Box::pin(live_process(start, store)).await;
        let (left, rows) = look(left, |ledger| async move { results(&ledger).await }).await;
        network.story.tell(|| format!("== process {number} ended: {ended}"));
        let leg = Leg {
            ended: ended.to_string(),
            died: matches!(ended, Ended::Died),
            rows: rows.map(|(_, rows)| rows).unwrap_or_default(),
        };
        if let Some(before) = legs.last() {
            verdict::nothing_is_taken_back(before, &leg)?;
        }
        legs.push(leg);
        store = left;
        match ended {
            Ended::Complete => return Ok((store, legs)),
            Ended::Broken(why) => return Err(format!("process {number} broke down: {why}")),
            Ended::Stopped(_) | Ended::Hindered(_) => {
                hindered += u32::from(matches!(ended, Ended::Hindered(_)));
                tokio::time::sleep(Duration::from_millis(pauses.scaled(600_000))).await;
            }
            Ended::Died => tokio::time::sleep(Duration::from_millis(pauses.scaled(60_000))).await,
        }
    }
    let ends: Vec<&str> = legs.iter().map(|leg| leg.ended.as_str()).collect();
    Err(format!("the run does not end: {MOST_PROCESSES} processes were not enough: {ends:?}"))
}

async fn gather(network: &Network, store: Store, legs: Vec<Leg>, folder: &TempDir) -> Evidence {
    let path: PathBuf = folder.path().to_owned();
    let (_, (record, summary, rows)) = look(store, |ledger: Ledger| async move {
        let (record, rows) = results(&ledger).await.unwrap();
        let source = Source::open(path.join("people.csv"), &SourceOptions::default()).unwrap();
        let files = RunFiles::new(&path);
        let summary: Summary = write_all(&ledger, &record, Some(&source), &files).await.unwrap();
        (record, summary, rows)
    })
    .await;
    let files = RunFiles::new(folder.path());
    let read = |path: PathBuf| std::fs::read_to_string(path).unwrap();
    let (_, listed) = call(&network.org, Method::GET, "/api/v1/groups?limit=200", None).await;
    let named = listed.as_array().into_iter().flatten().filter_map(|group| {
        Some((group["profile"]["name"].as_str()?.to_owned(), group["id"].as_str()?.to_owned()))
    });
    Evidence {
        groups: named.collect(),
        record,
        summary,
        rows,
        legs,
        inhabitants: inhabitants(&network.org).await,
        writes: writes(&network.org).await,
        windows: windows(&network.org).await,
        sent: network.journal.all(),
        deeds: network.strangers.deeds(),
        files: [read(files.results()), read(files.rejects())],
    }
}
